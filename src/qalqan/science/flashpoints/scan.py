"""Scan statistics: where and when there is more (or less) than expected, and how sure that is.

Kulldorff's discrete Poisson model, purely spatial or in space and time, and the space-time
permutation model, which needs no population. Areas and counts only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.checks import (
    ScanInputError,
    check_settings,
    checked_cases,
    checked_weights,
)
from qalqan.science.flashpoints.montecarlo import (
    Cylinders,
    Multinomial,
    Permutation,
    Progress,
    null_maxima,
    rank_p_value,
    recurrence_interval,
)
from qalqan.science.flashpoints.results import Cluster, ScanResult, relative_risk_interval
from qalqan.science.flashpoints.zones import CircularZones

__all__ = [
    "Cluster",
    "Direction",
    "ScanInputError",
    "ScanResult",
    "relative_risk_interval",
    "scan_permutation",
    "scan_poisson",
]

Direction = Literal["high", "low", "both"]

_MOST_CYLINDERS = 300_000_000


def scan_poisson(
    cases: ArrayLike,
    population: ArrayLike,
    zones: CircularZones,
    *,
    seed: int,
    replicates: int = 999,
    direction: Direction = "high",
    prospective: bool = False,
    min_duration: int = 1,
    max_duration: int | None = None,
    min_cases: int = 2,
    workers: int = 1,
    progress: Progress | None = None,
) -> ScanResult:
    """Scan counts against a population (or any expectation) with the Poisson model.

    Under the null hypothesis each case falls on an area and period in proportion to its
    population; the test holds the number of cases fixed.

    Parameters
    ----------
    cases : (n,) or (n, periods) array of int
        Cases of each area, or of each area and period. One dimension scans space only.
    population : (n,) or (n, periods) array of float
        People, person-time or expected cases; only proportions matter. One dimension with
        two-dimensional cases means the same in every period.
    zones : CircularZones
        Circles to scan.
    seed : int
        0 to 2**64 - 1; the same seed gives the same numbers on any number of workers.
    replicates : int
        Monte Carlo replicates; 999 lets p go down to 0.001.
    direction : {"high", "low", "both"}
        Whether more, fewer, or both than expected is looked for.
    prospective : bool
        Only windows that reach the last period.
    min_duration, max_duration : int
        Length of the windows in periods; by default from 1 to half of all periods.
    min_cases : int
        Least cases inside a cluster of a high rate.
    workers : int
        Threads for the replicates.
    progress
        Called with the replicates done and wanted.

    Returns
    -------
    ScanResult
        Most likely cluster first.

    Raises
    ------
    ScanInputError
        If counts are negative or no whole numbers, an area has cases but no population, shapes
        disagree, or a value is not finite.

    References
    ----------
    Kulldorff, M. (1997). A spatial scan statistic. Communications in Statistics: Theory and
    Methods 26(6), 1481-1496, equation for the Poisson model, section 4.

    Examples
    --------
    >>> from qalqan.science.flashpoints.zones import circular_zones
    >>> zones = circular_zones([[0, 0], [1, 0], [5, 0], [6, 0]], max_radius=1)
    >>> found = scan_poisson([9, 8, 1, 2], [10, 10, 10, 10], zones, seed=1).clusters[0]
    >>> found.members, found.observed, found.expected, round(found.log_likelihood_ratio, 6)
    ((0, 1), 17, 10.0, 5.408762)
    """
    counts = checked_cases(cases, zones.n_areas)
    weights = checked_weights(population, counts)
    total = int(counts.sum())
    expected = weights * (total / weights.sum())
    plan = _Plan(
        seed, replicates, direction, prospective, (min_duration, max_duration), min_cases,
        workers, progress,
    )  # fmt: skip
    return _scan(counts, expected, zones, plan, "Poisson", space_only=np.ndim(cases) == 1)


def scan_permutation(
    cases: ArrayLike,
    zones: CircularZones,
    *,
    seed: int,
    replicates: int = 999,
    direction: Direction = "high",
    prospective: bool = False,
    min_duration: int = 1,
    max_duration: int | None = None,
    min_cases: int = 2,
    workers: int = 1,
    progress: Progress | None = None,
) -> ScanResult:
    """Scan counts in space and time with the permutation model, which needs no population.

    What is expected follows from the cases themselves: the cases of the area times the share of
    the period. Areas with more people, and days with more reports everywhere, are so adjusted
    for; only an interaction of space and time is found.

    Parameters
    ----------
    cases : (n, periods) array of int
        Cases of each area and period.
    zones : CircularZones
        Circles to scan; a share of the population means here a share of all cases, so make the
        zones with ``population=cases.sum(axis=1)``.
    seed, replicates, direction, prospective, min_duration, max_duration, min_cases, workers, progress
        As in :func:`scan_poisson`.

    Returns
    -------
    ScanResult
        Most likely cluster first.

    Raises
    ------
    ScanInputError
        As :func:`scan_poisson`, and if there is no axis of time.

    References
    ----------
    Kulldorff, M., Heffernan, R., Hartman, J., Assunção, R., Mostashari, F. (2005). A space-time
    permutation scan statistic for disease outbreak detection. PLoS Medicine 2(3), e59.

    Examples
    --------
    >>> from qalqan.science.flashpoints.zones import circular_zones
    >>> cases = np.array([[2, 2, 2, 9], [5, 5, 5, 5], [4, 4, 4, 4]])
    >>> zones = circular_zones([[0, 0], [4, 0], [9, 0]], population=cases.sum(axis=1))
    >>> found = scan_permutation(cases, zones, seed=1, prospective=True).clusters[0]
    >>> found.members, found.start, found.end, found.observed, round(found.expected, 4)
    ((0,), 3, 3, 9, 5.2941)
    """  # noqa: E501 - numpydoc wants the names of parameters that share a text on one line
    counts = checked_cases(cases, zones.n_areas)
    if np.ndim(cases) != 2:
        raise ScanInputError("the permutation model needs cases of shape (areas, periods)")
    total = int(counts.sum())
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(total, 1)
    plan = _Plan(
        seed, replicates, direction, prospective, (min_duration, max_duration), min_cases,
        workers, progress,
    )  # fmt: skip
    return _scan(counts, expected, zones, plan, "permutation")


@dataclass(frozen=True, slots=True)
class _Plan:
    """How to scan; the arguments that both models share."""

    seed: int
    replicates: int
    direction: Direction
    prospective: bool
    durations: tuple[int, int | None]
    min_cases: int
    workers: int
    progress: Progress | None

    def __post_init__(self) -> None:
        check_settings(self.seed, self.replicates, self.direction, self.min_cases, self.workers)


def _scan(
    counts: NDArray[np.int64],
    expected: NDArray[np.float64],
    zones: CircularZones,
    plan: _Plan,
    model: Literal["Poisson", "permutation"],
    space_only: bool = False,
) -> ScanResult:
    """Scan the data, then the replicates, and put the two together."""
    from qalqan.science.flashpoints import _kernels

    n_periods, total = counts.shape[1], int(counts.sum())
    time = "space" if space_only else "prospective" if plan.prospective else "retrospective"
    method = f"{model}, {time}, {plan.direction}"
    starts, ends = _windows(n_periods, plan.durations, plan.prospective, space_only)
    if total == 0:
        return ScanResult([], plan.replicates, plan.seed, method, np.zeros(plan.replicates))
    if plan.prospective:
        # Seen from the last period backwards, every window starts at 0: one sum, no difference.
        counts, expected = counts[:, ::-1], expected[:, ::-1]
        starts, ends = n_periods - 1 - ends, n_periods - 1 - starts
    cylinders = _cylinders(expected, zones, starts, ends)
    high, low = plan.direction != "low", plan.direction != "high"
    running = np.ascontiguousarray(np.cumsum(counts[:, : cylinders.expected.shape[1]], axis=1))
    ratios, places = _kernels.best_per_centre(
        running, cylinders.expected, *cylinders.walk, float(total), plan.min_cases, high + 2 * low
    )
    null = Multinomial.of(expected, total) if model == "Poisson" else Permutation.of(counts)
    maxima = null_maxima(
        null, cylinders, total=total, replicates=plan.replicates, seed=plan.seed, high=high,
        low=low, min_cases=plan.min_cases, workers=plan.workers, progress=plan.progress,
    )  # fmt: skip
    clusters = [
        _cluster(zones, cylinders, total, float(ratios[i]), places[i], i, maxima)
        for i in _without_overlap(zones, ratios, places)
    ]
    if plan.prospective:
        clusters = [_forward(cluster, n_periods) for cluster in clusters]
    return ScanResult(clusters, plan.replicates, plan.seed, method, maxima)


def _windows(
    n_periods: int, durations: tuple[int, int | None], prospective: bool, space_only: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return first and last period of every window."""
    least, most = durations
    if space_only:
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
        if (start + length == n_periods if prospective else start + length <= n_periods)
    ]
    table = np.array(pairs, dtype=np.int64)
    return table[:, 0].copy(), table[:, 1].copy()


