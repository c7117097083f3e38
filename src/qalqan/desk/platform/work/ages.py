"""The median of ages with an interval that assumes nothing about their distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from statistics import median

LEVEL = 0.95
_MOST = 500
"""From so many on the normal approximation of the binomial gives the same ranks."""
_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Middle:
    """A median; no interval where there are too few values for one of 95 %."""

    value: float
    low: float | None
    high: float | None


def middle(values: Sequence[float]) -> Middle | None:
    """Return the median of ages and its 95 % interval by order statistics.

    The interval reaches from the k-th smallest to the k-th largest value, with the largest k
    for which a fair coin falls fewer than k times of n with at most 2.5 %. Below six values
    there is none.

    Parameters
    ----------
    values
        Ages in one unit.

    References
    ----------
    Conover, W. J. (1999). Practical Nonparametric Statistics, 3rd ed., section 3.2.

    Examples
    --------
    >>> middle([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    Middle(value=5.5, low=2, high=9)
    >>> middle([3, 1, 2])
    Middle(value=2, low=None, high=None)
    >>> middle([]) is None
    True
    """
    if not values:
        return None
    ordered = sorted(values)
    rank = _rank(len(ordered))
    value = median(ordered)
    if rank < 1:
        return Middle(value, None, None)
    return Middle(value, ordered[rank - 1], ordered[-rank])


def _rank(n: int) -> int:
    """Return the largest k with P(B(n, 1/2) < k) of at most 2.5 %; 0 for none."""
    if n > _MOST:
        return int((n + 1 - _Z * n**0.5) / 2)
    tail, rank = 0, 0
    while tail + comb(n, rank) <= (1 - LEVEL) / 2 * 2**n:
        tail += comb(n, rank)
        rank += 1
    return rank
