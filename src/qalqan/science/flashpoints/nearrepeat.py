"""Near repeats: is what follows close in time also close in space, more often than by chance?

Knox's test counts pairs of events that are near in both, and compares with the same events whose
times are dealt anew among them. It says nothing of why: a place that is busy for a month gives
the same pairs as one event that brings another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints._knox_kernels import (
    LANES,
    close_pairs,
    count_real,
    count_whole,
    deal_times,
)
from qalqan.science.flashpoints.selfexciting.checks import EventInputError, as_floats
from qalqan.science.flashpoints.zones import EARTH_RADIUS_KM

_MOST_PAIRS = 300_000_000
_NARROW = 32_767

Metric = Literal["plane", "greatcircle"]


@dataclass(frozen=True, slots=True)
class KnoxResult:
    """Pairs by distance and time, and how unusual they are.

    Attributes
    ----------
    distances : (d,) array of float64
        Upper bounds of the distance bands; a band holds its upper bound, the first holds 0.
    periods : (t,) array of float64
        Upper bounds of the time bands, by the same rule.
    observed : (d, t) array of int64
        Pairs in each cell.
    expected : (d, t) array of float64
        Mean over the permutations.
    ratio : (d, t) array of float64
        Observed over expected; ``nan`` if nothing is expected.
    z : (d, t) array of float64
        Observed less expected, over the standard deviation of the permutations.
    p_value : (d, t) array of float64
        (1 + permutations with as many pairs or more) / (1 + permutations), for each cell by
        itself.
    p_any : float
        By the greatest z over all cells: how often chance makes any cell stand out as much.
    permutations, seed : int
        Of the test.
    events : int
        Number of events.
    """

    distances: NDArray[np.float64]
    periods: NDArray[np.float64]
    observed: NDArray[np.int64]
    expected: NDArray[np.float64]
    ratio: NDArray[np.float64]
    z: NDArray[np.float64]
    p_value: NDArray[np.float64]
    p_any: float
    permutations: int
    seed: int
    events: int


def knox(
    times: ArrayLike,
    points: ArrayLike,
    *,
    distances: ArrayLike,
    periods: ArrayLike,
    seed: int,
    permutations: int = 999,
    metric: Metric = "plane",
) -> KnoxResult:
    """Count pairs by distance and time, and compare with times dealt anew.

    Parameters
    ----------
    times : (n,) array of float
        Any order, any unit; whole numbers (days) are by far the fastest.
    points : (n, 2) array of float
        Plane coordinates, or latitude and longitude in degrees for ``metric="greatcircle"``.
    distances : (d,) array of float
        Upper bounds of the distance bands, increasing, in the unit of the coordinates, or km on
        the great circle. A pair belongs to the first band whose bound it does not exceed.
    periods : (t,) array of float
        Upper bounds of the time bands, increasing, in the unit of the times.
    seed : int
        0 to 2**64 - 1.
    permutations : int
        At least 1; 999 lets p go down to 0.001.
    metric : {"plane", "greatcircle"}
        How distance is measured. Regions across the date line or a pole are not supported.

    Returns
    -------
    KnoxResult
        Counts, ratios and p-values.

    Raises
    ------
    EventInputError
        If shapes disagree, bounds do not increase, or there are more than 300 million pairs.

    References
    ----------
    Knox, E. G. (1964). The detection of space-time interactions. Journal of the Royal Statistical
    Society C 13(1), 25-30. Besag, J., Newell, J. (1991) for the permutation; Johnson, S. D. et
    al. (2007). Space-time patterns of risk: a cross national assessment of residential burglary
    victimization. Journal of Quantitative Criminology 23, 201-219, for the table of ratios.

    Examples
    --------
    >>> found = knox(
    ...     [0, 1, 0, 5], [[0, 0], [1, 0], [9, 9], [9, 8]], distances=[1], periods=[1], seed=1,
    ...     permutations=9999,
    ... )
    >>> found.observed.tolist(), round(float(found.expected[0, 0]), 1)
    ([[1]], 1.0)
    """
    when, where, far, long = _checked(times, points, distances, periods)
    if permutations < 1 or not 0 <= seed < 2**64:
        raise EventInputError("one permutation is the least, and the seed lies below 2**64")
    x, y, radius, width_x, width_y = _flat(where, float(far[-1]), metric)
    order, left, right, band, found = close_pairs(x, y, far, radius, width_x, width_y, _MOST_PAIRS)
    if found > _MOST_PAIRS:
        raise EventInputError("more than 300 million pairs; lower the greatest distance")
    pairs = _Pairs(left, right, band, far, long)
    dealt = _narrowed(when[order])
    observed = pairs.count(np.repeat(dealt[:, None], LANES, axis=1))[:, :, 0]
    drawn = _permuted(pairs, dealt, seed, permutations)
    return _result(observed, drawn, far, long, seed, when.size)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs close in space, their distance band, and the bounds of both bands."""

    left: NDArray[Any]
    right: NDArray[Any]
    band: NDArray[Any]
    far: NDArray[np.float64]
    long: NDArray[np.float64]

    def count(self, times: NDArray[Any]) -> NDArray[np.int64]:
        """Return pairs by distance band, time band and lane."""
        out = np.zeros((self.far.size, self.long.size + 1, LANES), np.int64)
        if times.dtype == np.int16:
            gaps = np.arange(min(int(self.long[-1]), _NARROW) + 2)
            lookup = np.searchsorted(self.long, gaps).astype(np.int32)
            count_whole(self.left, self.right, self.band, times, lookup, out)
        else:
            count_real(self.left, self.right, self.band, times, self.long, out)
        return out[:, :-1]


