"""The log of acts, its export, and whether the chain is whole."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from qalqan.desk.platform.audit import selectors, services
from qalqan.desk.platform.audit.forms import EntryFilter
from qalqan.desk.platform.audit.models import AuditEntry, AuditSeal
from qalqan.desk.platform.audit.paging import stretch
from qalqan.desk.platform.policies import ADD, EXPORT, VIEW, actor_of, guarded, policy_of

PAGE_SIZE = 50
CHECK_AT_ONCE = 50_000
"""Chains up to this length are checked while the reader waits; longer ones from the shell."""


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


@guarded(AuditEntry, VIEW)
@require_GET
def entry_list(request: HttpRequest) -> HttpResponse:
    """Show who did what, newest first."""
    actor = actor_of(request)
    form = EntryFilter(request.GET)
    rows = selectors.entries(actor, **form.bounds())
    page = stretch(rows, before=_number(request.GET.get("before")), size=PAGE_SIZE)
    query = request.GET.copy()
    query["before"] = str(page.older or "")
    context = {
        "form": form,
        "page": page,
        "older": query.urlencode() if page.older else "",
        "names": selectors.names_of(row.actor_label for row in page.rows),
        "head": selectors.head(),
        "may_export": policy_of(AuditEntry).allows(actor, EXPORT),
    }
    return render(request, "audit/entry_list.html", context)


class _Echo:
    """Hands back what the CSV writer writes, so that it can be streamed."""

    def write(self, value: str) -> str:
        """Return the line."""
        return value


_COLUMNS = (
    "sequence", "written_at", "actor_label", "role", "action", "subject", "detail_json",
    "previous_hash", "entry_hash",
)  # fmt: skip


def _lines(rows: Any) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(_COLUMNS)
    for row in rows.values_list(*_COLUMNS).iterator(chunk_size=2000):
        yield writer.writerow([row[0], row[1].isoformat(), *row[2:]])


@guarded(AuditEntry, EXPORT)
@require_POST
def entry_export(request: HttpRequest) -> StreamingHttpResponse | HttpResponse:
    """Hand out the entries of the filter as CSV; that is an act, too."""
    actor = actor_of(request)
    form = EntryFilter(request.POST)
    if not form.is_valid():
        return redirect("audit:entries")
    bounds = form.bounds()
    now = timezone.now()
    services.note_export(actor=actor, now=now, bounds=bounds)
    rows = selectors.entries(actor, **bounds).order_by("sequence")
    return StreamingHttpResponse(
        _lines(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="audit-{now:%Y-%m-%d}.csv"'},
    )


@guarded(AuditSeal, VIEW)
@require_http_methods(["GET", "POST"])
def state(request: HttpRequest) -> HttpResponse:
    """Show head, seals and triggers; check the chain when asked to."""
    actor = actor_of(request)
    head = selectors.head()
    too_long = bool(head and head.sequence > CHECK_AT_ONCE)
    result = services.verify() if request.method == "POST" and not too_long else None
    context = {
        "head": head,
        "too_long": too_long,
        "result": result,
        "guarded": selectors.is_guarded(),
        "signs": services.public_key() is not None,
        "seals": selectors.seals(actor)[:31],
        "may_seal": policy_of(AuditSeal).allows(actor, ADD),
    }
    return render(request, "audit/state.html", context)


@guarded(AuditSeal, ADD)
@require_POST
def seal_today(request: HttpRequest) -> HttpResponse:
    """Seal the head of this day."""
    seal = services.seal_day(actor=actor_of(request), day=timezone.localdate(), now=timezone.now())
    if seal is None:
        messages.info(request, _("Nothing is written yet, so there is nothing to seal."))
    else:
        count = seal.sequence
        text = ngettext(
            "The day is sealed at entry %(count)d.", "The day is sealed at entry %(count)d.", count
        )
        messages.success(request, text % {"count": count})
    return redirect("audit:state")
