"""Pages of quarterly reports at the desk: drafted, looked through, published, corrected."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages as toasts
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.commission import forms_reports as forms
from qalqan.desk.commission.models import QuarterReport
from qalqan.desk.commission.policies import READ
from qalqan.desk.commission.selectors import reports as selectors
from qalqan.desk.commission.services import reports as services
from qalqan.desk.commission.services.money import quarter_before
from qalqan.desk.commission.views.common import found, tried
from qalqan.desk.platform.policies import ADD, CHANGE, actor_of, guarded, policy_of
from qalqan.errors import QalqanError
from qalqan.verify.paper import LANGUAGES

PAGE = 30
State = QuarterReport.State


@guarded(QuarterReport, READ)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """List the reports with where they stand."""
    actor = actor_of(request)
    rows = selectors.reports(actor).select_related("drafted_by", "published_by")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    newest: dict[str, int] = {}
    for row in page.object_list:
        if row.state == State.PUBLISHED:
            newest[row.name] = max(row.version, newest.get(row.name, 0))
    context = {
        "page": page, "newest": newest,
        "superseded": [
            row.pk for row in page.object_list
            if row.state == State.PUBLISHED and row.version < newest[row.name]
        ],
        "may_add": policy_of(QuarterReport).allows(actor, ADD),
    }  # fmt: skip
    return render(request, "commission/reports.html", context)


@guarded(QuarterReport, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def report_new(request: HttpRequest) -> HttpResponse:
    """Draft the report of a quarter that is over."""
    now = timezone.now()
    first, _end, name = quarter_before(timezone.localdate(now))
    form = forms.DraftForm(
        request.POST or None, initial={"year": first.year, "quarter": int(name[-1])}
    )
    status = 200
    if request.method == "POST":
        made = form.is_valid() and tried(
            form,
            lambda: services.draft_report(actor=actor_of(request), now=now, **form.cleaned_data),
        )
        if made:
            toasts.success(request, _("The draft is written. Another person publishes it."))
            return redirect(made)
        status = 422
    return render(request, "commission/report_new.html", {"form": form}, status=status)


@guarded(QuarterReport, READ)
@require_safe
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """Show a report as everyone sees it or will see it, and what can be done now."""
    return _page(request, found(selectors.report_for(actor_of(request), report_id)))


def _page(
    request: HttpRequest, row: QuarterReport, form: forms.CorrectionForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor = actor_of(request)
    is_draft = row.state == State.DRAFT
    may_change = policy_of(QuarterReport).allows(actor, CHANGE)
    is_drafter = row.drafted_by_id == getattr(actor, "pk", None)
    language = (get_language() or "en")[:2]
    others = selectors.reports(actor).filter(year=row.year, quarter=row.quarter)
    newest = max((one.version for one in others if one.state == State.PUBLISHED), default=0)
    may_correct = (
        row.state == State.PUBLISHED and row.version == newest
        and policy_of(QuarterReport).allows(actor, ADD)
        and not any(one.state == State.DRAFT for one in others)
    )  # fmt: skip
    context = {
        "report": row, "is_draft": is_draft,
        "shown": selectors.shown(row, language if language in LANGUAGES else "en"),
        "may_publish": is_draft and may_change and not is_drafter,
        "is_drafter": is_draft and may_change and is_drafter,
        "may_discard": is_draft and may_change,
        "superseded_by": newest if row.state == State.PUBLISHED and row.version < newest else 0,
        "form": form or (forms.CorrectionForm() if may_correct else None),
    }  # fmt: skip
    return render(request, "commission/report.html", context, status=status)


def _acted(
    request: HttpRequest, row: QuarterReport, act: Callable[[], object], told: str
) -> HttpResponse:
    try:
        act()
    except QalqanError as error:
        toasts.error(request, str(error.message))
    else:
        toasts.success(request, told)
    return redirect(row)


@guarded(QuarterReport, CHANGE)
@require_POST
def report_publish(request: HttpRequest, report_id: int) -> HttpResponse:
    """Publish a draft that somebody else wrote."""
    actor = actor_of(request)
    row = found(selectors.report_for(actor, report_id))
    return _acted(
        request, row,
        lambda: services.publish_report(actor=actor, report=row, now=timezone.now()),
        _("The report is published."),
    )  # fmt: skip


@guarded(QuarterReport, CHANGE)
@require_POST
def report_discard(request: HttpRequest, report_id: int) -> HttpResponse:
    """Throw a draft away."""
    actor = actor_of(request)
    row = found(selectors.report_for(actor, report_id))
    return _acted(
        request, row,
        lambda: services.discard_report(actor=actor, report=row, now=timezone.now()),
        _("The draft is thrown away."),
    )  # fmt: skip


@guarded(QuarterReport, ADD)
@require_POST
def report_correct(request: HttpRequest, report_id: int) -> HttpResponse:
    """Draft a new version of a published report, with the reason."""
    actor = actor_of(request)
    row = found(selectors.report_for(actor, report_id))
    form = forms.CorrectionForm(request.POST)
    made = form.is_valid() and tried(
        form,
        lambda: services.draft_report(
            actor=actor, year=row.year, quarter=row.quarter, reason=form.reason(),
            now=timezone.now(),
        ),
    )  # fmt: skip
    if made:
        toasts.success(request, _("The draft is written. Another person publishes it."))
        return redirect(made)
    return _page(request, row, form, 422)
