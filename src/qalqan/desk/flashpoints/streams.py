"""What a scan counts: one reader a stream, all of the same shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from qalqan.desk.flashpoints.models import Stream
from qalqan.desk.incidents import selectors as incidents
from qalqan.desk.outreach.selectors import notes as field_notes
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui import sample
from qalqan.desk.rumours import selectors as rumours

Counts = tuple[NDArray[np.int64], list[date], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Case:
    """Cases on one spot and day.

    Parameters
    ----------
    latitude, longitude
        WGS84 degrees.
    district
        Key of the district.
    once
        Cases of one cell and day that share this number count once; 0 where each counts.
    """

    latitude: float
    longitude: float
    district: int
    day: date
    count: int
    once: int = 0


Points = tuple[list[Case], int]
"""Cases with a spot, and how many are known to the district only."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How a stream is counted by district and day and by spot, and whether it holds sample data."""

    counts: Callable[[Actor, date, date], Counts]
    points: Callable[[Actor, date, date], Points]
    has_sample: Callable[[Actor, date, date], bool]


def _incidents(actor: Actor, start: date, end: date) -> Counts:
    return incidents.by_district_day(actor, start=start, end=end)


def _incident_points(actor: Actor, start: date, end: date) -> Points:
    rows, left_out = incidents.points_by_day(actor, start=start, end=end)
    return [Case(north, east, place, day, 1) for north, east, place, day in rows], left_out


def _incidents_sample(actor: Actor, start: date, end: date) -> bool:
    return incidents.has_sample(actor, start=start, end=end)


def _tips(actor: Actor, start: date, end: date) -> Counts:
    place_ids, days, counts = rumours.tips_by_day(actor, start=start, end=end)
    return np.asarray(place_ids, np.int64), list(days), np.asarray(counts, np.int64)


def _tip_points(actor: Actor, start: date, end: date) -> Points:
    rows = rumours.tips_by_place(actor, start=start, end=end)
    return _at_settlements(actor, [(place, day, count, 0) for place, day, count in rows])


def _tips_sample(actor: Actor, start: date, end: date) -> bool:
    # Tips are kept as counts by day; only the desk as a whole knows whether they were made up.
    return sample.is_loaded()


def _claims(actor: Actor, start: date, end: date) -> Counts:
    district_of = places.district_map()
    told = {
        (claim, district_of.get(place, 0), day)
        for claim, place, day in rumours.claims_told(actor, start=start, end=end)
    }
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    place_ids = np.unique(np.array([place for _c, place, _d in told if place], np.int64))
    counts = np.zeros((len(place_ids), len(days)), np.int64)
    for _claim, place, day in told:
        if place:
            counts[int(np.searchsorted(place_ids, place)), (day - start).days] += 1
    return place_ids, days, counts


def _claim_points(actor: Actor, start: date, end: date) -> Points:
    told = rumours.claims_told(actor, start=start, end=end)
    return _at_settlements(actor, [(place, day, 1, claim) for claim, place, day in told])


def _claims_sample(actor: Actor, start: date, end: date) -> bool:
    return rumours.has_sample_between(actor, start=start, end=end)


def _notes(actor: Actor, start: date, end: date) -> Counts:
    return field_notes.notes_by_day(actor, start=start, end=end)


def _note_points(actor: Actor, start: date, end: date) -> Points:
    rows = field_notes.notes_by_place(actor, start=start, end=end)
    return _at_settlements(actor, [(place, day, count, 0) for place, day, count in rows])


def _notes_sample(actor: Actor, start: date, end: date) -> bool:
    return field_notes.has_sample(actor, start=start, end=end)


def _at_settlements(actor: Actor, rows: list[tuple[int, date, int, int]]) -> Points:
    """Put counts by place on the spot of their settlement; leave out those of a whole district.

    What lies in no district at all is no case of any scan and is not counted as left out.
    """
    district_of = places.district_map()
    spots = {
        pk: (latitude, longitude)
        for pk, latitude, longitude in places.places(actor)
        .filter(kind="settlement")
        .values_list("pk", "latitude", "longitude")
    }
    cases: list[Case] = []
    left_out: set[tuple[int, ...]] = set()
    uncounted = 0
    for place, day, count, once in rows:
        district = district_of.get(place, 0)
        if district and place in spots:
            cases.append(Case(*spots[place], district, day, count, once))
        elif district and once:
            left_out.add((once, district, day.toordinal()))
        elif district:
            uncounted += count
    return cases, uncounted + len(left_out)


READERS = {
    Stream.INCIDENTS: Reader(_incidents, _incident_points, _incidents_sample),
    Stream.TIPS: Reader(_tips, _tip_points, _tips_sample),
    Stream.CLAIMS: Reader(_claims, _claim_points, _claims_sample),
    Stream.NOTES: Reader(_notes, _note_points, _notes_sample),
}