def _cylinders(
    expected: NDArray[np.float64],
    zones: CircularZones,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
) -> Cylinders:
    """Work out what every cylinder is expected to hold."""
    size = zones.n_zones * len(starts)
    if size > _MOST_CYLINDERS:
        raise ScanInputError(
            f"{size} cylinders are more than fit in memory",
            hint="lower the largest share, the largest radius or the longest window",
        )
    running = np.ascontiguousarray(np.cumsum(expected[:, : int(ends.max()) + 1], axis=1))
    return Cylinders(zones.pointer, zones.members, zones.closed, starts, ends, running)


def _without_overlap(
    zones: CircularZones, ratios: NDArray[np.float64], places: NDArray[np.int64]
) -> list[int]:
    """Return the centres whose best cluster shares no area with a more likely one.

    Of equal ratios the zone with fewer areas is kept, then the centre that comes first.
    """
    found = [int(i) for i in np.flatnonzero(places[:, 0] >= 0)]
    sizes = places[:, 0] - zones.pointer[:-1]
    found.sort(key=lambda i: (-round(float(ratios[i]), 9), sizes[i], i))
    taken = np.zeros(zones.n_areas, dtype=bool)
    kept = []
    for i in found:
        members = zones.members[zones.pointer[i] : places[i, 0] + 1]
        if not taken[members].any():
            taken[members] = True
            kept.append(i)
    return kept


