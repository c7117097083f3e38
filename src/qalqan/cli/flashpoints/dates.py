"""Dates as SaTScan writes them: a year, a month or a day, or plain whole numbers as time."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from qalqan.science.flashpoints.data import period_boundaries

Precision = Literal["none", "year", "month", "day", "generic"]
RANK = {"none": 0, "year": 1, "month": 2, "day": 3, "generic": 4}

_ZERO = date(2000, 1, 1).toordinal()
_MOST_PERIODS = 100_000
_PARTS = re.compile(r"(\d{1,4})(?:[/.*-](\d{1,4}))?(?:[/.*-](\d{1,4}))?(?:[T ]\d{1,2}:.*)?")


@dataclass(frozen=True, slots=True)
class When:
    """A year, a month of it, and a day of that, as far as they are known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def precision(self) -> Precision:
        """Return how much is known."""
        return "year" if self.month is None else "month" if self.day is None else "day"

    @property
    def first(self) -> date:
        """Return the first day that is meant."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """Return the last day that is meant."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def census(self) -> date:
        """Return the day for which a population stands: 1 July of a year, the 15th of a month."""
        if self.month is None:
            return date(self.year, 7, 1)
        return date(self.year, self.month, self.day or 15)


def parse(text: str, centuries: tuple[int, int] | None = None) -> When:
    """Read year/month/day, also with - . or * between, month/day/year, or less of it.

    Three parts with full stops and the year last are refused: SaTScan would read 05.11.2001 as
    11 May, most people who write so mean 5 November.

    Parameters
    ----------
    text
        For example ``2001/11/24``, ``2001-11``, ``73``; a time of day after the date is left out.
    centuries
        First and last year of the study, by which years of two digits are understood.

    Raises
    ------
    ValueError
        What is wrong, in words.

    Examples
    --------
    >>> parse("2001/11/24").first.isoformat(), parse("11/24/2001").first.isoformat()
    ('2001-11-24', '2001-11-24')
    >>> parse("82", (1973, 1991)).census.isoformat()
    '1982-07-01'
    """
    found = _PARTS.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is no date; write year/month/day, or less of it")
    parts = [int(part) for part in found.groups() if part is not None]
    if len(parts) > 1 and len(found[len(parts)]) > 2:
        if len(parts) > 2 and "." in text.split(" ")[0].split("T")[0]:
            raise ValueError(
                f"{text!r} may begin with the day or with the month; write year-month-day"
            )
        parts = [parts[-1], *parts[:-1]]
    when = When(_full_year(parts[0], text, centuries), *parts[1:])
    try:
        when.first, when.last  # noqa: B018 - asks the calendar whether there is such a day
    except ValueError as error:
        raise ValueError(f"{text!r} is no date of the calendar") from error
    return when


def _full_year(year: int, text: str, centuries: tuple[int, int] | None) -> int:
    """Return the year with its century."""
    if year > 99:
        return year
    if centuries is None:
        raise ValueError(f"the century of {text!r} is unknown; give the period, or four digits")
    first, last = centuries
    if first // 100 == last // 100:
        return year + first // 100 * 100
    if last - first < 100:
        if year >= first % 100:
            return year + first // 100 * 100
        if year <= last % 100:
            return year + last // 100 * 100
    raise ValueError(f"the century of {text!r} cannot be told from the period {first} to {last}")


def generic_day(text: str) -> date:
    """Return the day that stands for a whole number of a time without calendar.

    >>> generic_number(generic_day("-3"))
    -3
    """
    if not re.fullmatch(r"[+-]?\d{1,6}", text):
        raise ValueError(f"{text!r} is no whole number")
    return date.fromordinal(_ZERO + int(text))


def generic_number(day: date) -> int:
    """Return the whole number for which a day stands."""
    return day.toordinal() - _ZERO


def boundaries(first: date, last: date, unit: str, length: int) -> tuple[date, ...]:
    """Return the first day of each period and the day after the last.

    Raises
    ------
    ValueError
        If there are no or too many periods.

    Examples
    --------
    >>> days = boundaries(date(2001, 1, 1), date(2001, 1, 14), "week", 1)
    >>> [day.day for day in days]
    [1, 8, 15]
    """
    if last < first:
        raise ValueError(f"the period ends, {last}, before it begins, {first}")
    if length < 1:
        raise ValueError("a period must have at least one unit")
    if unit == "none":
        return (first, last + timedelta(days=1))
    if (last - first).days > _MOST_PERIODS * length * {"year": 365, "month": 28}.get(unit, 1):
        raise ValueError(f"there are more than {_MOST_PERIODS} periods from {first} to {last}")
    if unit == "week":
        return period_boundaries(first, last, "day", 7 * length)
    if unit in ("year", "month"):
        return period_boundaries(first, last, unit, length)  # type: ignore[arg-type]
    return period_boundaries(first, last, "day", length)