def _permuted(
    pairs: _Pairs, dealt: NDArray[Any], seed: int, permutations: int
) -> NDArray[np.int64]:
    """Return the counts of every permutation, shape (d, t, permutations)."""
    out = np.empty((pairs.far.size, pairs.long.size, permutations), np.int64)
    times = np.zeros((dealt.size, LANES), dealt.dtype)
    for first in range(0, permutations, LANES):
        lanes = min(LANES, permutations - first)
        deal_times(dealt, seed, first, lanes, times)
        out[:, :, first : first + lanes] = pairs.count(times)[:, :, :lanes]
    return out


def _result(
    observed: NDArray[np.int64],
    drawn: NDArray[np.int64],
    far: NDArray[np.float64],
    long: NDArray[np.float64],
    seed: int,
    events: int,
) -> KnoxResult:
    """Return the table with its p-values by rank."""
    count = drawn.shape[2]
    expected, spread = drawn.mean(axis=2), drawn.std(axis=2, ddof=1 if count > 1 else 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(expected > 0, observed / expected, np.nan)
        z = np.where(spread > 0, (observed - expected) / spread, 0.0)
        each = np.where(spread[:, :, None] > 0, (drawn - expected[:, :, None]), 0.0)
        each = each / np.where(spread > 0, spread, 1.0)[:, :, None]
    p_value = (1 + (drawn >= observed[:, :, None]).sum(axis=2)) / (1 + count)
    p_any = float((1 + (each.max(axis=(0, 1)) >= z.max() - 1e-12).sum()) / (1 + count))
    return KnoxResult(far, long, observed, expected, ratio, z, p_value, p_any, count, seed, events)


def _checked(
    times: ArrayLike, points: ArrayLike, distances: ArrayLike, periods: ArrayLike
) -> tuple[NDArray[np.float64], ...]:
    """Return times, points and bounds, or say what is wrong with them."""
    when, where = as_floats(times, "times"), as_floats(points, "points")
    if when.ndim != 1 or when.size < 2:
        raise EventInputError(f"times must have shape (events,) with two events, not {when.shape}")
    if where.shape != (when.size, 2):
        raise EventInputError(f"points must have shape ({when.size}, 2), not {where.shape}")
    bounds = []
    for values, name in ((distances, "distances"), (periods, "periods")):
        array = as_floats(values, name)
        if array.ndim != 1 or not array.size or array[0] < 0 or (np.diff(array) <= 0).any():
            raise EventInputError(f"the bounds of the {name} must be 0 or more and increase")
        bounds.append(array)
    if bounds[0].size > 255 or bounds[0][-1] == 0:
        raise EventInputError("there may be 255 distance bands, and the last must be above 0")
    return when, where, bounds[0], bounds[1]


def _flat(
    points: NDArray[np.float64], farthest: float, metric: Metric
) -> tuple[NDArray[np.float64], NDArray[np.float64], float, float, float]:
    """Return x, y, the radius of the sphere (0 for the plane), and how wide cells must be.

    Two points within a distance d of each other differ in longitude by no more than
    2 asin(sin(d / 2R) / cos(greatest latitude)), which follows from the haversine formula.
    """
    if metric == "plane":
        x, y = points[:, 0].copy(), points[:, 1].copy()
        return x, y, 0.0, farthest, farthest
    if metric != "greatcircle":
        raise EventInputError(f"unknown metric {metric!r}")
    y, x = np.radians(points[:, 0]), np.radians(points[:, 1])
    if np.abs(points[:, 0]).max() > 90 or np.abs(points[:, 1]).max() > 180:
        raise EventInputError("a latitude or longitude is out of range")
    angle = farthest / EARTH_RADIUS_KM
    sine = np.sin(angle / 2) / np.cos(np.abs(y).max())
    if angle > 1 or sine > 0.5:
        raise EventInputError("the greatest distance is too large for this latitude")
    slack = 1 + 1e-9
    return x, y, EARTH_RADIUS_KM, float(2 * np.arcsin(sine)) * slack, angle * slack


def _narrowed(times: NDArray[np.float64]) -> NDArray[Any]:
    """Return times in the narrowest numbers that lose nothing."""
    moved: NDArray[np.float64] = times - times.min()
    if np.all(times == np.floor(times)) and moved.max() <= _NARROW:
        return moved.astype(np.int16)
    return times
