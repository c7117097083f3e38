"""What a scan returns: clusters, and the test they come from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Cluster:
    """A zone, in space and time, that departs from what is expected.

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
    test_statistic : float
        What clusters are ranked and tested by: the log likelihood ratio times the penalty for
        the shape.
    gumbel_p_value : float
        P-value from the fitted Gumbel distribution; NaN without replicates.
    shape, angle : float
        Longest axis over shortest axis, and direction of the longest in radians; 1 and 0 for a
        circle. ``radius`` is half the shortest axis.
    streams : tuple of (int, float)
        Observed and expected of each stream, if there are several.
    ids : tuple of str
        Names of the areas, nearest to the centre first, if they have names.
    first_day, last_day : date or None
        Calendar days of the window, both inside, if the periods have dates.
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
    test_statistic: float = math.nan
    gumbel_p_value: float = math.nan
    shape: float = 1.0
    angle: float = 0.0
    streams: tuple[tuple[int, float], ...] = ()
    ids: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None


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
        Highest test statistic of each replicate.
    stopped : bool
        Whether the sequential test ended before all replicates were used.
    reporting_share : float or None
        Largest share of the population in a reported cluster, if chosen by the Gini coefficient.
    """

    clusters: list[Cluster]
    replicates: int
    seed: int
    method: str
    null_maxima: NDArray[np.float64]
    stopped: bool = False
    reporting_share: float | None = None


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
    (1.639, 30.181)
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


def rate_ratio_interval(observed: int, expected: float, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of observed over expected for a Poisson count.

    For models that take the expectation as known. As with :func:`relative_risk_interval`, the
    zone is treated as if it had been chosen beforehand.

    Parameters
    ----------
    observed : int
        Cases inside.
    expected : float
        Cases expected inside, above 0.
    level : float
        Coverage.

    Returns
    -------
    (float, float)
        Lower and upper limit.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28(3-4), 437-442.

    Examples
    --------
    >>> low, high = rate_ratio_interval(10, 10.0)
    >>> round(low, 4), round(high, 4)
    (0.4795, 1.839)
    """
    from scipy.special import gammaincinv

    tail = (1 - level) / 2
    low = float(gammaincinv(observed, tail)) / expected if observed > 0 else 0.0
    return low, float(gammaincinv(observed + 1, 1 - tail)) / expected
