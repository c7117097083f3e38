"""Pages of the ledger."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.incidents import selectors, services
from qalqan.desk.incidents.forms import IncidentFilterForm
from qalqan.desk.incidents.models import Analysis, Incident, Indicator, OpenQuestion
from qalqan.desk.incidents.selectors import analyses, questions
from qalqan.desk.platform.policies import ADD, EXPORT, VIEW, actor_of, guarded, policy_of
from qalqan.desk.platform.work.giving import give_address

PAGE = 50


@guarded(Incident, VIEW)
@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    """Show the ledger, newest first, narrowed by what stands in the address."""
    actor = actor_of(request)
    form = IncidentFilterForm(request.GET, actor=actor)
    rows = selectors.incidents(actor, **form.as_filters())
    page = Paginator(rows.values_list("pk", flat=True), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "incidents": selectors.in_list(actor, list(page.object_list)),
        "may_export": policy_of(Incident).allows(actor, EXPORT),
        "query": request.GET.urlencode(),
    }
    return render(request, "incidents/incident_list.html", context)


@guarded(Incident, VIEW)
@require_safe
def incident_page(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Show one incident: known, contested and unknown side by side, and who says so."""
    actor = actor_of(request)
    incident = selectors.incident_for(actor, incident_id)
    if incident is None:
        raise Http404(_("There is no such incident."))
    context = {
        "incident": incident,
        "sources": list(selectors.sources_of(actor, incident)),
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
    return render(request, "incidents/incident_page.html", context)


@guarded(Indicator, VIEW)
@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Show the published numbers, each with period, definition and source."""
    rows = selectors.indicators(actor_of(request))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "incidents/indicator_list.html", {"page": page})


@guarded(Incident, EXPORT)
@require_safe
def incident_export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Send the narrowed ledger as CSV, in the columns that the import reads."""
    actor = actor_of(request)
    form = IncidentFilterForm(request.GET, actor=actor)
    rows = selectors.incidents(actor, **form.as_filters())
    lines = services.export_incidents(actor=actor, rows=rows, now=timezone.now())
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="incidents.csv"'
    return response
