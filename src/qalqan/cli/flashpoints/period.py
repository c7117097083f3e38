"""The period of a study and how it is cut, from what was given and from the dates of the cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qalqan.cli.flashpoints.dates import (
    RANK,
    Precision,
    When,
    boundaries,
    generic_day,
    generic_number,
    parse,
)
from qalqan.cli.flashpoints.job import Job
from qalqan.cli.flashpoints.records import Records, coarsest
from qalqan.errors import InputError


@dataclass(frozen=True, slots=True)
class Period:
    """When the study begins and ends, and its periods.

    Attributes
    ----------
    first, last : date
        Both inside.
    boundaries : tuple of date
        First day of each period and the day after the last.
    unit : str
        Unit of the periods; ``none`` if time is not scanned.
    length : int
        Units in a period.
    generic : bool
        Whether days stand for whole numbers.
    """

    first: date
    last: date
    boundaries: tuple[date, ...]
    unit: str
    length: int
    generic: bool

    def shown(self, day: date | None) -> str | int | None:
        """Return a day as the result shows it."""
        if day is None:
            return None
        return generic_number(day) if self.generic else day.isoformat()

    @property
    def words(self) -> str:
        """Return the length of a period in words."""
        unit = "unit" if self.generic else self.unit
        return unit if self.length == 1 else f"{self.length} {unit}s"


def given_ends(job: Job) -> tuple[date | None, date | None]:
    """Return the first and last day that were asked for."""
    ends: list[date | None] = []
    for text, option in ((job.start, "--start"), (job.end, "--end")):
        try:
            if not text:
                ends.append(None)
            elif job.precision == "generic":
                ends.append(generic_day(text))
            else:
                when = parse(text)
                ends.append(when.first if option == "--start" else when.last)
        except (ValueError, OverflowError) as error:
            raise InputError(f"{option}: {error}") from error
    first, last = ends
    if first and last and last < first:
        raise InputError(f"the period ends, {job.end}, before it begins, {job.start}")
    return first, last


def period_of(job: Job, cases: Sequence[Records]) -> Period:
    """Return the period of a job.

    Raises
    ------
    InputError
        Time is to be scanned but the cases have no dates, or dates less precise than the periods.
    """
    first, last = given_ends(job)
    generic = job.precision == "generic"
    precision: Precision = "generic" if generic else _precision(job, cases)
    flat = job.options.time == "none"
    days = [_ends(record.when) for part in cases for record in part.rows if record.when is not None]
    if not flat and not days and precision == "none":
        raise cases[0].table.fail(None, "date", f"a {job.options.time} scan needs dates of cases")
    if (first is None or last is None) and days:
        low, high = min(day[0] for day in days), max(day[1] for day in days)
        first, last = first or low, last or high
        if not flat:
            job.notes.append("the period runs from the first case to the last; --start and --end "
                             "set it")  # fmt: skip
    if first is None or last is None:
        first, last = first or date(2000, 1, 1), last or date(2000, 12, 31)
    unit = "none" if flat else _unit(job.unit, precision, cases)
    try:
        cut = boundaries(first, last, unit, job.length)
    except ValueError as error:
        raise InputError(str(error)) from error
    return Period(first, last, cut, unit, job.length, generic)


def _ends(when: When | date) -> tuple[date, date]:
    return (when.first, when.last) if isinstance(when, When) else (when, when)


def _precision(job: Job, cases: Sequence[Records]) -> Precision:
    found = [coarsest(part, job.precision) for part in cases]
    return min(found, key=RANK.__getitem__)


def _unit(unit: str, precision: Precision, cases: Sequence[Records]) -> str:
    """Return the unit of the periods, no finer than the dates."""
    if precision == "generic":
        return "day"
    if unit == "auto":
        return precision
    rank = {"week": 3}.get(unit, RANK.get(unit, 0))
    if RANK[precision] < rank:
        part = next(part for part in cases if coarsest(part, None) == precision)
        record = next(
            (record for record in part.rows
             if isinstance(record.when, When) and record.when.precision == precision), None
        )  # fmt: skip
        raise part.fail(record, "date", f"the date has no {unit}, but the periods are {unit}s")
    return unit
