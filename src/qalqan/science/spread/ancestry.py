"""How many copies each copy brought forth: the reproduction number of cases, looking back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qalqan.science.spread.interval import Floats, checked_interval
from qalqan.science.spread.reproduction import Ints, sliding_windows

_EXACT = 20_000
"""Copies up to which quantiles are exact; beyond, a normal distribution differs by less than one
copy in a thousand."""


@dataclass(frozen=True, slots=True)
class CaseReproduction:
    """Mean number of later copies that one copy of a window brought forth.

    Parameters
    ----------
    start, end : (windows,)
        First and last step of each window, counted from 1, both included.
    mean, sd : (windows,)
        Over all trees that the delays allow.
    low, high : (windows,)
        Interval over the trees: what is uncertain is who brought forth whom, nothing else.
    """

    start: Ints
    end: Ints
    mean: Floats
    sd: Floats
    low: Floats
    high: Floats


def wallinga_teunis(
    incidence: ArrayLike,
    interval: ArrayLike,
    *,
    window: int = 7,
    windows: tuple[ArrayLike, ArrayLike] | None = None,
    level: float = 0.95,
) -> CaseReproduction:
    r"""Estimate the case reproduction number.

    A copy of step :math:`t` was brought forth by one of step :math:`j` with probability

    .. math:: p_{tj} = w_{t-j} \Big/ \sum_k I_k w_{t-k},

    independently of all others. The number that a window brought forth is therefore a sum of
    independent binomials: its mean, deviation and quantiles are computed from their distribution,
    where EpiEstim draws trees. Copies too recent to have brought forth theirs are not corrected
    for: the last windows lie low.

    Parameters
    ----------
    incidence : (steps,)
        Whole counts of at least 0.
    interval : (lags,)
        Probabilities from lag 0, which has 0.
    window, windows
        As in `reproduction.estimate`. Windows without a copy, or with none before them, are left
        out of the result.
    level
        Coverage of the interval, in (0, 1).

    Returns
    -------
    CaseReproduction

    Raises
    ------
    ValueError
        Counts, interval or windows are not as stated.

    References
    ----------
    J. Wallinga, P. Teunis, American Journal of Epidemiology 160 (2004) 509-516, eqs. 1-3.

    Examples
    --------
    >>> wallinga_teunis([1, 2, 4, 8], [0.0, 1.0], window=2).mean.tolist()
    [2.0, 0.6666666666666666]
    """
    counts = np.asarray(incidence, dtype=np.float64)
    if counts.ndim != 1 or counts.size < 2:
        raise ValueError("a series needs at least two steps")
    if not np.isfinite(counts).all() or (counts < 0).any() or (counts % 1 != 0).any():
        raise ValueError("counts must be whole numbers of at least 0")
    if not 0 < level < 1:
        raise ValueError("the level must lie between 0 and 1")
    chance = _parents(counts, checked_interval(interval))
    if windows is None:
        first, last = sliding_windows(counts.size, window)
    else:
        first, last = (np.asarray(side, dtype=np.int64) for side in windows)
        if (first < 2).any() or (last > counts.size).any() or (first > last).any():
            raise ValueError(f"windows lie between step 2 and step {counts.size}")
    before = np.concatenate([[0.0], np.cumsum(counts)])
    kept = (before[last] - before[first - 1] > 0) & (before[first - 1] > 0)
    first, last = first[kept], last[kept]
    rows = [_window(counts, chance, a - 1, b, level) for a, b in zip(first, last, strict=True)]
    mean, sd, low, high = np.array(rows, dtype=np.float64).reshape(-1, 4).T
    return CaseReproduction(first, last, mean, sd, low, high)


def _parents(counts: Floats, interval: Floats) -> Floats:
    """Return the chance that a copy of the row was brought forth by one copy of the column."""
    steps = counts.size
    delay = np.subtract.outer(np.arange(steps), np.arange(steps))
    padded = np.zeros(max(steps, interval.size))
    padded[: interval.size] = interval
    weight = np.where(delay > 0, padded[np.maximum(delay, 0)], 0.0)
    total = weight @ counts
    result: Floats = weight / np.where(total > 0, total, np.inf)[:, None]
    return result


def _window(
    counts: Floats, chance: Floats, first: int, last: int, level: float
) -> tuple[float, float, float, float]:
    inside = counts[first:last]
    own = chance[:, first:last] @ inside
    own = np.clip(own, 0.0, 1.0)
    some = (own > 0) & (counts > 0)
    size, p = counts[some].astype(np.int64), own[some]
    mean, variance = float(size @ p), float(size @ (p * (1.0 - p)))
    edges = _edges(size, p, (1.0 - level) / 2, mean, variance)
    n = float(inside.sum())
    return mean / n, float(np.sqrt(variance)) / n, float(edges[0]) / n, float(edges[1]) / n


def _edges(size: Ints, p: Floats, tail: float, mean: float, variance: float) -> tuple[float, float]:
    """Quantiles of a sum of binomials; of large sums by the normal distribution."""
    if size.sum() > _EXACT:
        from scipy.special import ndtri

        reach = -float(ndtri(tail)) * np.sqrt(variance)
        return float(np.rint(mean - reach)), float(np.rint(mean + reach))
    cumulative = np.cumsum(_sum_of_binomials(size, p))
    low, high = np.searchsorted(cumulative, [tail, 1.0 - tail - 1e-12])
    return float(low), float(high)


def _sum_of_binomials(size: Ints, p: Floats) -> Floats:
    """Return the distribution of a sum of independent binomials, by their transform."""
    total = int(size.sum())
    angle = np.exp(-2j * np.pi * np.arange(total + 1) / (total + 1))
    transform = np.ones(total + 1, dtype=np.complex128)
    for n, chance in zip(size, p, strict=True):
        transform *= (1.0 - chance + chance * angle) ** n
    return np.asarray(np.maximum(np.fft.ifft(transform).real, 0.0))
