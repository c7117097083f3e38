"""Weighted quantiles with Woodruff's intervals.

Woodruff RS (1952), Confidence intervals for medians and other position measures, JASA 47: the
interval of the share below, read back on the scale of the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.polls.checks import PollInputError, as_vector
from qalqan.science.polls.design import Design
from qalqan.science.polls.estimate import mean
from qalqan.science.polls.intervals import quantile


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Quantiles of one variable.

    Attributes
    ----------
    value, low, high : ndarray, shape (quantiles,)
    se : ndarray, shape (quantiles,)
        Width of the interval over that of the quantile of Student's t.
    """

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    se: NDArray[np.float64]


def quantiles(
    design: Design, values: ArrayLike, shares: Sequence[float], *, level: float = 0.95
) -> Quantiles:
    """Estimate quantiles: the least value with at least a share of the weight at or below it.

    Parameters
    ----------
    design : Design
    values : array_like, shape (rows,)
        nan where missing: such rows do not count.
    shares : sequence of float
        Each between 0 and 1; 0.5 for the median.
    level : float
        Of the intervals, which take the design's degrees of freedom.

    Returns
    -------
    Quantiles

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> quantiles(design([1.0] * 5), [5.0, 1, 4, 2, 3], [0.5]).value.tolist()
    [3.0]
    """
    held = as_vector(values, "values", len(design), missing=True)
    wanted = np.asarray(shares, dtype=np.float64)
    if not ((wanted > 0) & (wanted < 1)).all():
        raise PollInputError("a share lies between 0 and 1", column="shares")
    used = ~np.isnan(held) & (design.weights > 0)
    if not used.any():
        raise PollInputError("no row has a value", column="values")
    order = np.argsort(held[used], kind="stable")
    ordered = held[used][order]
    below = np.cumsum(design.weights[used][order])
    below = below / below[-1]

    def at(share: NDArray[np.float64]) -> NDArray[np.float64]:
        inside = (share > 0) & (share < 1)
        place = np.searchsorted(below, np.clip(share, 0, 1) - 1e-12)
        return np.where(inside, ordered[np.minimum(place, len(ordered) - 1)], np.nan)

    value = at(wanted)
    ends = np.empty((2, len(wanted)))
    reach = np.empty(len(wanted))
    for place, one in enumerate(value):
        marks = np.where(np.isnan(held), np.nan, (held <= one).astype(np.float64))
        found = mean(design, marks, missing="drop")
        reach[place] = quantile(level, found.df)[0]
        ends[:, place] = [end[0] for end in found.interval(level, found.df)]
    low, high = at(ends[0]), at(ends[1])
    return Quantiles(value, low, high, (high - low) / (2 * reach))
