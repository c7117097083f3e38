"""From plain data and options to counts, zones and a plan."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.adjacency import flexible_zones
from qalqan.science.flashpoints.checks import ScanInputError, as_floats
from qalqan.science.flashpoints.data import ScanData, ScanOptions, Stream
from qalqan.science.flashpoints.ellipses import elliptic_zones
from qalqan.science.flashpoints.engine import Plan
from qalqan.science.flashpoints.models import (
    NAMES,
    Counted,
    bernoulli_counted,
    expectation_counted,
    permutation_counted,
    poisson_counted,
)
from qalqan.science.flashpoints.montecarlo import Progress
from qalqan.science.flashpoints.standard import person_time, standardised
from qalqan.science.flashpoints.zones import Zones, circular_zones, joined

_TIMES = ("none", "retrospective", "prospective", "temporal", "temporal-prospective")


def checked_names(data: ScanData) -> list[str]:
    """Return the names of the areas, or say what is wrong with them."""
    ids = [str(name) for name in data.ids]
    if len(set(ids)) != len(ids):
        twice = next(name for i, name in enumerate(ids) if name in ids[:i])
        raise ScanInputError(f"area {twice!r} is named twice")
    if not data.streams:
        raise ScanInputError("there is no stream of counts")
    return ids


def counted(data: ScanData, options: ScanOptions, order: NDArray[np.int64]) -> list[Counted]:
    """Return all streams with what is expected of them, areas in ``order``."""
    if options.model not in NAMES:
        raise ScanInputError(f"unknown model {options.model!r}")
    if options.time not in _TIMES:
        raise ScanInputError(f"unknown time {options.time!r}")
    streams = [_one(stream, data, options, order) for stream in data.streams]
    if len({stream.cases.shape for stream in streams}) > 1:
        raise ScanInputError("the streams do not have the same areas and periods")
    return streams


def _one(stream: Stream, data: ScanData, options: ScanOptions, order: NDArray[np.int64]) -> Counted:
    """Return one stream in the form its model needs."""
    n, flat = len(order), options.time == "none"
    cases = _areas_first(stream.cases, order, "cases")
    if cases.ndim == 1:
        cases = cases[:, None]
    counts = cases.sum(axis=2) if cases.ndim == 3 else cases
    if options.model == "permutation":
        if flat or options.time.startswith("temporal"):
            raise ScanInputError("the permutation model needs space and time")
        return permutation_counted(counts, n)
    if options.model == "bernoulli":
        if stream.controls is None:
            raise ScanInputError("the Bernoulli model needs controls")
        controls = _table(_areas_first(stream.controls, order, "controls"))
        return bernoulli_counted(_summed(counts, flat), _summed(controls, flat), n)
    if options.model == "poisson":
        expected = _from_population(stream, data.boundaries, cases, order)
        return poisson_counted(_summed(counts, flat), _summed(expected, flat), n)
    if stream.expected is None:
        raise ScanInputError(f"the {NAMES[options.model]} model needs expected cases")
    means = _per_period(_areas_first(stream.expected, order, "expected cases"), counts)
    size = None
    if options.model == "negbin":
        if stream.size is None:
            raise ScanInputError("the negative binomial model needs a size")
        size = as_floats(stream.size, "sizes")
        size = size[order] if size.ndim and len(size) == n else size
        if flat and counts.shape[1] > 1:
            raise ScanInputError("sum the periods yourself: sizes do not add up")
    return expectation_counted(_summed(counts, flat), _summed(means, flat), n, size)


def _from_population(
    stream: Stream,
    boundaries: tuple[date, ...] | None,
    cases: NDArray[np.float64],
    order: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return what is expected up to a factor, per area and period."""
    if stream.population is None:
        raise ScanInputError("the Poisson model needs a population")
    people = _areas_first(stream.population, order, "people")
    if stream.population_days is not None:
        if boundaries is None or len(boundaries) != cases.shape[1] + 1:
            raise ScanInputError(f"{cases.shape[1]} periods need {cases.shape[1] + 1} boundaries")
        people = person_time(people, stream.population_days, boundaries)
    if cases.ndim == 3:
        if people.ndim == 2 and cases.shape[1] == 1 and people.shape[1] == cases.shape[2]:
            people = people[:, None, :]
        return standardised(cases, people)
    return _per_period(people, cases)


