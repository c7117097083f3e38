"""Scan statistics: where and when there is more (or less) than expected, and how sure that is.

Kulldorff's discrete Poisson model, purely spatial or in space and time, and the space-time
permutation model, which needs no population. Areas and counts only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.montecarlo import (
    Cylinders,
    Multinomial,
    NullModel,
    Permutation,
    Progress,
    null_maxima,
    rank_p_value,
    recurrence_interval,
)
from qalqan.science.flashpoints.zones import CircularZones, ScanInputError

Direction = Literal["high", "low", "both"]

_MOST_CYLINDERS = 300_000_000


@dataclass(frozen=True, slots=True)
class Cluster:
    """A circle, in space and time, that departs from what is expected.

    Attributes
    ----------
    members : tuple of int
        Areas, nearest to the centre first.
    centre : int
        Area around which the circle lies.
    radius : float
        Distance of the farthest member, in the unit of the zones.
    start, end : int
        First and last period, both inside; 0 and 0 in a purely spatial scan.
    observed : int
        Cases inside.
    expected : float
        Cases expected inside under the null hypothesis.
    relative_risk : float
        Rate inside over rate outside; ``inf`` if all cases lie inside.
    relative_risk_low, relative_risk_high : float
        95 % interval, see :func:`relative_risk_interval`.
    log_likelihood_ratio : float
        Kulldorff's test statistic, natural logarithm.
    p_value : float
        Monte Carlo p-value by rank among the maxima of the replicates.
    recurrence_interval : float or None
        Periods in which one such finding is expected by chance; prospective scans only.
    """

    members: tuple[int, ...]
    centre: int
    radius: float
    start: int
    end: int
    observed: int
    expected: float
    relative_risk: float
    relative_risk_low: float
    relative_risk_high: float
    log_likelihood_ratio: float
    p_value: float
    recurrence_interval: float | None


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan found, and what is needed to find it again.

    Attributes
    ----------
    clusters : list of Cluster
        Most likely first; no two share an area. Empty if nothing departs.
    replicates, seed : int
        Of the Monte Carlo test.
    method : str
        Model, time, and direction, in words.
    null_maxima : (replicates,) array of float64
        Highest log likelihood ratio of each replicate.
    """

    clusters: list[Cluster]
    replicates: int
    seed: int
    method: str
    null_maxima: NDArray[np.float64]


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
    ((0, 1), 17, 10.0, 5.40877)
    """
    counts = _checked_cases(cases, zones)
    weights = _checked_weights(population, counts)
    total = int(counts.sum())
    expected = weights * (total / weights.sum())
    return _scan(
        counts, expected, zones, model="Poisson", space_only=np.ndim(cases) == 1, seed=seed,
        replicates=replicates, direction=direction, prospective=prospective,
        durations=(min_duration, max_duration), min_cases=min_cases, workers=workers,
        progress=progress,
    )  # fmt: skip


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
    counts = _checked_cases(cases, zones)
    if np.ndim(cases) != 2:
        raise ScanInputError("the permutation model needs cases of shape (areas, periods)")
    total = int(counts.sum())
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(total, 1)
    return _scan(
        counts, expected, zones, model="space-time permutation", space_only=False, seed=seed,
        replicates=replicates, direction=direction, prospective=prospective,
        durations=(min_duration, max_duration), min_cases=min_cases, workers=workers,
        progress=progress,
    )  # fmt: skip


def relative_risk_interval(
    observed: int, expected: float, total: int, level: float = 0.95
) -> tuple[float, float]:
    """Return the exact conditional interval of the relative risk inside over outside.

    Given ``total``, the cases inside are binomial with odds ``RR * expected / (total -
    expected)``; the interval of Clopper and Pearson for that probability is turned into one for
    RR. It treats the zone as if it had been chosen beforehand: for the cluster that a scan has
    picked as the highest, it lies too high.

    Parameters
    ----------
    observed : int
        Cases inside.
    expected : float
        Cases expected inside, 0 < expected < total.
    total : int
        All cases.
    level : float
        Coverage.

    Returns
    -------
    (float, float)
        Lower and upper limit; 0 and ``inf`` at the edges.

    References
    ----------
    Clopper, C. J., Pearson, E. S. (1934). The use of confidence or fiducial limits illustrated
    in the case of the binomial. Biometrika 26(4), 404-413. Przyborowski, J., Wilenski, H. (1940).
    Homogeneity of results in testing samples from Poisson series. Biometrika 31(3-4), 313-323.

    Examples
    --------
    >>> low, high = relative_risk_interval(17, 10.0, 20)
    >>> round(low, 3), round(high, 3)
    (1.643, 30.183)
    """
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    scale = (total - expected) / expected
    low, high = 0.0, math.inf
    if observed > 0:
        share = float(betaincinv(observed, total - observed + 1, tail))
        low = scale * share / (1 - share)
    if observed < total:
        share = float(betaincinv(observed + 1, total - observed, 1 - tail))
        high = scale * share / (1 - share) if share < 1 else math.inf
    return low, high


def _scan(
    counts: NDArray[np.int64],
    expected: NDArray[np.float64],
    zones: CircularZones,
    *,
    model: str,
    space_only: bool,
    seed: int,
    replicates: int,
    direction: Direction,
    prospective: bool,
    durations: tuple[int, int | None],
    min_cases: int,
    workers: int,
    progress: Progress | None,
) -> ScanResult:
    """Scan the data, then the replicates, and put the two together."""
    from qalqan.science.flashpoints import _kernels

    _check_settings(seed, replicates, direction, min_cases, workers)
    n_periods = counts.shape[1]
    starts, ends = _windows(n_periods, durations, prospective, space_only)
    if prospective:
        # Seen from the last period backwards, every window starts at 0: one sum, no difference.
        counts, expected = counts[:, ::-1], expected[:, ::-1]
        starts, ends = n_periods - 1 - ends, n_periods - 1 - starts
    cylinders = _cylinders(expected, zones, starts, ends)
    total = int(counts.sum())
    kept = cylinders.n_periods
    ratios, places = _kernels.best_per_centre(
        np.ascontiguousarray(np.cumsum(counts[:, :kept], axis=1)), cylinders.expected,
        *cylinders.walk, float(total), min_cases, {"high": 1, "low": 2, "both": 3}[direction],
    )  # fmt: skip
    null: NullModel
    if model == "Poisson":
        null = Multinomial.of(expected, total)
    else:
        null = Permutation.of(counts)
    maxima = null_maxima(
        null, cylinders, total=total, replicates=replicates, seed=seed,
        high=direction != "low", low=direction != "high", min_cases=min_cases, workers=workers,
        progress=progress,
    )  # fmt: skip
    clusters = [
        _cluster(zones, cylinders, total, float(ratios[i]), places[i], i, maxima)
        for i in _without_overlap(zones, ratios, places)
    ]
    if prospective:
        clusters = [_forward(cluster, n_periods) for cluster in clusters]
    time = "space" if space_only else "prospective" if prospective else "retrospective"
    return ScanResult(clusters, replicates, seed, f"{model}, {time}, {direction}", maxima)


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
    from qalqan.science.flashpoints import _kernels

    size = zones.n_zones * len(starts)
    if size > _MOST_CYLINDERS:
        raise ScanInputError(
            f"{size} cylinders are more than fit in memory",
            hint="lower the largest share, the largest radius or the longest window",
        )
    kept = int(ends.max()) + 1
    running = np.ascontiguousarray(np.cumsum(expected[:, :kept], axis=1))
    values = np.empty(size)
    rows = (zones.pointer, zones.members, zones.closed)
    _kernels.expectations(running, *rows, starts, ends, values)
    return Cylinders(*rows, starts, ends, values, len(expected), kept)


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
    zone = int(zones.closed[:last].sum())
    expected = float(cylinders.expected[zone * len(cylinders.starts) + window])
    outside = (total - observed) / (total - expected)
    low, high = relative_risk_interval(observed, expected, total)
    return Cluster(
        members=tuple(int(area) for area in zones.members[zones.pointer[centre] : last + 1]),
        centre=centre,
        radius=float(zones.distances[last]),
        start=int(cylinders.starts[window]),
        end=int(cylinders.ends[window]),
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
    from dataclasses import replace

    return replace(
        cluster,
        start=n_periods - 1 - cluster.end,
        end=n_periods - 1 - cluster.start,
        recurrence_interval=recurrence_interval(cluster.p_value),
    )


def _check_settings(
    seed: int, replicates: int, direction: str, min_cases: int, workers: int
) -> None:
    """Refuse settings that have no meaning."""
    if not 0 <= seed < 2**64:
        raise ScanInputError(f"the seed must lie between 0 and 2**64 - 1, not {seed}")
    if replicates < 0:
        raise ScanInputError(f"the number of replicates must be 0 or more, not {replicates}")
    if direction not in ("high", "low", "both"):
        raise ScanInputError(f"unknown direction {direction!r}")
    if min_cases < 1 or workers < 1:
        raise ScanInputError("the least number of cases and of workers is 1")


def _checked_cases(cases: ArrayLike, zones: CircularZones) -> NDArray[np.int64]:
    """Return the counts as (areas, periods), or say what is wrong with them."""
    values = np.asarray(cases, dtype=np.float64)
    if values.ndim not in (1, 2) or values.size == 0:
        raise ScanInputError(
            f"cases must have shape (areas,) or (areas, periods), not {values.shape}"
        )
    table = values.reshape(len(values), -1)
    if len(table) != zones.n_areas:
        raise ScanInputError(f"{len(table)} areas have cases, but the zones have {zones.n_areas}")
    _refuse(~np.isfinite(table), "cases are not finite")
    _refuse(table < 0, "cases are negative")
    _refuse(table != np.floor(table), "cases are no whole number")
    if table.sum() >= 2**31:
        raise ScanInputError("more cases in all than 2**31 - 1")
    return table.astype(np.int64)


def _checked_weights(population: ArrayLike, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the population as (areas, periods), or say what is wrong with it."""
    values = np.asarray(population, dtype=np.float64)
    if values.ndim == 1 and values.shape == counts.shape[:1]:
        values = np.broadcast_to(values[:, None], counts.shape)
    if values.shape != counts.shape:
        raise ScanInputError(
            f"population of shape {values.shape} does not match cases of shape {counts.shape}"
        )
    _refuse(~np.isfinite(values), "population is not finite")
    _refuse(values < 0, "population is negative")
    _refuse((values == 0) & (counts > 0), "there are cases but no population")
    if not values.sum() > 0:
        raise ScanInputError("the population is 0 everywhere")
    return values


def _refuse(bad: NDArray[np.bool_], reason: str) -> None:
    """Raise with the first area and period for which ``bad`` holds."""
    if bad.any():
        area, period = np.argwhere(bad)[0]
        raise ScanInputError(f"{reason} (area {int(area)}, period {int(period)}, from 0)")
