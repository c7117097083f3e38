"""The picture of the threat."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from qalqan.desk.incidents import charts
from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.selectors import picture as selectors
from qalqan.desk.incidents.weighing_forms import PictureForm
from qalqan.desk.platform.policies import VIEW, actor_of, guarded

DAYS = 3 * 365


@guarded(Incident, VIEW)
@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """Show counts and rates with intervals, changes, kinds, and official indicators."""
    actor = actor_of(request)
    form = PictureForm(request.GET, actor=actor)
    form.is_valid()
    wanted = form.cleaned_data
    end = wanted.get("until") or timezone.localdate()
    start = wanted.get("since") or end - timedelta(days=DAYS)
    district = wanted.get("district")
    found = selectors.picture(
        actor, start=start, end=end, kind=wanted.get("kind") or "",
        district_id=int(district) if district else None,
    )  # fmt: skip
    names = dict(Incident.Kind.choices)
    context = {
        "form": form, "start": start, "end": end, "found": found,
        "months": charts.months_chart(found),
        "kinds": [(names[one.code], one) for one in found.kinds],
        "indicators": [(one, charts.indicator_chart(one)) for one in selectors.published(actor)],
    }  # fmt: skip
    return render(request, "incidents/picture.html", context)
