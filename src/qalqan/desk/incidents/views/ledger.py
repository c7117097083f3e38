"""Pages of the ledger."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qalqan.desk.incidents import selectors
from qalqan.desk.incidents.forms import IncidentFilterForm
from qalqan.desk.incidents.models import Incident, Indicator
from qalqan.desk.incidents.paging import MOST, MOST_SEARCHED, CappedPaginator
from qalqan.desk.incidents.selectors import asof
from qalqan.desk.platform.policies import ADD, EXPORT, VIEW, actor_of, guarded, policy_of

PAGE = 50


@guarded(Incident, VIEW)
@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    """Show the ledger, newest first, narrowed by what stands in the address."""
    actor = actor_of(request)
    form = IncidentFilterForm(request.GET, actor=actor)
    moment = form.moment
    wanted = form.as_filters()
    rows = asof.chosen(actor, moment, **wanted)
    most = MOST_SEARCHED if wanted["query"] else MOST
    page = CappedPaginator(rows.values_list("pk", flat=True), PAGE, most=most).get_page(
        request.GET.get("page")
    )
    listed = asof.in_list if moment else selectors.in_list
    context = {
        "form": form,
        "page": page,
        "moment": moment,
        "incidents": listed(actor, list(page.object_list)),
        "may_export": policy_of(Incident).allows(actor, EXPORT),
        "may_record": policy_of(Incident).allows(actor, ADD),
        "query": request.GET.urlencode(),
    }
    return render(request, "incidents/incident_list.html", context)


@guarded(Indicator, VIEW)
@require_safe
def indicator_list(request: HttpRequest) -> HttpResponse:
    """Show the published numbers, each with period, definition and source."""
    rows = selectors.indicators(actor_of(request))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "incidents/indicator_list.html", {"page": page})
