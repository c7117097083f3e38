"""The work list: what waits for the reader, the reader's body, and all the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    EXPORT,
    VIEW,
    Actor,
    Role,
    actor_of,
    guarded,
    policy_of,
)
from qalqan.desk.platform.work import attention, selectors, services
from qalqan.desk.platform.work.forms import WorkFilterForm
from qalqan.desk.platform.work.models import RoutingRule, WorkItem
from qalqan.desk.platform.work.selectors import desk_list, worklist
from qalqan.errors import QalqanError

PAGE = 50
MOST_TAKEN = 50
CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Found:
    """What the address of the page asks for, and what was found."""

    whose: str
    rows: list[attention.Waiting]
    counts: dict[str, int]
    more: str


def whose_of(actor: Actor, asked: str) -> str:
    """Return whose list is shown: the reader's own, unless the reader only looks."""
    if asked in (attention.MINE, attention.BODY, attention.ALL):
        return asked
    return attention.ALL if actor.role == Role.AUDITOR else attention.MINE


def _found(actor: Actor, wanted: dict[str, Any], now: datetime) -> Found:
    whose = whose_of(actor, wanted.get("whose") or "")
    kind = wanted.get("kind") or ""
    seen = attention.look(actor, now=now, whose=whose, kinds=(kind,) if kind else ())
    rows = desk_list.narrowed(seen.rows, now=now, text=wanted.get("q") or "")
    group = wanted.get("state") or ""
    more = worklist.incomplete_words(seen, attention.MOST)
    counted = desk_list.counts(rows, now)
    if group in desk_list.GROUPS:
        rows = desk_list.narrowed(rows, now=now, group=group)
    return Found(whose, rows, counted, more)


@guarded(WorkItem, VIEW)
@require_safe
def work_list(request: HttpRequest) -> HttpResponse:
    """Show what waits for the reader, the most urgent first."""
    actor, now = actor_of(request), timezone.now()
    form = WorkFilterForm(request.GET, actor=actor)
    wanted = form.cleaned_data if form.is_valid() else {}
    if wanted.get("state") == CLOSED:
        return _closed(request, form, wanted)
    found = _found(actor, wanted, now)
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
    labels = desk_list.group_labels()
    lines = desk_list.lines(list(page))
    groups = [
        (labels[name], found.counts[name], name, shown)
        for name in desk_list.GROUPS
        if (shown := [line for line in lines if desk_list.group_of(line.row, now) == name])
    ]
    context = {
        **_shell(request, form, found.whose), "page": page, "groups": groups, "more": found.more,
        "total": len(found.rows), "can_take": any(line.can_be_taken for line in lines),
    }  # fmt: skip
    return render(request, "work/work_list.html", context)


def _shell(request: HttpRequest, form: WorkFilterForm, whose: str) -> dict[str, Any]:
    actor = actor_of(request)
    return {
        "form": form,
        "tabs": _tabs(request, whose),
        "whose": whose,
        "chosen": any(request.GET.get(name) for name in ("state", "kind", "q")),
        "may_give": policy_of(WorkItem).allows(actor, ADD),
        "export": f"{reverse('work:export')}?{request.GET.urlencode()}",
        "may_rule": policy_of(RoutingRule).allows(actor, VIEW),
    }


def _tabs(request: HttpRequest, whose: str) -> list[tuple[str, str, bool]]:
    labels = {
        attention.MINE: _("Mine"), attention.BODY: _("My body"), attention.ALL: _("All I may see"),
    }  # fmt: skip
    query = request.GET.copy()
    query.pop("page", None)
    tabs = []
    for code, label in labels.items():
        query["whose"] = code
        tabs.append((label, f"?{query.urlencode()}", code == whose))
    return tabs


def _closed(request: HttpRequest, form: WorkFilterForm, wanted: dict[str, Any]) -> HttpResponse:
    """Show work that is done or no longer needed; rooms keep their own past."""
    actor = actor_of(request)
    whose = whose_of(actor, wanted.get("whose") or "")
    rows = selectors.items(
        actor, state=CLOSED, mine=whose == attention.MINE, kind=wanted.get("kind") or ""
    )
    if whose == attention.BODY:
        rows = rows.filter(organisation_id=actor.organisation_id or 0)
    if wanted.get("q"):
        rows = rows.filter(title__icontains=wanted["q"])
    rows = rows.order_by("-closed_at", "-pk").select_related("owner", "organisation")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = [(item, attention.label_of(item.kind)) for item in page]
    context = {**_shell(request, form, whose), "page": page, "lines": lines}
    return render(request, "work/closed_list.html", context)


@guarded(WorkItem, EXPORT)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Return the list as it is narrowed, as CSV."""
    actor, now = actor_of(request), timezone.now()
    form = WorkFilterForm(request.GET, actor=actor)
    wanted = form.cleaned_data if form.is_valid() else {}
    found = _found(actor, {**wanted, "state": wanted.get("state") or ""}, now)
    body = services.export_list(actor=actor, rows=found.rows, now=now, more=found.more)
    response = HttpResponse("\ufeff" + body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="work-{now:%Y-%m-%d}.csv"'
    return response


@guarded(WorkItem, CHANGE)
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Take what was marked on oneself, all or none."""
    actor, now = actor_of(request), timezone.now()
    keys = [int(key) for key in request.POST.getlist("item") if key.isdecimal() and len(key) < 19]
    items = list(selectors.items(actor, state="").filter(pk__in=keys[:MOST_TAKEN]))
    back = redirect(_back(request))
    if not items:
        messages.warning(request, _("Mark what you take first: with x, or in the first column."))
        return back
    try:
        taken = services.take_many(actor=actor, items=items, now=now)
    except QalqanError as error:
        messages.error(request, _("Nothing was taken. %(why)s") % {"why": error.message})
        return back
    messages.success(
        request,
        ngettext(
            "You have taken %(count)s piece of work.",
            "You have taken %(count)s pieces of work.",
            len(taken),
        )
        % {"count": len(taken)},
    )
    return back


def _back(request: HttpRequest) -> str:
    """Return the list as it was narrowed; never another page."""
    query = request.POST.get("query", "")
    return f"{reverse('work:items')}?{query}" if query else reverse("work:items")