def _cluster(
    zones: CircularZones,
    cylinders: Cylinders,
    total: int,
    ratio: float,
    place: NDArray[np.int64],
    centre: int,
    maxima: NDArray[np.float64],
) -> Cluster:
    """Put one finding into words and numbers."""
    last, window, observed = (int(value) for value in place)
    members = zones.members[zones.pointer[centre] : last + 1]
    start, end = int(cylinders.starts[window]), int(cylinders.ends[window])
    expected = float(cylinders.expected[members, end].sum())
    if start > 0:
        expected -= float(cylinders.expected[members, start - 1].sum())
    outside = (total - observed) / (total - expected)
    low, high = relative_risk_interval(observed, expected, total)
    return Cluster(
        members=tuple(int(area) for area in members),
        centre=centre,
        radius=float(zones.distances[last]),
        start=start,
        end=end,
        observed=observed,
        expected=expected,
        relative_risk=observed / expected / outside if outside > 0 else math.inf,
        relative_risk_low=low,
        relative_risk_high=high,
        log_likelihood_ratio=ratio,
        p_value=rank_p_value(ratio, maxima),
        recurrence_interval=None,
    )


def _forward(cluster: Cluster, n_periods: int) -> Cluster:
    """Turn the time of a prospective finding round again, and say how often it recurs."""
    return replace(
        cluster,
        start=n_periods - 1 - cluster.end,
        end=n_periods - 1 - cluster.start,
        recurrence_interval=recurrence_interval(cluster.p_value),
    )