def _per_period(values: NDArray[np.float64], cases: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values per area and period; those of an area alone hold in every period."""
    if values.ndim == 1 or values.shape[1:] == (1,):
        return np.broadcast_to(values.reshape(len(values), 1), cases.shape)
    return values


def _areas_first(values: ArrayLike, order: NDArray[np.int64], name: str) -> NDArray[np.float64]:
    """Return an array with its areas in order."""
    table = as_floats(values, name)
    if table.ndim == 0 or len(table) != len(order):
        raise ScanInputError(f"{name} of shape {table.shape} do not fit {len(order)} areas")
    return table[order]


def _table(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return values[:, None] if values.ndim == 1 else values


def _summed(values: NDArray[np.float64], flat: bool) -> NDArray[np.float64]:
    """Return the sum over time if time is not scanned."""
    return values.sum(axis=1, keepdims=True) if flat else values


def zones_of(
    data: ScanData, options: ScanOptions, order: NDArray[np.int64], weights: NDArray[np.float64]
) -> Zones:
    """Return the zones, areas in ``order``."""
    n = len(order)
    if options.time.startswith("temporal"):
        return everywhere(n)
    places = as_floats(data.coordinates, "coordinates")
    if len(places) != n:
        raise ScanInputError(f"{len(places)} coordinates do not fit {n} areas")
    places, sphere = places[order], options.metric == "greatcircle"
    radius = options.max_radius
    if sphere and radius is not None:
        half = min(radius / (2 * options.earth_radius), 1.0)
        radius = 2 * options.earth_radius * math.asin(half)
    if options.zones == "circle":
        zones = circular_zones(
            places, population=weights, max_share=options.max_share, max_radius=radius,
            max_count=options.max_count, metric=options.metric, ties=options.ties,
            earth_radius=options.earth_radius,
        )  # fmt: skip
    elif options.zones == "ellipse":
        if sphere:
            raise ScanInputError("ellipses need plane coordinates")
        zones = elliptic_zones(
            places, population=weights, max_share=options.max_share, max_radius=radius,
            max_count=options.max_count, shapes=options.shapes, angles=options.angles,
            ties=options.ties,
        )  # fmt: skip
    elif options.zones == "adjacency":
        if data.edges is None:
            raise ScanInputError("zones of neighbours need pairs of neighbouring areas")
        position = np.empty(n, np.int64)
        position[order] = np.arange(n)
        edges = np.asarray(data.edges)
        inside = edges.size and edges.min() >= 0 and edges.max() < n
        zones = flexible_zones(
            places, position[edges] if inside else edges, size=options.neighbours,
            population=weights, max_share=options.max_share, max_radius=radius,
            metric=options.metric, earth_radius=options.earth_radius,
        )  # fmt: skip
    else:
        raise ScanInputError(f"unknown zones {options.zones!r}")
    return joined([zones, everywhere(n)]) if options.include_time else zones


def everywhere(n: int) -> Zones:
    """Return the one zone of all areas; its centre is -1.

    >>> everywhere(3).members.tolist()
    [0, 1, 2]
    """
    closed = np.zeros(n, dtype=bool)
    closed[-1] = True
    return Zones(
        np.array([0, n], dtype=np.int64), np.arange(n, dtype=np.int32), np.zeros(n), closed,
        "ordered", np.array([-1], dtype=np.int64), np.ones(1), np.zeros(1), n,
    )  # fmt: skip


def plan_of(options: ScanOptions, n_periods: int, progress: Progress | None) -> Plan:
    """Return how to scan."""
    longest = options.max_duration
    if longest is None:
        if not 0 < options.max_duration_share <= 1:
            raise ScanInputError("the longest window must be a share above 0 and up to 1")
        # The last bit of a product must not decide on a window of exactly the share.
        longest = math.floor(n_periods * options.max_duration_share + 1e-9)
        longest = max(longest, options.min_duration, 1)
    return Plan(
        options.seed, options.replicates, options.direction,
        options.time.endswith("prospective"), (options.min_duration, longest),
        options.min_cases, options.workers, progress, space_only=options.time == "none",
        whole_period=options.include_space, penalty=options.penalty,
        stop_after=options.stop_after, overlap=options.overlap,
    )  # fmt: skip
