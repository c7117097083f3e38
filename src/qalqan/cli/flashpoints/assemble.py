"""From files to the data of a scan: every record is checked, and named if it is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from qalqan.cli.flashpoints.columns import layout_of
from qalqan.cli.flashpoints.dates import When
from qalqan.cli.flashpoints.job import Job, StreamFiles
from qalqan.cli.flashpoints.lines import Source, read_table
from qalqan.cli.flashpoints.period import Period, given_ends, period_of
from qalqan.cli.flashpoints.places import Places, read_edges, read_places
from qalqan.cli.flashpoints.population import add_population
from qalqan.cli.flashpoints.records import Record, Records, read_records
from qalqan.errors import InputError
from qalqan.science.flashpoints.data import ScanData, Stream
from qalqan.science.flashpoints.zones import Metric

Strata = dict[tuple[str, ...], int]

_YEAR_LAST = re.compile(r"\d{1,2}[/*-]\d{1,2}[/*-]\d{4}")
_MOST_CELLS = 400_000_000


@dataclass(frozen=True, slots=True)
class Assembled:
    """What is scanned, and what to call it."""

    data: ScanData
    period: Period
    metric: Metric
    cases: int
    areas: int


def assemble(job: Job) -> Assembled:
    """Read and check all files of a job.

    Raises
    ------
    InputError
        The first thing that is wrong, with file, line and field.
    """
    dated = None if job.precision is None else job.precision != "none"
    ends = given_ends(job)
    centuries = (ends[0].year, ends[1].year) if ends[0] and ends[1] else None
    cases = [
        read_records(
            part.cases, "cases", job.named, precision=job.precision, centuries=centuries,
            fractions=job.fractions, dated=dated,
        )
        for part in job.streams
    ]  # fmt: skip
    _tell_order(job, cases)
    period = period_of(job, cases)
    places = _places(job, cases)
    index = {name: i for i, name in enumerate(places.ids)}
    streams = tuple(
        _stream(job, files, part, period, index)
        for files, part in zip(job.streams, cases, strict=True)
    )
    edges = None
    if job.options.zones == "adjacency" and not job.options.time.startswith("temporal"):
        if job.neighbours is None:
            raise InputError("zones of neighbours need --neighbours FILE")
        edges = read_edges(job.neighbours, places.ids, job.notes)
    data = ScanData(places.ids, places.coordinates, streams, period.boundaries, edges)
    total = sum(int(np.asarray(stream.cases).sum()) for stream in streams)
    _tell_unused(job, cases)
    return Assembled(data, period, places.metric, total, len(places.ids))


def _places(job: Job, cases: Sequence[Records]) -> Places:
    """Return the areas; for a scan of time alone, all places are one."""
    if job.coordinates is not None:
        return read_places(job.coordinates, job.named, job.metric, job.notes)
    if not job.options.time.startswith("temporal"):
        raise InputError("--coordinates is needed to scan space")
    ids = list(dict.fromkeys(record.area for part in cases for record in part.rows))
    for files in job.streams:
        for source in (files.controls, files.population):
            if source is not None:
                ids = list(dict.fromkeys([*ids, *_areas(source, job)]))
    return Places(ids, np.zeros((len(ids), 2)), "plane", [0] * len(ids))


def _areas(source: Source, job: Job) -> list[str]:
    """Return the names in the first column of a file of controls or population."""
    table = read_table(source)
    if table.header:
        layout = layout_of(table, "population", job.named)
        return [layout.area(line, row, i) for i, (line, row) in enumerate(table.rows, start=1)]
    return [row[0] for _, row in table.rows]


def _stream(
    job: Job, files: StreamFiles, cases: Records, period: Period, index: dict[str, int]
) -> Stream:
    """Return one stream of counts."""
    model = job.options.model
    strata = _strata(cases, model)
    counts = _counted(job, cases, period, index, strata)
    if model == "permutation":
        return Stream(_flat(counts), name=files.name)
    if model == "bernoulli":
        if files.controls is None:
            raise InputError("the Bernoulli model needs --controls")
        controls = read_records(
            files.controls, "controls", job.named, precision=job.precision,
            centuries=(period.first.year, period.last.year), fractions=job.fractions,
            dated=None if job.precision is None else job.precision != "none",
        )  # fmt: skip
        against = _counted(job, controls, period, index, _strata(controls, model))
        return Stream(_flat(counts), controls=_flat(against), name=files.name)
    if files.population is None:
        raise InputError(f"the {model} model needs --population")
    population = read_records(
        files.population, "population", job.named,
        precision="generic" if period.generic else None,
        centuries=(period.first.year, period.last.year), dated=_population_dated(job),
    )  # fmt: skip
    return add_population(job, files.name, counts, cases, population, period, index, strata)


def _population_dated(job: Job) -> bool | None:
    """Return whether a population without header has dates; SaTScan's always has."""
    return None if job.precision is None else True


