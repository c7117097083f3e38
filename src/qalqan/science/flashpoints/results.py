"""What a scan returns: clusters, and the test they come from."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
