"""Scan statistics: where and when there is more (or less) than expected, and how sure that is.

:func:`scan` takes data and options and knows every model, time and shape of zones. The two
functions below it are the short way for one stream of counts and zones made beforehand. Areas and
counts only.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.checks import ScanInputError
from qalqan.science.flashpoints.data import ScanData, ScanOptions, Stream, period_boundaries
from qalqan.science.flashpoints.engine import Direction, Plan, run
from qalqan.science.flashpoints.gini import report_by_gini
from qalqan.science.flashpoints.models import permutation_counted, poisson_counted
from qalqan.science.flashpoints.montecarlo import Progress
from qalqan.science.flashpoints.prepare import checked_names, counted, plan_of, zones_of
from qalqan.science.flashpoints.results import Cluster, ScanResult, relative_risk_interval
from qalqan.science.flashpoints.zones import Zones

__all__ = [
    "Cluster",
    "Direction",
    "ScanData",
    "ScanInputError",
    "ScanOptions",
    "ScanResult",
    "Stream",
    "period_boundaries",
    "relative_risk_interval",
    "scan",
    "scan_permutation",
    "scan_poisson",
]


def scan(
    data: ScanData, options: ScanOptions | None = None, *, progress: Progress | None = None
) -> ScanResult:
    """Scan areas and periods for clusters, in the way that SaTScan 10 does.

    Parameters
    ----------
    data : ScanData
        Areas, periods and streams of counts.
    options : ScanOptions, optional
        Model, time, zones, limits and the Monte Carlo test.
    progress
        Called with the replicates done and wanted.

    Returns
    -------
    ScanResult
        Most likely cluster first; members are numbered as in ``data``, ``ids`` name them.

    Raises
    ------
    ScanInputError
        If data or options make no sense together; the message says which and where.

    References
    ----------
    Kulldorff, M. (1997). A spatial scan statistic. Communications in Statistics: Theory and
    Methods 26(6), 1481-1496. Kulldorff, M. et al. (2005). PLoS Medicine 2(3), e59. Kulldorff, M.,
    Mostashari, F., Duczmal, L., Yih, W. K., Kleinman, K., Platt, R. (2007). Multivariate scan
    statistics for disease surveillance. Statistics in Medicine 26(8), 1824-1833. Neill, D. B.,
    Moore, A. W., Sabhnani, M., Daniel, K. (2005). Detection of emerging space-time clusters.
    KDD. Tango, T., Takahashi, K., Kohriyama, K. (2011). A space-time scan statistic for detecting
    emerging outbreaks. Biometrics 67(1), 106-115.

    Examples
    --------
    >>> data = ScanData(
    ...     ids=["a", "b", "c", "d"], coordinates=[[0, 0], [1, 0], [5, 0], [6, 0]],
    ...     streams=(Stream(cases=[9, 8, 1, 2], population=[10, 10, 10, 10]),),
    ... )
    >>> found = scan(data, ScanOptions(replicates=99)).clusters[0]
    >>> found.ids, found.observed, round(found.log_likelihood_ratio, 6), found.p_value
    (('a', 'b'), 17, 5.408762, 0.04)
    """
    options = options or ScanOptions()
    ids = checked_names(data)
    # Equal clusters are told apart by the names of their areas, so the names give the order.
    order = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
    streams = counted(data, options, order)
    weights = np.sum([stream.expected.sum(axis=1) for stream in streams], axis=0)
    zones = zones_of(data, options, order, weights)
    plan = plan_of(options, streams[0].cases.shape[1], progress)
    result = run(streams, zones, plan)
    if options.gini and result.clusters:
        result = report_by_gini(
            streams, zones, plan, result, weights, options.gini_stops, options.gini_p_value
        )
    clusters = [_named(cluster, data, ids, order, plan.space_only) for cluster in result.clusters]
    return replace(result, clusters=clusters)


def _named(
    cluster: Cluster, data: ScanData, ids: list[str], order: NDArray[np.int64], flat: bool
) -> Cluster:
    """Return a cluster with the numbers, names and days of the data."""
    members = tuple(int(order[area]) for area in cluster.members)
    days = data.boundaries
    return replace(
        cluster,
        members=members,
        centre=int(order[cluster.centre]) if cluster.centre >= 0 else -1,
        ids=tuple(ids[area] for area in members),
        first_day=None if days is None else days[0 if flat else cluster.start],
        last_day=None if days is None
        else days[-1 if flat else cluster.end + 1] - timedelta(days=1),
    )  # fmt: skip


def scan_poisson(
    cases: ArrayLike,
    population: ArrayLike,
    zones: Zones,
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
    zones : Zones
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
    stream = poisson_counted(cases, population, zones.n_areas)
    plan = Plan(
        seed, replicates, direction, prospective, (min_duration, max_duration), min_cases,
        workers, progress, space_only=np.ndim(cases) == 1,
    )  # fmt: skip
    return run([stream], zones, plan)


def scan_permutation(
    cases: ArrayLike,
    zones: Zones,
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
    zones : Zones
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
    plan = Plan(
        seed, replicates, direction, prospective, (min_duration, max_duration), min_cases,
        workers, progress,
    )  # fmt: skip
    return run([permutation_counted(cases, zones.n_areas)], zones, plan)
