"""The coverage map: who hears the loudspeakers, who does not, where the next would help most."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, EXPORT, VIEW, Actor, actor_of, guarded, policy_of
from qalqan.desk.protection import horn_map
from qalqan.desk.protection.budget_forms import HearingForm, SearchForm
from qalqan.desk.protection.models import HornPlan
from qalqan.desk.protection.selectors import coverage as selectors
from qalqan.desk.protection.services import budgets, horns
from qalqan.errors import InputError

SEARCHES = 10
TOWNS = 200


@guarded(HornPlan, VIEW)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show who hears, by model and hours, and the searches for further places."""
    return _page(request, actor_of(request), None)


def _page(
    request: HttpRequest, actor: Actor, search_form: SearchForm | None, *, error: str = ""
) -> HttpResponse:
    form, chosen = HearingForm.of(request.GET)
    found = _heard(actor, chosen)
    searches = list(selectors.horn_plans(actor)[:SEARCHES])
    shown = _shown(actor, request, searches)
    budgets.note_reading(actor=actor, subject="protection.coverage", now=timezone.now())
    if search_form is None and policy_of(HornPlan).allows(actor, ADD):
        search_form = SearchForm(initial={**chosen, "rated_level_db": 115, "number": 5})
    title = _title(chosen)
    areas = list(places.districts(actor))
    boundaries = [one.boundary for one in areas if one.boundary]
    names = {town.place_id: town.name for town in found.settlements}
    proposals = shown.places() if shown else []
    drawing = horn_map.drawn(boundaries, found.settlements, found.horns, proposals, title=title)
    context = {
        "form": form,
        "search_form": search_form,
        "error": error,
        "found": found,
        "share_percent": 100 * found.share,
        "horns": len(found.horns),
        "title": title,
        "towns": found.settlements[:TOWNS],
        "searches": searches,
        "shown": shown,
        "proposals": [{**one, "name": names.get(one["place"], "–")} for one in proposals],
        # The drawing escapes every word it is given.
        "drawing": mark_safe(drawing),  # noqa: S308
        "is_approximate": any(one.boundary_is_approximate for one in areas),
        "may_export": policy_of(HornPlan).allows(actor, EXPORT),
        "query": request.GET.urlencode(),
    }
    status = 422 if error or (search_form and search_form.is_bound) else 200
    return render(request, "protection/coverage.html", context, status=status)


def _heard(actor: Actor, chosen: dict[str, str]) -> selectors.Hearing:
    return selectors.hearing(
        actor, model=chosen["model"], period=chosen["period"], purpose=chosen["purpose"]
    )


def _title(chosen: dict[str, str]) -> str:
    return " · ".join(
        str(label)
        for label in (
            HornPlan.Purpose(chosen["purpose"]).label,
            HornPlan.Model(chosen["model"]).label,
            HornPlan.Period(chosen["period"]).label,
        )
    )


def _shown(actor: Actor, request: HttpRequest, searches: list[HornPlan]) -> HornPlan | None:
    """Return the search that is asked for, or else the newest."""
    asked = request.GET.get("search", "")
    if asked.isdecimal() and len(asked) < 12:
        return selectors.horn_plan_for(actor, int(asked))
    return searches[0] if searches else None


@guarded(HornPlan, ADD)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Order a search for places of further loudspeakers."""
    actor = actor_of(request)
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, form)
    said: dict[str, Any] = form.cleaned_data
    try:
        plan = horns.order_search(actor=actor, now=timezone.now(), **said)
    except InputError as error:
        return _page(request, actor, form, error=str(error.message))
    chosen = "&".join(f"{name}={said[name]}" for name in ("model", "period", "purpose"))
    return redirect(f"{reverse('protection:coverage')}?{chosen}&search={plan.pk}")


@guarded(HornPlan, EXPORT)
@require_safe
def csv_file(request: HttpRequest) -> HttpResponse:
    """Send who hears and who does not as CSV, marked on every row."""
    actor = actor_of(request)
    _form, chosen = HearingForm.of(request.GET)
    found = _heard(actor, chosen)
    export = horns.export_coverage(
        actor=actor, hearing=found, model=_title(chosen), now=timezone.now()
    )
    response = HttpResponse(export.data, content_type=export.content_type)
    response["Content-Disposition"] = f'attachment; filename="{export.name}"'
    return response
