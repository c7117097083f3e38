"""Who hears the loudspeakers and sirens, and who does not."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.horns import DENSITIES, conditions, points_of
from qalqan.desk.protection.models import Equipment, HornPlan

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Horn:
    """A loudspeaker or siren that works, and how far it is heard."""

    label: str
    latitude: float
    longitude: float
    rated_level_db: float
    reach_m: float
    is_speech: bool
    is_sample: bool


@dataclass(slots=True)
class Heard:
    """People of a place: all, and those who hear something; low and high by density."""

    place_id: int
    name: str
    latitude: float
    longitude: float
    people: int
    district_id: int = 0
    hear: float = 0.0
    low: float = 0.0
    high: float = 0.0
    is_shared_out: bool = False
    unplaced: int = 0

    @property
    def deaf(self) -> float:
        """People who hear nothing."""
        return max(self.people - self.hear, 0.0)

    @property
    def share(self) -> float:
        """Share that hears something."""
        return self.hear / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who hears what under one model, at one time of day, for one purpose."""

    horns: list[Horn]
    settlements: list[Heard]
    districts: list[Heard]
    without_level: int
    silent: int
    people: int
    hear: int
    low: int
    high: int
    is_sample: bool
    is_shared_out: bool = field(default=False)

    @property
    def share(self) -> float:
        """Share of all people that hears something."""
        return self.hear / self.people if self.people else 0.0


DeviceRow = tuple[Any, ...]
Ground = tuple[list[Heard], list[Heard], bool]
"""Settlements and districts with their people, and whether they are sample data."""


def horns(actor: Actor) -> QuerySet[Equipment]:
    """Return loudspeakers and sirens that were not taken away."""
    return Equipment.objects.visible_to(actor).filter(
        kind__in=[Equipment.Kind.LOUDSPEAKER, Equipment.Kind.SIREN], removed_at=None
    )


def hearing(
    actor: Actor,
    *,
    model: str,
    period: str,
    purpose: str,
    ground: Ground | None = None,
    rows: Sequence[DeviceRow] | None = None,
) -> Hearing:
    """Return who hears the loudspeakers that work.

    Parameters
    ----------
    model, period, purpose
        Values of `HornPlan.Model`, `HornPlan.Period` and `HornPlan.Purpose`.
    ground
        What `settled` returned, where several figures are asked for at once.
    rows
        What `device_rows` returned, likewise.
    """
    devices, without_level, silent = _devices(
        device_rows(actor) if rows is None else rows, model, period, purpose
    )
    towns, areas, is_sample = deepcopy(ground) if ground else settled(actor)
    for attribute, density in zip(("low", "hear", "high"), DENSITIES, strict=True):
        shares = _shares(towns, devices, density)
        for town, share in zip(towns, shares, strict=True):
            setattr(town, attribute, share * town.people)
    for town in towns:
        # A town that is denser is smaller: its middle may lie in reach or out of it.
        town.low, town.high = min(town.low, town.hear), max(town.high, town.hear)
    by_id = {area.place_id: area for area in areas}
    for town in towns:
        area = by_id.get(town.district_id)
        if area is not None:
            area.hear += town.hear
            area.low += town.low
            area.high += town.high
            area.is_shared_out |= town.is_shared_out
    people = sum(area.people for area in areas) + sum(
        town.people for town in towns if town.district_id not in by_id
    )
    total = [sum(getattr(town, name) for town in towns) for name in ("hear", "low", "high")]
    return Hearing(
        devices, sorted(towns, key=lambda town: -town.deaf), areas, without_level, silent, people,
        round(total[0]), round(total[1]), round(total[2]),
        is_sample or any(horn.is_sample for horn in devices),
        any(town.is_shared_out for town in towns),
    )  # fmt: skip


def device_rows(actor: Actor) -> list[DeviceRow]:
    """Return label, own place, place of the site, level, speech, state and mark of each device."""
    return list(
        horns(actor).values_list(
            "label", "latitude", "longitude", "site__latitude", "site__longitude",
            "rated_level_db", "is_speech", "state", "is_sample",
        )
    )  # fmt: skip


