"""Shares, medians and trends of short series; intervals that hold without a normal distribution.

References
----------
Wilson 1927, J. Am. Stat. Assoc. 22:209-212; Newcombe 1998, Statistics in Medicine 17:857-872.
Conover 1999, Practical Nonparametric Statistics, 3rd ed., section 3.2 (interval of a quantile).
Theil 1950; Sen 1968, J. Am. Stat. Assoc. 63:1379-1389; Hollander, Wolfe and Chicken 2014,
Nonparametric Statistical Methods, 3rd ed., section 9.3 (interval of the slope).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import factorial, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from qalqan.science.indicators.checks import IndicatorsInputError, as_level, as_list

_EXACT = 40
"""Up to so many points the distribution of Kendall's statistic is counted, not approximated."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval; an end is nothing where no interval can be given.

    Parameters
    ----------
    level
        What the interval holds at least; differs from what was asked where points are few.
    """

    value: float
    low: float | None
    high: float | None
    level: float | None

    @property
    def is_evident(self) -> bool:
        """Tell whether the interval leaves out nought."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


def share(part: float, whole: float, *, level: float = 0.95) -> Estimate:
    """Return a share with Wilson's interval.

    Parameters
    ----------
    part, whole
        Cases that count, and all; the whole above 0.
    level
        What the interval holds.

    Raises
    ------
    IndicatorsInputError
        The part is negative or exceeds the whole, or there is no whole.

    Examples
    --------
    Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662.

    >>> found = share(81, 263)
    >>> round(found.low, 4), round(found.high, 4)
    (0.2553, 0.3662)
    """
    if not (0 <= part <= whole and whole > 0):
        raise IndicatorsInputError("a share needs 0 ≤ part ≤ whole, whole above 0", column="part")
    p, z2 = part / whole, NormalDist().inv_cdf(0.5 + as_level(level) / 2) ** 2
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = sqrt(z2 * p * (1 - p) / whole + z2 * z2 / (4 * whole * whole)) / (1 + z2 / whole)
    return Estimate(p, max(0.0, middle - half), min(1.0, middle + half), level)


def median(values: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Return the median with the interval between two of the values in order.

    Parameters
    ----------
    values
        Shape (n,).
    level
        What the interval must hold at least; there is none for fewer than six values at 0.95.

    Examples
    --------
    Of ten values the second and the ninth hold the median with 97.85 % (tables of the binomial).

    >>> found = median(range(1, 11))
    >>> found.value, found.low, found.high, round(found.level, 4)
    (5.5, 2.0, 9.0, 0.9785)
    """
    ordered = np.sort(as_list(values, "values"))
    number, tail = len(ordered), (1 - as_level(level)) / 2
    middle = float(np.median(ordered))
    # Counted, not approximated: the chance that fewer than so many values lie below the median.
    chance, cut, held = 0.0, 0, 0.0
    term = 0.5**number
    while cut < number // 2 and chance + term <= tail:
        chance, held = chance + term, chance + term
        term *= (number - cut) / (cut + 1)
        cut += 1
    if cut < 1:
        return Estimate(middle, None, None, None)
    return Estimate(middle, float(ordered[cut - 1]), float(ordered[number - cut]), 1 - 2 * held)


def trend(values: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Return the slope a period by Theil and Sen: the median of the slopes of all pairs.

    Parameters
    ----------
    values
        One value a period, equally spaced; shape (n,), at least 3.
    level
        What the interval must hold at least; there is none where too few points allow it.

    Raises
    ------
    IndicatorsInputError
        There are too few values.

    Notes
    -----
    The interval inverts Kendall's test (Hollander, Wolfe and Chicken 2014, eq. 9.34-9.36), with its
    exact distribution up to 40 points. Where it holds nought there is no evidence of a trend.

    Examples
    --------
    Rainfall after seeding clouds, Hollander and Wolfe, example 9.1: slope -0.056.

    >>> found = trend([1.26, 1.27, 1.12, 1.16, 1.03], level=0.9)
    >>> round(found.value, 3), round(found.low, 2), round(found.high, 2), round(found.level, 3)
    (-0.056, -0.13, 0.01, 0.917)
    """
    series = as_list(values, "values")
    number = len(series)
    if number < 3:
        raise IndicatorsInputError("a trend needs three values", column="values")
    first, second = np.triu_indices(number, 1)
    slopes = np.sort((series[second] - series[first]) / (second - first))
    middle = float(np.median(slopes))
    found = _cut(number, as_level(level))
    if found is None:
        return Estimate(middle, None, None, None)
    cut, held = found
    return Estimate(middle, float(slopes[cut - 1]), float(slopes[len(slopes) - cut]), held)


def _cut(number: int, level: float) -> tuple[int, float] | None:
    """Return how many slopes are cut off at each end, one more, and what the rest holds."""
    pairs = number * (number - 1) // 2
    if number > _EXACT:
        spread = sqrt(number * (number - 1) * (2 * number + 5) / 18)
        cut = int((pairs - NormalDist().inv_cdf(0.5 + level / 2) * spread) / 2)
        return (cut, level) if cut >= 1 else None
    ways, below = _inversions(number), 0
    allowed, found = (1 - level) / 2 * factorial(number), 0
    for discordant, count in enumerate(ways):
        if below + count > allowed:
            break
        below += count
        found = discordant + 1
    return (found, 1 - 2 * below / factorial(number)) if found else None


@cache
def _inversions(number: int) -> tuple[int, ...]:
    """Return how many orders of so many things have 0, 1, 2 … inversions.

    >>> _inversions(3)
    (1, 2, 2, 1)
    """
    if number <= 1:
        return (1,)
    before = _inversions(number - 1)
    most = len(before) + number - 1
    return tuple(sum(before[max(0, k - number + 1) : k + 1]) for k in range(most))
