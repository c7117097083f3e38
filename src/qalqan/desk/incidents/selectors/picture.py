"""The picture of the threat: counts and rates with intervals, changes, indicators with breaks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from qalqan.desk.incidents.models import Incident, Indicator
from qalqan.desk.incidents.selectors.ledger import live
from qalqan.desk.platform.policies import Actor
from qalqan.science.hypotheses.changes import Segment

_MONTH_KNOWN = [*Incident.TimePrecision.values]
_MONTH_KNOWN.remove(Incident.TimePrecision.YEAR)
MOST_MONTHS = 240
MOST_KINDS = 5
"""Columns of the table of kinds by year."""


@dataclass(frozen=True, slots=True)
class Month:
    """Incidents of one month, with the exact 95 % interval of its rate."""

    first: date
    number: int
    low: float
    high: float
    is_change: bool


@dataclass(frozen=True, slots=True)
class Span:
    """Months with one rate."""

    start: date
    end: date
    rate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """How many incidents of a kind, and their share with its interval."""

    code: str
    number: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Picture:
    """What happened over the months."""

    months: list[Month]
    spans: list[Span]
    kinds: list[Share]
    years: list[tuple[int, list[int]]]
    killed: int
    officers_killed: int
    without_month: int
    has_sample: bool


@dataclass(frozen=True, slots=True)
class Value:
    """One published value of a series.

    Parameters
    ----------
    changed
        In what it is another thing than the value before it: ``unit``, ``definition``,
        ``source`` or ``period``, the length of its period.
    gap
        First and last day before it of which the series says nothing.
    """

    indicator: Indicator
    changed: tuple[str, ...] = ()
    gap: tuple[date, date] | None = None

    @property
    def breaks(self) -> bool:
        """Whether it must not be compared with the value before it."""
        return bool(self.changed)


@dataclass(frozen=True, slots=True)
class Published:
    """One indicator over time."""

    code: str
    name: str
    unit: str
    values: list[Value]

    @property
    def has_break(self) -> bool:
        """Whether a value is another thing than the one before it."""
        return any(one.breaks for one in self.values)


def picture(
    actor: Actor, *, start: date, end: date, kind: str = "", district_id: int | None = None
) -> Picture:
    """Count incidents by month from one day to another, both within.

    Incidents of which only the year is known are counted apart: they have no month.

    Parameters
    ----------
    start, end
        Days; months that they cut are left out.
    kind, district_id
        Narrow to a kind and a district where given.
    """
    from qalqan.science.hypotheses.changes import poisson_interval, segments
    from qalqan.science.hypotheses.scoring import wilson

    months = whole_months(start, end)
    if not months:
        return Picture([], [], [], [], 0, 0, 0, False)
    zone = timezone.get_default_timezone()
    rows: QuerySet[Any] = live(actor)
    rows = rows.filter(
        occurred_from__gte=datetime.combine(months[0], time.min, zone),
        occurred_from__lt=datetime.combine(_after(months[-1]), time.min, zone),
    )
    if kind:
        rows = rows.filter(kind=kind)
    if district_id:
        rows = rows.filter(district_id=district_id)
    dated = rows.filter(time_precision__in=_MONTH_KNOWN)
    by_month: Counter[date] = Counter()
    by_kind: Counter[str] = Counter()
    by_year: Counter[tuple[int, str]] = Counter()
    counted = (
        dated.annotate(month=TruncMonth("occurred_from", tzinfo=zone))
        .order_by()
        .values_list("month", "kind")
        .annotate(number=Count("pk"))
    )
    for month, code, number in counted:
        by_month[month.date()] += number
        by_kind[code] += number
        by_year[month.year, code] += number
    sums = rows.aggregate(
        killed=Sum("killed"), officers=Sum("officers_killed"),
        undated=Count("pk", filter=Q(time_precision=Incident.TimePrecision.YEAR)),
        sample=Count("pk", filter=Q(is_sample=True)),
    )  # fmt: skip
    found = segments([by_month[one] for one in months])
    changes = {months[one.start] for one in found[1:]}
    total = sum(by_kind.values())
    return Picture(
        [
            Month(one, by_month[one], *poisson_interval(by_month[one]), one in changes)
            for one in months
        ],
        [_span(months, one) for one in found],
        [
            Share(code, number, number / total, *wilson(number, total))
            for code, number in by_kind.most_common()
        ],
        [
            (year, [by_year[year, code] for code, _number in by_kind.most_common(MOST_KINDS)])
            for year in sorted({one.year for one in months})
        ],
        sums["killed"] or 0,
        sums["officers"] or 0,
        sums["undated"],
        bool(sums["sample"]),
    )


def whole_months(start: date, end: date) -> list[date]:
    """Return the first days of the months that lie wholly between two days.

    >>> [one.isoformat() for one in whole_months(date(2026, 1, 2), date(2026, 3, 31))]
    ['2026-02-01', '2026-03-01']
    """
    here = start if start.day == 1 else _after(start.replace(day=1))
    months: list[date] = []
    while (_after(here) - end).days <= 1 and len(months) < MOST_MONTHS:
        months.append(here)
        here = _after(here)
    return months


def _after(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _span(months: list[date], one: Segment) -> Span:
    return Span(months[one.start], months[one.end - 1], one.rate, one.low, one.high)


def published(actor: Actor) -> list[Published]:
    """Return the official indicators, each with its values in time and the breaks in them."""
    rows: QuerySet[Indicator] = Indicator.objects.visible_to(actor)
    ordered = rows.select_related("source").order_by("code", "period_from", "period_to", "pk")
    return [_published(code, list(group)) for code, group in groupby(ordered, lambda row: row.code)]


def _published(code: str, rows: list[Indicator]) -> Published:
    values: list[Value] = []
    end: date | None = None
    for row in rows:
        before = values[-1].indicator if values else None
        gap = None
        if end is not None and row.period_from > end + timedelta(days=1):
            gap = (end + timedelta(days=1), row.period_from - timedelta(days=1))
        values.append(Value(row, _changed(before, row), gap))
        end = max(end or row.period_to, row.period_to)
    return Published(code, rows[-1].name, rows[-1].unit, values)


def _changed(before: Indicator | None, row: Indicator) -> tuple[str, ...]:
    if before is None:
        return ()
    pairs = {
        "unit": (before.unit, row.unit),
        "definition": (_folded(before.definition), _folded(row.definition)),
        "source": (before.source_id, row.source_id),
        "period": (_months(before), _months(row)),
    }
    return tuple(name for name, (one, other) in pairs.items() if one != other)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _months(row: Indicator) -> int:
    """Return how many months a period lasts; years of 365 and of 366 days are alike."""
    return round(((row.period_to - row.period_from).days + 1) / 30.44)
