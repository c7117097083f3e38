"""Pages of violations, notices and proofs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.audit.services import record_read
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.desk.protection.models import (
    Notice,
    NoticeItem,
    OwnerLink,
    Remedy,
    RemedyFile,
    Site,
    Violation,
)
from qalqan.desk.protection.notice_forms import (
    CheckForm,
    ExtendForm,
    FilterForm,
    IssueForm,
    RemedyForm,
    WhyForm,
)
from qalqan.desk.protection.policies import CHECK
from qalqan.desk.protection.selectors import notices as selectors
from qalqan.desk.protection.services import notices as services
from qalqan.desk.protection.services import owner, remedy
from qalqan.desk.protection.services.files import content_of
from qalqan.errors import ConflictError, InputError, QalqanError, RefusedError

PAGE = 50


def complain(form: BaseForm, error: InputError) -> None:
    """Put an error of a service beside the field that it names."""
    field = error.location.field if error.location else None
    form.add_error(field if field in form.fields else None, str(error.message))


def _notice_or_404(request: HttpRequest, notice_id: int) -> Notice:
    row = selectors.notice_for(actor_of(request), notice_id)
    if row is None:
        raise Http404(_("There is no such notice."))
    return row


@guarded(Notice, VIEW)
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show every clock: open notices, their age, what is overdue, what was mended in time."""
    actor, now = actor_of(request), timezone.now()
    form = FilterForm(request.GET)
    state = form.cleaned_data["state"] if form.is_valid() else ""
    today = timezone.localdate(now)
    page = Paginator(selectors.notices(actor, now=now, state=state), PAGE).get_page(
        request.GET.get("page")
    )
    record_read(actor=actor, subject="protection:notices", now=now)
    context = {
        "form": form,
        "page": page,
        "clocks": selectors.clocks(actor, now),
        "now": now,
        "rows": [
            {"notice": row, "late": max(0, (today - row.deadline).days) if row.is_live else 0,
             "age": (today - timezone.localdate(row.issued_at)).days}
            for row in page.object_list
        ],
        "may_see_violations": policy_of(Violation).allows(actor, VIEW),
    }  # fmt: skip
    return render(request, "protection/notice_list.html", context)


@guarded(Violation, VIEW)
@require_safe
def violation_list(request: HttpRequest) -> HttpResponse:
    """Show the sites where something is wrong that nobody was notified of."""
    actor = actor_of(request)
    record_read(actor=actor, subject="protection:violations", now=timezone.now())
    context = {"rows": selectors.sites_with_open_violations(actor)}
    return render(request, "protection/violation_list.html", context)