def _devices(
    rows: Sequence[DeviceRow], model: str, period: str, purpose: str
) -> tuple[list[Horn], int, int]:
    """Return devices that work and whose level is known; how many lack one; how many are silent."""
    from qalqan.science.protection.acoustics import reach

    silent = sum(row[7] != Equipment.State.WORKS for row in rows)
    rows = [row for row in rows if row[7] == Equipment.State.WORKS]
    if purpose == HornPlan.Purpose.SPEECH:
        rows = [row for row in rows if row[6]]
    known = [spot for spot in map(_spot, rows) if spot is not None]
    if not known:
        return [], len(rows), silent
    rated = [spot[3] for spot in known]
    far = reach(rated, purpose, conditions(model, period))  # type: ignore[arg-type]
    found = [
        Horn(label, latitude, longitude, level, float(metres), is_speech, is_sample)
        for (label, latitude, longitude, level, is_speech, is_sample), metres in zip(
            known, far, strict=True
        )
    ]
    return found, len(rows) - len(known), silent


def _spot(row: Sequence[Any]) -> tuple[str, float, float, float, bool, bool] | None:
    """Return where a device stands (at its site, if it has no place of its own) and its level."""
    label, latitude, longitude, at_latitude, at_longitude, level, is_speech, _state, sample = row
    if latitude is None or longitude is None:
        latitude, longitude = at_latitude, at_longitude
    if latitude is None or longitude is None or level is None:
        return None
    return label, latitude, longitude, level, is_speech, sample


def settled(actor: Actor) -> Ground:
    """Return settlements and districts with their people.

    Where only a district was counted, those of its people who are not counted in a settlement are
    shared out equally among its settlements without a figure; where there is none, they stay
    without a place and count as hearing nothing.
    """
    areas = [_heard(place) for place in places.districts(actor).defer("boundary")]
    rows = list(places.places(actor).filter(kind=Place.Kind.SETTLEMENT))
    lies_in = places.district_map() if rows else {}
    counts = places.latest_populations(
        actor, [place.pk for place in rows] + [area.place_id for area in areas]
    )
    towns = [_heard(place) for place in rows]
    for thing in [*towns, *areas]:
        figure = counts.get(thing.place_id)
        thing.people = figure.count if figure else 0
        thing.district_id = lies_in.get(thing.place_id, 0)
    for area in areas:
        mine = [town for town in towns if town.district_id == area.place_id]
        _share_out(area, mine, set(counts))
    is_sample = any(place.is_sample for place in rows)
    return [town for town in towns if town.people], areas, is_sample


def _heard(place: Place) -> Heard:
    return Heard(place.pk, place.name, place.latitude, place.longitude, 0)


def _share_out(area: Heard, towns: list[Heard], counted: set[int]) -> None:
    own = sum(town.people for town in towns)
    area.people = max(area.people, own)
    rest, open_towns = area.people - own, [t for t in towns if t.place_id not in counted]
    if not open_towns:
        area.unplaced = rest
        return
    for number, town in enumerate(open_towns):
        town.people = rest // len(open_towns) + (number < rest % len(open_towns))
        town.is_shared_out = True


def demand(towns: Sequence[Heard], density: float) -> tuple[Floats, Floats, Floats, Any]:
    """Return points of people: latitudes, longitudes, people, and the row of each one's town."""
    parts = [points_of(t.latitude, t.longitude, t.people, density) for t in towns]
    if not parts:
        none = np.empty(0)
        return none, none, none, np.empty(0, np.int64)
    sizes = [len(part[0]) for part in parts]
    return (
        np.concatenate([part[0] for part in parts]),
        np.concatenate([part[1] for part in parts]),
        np.repeat([part[2] for part in parts], sizes),
        np.repeat(np.arange(len(parts)), sizes),
    )


def reached(latitude: Floats, longitude: Floats, devices: Sequence[Horn]) -> NDArray[np.bool_]:
    """Return which points lie within reach of a device."""
    from qalqan.science.protection.coverage import on_sphere, within

    held = np.zeros(len(latitude), np.bool_)
    if not len(latitude) or not devices:
        return held
    spots = on_sphere([h.latitude for h in devices], [h.longitude for h in devices])
    for part in within(on_sphere(latitude, longitude), spots, [h.reach_m for h in devices]):
        held[part] = True
    return held


def _shares(towns: list[Heard], devices: list[Horn], density: float) -> Floats:
    latitude, longitude, _people, row = demand(towns, density)
    held = reached(latitude, longitude, devices)
    count = np.bincount(row, minlength=len(towns))
    share: Floats = np.bincount(row, held, minlength=len(towns)) / np.maximum(count, 1)
    return share


def horn_plans(actor: Actor) -> QuerySet[HornPlan]:
    """Return searches for places, the newest first."""
    return HornPlan.objects.visible_to(actor)


def horn_plan_for(actor: Actor, plan_id: int) -> HornPlan | None:
    """Return one search, or nothing where it is absent or hidden from the actor."""
    return horn_plans(actor).filter(pk=plan_id).first()