def _strata(cases: Records, model: str) -> Strata:
    """Return the combinations of covariates, in the order in which they come."""
    strata: Strata = {}
    width = len(cases.rows[0].strata)
    for record in cases.rows:
        if len(record.strata) != width:
            raise cases.table.fail(
                record.line, "covariates",
                f"{len(record.strata)} covariates, but {width} on the first line",
            )  # fmt: skip
        strata.setdefault(record.strata, len(strata))
    if width and model != "poisson":
        raise cases.table.fail(
            cases.rows[0].line, "covariates",
            f"there are {width} columns too many; covariates are adjusted for with the Poisson "
            "model only",
            "is the third column a date? then give --precision",
        )  # fmt: skip
    return strata


def _counted(
    job: Job, records: Records, period: Period, index: dict[str, int], strata: Strata
) -> NDArray[np.float64]:
    """Return (areas, periods, strata) counts."""
    cuts = np.array([day.toordinal() for day in period.boundaries])
    shape = (len(index), len(cuts) - 1, len(strata))
    if shape[0] * shape[1] * shape[2] > _MOST_CELLS:
        raise InputError(
            f"{shape[0]} areas, {shape[1]} periods and {shape[2]} groups are too many cells",
            hint="take longer periods or fewer covariates",
        )
    counts = np.zeros(shape)
    lost = {"period": 0, "area": 0}
    for record in records.rows:
        if record.area not in index:
            if not job.relaxed_places:
                raise records.fail(record, "id", f"{record.area!r} is no area of the coordinates")
            lost["area"] += 1
            continue
        if not record.value:
            continue
        place = _period_place(job, records, record, period, cuts)
        if place < 0:
            lost["period"] += 1
            continue
        counts[index[record.area], place, strata[record.strata]] += record.value
    for what, number in lost.items():
        if number:
            job.notes.append(f"{records.table.source.name}: {number} rows left out, outside the "
                             f"{what} of the study")  # fmt: skip
    return counts


def _period_place(
    job: Job, records: Records, record: Record, period: Period, cuts: NDArray[np.int64]
) -> int:
    """Return the period of a record; -1 if it is outside and may be."""
    if record.when is None:
        if period.unit != "none":
            raise records.fail(record, "date", "there is no date")
        return 0
    day: date = record.when.first if isinstance(record.when, When) else record.when
    # A month or year that begins before the study may still reach into it.
    if isinstance(record.when, When) and day < period.first <= record.when.last:
        day = period.first
    if not period.first <= day <= period.last:
        if job.relaxed_period:
            return -1
        raise records.fail(
            record, "date",
            f"{period.shown(day)} is outside the period {period.shown(period.first)} to "
            f"{period.shown(period.last)}",
            "--relaxed leaves such rows out",
        )  # fmt: skip
    return int(np.searchsorted(cuts, day.toordinal(), side="right")) - 1


def _flat(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ascontiguousarray(counts.sum(axis=2))


def _tell_order(job: Job, cases: Sequence[Records]) -> None:
    """Say that dates with the year last begin with the month: many people put the day first."""
    for part in cases:
        place = part.layout.places.get("date", -1)
        texts = (row[place] for _, row in part.table.rows if 0 <= place < len(row))
        found = next((text for text in texts if _YEAR_LAST.match(text)), None)
        if found is not None:
            job.notes.append(
                f"{part.table.source.name}: {found} and the like are read as month/day/year"
            )


def _tell_unused(job: Job, cases: Sequence[Records]) -> None:
    """Say which columns of the cases were left alone."""
    others = {
        source.path
        for files in job.streams
        for source in (job.coordinates, files.controls, files.population)
        if source is not None
    }
    for part in cases:
        if part.layout.unused and part.table.source.path not in others:
            job.notes.append(
                f"{part.table.source.name}: columns not used: {', '.join(part.layout.unused)}"
            )
