"""The engine of all scans: statistics of all cylinders, replicates, clusters without overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qalqan.science.flashpoints.checks import ScanInputError, check_settings
from qalqan.science.flashpoints.cylinders import Cylinders, in_nearby_order, rows_of
from qalqan.science.flashpoints.ellipses import Penalty, compactness
from qalqan.science.flashpoints.models import NAMES, Counted
from qalqan.science.flashpoints.montecarlo import (
    Progress,
    gumbel_p_value,
    in_blocks,
    null_maxima,
    rank_p_value,
    recurrence_interval,
    stopped_after,
)
from qalqan.science.flashpoints.results import (
    Cluster,
    ScanResult,
    rate_ratio_interval,
    relative_risk_interval,
)
from qalqan.science.flashpoints.zones import Zones

Direction = Literal["high", "low", "both"]

_MOST_CYLINDERS = 300_000_000
_STREAM_STEP = 0x9E3779B97F4A7C15
_SIGNIFICANT = 9
"""Decimals to which two statistics must differ to be ranked by them."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to scan; the arguments that all models share.

    Attributes
    ----------
    seed, replicates, direction, prospective, durations, min_cases, workers, progress
        As in :func:`qalqan.science.flashpoints.scan.scan_poisson`.
    space_only : bool
        Whether the only window is the first period.
    whole_period : bool
        Whether the window of all periods is scanned besides.
    penalty : {"none", "medium", "strong"}
        Penalty for long ellipses.
    stop_after : int, optional
        Replicates that must reach the highest statistic for the test to end early.
    overlap : bool
        Whether secondary clusters may share areas with more likely ones.
    """

    seed: int
    replicates: int
    direction: Direction
    prospective: bool
    durations: tuple[int, int | None]
    min_cases: int
    workers: int
    progress: Progress | None
    space_only: bool = False
    whole_period: bool = False
    penalty: Penalty = "none"
    stop_after: int | None = None
    overlap: bool = False

    def __post_init__(self) -> None:
        check_settings(self.seed, self.replicates, self.direction, self.min_cases, self.workers)
        if self.stop_after is not None and self.stop_after < 1:
            raise ScanInputError(f"a test cannot end after {self.stop_after} replicates")

    @property
    def ways(self) -> int:
        """Return 1 for high rates, 2 for low, 3 for both."""
        return {"high": 1, "low": 2, "both": 3}[self.direction]


@dataclass(frozen=True, slots=True)
class Scanned:
    """The data of a scan in the order in which it is scanned, with the statistic of each row."""

    streams: Sequence[Counted]
    zones: Zones
    plan: Plan
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    factors: NDArray[np.float64]
    ratios: NDArray[np.float64]
    places: NDArray[np.int64]


def run(streams: Sequence[Counted], zones: Zones, plan: Plan) -> ScanResult:
    """Scan the data, then the replicates, and put the two together."""
    if sum(stream.total for stream in streams) == 0:
        empty = np.zeros(plan.replicates)
        return ScanResult([], plan.replicates, plan.seed, method_of(streams, plan), empty)
    scanned = observe(streams, zones, plan)
    return report(scanned, replicate(scanned))


def method_of(streams: Sequence[Counted], plan: Plan) -> str:
    """Return model, time and direction in words."""
    time = "space" if plan.space_only else "prospective" if plan.prospective else "retrospective"
    several = f"{len(streams)} streams, " if len(streams) > 1 else ""
    return f"{NAMES[streams[0].model]}, {several}{time}, {plan.direction}"


def observe(streams: Sequence[Counted], zones: Zones, plan: Plan) -> Scanned:
    """Find the best cylinder of each row in the data."""
    from qalqan.science.flashpoints import _direct_kernels

    n_periods = streams[0].cases.shape[1]
    starts, ends = windows(n_periods, plan)
    if plan.prospective:
        # Seen from the last period backwards, every window starts at 0: one sum, no difference.
        streams = [stream.turned() for stream in streams]
        starts, ends = n_periods - 1 - ends, n_periods - 1 - starts
    size = zones.n_zones * len(starts)
    if size > _MOST_CYLINDERS:
        raise ScanInputError(
            f"{size} cylinders are more than fit in memory",
            hint="lower the largest share, the largest radius or the longest window",
        )
    counts, expected = _running(streams, int(ends.max()) + 1)
    factors = compactness(zones.shapes, plan.penalty)
    ratios, places = _direct_kernels.best_per_row(
        streams[0].kind, counts, expected, zones.pointer, zones.members, zones.closed,
        starts, ends, *_limits(streams), plan.min_cases, plan.ways,
    )  # fmt: skip
    return Scanned(streams, zones, plan, starts, ends, factors, ratios, places)


def replicate(scanned: Scanned) -> NDArray[np.float64]:
    """Return the highest test statistic of each replicate."""
    streams, zones, plan = scanned.streams, scanned.zones, scanned.plan
    first = streams[0]
    periods = int(scanned.ends.max()) + 1
    expected = _running(streams, periods)[1]
    whole = Cylinders(
        zones.pointer, zones.members, zones.closed, scanned.starts, scanned.ends, expected[0],
        np.maximum(zones.centres, 0),
    )  # fmt: skip
    groups = [
        whole if (scanned.factors == 1.0).all() else
        rows_of(whole, np.flatnonzero(scanned.factors == factor), float(factor))
        for factor in np.unique(scanned.factors)
    ]  # fmt: skip
    if len(streams) == 1 and first.size is None:
        return null_maxima(
            first.null(), groups, total=first.bound, replicates=plan.replicates, seed=plan.seed,
            high=bool(plan.ways & 1), low=bool(plan.ways & 2), min_cases=plan.min_cases,
            workers=plan.workers, progress=plan.progress, statistic=first.kind,
            people=first.n_people,
        )  # fmt: skip
    return _direct(streams, [in_nearby_order(group) for group in groups], expected, plan)


def report(
    scanned: Scanned, maxima: NDArray[np.float64], closed: NDArray[np.bool_] | None = None
) -> ScanResult:
    """Put clusters and replicates together."""
    plan = scanned.plan
    n_periods = scanned.streams[0].cases.shape[1]
    tested = scanned.factors * scanned.ratios
    end = None
    if plan.stop_after is not None and len(maxima) and tested.size:
        end = stopped_after(float(tested.max()), maxima, plan.stop_after)
        maxima = maxima if end is None else maxima[:end]
    kept = ranked(scanned)
    clusters = [_cluster(scanned, row, maxima, end is not None) for row in kept]
    if plan.prospective:
        clusters = [_forward(cluster, n_periods) for cluster in clusters]
    method = method_of(scanned.streams, plan)
    return ScanResult(clusters, plan.replicates, plan.seed, method, maxima, end is not None)


def windows(n_periods: int, plan: Plan) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first and last period of every window."""
    least, most = plan.durations
    if plan.space_only:
        return np.zeros(1, np.int64), np.zeros(1, np.int64)
    if most is None:
        most = max(n_periods // 2, least)
    if not 1 <= least <= most <= n_periods:
        raise ScanInputError(
            f"windows of {least} to {most} periods do not fit in {n_periods} periods"
        )
    pairs = [
        (start, start + length - 1)
        for start in range(n_periods)
        for length in range(least, most + 1)
        if (start + length == n_periods if plan.prospective else start + length <= n_periods)
    ]
    if plan.whole_period and (0, n_periods - 1) not in pairs:
        pairs.append((0, n_periods - 1))
    table = np.array(pairs, dtype=np.int64)
    return table[:, 0].copy(), table[:, 1].copy()


def ranked(scanned: Scanned) -> list[int]:
    """Return the rows of the clusters, most likely first.

    The best row of each centre takes part; it is left out if it shares an area with a more
    likely one. Of equal statistics the zone with fewer areas is kept, then the first centre. A
    zone that is everywhere (centre -1) overlaps with nothing.
    """
    zones, places = scanned.zones, scanned.places
    tested = np.round(scanned.factors * scanned.ratios, _SIGNIFICANT)
    sizes = places[:, 0] - zones.pointer[:-1]
    found = np.flatnonzero(places[:, 0] >= 0)
    order = found[np.lexsort((found, zones.centres[found], sizes[found], -tested[found]))]
    # Of one centre the first row wins among equals: the circle, then the ellipses in turn.
    best: dict[int, int] = {}
    for row in found.tolist():
        centre = int(zones.centres[row])
        if centre not in best or tested[row] > tested[best[centre]]:
            best[centre] = row
    chosen = set(best.values())
    taken = np.zeros(zones.n_areas, dtype=bool)
    kept = []
    for row in order.tolist():
        if row not in chosen:
            continue
        members = zones.members[zones.pointer[row] : places[row, 0] + 1]
        if zones.centres[row] >= 0 and not scanned.plan.overlap:
            if taken[members].any():
                continue
            taken[members] = True
        kept.append(row)
    return kept


def _running(
    streams: Sequence[Counted], periods: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return counts and expectations up to and with each period, (streams, areas, periods)."""
    pairs = [stream.scanned for stream in streams]
    counts = np.stack([np.cumsum(pair[0][:, :periods], axis=1) for pair in pairs])
    expected = np.stack([np.cumsum(pair[1][:, :periods], axis=1) for pair in pairs])
    return np.ascontiguousarray(counts), np.ascontiguousarray(expected)


def _limits(streams: Sequence[Counted]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return cases, and cases and controls, of all streams."""
    return (
        np.array([stream.limit for stream in streams]),
        np.array([float(stream.n_people) for stream in streams]),
    )


def _direct(
    streams: Sequence[Counted],
    groups: Sequence[Cylinders],
    expected: NDArray[np.float64],
    plan: Plan,
) -> NDArray[np.float64]:
    """Return the maxima of the replicates by computing every statistic."""
    from qalqan.science.flashpoints import _direct_kernels, _kernels

    nulls = [stream.null() for stream in streams]
    limits = _limits(streams)

    def block(start: int) -> NDArray[np.float64]:
        lanes = min(_kernels.LANES, plan.replicates - start)
        cells = np.zeros((*expected.shape, _kernels.LANES))
        for s, null in enumerate(nulls):
            null.fill(cells[s], (plan.seed + s * _STREAM_STEP) % 2**64, start, lanes)
        np.cumsum(cells, axis=2, out=cells)
        best = np.zeros(_kernels.LANES)
        for group in groups:
            found = np.zeros(_kernels.LANES)
            _direct_kernels.direct_maxima(
                streams[0].kind, cells, expected, *group.walk, *limits, plan.min_cases,
                plan.ways, found,
            )  # fmt: skip
            np.maximum(best, group.factor * found, out=best)
        return best[:lanes]

    return in_blocks(block, plan.replicates, plan.workers, plan.progress)


def _cluster(scanned: Scanned, row: int, maxima: NDArray[np.float64], ended: bool) -> Cluster:
    """Put one finding into words and numbers."""
    zones = scanned.zones
    last, window = (int(value) for value in scanned.places[row])
    members = zones.members[zones.pointer[row] : last + 1]
    start, end = int(scanned.starts[window]), int(scanned.ends[window])
    inside = [
        (
            int(stream.cases[members, start : end + 1].sum()),
            float(stream.expected[members, start : end + 1].sum()),
        )
        for stream in scanned.streams
    ]
    observed, expected = sum(pair[0] for pair in inside), sum(pair[1] for pair in inside)
    ratio = float(scanned.ratios[row])
    tested = ratio * float(scanned.factors[row])
    risk, low, high = _relative_risk(scanned.streams, observed, expected)
    p_value = rank_p_value(tested, maxima)
    reached = round(p_value * (len(maxima) + 1)) - 1
    if ended and scanned.plan.stop_after is not None and reached >= scanned.plan.stop_after:
        p_value = reached / len(maxima)
    return Cluster(
        members=tuple(int(area) for area in members),
        centre=int(zones.centres[row]),
        radius=float(zones.distances[last]),
        start=start,
        end=end,
        observed=observed,
        expected=expected,
        relative_risk=risk,
        relative_risk_low=low,
        relative_risk_high=high,
        log_likelihood_ratio=ratio,
        p_value=p_value,
        recurrence_interval=None,
        test_statistic=tested,
        gumbel_p_value=gumbel_p_value(tested, maxima),
        shape=float(zones.shapes[row]),
        angle=float(zones.angles[row]),
        streams=tuple(inside) if len(inside) > 1 else (),
    )


def _relative_risk(
    streams: Sequence[Counted], observed: int, expected: float
) -> tuple[float, float, float]:
    """Return the relative risk with its interval."""
    if not streams[0].conditional:
        return observed / expected, *rate_ratio_interval(observed, expected)
    total = sum(stream.total for stream in streams)
    outside = (total - observed) / (total - expected) if expected < total else 0.0
    risk = observed / expected / outside if outside > 0 else math.inf
    if not expected < total:
        return math.nan, math.nan, math.nan
    return risk, *relative_risk_interval(observed, expected, total)


def _forward(cluster: Cluster, n_periods: int) -> Cluster:
    """Turn the time of a prospective finding round again, and say how often it recurs."""
    return replace(
        cluster,
        start=n_periods - 1 - cluster.end,
        end=n_periods - 1 - cluster.start,
        recurrence_interval=recurrence_interval(cluster.p_value),
    )
