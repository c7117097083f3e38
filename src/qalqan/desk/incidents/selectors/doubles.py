"""Incidents that may be the one that somebody is about to record: near in time and place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet

from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.selectors.ledger import live
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor

NEAR = timedelta(days=3)
NEAR_KM = 30.0
SHOWN = 5
_LOOKED_AT = 500
_EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Double:
    """An incident that may be the same.

    Parameters
    ----------
    days
        Whole days between the two; 0 where the times overlap.
    kilometres
        Between the two places; nothing where one of them has no spot.
    """

    incident: Incident
    days: int
    kilometres: float | None
    same_kind: bool


def near(actor: Actor, values: Mapping[str, Any]) -> list[Double]:
    """Return incidents near in time and place, the nearest first; five at most.

    Parameters
    ----------
    values
        The columns of the incident that is to be recorded.
    """
    start, end = values["occurred_from"], values["occurred_to"]
    rows: QuerySet[Any] = live(actor).filter(
        occurred_from__lte=end + NEAR, occurred_to__gte=start - NEAR
    )
    spot = _spot_of(actor, values)
    around = Q()
    if spot is not None:
        around |= _box(spot)
    for name in ("place_id", "district_id"):
        if values.get(name):
            around |= Q(**{name: values[name]})
    if not around:
        # Nothing tells where it was: only what is of the same kind may be the same.
        around = Q(kind=values["kind"])
    found = rows.filter(around).select_related("place", "district")
    found = found.defer("place__boundary", "district__boundary").order_by("-occurred_from", "-id")
    doubles = [_compared(row, values, spot) for row in found[:_LOOKED_AT]]
    close = [one for one in doubles if one.kilometres is None or one.kilometres <= NEAR_KM]
    close.sort(
        key=lambda one: (not one.same_kind, one.days, one.kilometres or 0.0, -one.incident.pk)
    )
    return close[:SHOWN]


def _spot_of(actor: Actor, values: Mapping[str, Any]) -> tuple[float, float] | None:
    if values.get("latitude") is not None:
        return values["latitude"], values["longitude"]
    if not values.get("place_id"):
        return None
    place = places.place_for(actor, values["place_id"])
    # A district is not where its middle is.
    if place is None or place.kind != "settlement" or place.latitude is None:
        return None
    return place.latitude, place.longitude


def _box(spot: tuple[float, float]) -> Q:
    high = math.degrees(NEAR_KM / _EARTH_KM)
    wide = high / max(math.cos(math.radians(spot[0])), 0.01)
    inside = Q()
    for prefix in ("", "place__"):
        inside |= Q(
            **{
                f"{prefix}latitude__range": (spot[0] - high, spot[0] + high),
                f"{prefix}longitude__range": (spot[1] - wide, spot[1] + wide),
            }
        )
    return inside


def _compared(row: Incident, values: Mapping[str, Any], spot: tuple[float, float] | None) -> Double:
    gap = max(
        row.occurred_from - values["occurred_to"], values["occurred_from"] - row.occurred_to,
        timedelta(0),
    )  # fmt: skip
    other = _row_spot(row)
    apart = _kilometres(spot, other) if spot and other else None
    return Double(row, gap.days, apart, row.kind == values["kind"])


def _row_spot(row: Incident) -> tuple[float, float] | None:
    if row.latitude is not None and row.longitude is not None:
        return row.latitude, row.longitude
    place = row.place
    if place is None or place.kind != "settlement" or place.latitude is None:
        return None
    return place.latitude, place.longitude


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the distance on the sphere (haversine).

    >>> round(_kilometres((50.28, 57.17), (50.28, 57.17)), 1)
    0.0
    >>> round(_kilometres((0.0, 0.0), (0.0, 1.0)), 1)
    111.2
    """
    north, south = math.radians(one[0]), math.radians(other[0])
    half = math.sin((north - south) / 2) ** 2
    turn = math.sin(math.radians(one[1] - other[1]) / 2) ** 2
    return (
        2
        * _EARTH_KM
        * math.asin(min(1.0, math.sqrt(half + math.cos(north) * math.cos(south) * turn)))
    )
