"""A period as the few sums that make it up: whole years, whole months, single days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from qalqan.desk.outreach.models import ActivityDay

FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sums of one span whose first days lie from ``first`` on and before ``end``."""

    span: str
    first: date
    end: date


def stretches(start: date, end: date) -> list[Stretch]:
    """Return the sums that make up a period, none of them twice.

    Parameters
    ----------
    start, end
        First day of the period, and the day after its last.

    Examples
    --------
    >>> for part in stretches(date(2025, 11, 30), date(2027, 2, 2)):
    ...     print(part.span, part.first, part.end)
    day 2025-11-30 2025-12-01
    month 2025-12-01 2026-01-01
    year 2026-01-01 2027-01-01
    month 2027-01-01 2027-02-01
    day 2027-02-01 2027-02-02
    """
    if start >= end:
        return []
    day, month, year = ActivityDay.Span.DAY, ActivityDay.Span.MONTH, ActivityDay.Span.YEAR
    first_month, last_month = month_on_or_after(start), end.replace(day=1)
    if first_month > last_month:
        return [Stretch(day, start, end)]
    first_year = first_month if first_month.month == 1 else date(first_month.year + 1, 1, 1)
    last_year = date(last_month.year, 1, 1)
    if first_year <= last_year:
        middle = [
            Stretch(month, first_month, first_year),
            Stretch(year, first_year, last_year),
            Stretch(month, last_year, last_month),
        ]
    else:
        middle = [Stretch(month, first_month, last_month)]
    parts = [Stretch(day, start, first_month), *middle, Stretch(day, last_month, end)]
    return [part for part in parts if part.first < part.end]


def month_on_or_after(day: date) -> date:
    """Return the first day of a month, the day itself or the nearest after it.

    >>> month_on_or_after(date(2026, 12, 2))
    datetime.date(2027, 1, 1)
    """
    return day if day.day == 1 else next_month(day)


def next_month(day: date) -> date:
    """Return the first day of the month after a day's."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def within(start: date, end: date) -> Q:
    """Return the condition for the sums that make up a period, as `stretches` tells them."""
    wanted = Q(pk__in=[])
    for part in stretches(start, end):
        wanted |= Q(span=part.span, day__gte=part.first, day__lt=part.end)
    return wanted
