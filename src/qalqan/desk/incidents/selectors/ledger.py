"""Every reading of the ledger beyond a single row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any

import numpy as np
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from numpy.typing import NDArray

from qalqan.desk.incidents.models import Dispute, Holding, Incident, Indicator, Report
from qalqan.desk.incidents.search import narrowed
from qalqan.desk.platform.policies import Actor

_TO_THE_DAY = (
    Incident.TimePrecision.MINUTE,
    Incident.TimePrecision.HOUR,
    Incident.TimePrecision.DAY,
)

_LISTED = (
    *("title_kk", "title_ru", "title_en", "kind", "killed", "injured", "is_sample", "states"),
    *("occurred_from", "occurred_to", "time_precision", "place_precision", "place_text"),
    *("latitude", "longitude"),
)
"""What a list shows; the long texts and the boundaries of places stay where they are."""


def incidents(
    actor: Actor,
    *,
    query: str = "",
    kind: str = "",
    district_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[Incident]:
    """Return the incidents that match, newest first.

    An incident of which only the month is known matches every day of that month.
    """
    rows = live(actor)
    zone = timezone.get_default_timezone()
    if kind:
        rows = rows.filter(kind=kind)
    if district_id:
        rows = rows.filter(district_id=district_id)
    if since:
        rows = rows.filter(occurred_to__gte=_midnight(since, zone))
    if until:
        rows = rows.filter(occurred_from__lt=_midnight(until + timedelta(days=1), zone))
    return narrowed(rows, query).order_by("-occurred_from", "-id")


def live(actor: Actor) -> QuerySet[Incident]:
    """Return the incidents that count: those that were not merged into another."""
    rows: QuerySet[Incident] = Incident.objects.visible_to(actor)
    return rows.filter(merged_into__isnull=True)


def in_list(actor: Actor, keys: Sequence[int]) -> list[Incident]:
    """Return incidents by their keys, in this order, with what a list shows of them."""
    names = [
        f"{place}__{name}"
        for place in ("place", "district")
        for name in ("name_kk", "name_ru", "name_en")
    ]
    rows: QuerySet[Incident] = Incident.objects.visible_to(actor)
    found = rows.select_related("place", "district").only(*_LISTED, *names).in_bulk(list(keys))
    return [found[key] for key in keys if key in found]


def incident_for(actor: Actor, incident_id: int) -> Incident | None:
    """Return one incident with its place, or nothing."""
    rows: QuerySet[Incident] = Incident.objects.visible_to(actor)
    rows = rows.select_related("place", "district")
    return rows.defer("place__boundary", "district__boundary").filter(pk=incident_id).first()


def sources_of(actor: Actor, incident: Incident) -> QuerySet[Report]:
    """Return who says so now, the best graded first; grade and credibility stay two things."""
    rows: QuerySet[Report] = Report.objects.visible_to(actor)
    return (
        rows.filter(incident=incident, ended_at__isnull=True, source__isnull=False)
        .select_related("source")
        .order_by("source__reliability", "credibility", "id")
    )


def new_since(actor: Actor, since: datetime) -> QuerySet[Incident]:
    """Return the incidents that came into the ledger after a moment, newest event first."""
    return (
        live(actor)
        .filter(recorded_at__gt=since)
        .select_related("place", "district")
        .defer("place__boundary", "district__boundary")
        .order_by("-occurred_from", "-id")
    )


def indicators(actor: Actor) -> QuerySet[Indicator]:
    """Return the published numbers with their sources, by code, the latest period first."""
    rows: QuerySet[Indicator] = Indicator.objects.visible_to(actor)
    return rows.select_related("source").order_by("code", "-period_to", "id")


def by_district_day(
    actor: Actor, *, start: date, end: date
) -> tuple[NDArray[np.int64], list[date], NDArray[np.int64]]:
    """Count incidents by district and local day.

    Only incidents whose day is known and that lie in a district are counted, each on its
    first day.

    Parameters
    ----------
    start, end
        First and last day, both counted.

    Returns
    -------
    place_ids : (n,) array of int64
        Districts with at least one incident, in order of their keys.
    days : list of date
        All days of the window.
    counts : (n, days) array of int64
        Incidents.
    """
    zone = timezone.get_default_timezone()
    rows = (
        _dated(actor, start, end, zone)
        .annotate(day=TruncDate("occurred_from", tzinfo=zone))
        .order_by()
        .values_list("district_id", "day")
        .annotate(number=Count("pk"))
    )
    found = [(int(place), day, int(number)) for place, day, number in rows]
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    place_ids = np.unique(np.array([place for place, _day, _number in found], dtype=np.int64))
    counts = np.zeros((len(place_ids), len(days)), dtype=np.int64)
    for place, day, number in found:
        counts[int(np.searchsorted(place_ids, place)), (day - start).days] += number
    return place_ids, days, counts


def has_sample(actor: Actor, *, start: date, end: date) -> bool:
    """Tell whether any of the counted incidents is sample data."""
    zone = timezone.get_default_timezone()
    return bool(_dated(actor, start, end, zone).filter(is_sample=True).exists())


def in_areas(
    actor: Actor, *, district_ids: list[int], start: date, end: date
) -> QuerySet[Incident]:
    """Return the counted incidents of some districts and days, newest first."""
    zone = timezone.get_default_timezone()
    rows = _dated(actor, start, end, zone).filter(district_id__in=district_ids)
    rows = rows.select_related("place", "district")
    return rows.defer("place__boundary", "district__boundary").order_by("-occurred_from", "-id")


def period(actor: Actor) -> tuple[datetime, datetime, int] | None:
    """Return first and last event and their number, or nothing where the ledger is empty."""
    rows = live(actor)
    newest = rows.order_by("-occurred_from", "-id").first()
    oldest = rows.order_by("occurred_from", "id").first()
    if newest is None or oldest is None:
        return None
    return oldest.occurred_from, newest.occurred_from, rows.count()


def _dated(actor: Actor, start: date, end: date, zone: tzinfo) -> QuerySet[Any]:
    rows: QuerySet[Any] = live(actor)
    return rows.filter(
        Q(time_precision__in=_TO_THE_DAY),
        district__isnull=False,
        occurred_from__gte=_midnight(start, zone),
        occurred_from__lt=_midnight(end + timedelta(days=1), zone),
    )


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def points_by_day(
    actor: Actor, *, start: date, end: date
) -> tuple[list[tuple[float, float, int, date]], int]:
    """Return where each counted incident lies, and how many are known to the district only.

    Parameters
    ----------
    start, end
        First and last day, both counted; the same incidents as in `by_district_day`.

    Returns
    -------
    points : list
        Latitude, longitude, district and local day of each incident whose spot or settlement is
        known.
    left_out : int
        The other incidents.
    """
    zone = timezone.get_default_timezone()
    rows = _dated(actor, start, end, zone).annotate(
        north=Coalesce("latitude", "place__latitude"),
        east=Coalesce("longitude", "place__longitude"),
        day=TruncDate("occurred_from", tzinfo=zone),
    )
    near = (Incident.PlacePrecision.EXACT, Incident.PlacePrecision.SETTLEMENT)
    known = rows.filter(place_precision__in=near, north__isnull=False, east__isnull=False)
    points = list(known.order_by("pk").values_list("north", "east", "district_id", "day"))
    return points, rows.count() - len(points)


def merged_here(actor: Actor, incident: Incident) -> list[Incident]:
    """Return the incidents that were merged into this one and still are."""
    rows: QuerySet[Incident] = Incident.objects.visible_to(actor)
    return list(rows.filter(merged_into=incident).order_by("pk"))


def live_reports(actor: Actor, incident: Incident) -> QuerySet[Report]:
    """Return the reports that count, in the order in which the desk learnt of them."""
    rows: QuerySet[Report] = Report.objects.visible_to(actor)
    rows = rows.filter(incident=incident, ended_at__isnull=True).select_related("source")
    return rows.order_by("first_recorded_at", "pk")


def report_for(actor: Actor, report_id: int) -> Report | None:
    """Return one report with its incident, or nothing."""
    rows: QuerySet[Report] = Report.objects.visible_to(actor)
    return rows.select_related("incident", "source").filter(pk=report_id).first()


def dispute_for(actor: Actor, dispute_id: int) -> Dispute | None:
    """Return one dispute with its report, or nothing."""
    rows: QuerySet[Dispute] = Dispute.objects.visible_to(actor)
    return rows.select_related("report__incident", "report__source").filter(pk=dispute_id).first()


def holding_for(actor: Actor, incident: Incident, attribute: str) -> Holding | None:
    """Return the judgement of an attribute that stands, or nothing."""
    rows: QuerySet[Holding] = Holding.objects.visible_to(actor)
    return rows.filter(incident=incident, attribute=attribute, ended_at__isnull=True).first()
