"""Places as the brief keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qalqan.desk.brief.content import PlaceName
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor

if TYPE_CHECKING:
    from qalqan.desk.platform.places.models import Place


def name_of(place: Place) -> PlaceName:
    """Return the names of a place in all languages."""
    return PlaceName(place.pk, place.name_kk, place.name_ru, place.name_en)


def names_of(actor: Actor, place_ids: Iterable[int]) -> dict[int, PlaceName]:
    """Return the names of places by their keys, in one query."""
    rows = places.places(actor).filter(pk__in=set(place_ids)).defer("boundary")
    return {place.pk: name_of(place) for place in rows}


def province(actor: Actor) -> PlaceName | None:
    """Return the province that has districts; the desk serves one."""
    row = (
        places.places(actor)
        .filter(kind="province", children__kind="district")
        .defer("boundary")
        .order_by("pk")
        .first()
    )
    return name_of(row) if row else None
