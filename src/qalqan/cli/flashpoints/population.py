"""Populations and expectations: days of censuses, groups, and cases where nobody lives."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from qalqan.cli.flashpoints.dates import When
from qalqan.cli.flashpoints.job import Job
from qalqan.cli.flashpoints.period import Period
from qalqan.cli.flashpoints.records import Records
from qalqan.errors import InputError
from qalqan.science.flashpoints.data import Stream


def add_population(
    job: Job,
    name: str,
    counts: NDArray[np.float64],
    cases: Records,
    population: Records,
    period: Period,
    index: dict[str, int],
    strata: dict[tuple[str, ...], int],
) -> Stream:
    """Return a stream with a population or with expected cases.

    Parameters
    ----------
    job, name
        What is to be done, and the name of the stream.
    counts : (areas, periods, strata) array
        Cases.
    cases, population : Records
        Where they came from.
    period, index, strata
        Of the study.

    Raises
    ------
    InputError
        An unknown area, covariates that do not match, or cases without population.
    """
    if job.options.model == "poisson":
        _check_strata(cases, population, strata)
    elif any(record.strata for record in population.rows):
        raise population.table.fail(
            population.rows[0].line, "covariates", "expected cases have no covariates"
        )
    days = sorted({_day(record.when) for record in population.rows if record.when is not None})
    dateless = [record for record in population.rows if record.when is None]
    if days and dateless:
        raise population.fail(dateless[0], "date", "the date is missing here but not elsewhere")
    if job.options.model != "poisson":
        return _expectation(job, name, counts, population, period, index)
    people = _people(job, population, days, index, strata)
    _check_cases(cases, people, index, strata, job)
    if not days:
        flat = people[:, 0, :]
        wide = np.broadcast_to(flat[:, None, :], counts.shape).copy()
        return Stream(_thin(counts), population=_thin(wide), name=name)
    missing = np.argwhere(people.sum(axis=2) == 0)
    if len(days) > 1 and missing.size:
        area, day = missing[0]
        job.notes.append(
            f"{population.table.source.name}: nobody in {list(index)[area]} on "
            f"{period.shown(days[day])}"
            + (f", and {len(missing) - 1} more such areas and days" if len(missing) > 1 else "")
        )
    return Stream(_thin(counts), population=_thin(people), population_days=tuple(days), name=name)


def _day(when: When | date) -> date:
    return when.census if isinstance(when, When) else when


def _thin(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Drop the axis of groups if there is but one."""
    return np.ascontiguousarray(values[..., 0]) if values.shape[-1] == 1 else values


def _check_strata(cases: Records, population: Records, strata: dict[tuple[str, ...], int]) -> None:
    """Add the groups of the population, and refuse covariates that do not match."""
    width = len(cases.rows[0].strata)
    for record in population.rows:
        if len(record.strata) != width:
            raise population.table.fail(
                record.line, "covariates",
                f"{len(record.strata)} covariates here, {width} in {cases.table.source.name}",
            )  # fmt: skip
    living = {record.strata for record in population.rows}
    for case in cases.rows:
        if case.value and case.strata not in living:
            raise cases.table.fail(
                case.line, "covariates",
                f"a case in group {' '.join(case.strata)!r}, which has no population",
            )  # fmt: skip
    # Groups with people but no case expect none; they add nothing.


def _people(
    job: Job,
    population: Records,
    days: list[date],
    index: dict[str, int],
    strata: dict[tuple[str, ...], int],
) -> NDArray[np.float64]:
    """Return (areas, days, strata) people; one day if there are no dates."""
    place = {day: i for i, day in enumerate(days)}
    people = np.zeros((len(index), max(len(days), 1), len(strata)))
    lost = 0
    for record in population.rows:
        if record.area not in index:
            if not job.relaxed_places:
                raise population.fail(
                    record, "id", f"{record.area!r} is no area of the coordinates"
                )
            lost += 1
        elif record.strata in strata:
            day = 0 if record.when is None else place[_day(record.when)]
            people[index[record.area], day, strata[record.strata]] += record.value
    if lost:
        job.notes.append(
            f"{population.table.source.name}: {lost} rows left out, outside the area of the study"
        )
    return people


def _check_cases(
    cases: Records,
    people: NDArray[np.float64],
    index: dict[str, int],
    strata: dict[tuple[str, ...], int],
    job: Job,
) -> None:
    """Refuse cases where nobody of their group lives at any time."""
    empty = people.sum(axis=1) == 0
    for record in cases.rows:
        if record.value and record.area in index:
            if empty[index[record.area], strata[record.strata]]:
                group = f" of group {' '.join(record.strata)!r}" if record.strata else ""
                raise cases.fail(
                    record, "id",
                    f"{record.value:g} cases in {record.area!r}, but no population{group}",
                )  # fmt: skip
        elif record.value and not job.relaxed_places:
            raise cases.fail(record, "id", f"{record.area!r} is no area of the coordinates")


def _expectation(
    job: Job,
    name: str,
    counts: NDArray[np.float64],
    population: Records,
    period: Period,
    index: dict[str, int],
) -> Stream:
    """Return a stream with expected cases of each area and period."""
    n_periods = counts.shape[1]
    expected = np.zeros((len(index), n_periods))
    known = np.zeros((len(index), n_periods), dtype=bool)
    size = np.full((len(index), n_periods), np.nan if job.size is None else job.size)
    cuts = np.array([day.toordinal() for day in period.boundaries])
    for record in population.rows:
        if record.area not in index:
            raise population.fail(record, "id", f"{record.area!r} is no area of the coordinates")
        cells: slice | int = slice(None)
        if record.when is not None:
            day = record.when.first if isinstance(record.when, When) else record.when
            if not period.first <= day <= period.last:
                raise population.fail(
                    record, "date", f"{period.shown(day)} is outside the period of the study"
                )
            cells = int(np.searchsorted(cuts, day.toordinal(), side="right")) - 1
        expected[index[record.area], cells] += record.value
        known[index[record.area], cells] = True
        if record.size is not None:
            size[index[record.area], cells] = record.size
    if not known.all():
        area, place = np.argwhere(~known)[0]
        raise population.table.fail(
            None, "population",
            f"nothing is expected of {list(index)[area]!r} in the period from "
            f"{period.shown(period.boundaries[place])}",
            "expected cases are needed for every area and period",
        )  # fmt: skip
    if job.options.model != "negbin":
        return Stream(_thin(counts), expected=expected, name=name)
    if not np.all(size > 0):
        raise InputError("the negative binomial model needs --size, or a column size, above 0")
    return Stream(_thin(counts), expected=expected, size=size, name=name)
