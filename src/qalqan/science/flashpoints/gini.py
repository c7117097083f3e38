"""Which clusters to report: the size of the reporting window by the Gini coefficient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from qalqan.science.flashpoints.checks import ScanInputError
from qalqan.science.flashpoints.engine import Plan, observe, report
from qalqan.science.flashpoints.models import Counted
from qalqan.science.flashpoints.results import Cluster, ScanResult
from qalqan.science.flashpoints.zones import Zones


def gini_coefficient(
    observed: Sequence[float], expected: Sequence[float], total: float, total_expected: float
) -> float:
    """Return the Gini coefficient of clusters and of what lies outside them.

    The Lorenz curve puts shares of the cases over shares of what is expected, the clusters and
    the rest in the order of their relative rates.

    Parameters
    ----------
    observed, expected : sequence of float
        Of each cluster.
    total, total_expected : float
        Of all areas and periods.

    Returns
    -------
    float
        0 if there is no cluster, towards 1 the more of the cases the clusters gather.

    References
    ----------
    Han, J., Zhu, L., Kulldorff, M., Hostovich, S., Stinchcomb, D. G., Tatalovich, Z., Lewis,
    D. R., Feuer, E. J. (2016). Using Gini coefficient to determining optimal cluster reporting
    sizes for spatial scan statistics. International Journal of Health Geographics 15, 27.

    Examples
    --------
    >>> gini_coefficient([5.0], [2.0], 10.0, 10.0)
    0.3
    """
    if not len(observed):
        return 0.0
    cases = np.append(observed, total - sum(observed)) / total
    people = np.append(expected, total_expected - sum(expected)) / total_expected
    order = np.argsort(cases / np.maximum(people, 1e-300), kind="stable")
    height = np.concatenate([[0.0], np.cumsum(cases[order])])
    base = np.concatenate([[0.0], np.cumsum(people[order])])
    return round(float(1.0 - (np.diff(base) * (height[1:] + height[:-1])).sum()), 12)


def report_by_gini(
    streams: Sequence[Counted],
    zones: Zones,
    plan: Plan,
    whole: ScanResult,
    weights: NDArray[np.float64],
    stops: Sequence[float],
    p_value: float,
) -> ScanResult:
    """Return the clusters of the reporting size with the highest Gini coefficient.

    The replicates stay those of the whole scan, so the p-values allow for all sizes. Of equal
    coefficients the largest size is kept: fewer clusters say as much. Without any cluster up to
    ``p_value`` at any size, the whole scan is reported.
    """
    if len(streams) > 1:
        raise ScanInputError("the Gini coefficient is not defined for several streams")
    if any(not 0 < stop <= 1 for stop in stops):
        raise ScanInputError("reporting sizes must lie above 0 and up to 1")
    best, chosen, share = 0.0, whole, None
    # The sum of each prefix of a row: what lies in the zone that ends there.
    sums = np.cumsum(weights[zones.members])
    before = np.concatenate([[0.0], sums])[zones.pointer[:-1]]
    inside = sums - np.repeat(before, np.diff(zones.pointer))
    total = float(streams[0].total)
    for stop in sorted(stops, reverse=True):
        small = replace(
            zones, closed=zones.closed & (inside <= stop * float(weights.sum()) * (1 + 1e-9))
        )
        found = report(observe(streams, small, plan), whole.null_maxima)
        counted = _counting(found.clusters, p_value)
        value = gini_coefficient(
            [float(cluster.observed) for cluster in counted],
            [cluster.expected for cluster in counted], total, float(streams[0].expected.sum()),
        )  # fmt: skip
        if value > best + 1e-12:
            best, chosen, share = value, found, stop
    return replace(chosen, reporting_share=share)


def _counting(clusters: Sequence[Cluster], p_value: float) -> list[Cluster]:
    return [cluster for cluster in clusters if cluster.p_value < p_value]
