"""When a rate changed: exact segmentation of counts, by `ruptures`.

Killick R, Fearnhead P, Eckley I A (2012), Optimal detection of changepoints with a linear
computational cost, Journal of the American Statistical Association 107, 1590-1598. Truong C,
Oudre L, Vayatis N (2020), Selective review of offline change point detection methods, Signal
Processing 167: the library. Garwood F (1936) for the interval of a rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.hypotheses.checks import HypothesesInputError, as_array, refuse

LEAST_PERIODS = 3
"""Fewest periods of a segment: one odd month is an odd month."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Periods with one rate.

    Attributes
    ----------
    start, end : int
        First period, and the one after the last.
    rate, low, high : float
        Events a period, with the exact 95 % Poisson interval.
    """

    start: int
    end: int
    rate: float
    low: float
    high: float


def poisson_interval(count: float, exposure: float = 1.0) -> tuple[float, float]:
    """Return Garwood's exact 95 % interval of a rate.

    Parameters
    ----------
    count
        Events seen.
    exposure
        Periods, people or anything else it is counted by.

    Examples
    --------
    >>> low, high = poisson_interval(10)
    >>> round(low, 2), round(high, 2)
    (4.8, 18.39)
    """
    from scipy.special import chdtri

    if count < 0 or exposure <= 0:
        raise HypothesesInputError("a rate needs a count of at least 0 and an exposure above 0")
    low = chdtri(2 * count, 0.975) / 2 if count > 0 else 0.0
    return float(low / exposure), float(chdtri(2 * (count + 1), 0.025) / 2 / exposure)


def segments(counts: ArrayLike, *, penalty: float | None = None) -> list[Segment]:
    """Split a series of counts where its rate changed.

    Counts are made even in spread by Anscombe's root ``2 sqrt(count + 3/8)``, whose variance is
    about 1 for Poisson counts; PELT then finds the split that is best under the penalty.

    Parameters
    ----------
    counts : array_like, shape (periods,)
        Events in each period of the same length.
    penalty
        Cost of a change in squared units of the root; ``3 ln(periods)`` by default, and twice as
        much for spread beyond Poisson's would be asked for by hand.

    Raises
    ------
    HypothesesInputError
        A count is negative or not finite.

    Examples
    --------
    >>> [(one.start, one.end) for one in segments([2] * 12 + [20] * 12)]
    [(0, 12), (12, 24)]
    """
    values = as_array(counts, "counts", 1)
    refuse(~(np.isfinite(values) & (values >= 0)), "counts is negative or not finite", "counts")
    if not len(values):
        return []
    ends = [len(values)]
    if len(values) >= 2 * LEAST_PERIODS:
        ends = _ends(2 * np.sqrt(values + 0.375), penalty)
    starts = [0, *ends[:-1]]
    return [_segment(values, start, end) for start, end in zip(starts, ends, strict=True)]


def _ends(root: NDArray[np.float64], penalty: float | None) -> list[int]:
    import ruptures

    cost = 3 * np.log(len(root)) if penalty is None else penalty
    search = ruptures.Pelt(model="l2", min_size=LEAST_PERIODS, jump=1).fit(root)
    return [int(end) for end in search.predict(pen=float(cost))]


def _segment(values: NDArray[np.float64], start: int, end: int) -> Segment:
    total = float(values[start:end].sum())
    low, high = poisson_interval(total, end - start)
    return Segment(start, end, total / (end - start), low, high)
