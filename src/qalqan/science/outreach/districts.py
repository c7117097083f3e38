"""Districts with and without a programme, before and after: difference in differences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.errors import InputError

MOST_ASSIGNMENTS = 20_000
"""Up to so many ways of choosing the districts are all tried; beyond, so many are drawn."""
_STEPS = 80


@dataclass(frozen=True, slots=True)
class Compared:
    """What a programme changed, judged by whole districts.

    Attributes
    ----------
    value
        Mean change of the districts with it, minus that of the others.
    low, high
        Interval by permutation of districts; infinite where there are too few of them.
    p_value
        Two-sided, by permutation; the observed assignment is one of them.
    smallest_p
        The smallest p-value that so few districts can give.
    with_it, without
        Mean change of each side.
    assignments
        Ways of choosing the districts that were tried.
    is_exact
        Whether all of them were.
    """

    value: float
    low: float
    high: float
    p_value: float
    smallest_p: float
    with_it: float
    without: float
    assignments: int
    is_exact: bool


def difference_in_differences(
    before: ArrayLike,
    after: ArrayLike,
    is_treated: ArrayLike,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
) -> Compared:
    """Compare the changes of districts with a programme to those of districts without.

    A district is one observation, whatever the number of people in it: those of one district
    share its news, its prices and its weather. The interval holds every effect that a permutation
    test of the districts does not refuse, so it needs no normality and no many clusters; where so
    few districts cannot refuse anything at the level, it is infinite.

    Parameters
    ----------
    before, after : (n,) array of float
        The measure of each district, before and after.
    is_treated : (n,) array of bool
        Whether the district had the programme.
    rng
        Draws assignments where there are more than `MOST_ASSIGNMENTS`.
    level
        Confidence.

    Raises
    ------
    InputError
        Lengths differ, a number is not finite, or one side has no district.

    References
    ----------
    Donald, S. G. and Lang, K. (2007). Inference with difference-in-differences and other panel
    data. Review of Economics and Statistics 89, 221-233 (districts as observations).
    Rosenbaum, P. R. (2002). Observational Studies, 2nd ed., section 2.6 (inverting the test).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> one = difference_in_differences([1, 1, 1], [3, 2, 2], [True, False, False], rng=rng)
    >>> one.value, one.low, round(one.smallest_p, 3)
    (1.0, -inf, 0.333)
    """
    change, treated = _checked(before, after, is_treated)
    chosen, is_exact = _assignments(treated, rng)
    with_it, without = float(change[treated].mean()), float(change[~treated].mean())
    value = with_it - without
    # For an effect d the statistic of an assignment is its mean difference minus d × overlap.
    means = _difference(chosen, change)
    overlap = _difference(chosen, treated.astype(np.float64))
    extra = 0 if is_exact else 1
    p_value = _p_value(means, overlap, value, 0.0, extra)
    smallest = _smallest(treated, len(chosen), is_exact=is_exact)
    alpha = 1 - level
    low = high = math.inf
    if smallest <= alpha:
        reach = float(np.ptp(change)) * 2 + 1e-12
        low = _end(means, overlap, value, alpha, extra, -reach)
        high = _end(means, overlap, value, alpha, extra, reach)
    else:
        low = -math.inf
    return Compared(
        value, low, high, p_value, smallest, with_it, without, len(chosen), is_exact
    )  # fmt: skip


def _checked(
    before: ArrayLike, after: ArrayLike, is_treated: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    first, second = np.asarray(before, np.float64), np.asarray(after, np.float64)
    treated = np.asarray(is_treated, bool)
    if not first.shape == second.shape == treated.shape or first.ndim != 1:
        raise InputError("each district needs a number before, a number after, and its side")
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise InputError("every number before and after must be finite")
    if treated.all() or not treated.any():
        raise InputError("both sides need a district at least: with the programme, and without")
    return second - first, treated


def _assignments(
    treated: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[NDArray[np.bool_], bool]:
    size, taken = treated.size, int(treated.sum())
    if math.comb(size, taken) <= MOST_ASSIGNMENTS:
        rows = np.array(list(combinations(range(size), taken)), np.int64)
        chosen = np.zeros((len(rows), size), bool)
        np.put_along_axis(chosen, rows, values=True, axis=1)
        return chosen, True
    order = rng.permuted(np.tile(treated, (MOST_ASSIGNMENTS, 1)), axis=1)
    return order, False


def _difference(chosen: NDArray[np.bool_], values: NDArray[np.float64]) -> NDArray[np.float64]:
    taken = chosen.sum(axis=1)
    inside = chosen @ values
    return np.asarray(
        inside / taken - (values.sum() - inside) / (chosen.shape[1] - taken), np.float64
    )


def _p_value(
    means: NDArray[np.float64], overlap: NDArray[np.float64], value: float, effect: float,
    extra: int,
) -> float:  # fmt: skip
    observed = abs(value - effect)
    # Equal statistics differ by rounding; a hair is taken off so that they count as equal.
    hits = int((np.abs(means - effect * overlap) >= observed * (1 - 1e-9) - 1e-12).sum())
    return (hits + extra) / (len(means) + extra)


def _smallest(treated: NDArray[np.bool_], tried: int, *, is_exact: bool) -> float:
    if not is_exact:
        return 1 / (tried + 1)
    # With sides of equal size the mirrored assignment is as extreme as the observed one.
    mirrored = 2 if 2 * int(treated.sum()) == treated.size else 1
    return mirrored / tried


def _end(
    means: NDArray[np.float64], overlap: NDArray[np.float64], value: float, alpha: float,
    extra: int, reach: float,
) -> float:  # fmt: skip
    """Return the farthest effect on one side that the test does not refuse."""
    outer, inner = value + reach, value
    for _step in range(_STEPS):
        if _p_value(means, overlap, value, outer, extra) <= alpha:
            break
        outer = value + (outer - value) * 2
    else:
        return math.copysign(math.inf, reach)
    for _step in range(_STEPS):
        middle = (outer + inner) / 2
        if _p_value(means, overlap, value, middle, extra) <= alpha:
            outer = middle
        else:
            inner = middle
    return outer
