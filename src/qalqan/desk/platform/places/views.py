"""Pages about places."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.platform.places import selectors
from qalqan.desk.platform.places.forms import PlaceFilterForm
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import VIEW, actor_of, guarded

PAGE = 50
SUGGESTIONS = 10


@guarded(Place, VIEW)
@require_safe
def place_list(request: HttpRequest) -> HttpResponse:
    """Show the places that match, or the districts where nothing is asked."""
    actor = actor_of(request)
    form = PlaceFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    query, kind = wanted.get("q", ""), wanted.get("kind", "")
    rows: Any
    if query:
        found = selectors.search(actor, query, limit=200)
        rows = [place for place in found if not kind or place.kind == kind]
    else:
        kind = kind or Place.Kind.DISTRICT
        rows = selectors.places(actor).filter(kind=kind).select_related("parent")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "places/place_list.html",
        {"form": form, "page": page, "rows": selectors.with_population(actor, list(page))},
    )


@guarded(Place, VIEW)
@require_safe
def place_detail(request: HttpRequest, place_id: int) -> HttpResponse:
    """Show one place: where it lies, what it holds, its names and people."""
    actor = actor_of(request)
    place = selectors.place_for(actor, place_id)
    if place is None:
        raise Http404(_("There is no such place."))
    children = list(selectors.places(actor).filter(parent=place)[:200])
    return render(
        request,
        "places/place_detail.html",
        {
            "place": place,
            "children": selectors.with_population(actor, children),
            "populations": selectors.populations(actor, place)[:50],
            "aliases": selectors.aliases(actor, place)[:50],
            "cell": selectors.h3_cell(place.latitude, place.longitude),
        },
    )


@guarded(Place, VIEW)
@require_safe
def place_suggest(request: HttpRequest) -> JsonResponse:
    """Offer places for what is typed so far."""
    found = selectors.search(actor_of(request), request.GET.get("q", "")[:100], limit=SUGGESTIONS)
    return JsonResponse(
        {
            "results": [
                {
                    "id": place.pk,
                    "name": place.name,
                    "kind": place.get_kind_display(),
                    "within": place.parent.name if place.parent else "",
                }
                for place in found
            ]
        }
    )
