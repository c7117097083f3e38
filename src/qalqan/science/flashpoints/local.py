"""Local statistics: which areas lie among areas like themselves, or unlike, beyond chance.

Local Moran's I and the G* of Getis and Ord, each with conditional permutations. With 10,000
areas, 500 have p below 0.05 by chance alone: use ``q_value``, not ``p_value``, to mark a map.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints._local_kernels import first_places, permuted_lags
from qalqan.science.flashpoints.selfexciting.checks import EventInputError, as_floats
from qalqan.science.flashpoints.weights import SpatialWeights


@dataclass(frozen=True, slots=True)
class LocalResult:
    """A local statistic for each area.

    Attributes
    ----------
    value : (n,) array of float64
        Local Moran's I, or G* as a standard score; ``nan`` for an area without neighbours.
    p_high, p_low : (n,) array of float64
        One-sided p-values by rank: neighbours as high, or as low, by chance.
    p_value : (n,) array of float64
        Two-sided: twice the lesser of the two, at most 1.
    q_value : (n,) array of float64
        Of the two-sided ones, by Benjamini and Hochberg over all areas with neighbours.
    quadrant : (n,) array of int64
        1 high among high, 2 low among high, 3 low among low, 4 high among low; 0 without
        neighbours.
    z : (n,) array of float64
        Weighted sum of the neighbours less its permutation mean, over its standard deviation.
    replicates, seed : int
        Of the permutations.
    """

    value: NDArray[np.float64]
    p_high: NDArray[np.float64]
    p_low: NDArray[np.float64]
    p_value: NDArray[np.float64]
    q_value: NDArray[np.float64]
    quadrant: NDArray[np.int64]
    z: NDArray[np.float64]
    replicates: int
    seed: int


def local_moran(
    values: ArrayLike, weights: SpatialWeights, *, seed: int, replicates: int = 999
) -> LocalResult:
    """Return local Moran's I: each area's value times that of its neighbours.

    With z the values less their mean and m2 the mean of z², I_i = z_i / m2 * sum of w_ij z_j; the
    I_i add up to Moran's I times the sum of the weights.

    Parameters
    ----------
    values : (n,) array of float
        Not all the same.
    weights : SpatialWeights
        Usually row-standardised.
    seed : int
        0 to 2**64 - 1.
    replicates : int
        Permutations; all areas share them, so their p-values err together.

    Returns
    -------
    LocalResult
        One number of each kind for each area.

    Raises
    ------
    EventInputError
        If shapes disagree, values are all the same, or an area neighbours all others.

    References
    ----------
    Anselin, L. (1995). Local indicators of spatial association - LISA. Geographical Analysis
    27(2), 93-115, eq. 12. Benjamini, Y., Hochberg, Y. (1995), Journal of the Royal Statistical
    Society B 57(1), 289-300.

    Examples
    --------
    >>> from qalqan.science.flashpoints.weights import spatial_weights
    >>> line = spatial_weights([[1], [0, 2], [1, 3], [2]])
    >>> local_moran([5, 4, 0, 0], line, seed=1, replicates=99).value.round(4)
    array([0.9277, 0.1687, 0.2169, 0.9759])
    """
    array, z, m2 = _checked(values, weights, seed, replicates)
    lag = weights.lag(z)
    return _judged(z * lag / m2, z, lag, weights, array.size, seed, replicates)


def getis_ord(
    values: ArrayLike,
    weights: SpatialWeights,
    *,
    seed: int,
    replicates: int = 999,
    own_weight: float = 1.0,
) -> LocalResult:
    """Return G* of Getis and Ord: how high a neighbourhood, itself included, stands.

    Parameters
    ----------
    values : (n,) array of float
        Not all the same.
    weights : SpatialWeights
        Of the neighbours; the area itself has ``own_weight``.
    seed, replicates
        As in :func:`local_moran`; the area's own value stays where it is.
    own_weight : float
        1 with binary weights gives G*; 0 gives no self and is refused.

    Returns
    -------
    LocalResult
        ``value`` is the standard score of Ord and Getis; high for a hot spot, low for a cold one.

    Raises
    ------
    EventInputError
        As in :func:`local_moran`.

    References
    ----------
    Ord, J. K., Getis, A. (1995). Local spatial autocorrelation statistics: distributional issues
    and an application. Geographical Analysis 27(4), 286-306, eq. 5.

    Examples
    --------
    >>> from qalqan.science.flashpoints.weights import spatial_weights
    >>> line = spatial_weights([[1], [0, 2], [1, 3], [2]])
    >>> getis_ord([4, 4, 0, 0], line, seed=1, replicates=99).value.round(4)
    array([ 1.7321,  1.    , -1.    , -1.7321])
    """
    if not own_weight > 0:
        raise EventInputError("the weight of the area itself must be above 0")
    array, z, m2 = _checked(values, weights, seed, replicates)
    n = array.size
    lag = weights.lag(z)
    sums = weights.row_sums() + own_weight
    squares = weights.gather(weights.values**2) + own_weight**2
    spread = np.sqrt(m2 * np.maximum(n * squares - sums**2, 0.0) / (n - 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.where(spread > 0, (lag + own_weight * z) / spread, np.nan)
    return _judged(score, z, lag, weights, n, seed, replicates)


def _checked(
    values: ArrayLike, weights: SpatialWeights, seed: int, replicates: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return values, their departures from the mean and the mean of the squares of those."""
    array = as_floats(values, "values")
    if array.ndim != 1 or array.size < 3:
        raise EventInputError(f"values must have shape (areas,), three at least: {array.shape}")
    weights.expect(array.size)
    if replicates < 1 or not 0 <= seed < 2**64:
        raise EventInputError("one replicate is the least, and the seed lies below 2**64")
    z = array - array.mean()
    m2 = float(np.mean(z**2))
    if not m2 > 1e-24 * max(1.0, float(np.abs(array).max()) ** 2):
        raise EventInputError("all areas have the same value")
    return array, z, m2


def _judged(
    value: NDArray[np.float64],
    z: NDArray[np.float64],
    lag: NDArray[np.float64],
    weights: SpatialWeights,
    n: int,
    seed: int,
    replicates: int,
) -> LocalResult:
    """Return the statistic with its permutation p-values."""
    sizes = weights.cardinalities
    depth = min(int(sizes.max()) + 1, n)
    places = first_places(n, depth, seed, replicates)
    above, below, mean, variance = permuted_lags(places, z, weights.pointer, weights.values, lag)
    alone = sizes == 0
    p_high = np.where(alone, np.nan, (1 + above) / (1 + replicates))
    p_low = np.where(alone, np.nan, (1 + below) / (1 + replicates))
    p_value = np.minimum(1.0, 2 * np.minimum(p_high, p_low))
    scale = np.sqrt(variance)
    score = np.divide(lag - mean, scale, out=np.full(n, np.nan), where=(scale > 0) & ~alone)
    quadrant = np.where(z > 0, np.where(lag > 0, 1, 4), np.where(lag > 0, 2, 3))
    return LocalResult(
        np.where(alone, np.nan, value), p_high, p_low, p_value, _q_values(p_value),
        np.where(alone, 0, quadrant).astype(np.int64), score, replicates, seed,
    )  # fmt: skip


def _q_values(p_value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return p-values corrected by Benjamini and Hochberg; ``nan`` stays and is not counted."""
    out = np.full(p_value.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p_value))
    if known.size:
        order = known[np.argsort(p_value[known], kind="stable")]
        scaled = p_value[order] * known.size / np.arange(1, known.size + 1)
        out[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return out
