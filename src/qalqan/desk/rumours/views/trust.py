"""The page that shows trust in official word beside the desk's delays."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qalqan.desk.platform.policies import VIEW, actor_of, guarded
from qalqan.desk.rumours.models import MeasureEdition
from qalqan.desk.rumours.selectors.trust import trust_beside_delay


@guarded(MeasureEdition, VIEW)
@require_safe
def trust(request: HttpRequest) -> HttpResponse:
    """Show trust and delays by district, without claiming that one makes the other."""
    return render(request, "rumours/trust.html", {"found": trust_beside_delay(actor_of(request))})
