"""What changed after a programme, with an interval by a method that suits the design."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.errors import InputError

FEWEST = 5
"""People in a group below which nothing is said."""


@dataclass(frozen=True, slots=True)
class Gain:
    """A difference and its interval.

    Attributes
    ----------
    value
        After minus before, or the programme's group minus the other.
    low, high
        Ends of the interval; infinite where the data allow none.
    first, second
        What stood before (or in the other group), and after.
    size
        People (pairs, or both groups together), or districts.
    method
        Name of the method.
    """

    value: float
    low: float
    high: float
    first: float
    second: float
    size: int
    method: str

    @property
    def verdict(self) -> str:
        """Return ``gain``, ``loss`` or ``no_gain``; ``too_few`` without a finite interval."""
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            return "too_few"
        if self.low > 0:
            return "gain"
        return "loss" if self.high < 0 else "no_gain"


def _z(level: float) -> float:
    from scipy.special import ndtri

    if not 0 < level < 1:
        raise InputError("the level of an interval lies between 0 and 1")
    return float(ndtri((1 + level) / 2))


def wilson(successes: int, size: int, *, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval of a share.

    Parameters
    ----------
    successes, size
        People who said yes, and people asked; 0 ≤ successes ≤ size, size ≥ 1.
    level
        Confidence.

    Raises
    ------
    InputError
        The counts are impossible.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    """
    if size < 1 or not 0 <= successes <= size:
        raise InputError("yes answers must lie between 0 and the number of people, which is not 0")
    z = _z(level)
    centre = 2 * successes + z * z
    half = z * math.sqrt(z * z + 4 * successes * (size - successes) / size)
    low, high = (centre - half) / (2 * (size + z * z)), (centre + half) / (2 * (size + z * z))
    # At the ends the formula gives 0 and 1 but for rounding.
    return (0.0 if successes == 0 else low), (1.0 if successes == size else high)


def two_shares(before: tuple[int, int], after: tuple[int, int], *, level: float = 0.95) -> Gain:
    """Compare shares of two independent groups by Newcombe's hybrid score interval.

    Parameters
    ----------
    before, after
        Yes answers and people of each group.
    level
        Confidence.

    Raises
    ------
    InputError
        The counts are impossible.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent
    proportions: comparison of eleven methods. Statistics in Medicine 17, 873-890, method 10.

    Examples
    --------
    >>> gain = two_shares((48, 80), (56, 70))
    >>> round(gain.value, 4), round(gain.low, 4), round(gain.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    low1, high1 = wilson(*after, level=level)
    low2, high2 = wilson(*before, level=level)
    share1, share2 = after[0] / after[1], before[0] / before[1]
    value = share1 - share2
    low = value - math.hypot(share1 - low1, high2 - share2)
    high = value + math.hypot(high1 - share1, share2 - low2)
    return Gain(value, low, high, share2, share1, before[1] + after[1], "newcombe")


def paired_shares(both: int, gained: int, lost: int, neither: int, *, level: float = 0.95) -> Gain:
    """Compare shares of the same people before and after by Tango's score interval.

    Parameters
    ----------
    both
        People who said yes both times.
    gained
        No before, yes after.
    lost
        Yes before, no after.
    neither
        No both times.
    level
        Confidence.

    Raises
    ------
    InputError
        A count is negative, or nobody was asked.

    References
    ----------
    Tango, T. (1998). Equivalence test and confidence interval for the difference in proportions
    for the paired-sample design. Statistics in Medicine 17, 891-908, eqs. 4-8.

    Examples
    --------
    >>> gain = paired_shares(794, 86, 150, 570)
    >>> round(gain.value, 2), round(gain.low, 2), round(gain.high, 2)
    (-0.04, -0.06, -0.02)
    """
    counts = (both, gained, lost, neither)
    size = sum(counts)
    if min(counts) < 0 or size == 0:
        raise InputError("the four counts are 0 or more, and somebody was asked")
    z, value = _z(level), (gained - lost) / size
    low = _root(lambda delta: _tango(gained, lost, size, delta) - z, -1.0, value)
    high = _root(lambda delta: -z - _tango(gained, lost, size, delta), value, 1.0, rising=True)
    return Gain(value, low, high, (both + lost) / size, (both + gained) / size, size, "tango")


def _tango(gained: int, lost: int, size: int, delta: float) -> float:
    """Return Tango's score statistic for a difference ``delta``; falls as ``delta`` grows."""
    a = 2 * size
    b = -gained - lost + (2 * size - gained + lost) * delta
    c = -lost * delta * (1 - delta)
    share = (math.sqrt(max(b * b - 4 * a * c, 0.0)) - b) / (2 * a)
    spread = size * (2 * share + delta * (1 - delta))
    distance = gained - lost - size * delta
    if spread <= 0:
        return math.inf if distance > 0 else (-math.inf if distance < 0 else 0.0)
    return distance / math.sqrt(spread)


