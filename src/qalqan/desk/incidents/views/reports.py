"""What sources say: added, disputed, retracted."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qalqan.desk.incidents import selectors, services
from qalqan.desk.incidents.forms_ledger import DisputeForm, ReasonForm, ReportForm
from qalqan.desk.incidents.models import Dispute, Incident, Report
from qalqan.desk.incidents.views.acting import act_page
from qalqan.desk.incidents.views.common import incident_or_404
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, actor_of, guarded
from qalqan.desk.platform.sources import selectors as sources
from qalqan.desk.platform.sources import services as source_services

_METHODS = ["GET", "HEAD", "POST"]


@guarded(Report, ADD)
@require_http_methods(_METHODS)
def report_add(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Record what a further source says of an incident."""
    actor = actor_of(request)
    incident = incident_or_404(actor, incident_id)
    form = ReportForm(
        request.POST or None, sources=sources.sources(actor),
        reports=selectors.live_reports(actor, incident).filter(source__isnull=False),
    )  # fmt: skip
    return act_page(
        request, incident, form, lambda: _add(actor, incident, form),
        title=_("Add a report"), button=_("Add the report"),
        told=_("The report is added. Where it contradicts others, both stand."),
        lead=_("Fill in what this source states, and nothing else."),
    )  # fmt: skip


@transaction.atomic
def _add(actor: Actor, incident: Incident, form: ReportForm) -> Report:
    # A new source is only kept together with its report.
    given: dict[str, Any] = form.cleaned_data
    now = timezone.now()
    source = given["source"] or source_services.get_or_create_source(
        actor=actor, name=given["new_source"], kind=given["source_kind"] or "press", now=now
    )
    names = ("credibility", "citation", "reported_at", "is_official", "corrects")
    return services.add_report(
        actor=actor, incident=incident, source=source, says=form.says, now=now,
        **{name: given[name] for name in names},
    )  # fmt: skip


@guarded(Report, CHANGE)
@require_http_methods(_METHODS)
def report_retract(request: HttpRequest, report_id: int) -> HttpResponse:
    """Stop counting a report."""
    actor = actor_of(request)
    report = _report_or_404(actor, report_id)
    form = ReasonForm(request.POST or None)
    return act_page(
        request, report.incident, form,
        lambda: services.retract_report(
            actor=actor, report=report, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        title=_("Retract a report"), button=_("Retract it"), report=report,
        told=_("The report does not count any more; it stays in the history."),
    )  # fmt: skip


@guarded(Dispute, ADD)
@require_http_methods(_METHODS)
def report_dispute(request: HttpRequest, report_id: int) -> HttpResponse:
    """Record that somebody contradicts what a report says."""
    actor = actor_of(request)
    report = _report_or_404(actor, report_id)
    form = DisputeForm(request.POST or None, report=report, sources=sources.sources(actor))
    return act_page(
        request, report.incident, form,
        lambda: services.dispute(
            actor=actor, report=report, now=timezone.now(),
            **{name: form.cleaned_data[name] for name in ("attribute", "disputed_by", "reason")},
        ),
        title=_("Dispute a report"), button=_("Record the dispute"), report=report,
        told=_("The dispute is recorded; what is disputed is contested now."),
    )  # fmt: skip


@guarded(Dispute, CHANGE)
@require_http_methods(_METHODS)
def dispute_end(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """Close a dispute."""
    actor = actor_of(request)
    dispute = selectors.dispute_for(actor, dispute_id)
    if dispute is None:
        raise Http404(_("There is no such dispute."))
    form = ReasonForm(request.POST or None)
    return act_page(
        request, dispute.report.incident, form,
        lambda: services.end_dispute(
            actor=actor, dispute=dispute, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
        title=_("Close a dispute"), button=_("Close it"), report=dispute.report,
        lead=str(dispute), told=_("The dispute is closed; it stays in the history."),
    )  # fmt: skip


def _report_or_404(actor: Actor, report_id: int) -> Report:
    found = selectors.report_for(actor, report_id)
    if found is None:
        raise Http404(_("There is no such report."))
    return found