@guarded(Violation, VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def site_violations(request: HttpRequest, site_id: int) -> HttpResponse:
    """Show what is wrong at a site, and let an inspector issue a notice."""
    actor, now = actor_of(request), timezone.now()
    site = Site.objects.visible_to(actor).filter(pk=site_id).first()
    if site is None:
        raise Http404(_("There is no such site."))
    rows = selectors.open_violations(actor, site)
    may_issue = policy_of(Notice).allows(actor, ADD) and bool(rows)
    given = request.POST if request.method == "POST" else None
    form = IssueForm(given, site=site, rows=rows, today=timezone.localdate(now))
    if given is not None:
        if form.is_valid() and (made := _issued(request, site, form)):
            toasts.success(request, _("Notice %(number)s is issued.") % {"number": made.reference})
            return redirect("protection:notice", notice_id=made.pk)
    else:
        record_read(actor=actor, subject=site, now=now)
    context = {"site": site, "rows": rows, "form": form if may_issue else None}
    status = 200 if given is None else 422
    return render(request, "protection/site_violations.html", context, status=status)


def _issued(request: HttpRequest, site: Site, form: IssueForm) -> Notice | None:
    try:
        return services.issue_notice(
            actor=actor_of(request), site=site, violations=form.chosen(), now=timezone.now(),
            language=form.cleaned_data["language"], deadline=form.cleaned_data["deadline"],
        )  # fmt: skip
    except InputError as error:
        complain(form, error)
    except ConflictError as error:
        form.add_error(None, str(error.message))
    return None


@guarded(Notice, VIEW)
@require_safe
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Show a notice with all its steps, proofs, and what can be done next."""
    row = _notice_or_404(request, notice_id)
    record_read(actor=actor_of(request), subject=row, now=timezone.now())
    return _show(request, row)


def _show(
    request: HttpRequest, row: Notice, *, status: int = 200, link: Any = None, **forms: BaseForm
) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    may_change = row.is_live and policy_of(Notice).allows(actor, CHANGE)
    may_check = row.is_live and policy_of(Remedy).allows(actor, CHECK)
    mine = getattr(actor, "pk", None)
    sees_items = policy_of(NoticeItem).allows(actor, VIEW)
    context = {
        "notice": row,
        "site": row.site,
        "late": (today - row.deadline).days if row.is_live else 0,
        "left": (row.deadline - today).days if row.is_live else 0,
        "age": (today - timezone.localdate(row.issued_at)).days,
        "items": [
            {"item": item, "remedies": list(item.remedies.all()),
             "waits": any(one.state == Remedy.State.WAITING for one in item.remedies.all())}
            for item in selectors.items_of(actor, row)
        ],
        "steps": [_step(step, sees_items) for step in selectors.steps_of(actor, row)],
        "may_change": may_change,
        "may_check": may_check and row.issued_by_id != mine,
        "issued_by_me": may_check and row.issued_by_id == mine,
        "may_hand_in": row.is_live and policy_of(Remedy).allows(actor, ADD),
        "me": mine,
        "extend_form": forms.get("extend_form") or ExtendForm(notice=row),
        "why_form": forms.get("why_form") or WhyForm(),
        "check_form": CheckForm(),
        "remedy_form": forms.get("remedy_form") or RemedyForm(),
        "link": link,
        "link_url": request.build_absolute_uri(reverse("protection:owner", args=[link.token]))
        if link
        else "",
    }  # fmt: skip
    answer = render(request, "protection/notice.html", context, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer


_WHY_ONLY = frozenset({"extended", "withdrawn"})
"""Steps whose text is a reason; that of the others names what is wrong at the site."""


def _step(step: Any, sees_items: bool) -> dict[str, Any]:
    text = step.text if sees_items or step.kind in _WHY_ONLY else ""
    notes = [text, step.get_audience_display() if step.audience else "", step.by or ""]
    if step.deadline_after and step.deadline_before:
        notes.append(f"{step.deadline_before} → {step.deadline_after}")
    tones = {"reminded": "warning", "recurred": "critical", "returned": "warning",
             "mended": "good", "accepted": "good"}  # fmt: skip
    return {
        "time": step.at,
        "title": step.get_kind_display(),
        "note": " · ".join(str(part) for part in notes if part),
        "tone": tones.get(step.kind, ""),
    }


@guarded(Notice, VIEW)
@require_safe
def notice_pdf(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Hand out the notice as it goes to the owner."""
    from qalqan.desk.protection.notice_paper import notice_pdf as paper

    row = _notice_or_404(request, notice_id)
    items = selectors.items_of(actor_of(request), row)
    if not items:
        raise Http404(_("There is no such notice."))
    record_read(actor=actor_of(request), subject=row, now=timezone.now())
    answer = HttpResponse(paper(row, items), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="notice-{row.reference}.pdf"'
    return answer


def _act(
    request: HttpRequest, notice_id: int, done: str, act: Callable[[Notice], Any]
) -> HttpResponse:
    row = _notice_or_404(request, notice_id)
    try:
        act(row)
    except (ConflictError, InputError) as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, done)
    return redirect("protection:notice", notice_id=row.pk)


@guarded(Notice, CHANGE)
@require_POST
def notice_extend(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Give a later deadline."""
    row = _notice_or_404(request, notice_id)
    form = ExtendForm(request.POST, notice=row)
    if not form.is_valid():
        return _show(request, row, status=422, extend_form=form)
    return _act(
        request, notice_id, _("The deadline was extended."),
        lambda row: services.extend_notice(
            actor=actor_of(request), notice=row, now=timezone.now(), **form.cleaned_data
        ),
    )  # fmt: skip


@guarded(Notice, CHANGE)
@require_POST
def notice_withdraw(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Take a notice back."""
    row = _notice_or_404(request, notice_id)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return _show(request, row, status=422, why_form=form)
    return _act(
        request, notice_id, _("The notice was withdrawn."),
        lambda row: services.withdraw_notice(
            actor=actor_of(request), notice=row, now=timezone.now(), **form.cleaned_data
        ),
    )  # fmt: skip


@guarded(OwnerLink, ADD)
@require_POST
def notice_link(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Make a link and a code for the owner, and show both this once."""
    row = _notice_or_404(request, notice_id)
    try:
        made = owner.make_link(actor=actor_of(request), notice=row, now=timezone.now())
    except ConflictError as error:
        toasts.error(request, str(error.message))
        return redirect("protection:notice", notice_id=row.pk)
    return _show(request, row, link=made)


@guarded(Remedy, ADD)
@require_POST
def remedy_add(request: HttpRequest, notice_id: int, item_id: int) -> HttpResponse:
    """Hand in a proof with an account: as the owner, or for an owner who brought it."""
    row = _notice_or_404(request, notice_id)
    items = {item.pk: item for item in selectors.items_of(actor_of(request), row)}
    if item_id not in items:
        raise Http404(_("There is no such notice."))
    form = RemedyForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            remedy.hand_in(
                actor=actor_of(request), item=items[item_id], text=form.cleaned_data["text"],
                files=form.contents(), now=timezone.now(),
            )  # fmt: skip
        except InputError as error:
            complain(form, error)
        except ConflictError as error:
            form.add_error(None, str(error.message))
        else:
            toasts.success(request, _("The proof was handed in."))
            return redirect("protection:notice", notice_id=row.pk)
    return _show(request, row, status=422, remedy_form=form)


@guarded(Remedy, CHECK)
@require_POST
def remedy_decide(request: HttpRequest, remedy_id: int, decision: str) -> HttpResponse:
    """Accept a proof or return it."""
    row = selectors.remedy_for(actor_of(request), remedy_id)
    if row is None or decision not in ("accept", "return"):
        raise Http404(_("There is no such proof."))
    form = CheckForm(request.POST)
    try:
        if not form.is_valid():
            raise InputError(" ".join(str(e) for errors in form.errors.values() for e in errors))
        remedy.decide_remedy(
            actor=actor_of(request), remedy=row, accepted=decision == "accept",
            reason=form.cleaned_data["reason"], now=timezone.now(),
        )  # fmt: skip
    except (ConflictError, InputError, RefusedError) as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, _("The proof was checked."))
    return redirect("protection:notice", notice_id=row.item.notice_id)


@guarded(RemedyFile, VIEW)
@require_safe
def remedy_file(request: HttpRequest, file_id: int) -> HttpResponse:
    """Show a picture of a proof; that it was looked at is noted."""
    actor = actor_of(request)
    row = RemedyFile.objects.visible_to(actor).select_related("file").filter(pk=file_id).first()
    if row is None:
        raise Http404(_("There is no such file."))
    try:
        data = content_of(row.file)
    except QalqanError as error:
        raise Http404(str(error.message)) from error
    record_read(actor=actor, subject=row, now=timezone.now())
    answer = HttpResponse(data, content_type=row.file.content_type)
    answer["Cache-Control"] = "private, no-store"
    return answer
