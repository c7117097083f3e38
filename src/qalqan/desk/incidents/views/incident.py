"""One incident: how each attribute stands and who says what, now or at a moment; its history."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.incidents import present, selectors
from qalqan.desk.incidents.forms_ledger import AsOfField
from qalqan.desk.incidents.models import Analysis, Holding, Incident, OpenQuestion, Report
from qalqan.desk.incidents.selectors import analyses, asof, questions
from qalqan.desk.incidents.views.common import incident_or_404
from qalqan.desk.platform.policies import ADD, VIEW, Actor, actor_of, guarded, policy_of
from qalqan.desk.platform.work.giving import give_address


class _MomentForm(forms.Form):
    as_of = AsOfField()


@guarded(Incident, VIEW)
@require_safe
def incident_page(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Show what is known, contested and unknown of an incident, and who says so."""
    actor = actor_of(request)
    incident = incident_or_404(actor, incident_id)
    form = _MomentForm(request.GET)
    moment = form.cleaned_data.get("as_of") if form.is_valid() else None
    version = None
    if moment is not None:
        version = asof.version_at(actor, incident, moment)
        if version is None:
            return _not_yet(request, incident, form, moment)
    reports = asof.reports_at(actor, incident, moment)
    standings = asof.standings(actor, incident, reports, moment)
    merged_into = version.merged_into if version else incident.merged_into
    is_open = moment is None and merged_into is None
    context = {
        "incident": incident, "held": version or incident, "moment": moment, "form": form,
        "rows": present.standing_rows(actor, standings),
        "reports": present.report_rows(actor, reports),
        "merged_into": merged_into,
        "may_report": is_open and policy_of(Report).allows(actor, ADD),
        "may_judge": is_open and policy_of(Holding).allows(actor, ADD),
        "may_restore": moment is None and merged_into and policy_of(Holding).allows(actor, ADD),
    }  # fmt: skip
    if moment is None:
        context |= _around(actor, incident)
    return render(request, "incidents/incident_page.html", context)


def _around(actor: Actor, incident: Incident) -> dict[str, Any]:
    """Return what else belongs to an incident now."""
    return {
        "merged_here": selectors.merged_here(actor, incident),
        "may_read_analyses": policy_of(Analysis).allows(actor, VIEW),
        "may_weigh": policy_of(Analysis).allows(actor, ADD),
        "may_ask": policy_of(OpenQuestion).allows(actor, ADD),
        "analyses": list(analyses.analyses(actor, incident=incident)),
        "questions": list(questions.questions(actor, incident=incident)),
        "give_url": give_address(
            actor,
            kind="incidents.follow",
            title=_("Follow up: %(incident)s") % {"incident": incident.title},
            url=incident.get_absolute_url(),
        ),
    }


def _not_yet(
    request: HttpRequest, incident: Incident, form: forms.Form, moment: datetime
) -> HttpResponse:
    context = {"incident": incident, "held": incident, "form": form, "moment": moment}
    return render(request, "incidents/incident_not_yet.html", context)


@guarded(Incident, VIEW)
@require_safe
def incident_history(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Show each version: what changed, when, on whose report, and why."""
    actor = actor_of(request)
    incident = incident_or_404(actor, incident_id)
    versions = asof.versions(actor, incident)
    if not versions:
        raise Http404(_("This incident has no history."))
    context = {"incident": incident, "rows": present.history_rows(actor, versions)}
    return render(request, "incidents/incident_history.html", context)