def _root(
    rises: Callable[[float], float], low: float, high: float, *, rising: bool = False
) -> float:
    """Return where a function crosses zero between two ends, or the outer end."""
    outer, inner = (high, low) if rising else (low, high)
    if rises(outer) <= 0:
        return outer
    for _step in range(200):
        middle = (outer + inner) / 2
        if rises(middle) > 0:
            outer = middle
        else:
            inner = middle
    return (outer + inner) / 2


def paired_points(before: ArrayLike, after: ArrayLike, *, level: float = 0.95) -> Gain:
    """Compare points of the same people before and after by Student's paired interval.

    Parameters
    ----------
    before, after : (n,) array of float
        Points of each person, in the same order.
    level
        Confidence.

    Raises
    ------
    InputError
        The lengths differ, a number is not finite, or there are fewer than two pairs.

    References
    ----------
    Student (1908). The probable error of a mean. Biometrika 6, 1-25.

    Examples
    --------
    >>> one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    >>> two = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    >>> gain = paired_points(one, two)
    >>> round(gain.value, 2), round(gain.low, 7), round(gain.high, 7)
    (1.58, 0.7001142, 2.4598858)
    """
    first, second = _points(before), _points(after)
    if first.size != second.size:
        raise InputError("each person needs points before and after")
    change = second - first
    half = _t(level, first.size - 1) * float(change.std(ddof=1)) / math.sqrt(first.size)
    value = float(change.mean())
    return Gain(
        value, value - half, value + half, float(first.mean()), float(second.mean()),
        int(first.size), "paired_t",
    )  # fmt: skip


def two_points(before: ArrayLike, after: ArrayLike, *, level: float = 0.95) -> Gain:
    """Compare points of two independent groups by Welch's interval.

    Parameters
    ----------
    before, after : (n,) and (m,) arrays of float
        Points of the people of each group.
    level
        Confidence.

    Raises
    ------
    InputError
        A number is not finite, or a group has fewer than two people.

    References
    ----------
    Welch, B. L. (1947). The generalization of Student's problem when several different
    population variances are involved. Biometrika 34, 28-35.

    Examples
    --------
    >>> one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    >>> two = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    >>> gain = two_points(one, two)
    >>> round(gain.low, 7), round(gain.high, 7)
    (-0.2054832, 3.3654832)
    """
    first, second = _points(before), _points(after)
    half = _welch(first, second, level)
    value = float(second.mean() - first.mean())
    return Gain(
        value, value - half, value + half, float(first.mean()), float(second.mean()),
        int(first.size + second.size), "welch",
    )  # fmt: skip


def _welch(first: NDArray[np.float64], second: NDArray[np.float64], level: float) -> float:
    parts = [float(rows.var(ddof=1)) / rows.size for rows in (first, second)]
    spread = sum(parts)
    if spread == 0:
        return 0.0
    freedom = spread**2 / sum(
        part**2 / (rows.size - 1) for part, rows in zip(parts, (first, second), strict=True)
    )
    return _t(level, freedom) * math.sqrt(spread)


def _points(values: ArrayLike) -> NDArray[np.float64]:
    rows = np.asarray(values, np.float64).ravel()
    if rows.size < 2 or not np.isfinite(rows).all():
        raise InputError("a group needs the points of two people at least, each a number")
    return rows


def _t(level: float, freedom: float) -> float:
    from scipy.special import stdtrit

    if not 0 < level < 1:
        raise InputError("the level of an interval lies between 0 and 1")
    return float(stdtrit(freedom, (1 + level) / 2))
