"""Reproduction numbers over time, of one series or of thousands at once.

What is computed here is a number of a model: copies of one step are brought forth by copies of
earlier steps, at delays that are known. Where only timestamps are known, the delays are an
assumption and the reproduction number of a rumour is **not identified**: the same counts fit many
intervals. The desk therefore never raises an alarm on "R > 1" alone (`forecast` has the alarm).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.spread.interval import Floats, checked_interval

Ints = NDArray[np.int64]

QUANTILES = (0.025, 0.5, 0.975)
_LARGEST_TABLE = 4_000_000
"""Counts up to here are looked up in a table of quantiles, one entry a count."""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """Posterior of the reproduction number in every window of every series.

    Parameters
    ----------
    start, end : (windows,)
        First and last step of each window, counted from 1, both included.
    shape, scale : (series, windows)
        Gamma posterior; NaN where the window ends too early for the interval.
    mean, sd : (series, windows)
        Its mean and standard deviation.
    quantiles : (levels, series, windows)
        Its quantiles, in the order of ``levels``.
    levels
        Which quantiles.
    """

    start: Ints
    end: Ints
    shape: Floats
    scale: Floats
    mean: Floats
    sd: Floats
    quantiles: Floats
    levels: tuple[float, ...]


def infectivity(incidence: ArrayLike, interval: ArrayLike) -> Floats:
    r"""Weigh earlier counts by their delay: :math:`\Lambda_t = \sum_s I_{t-s} w_s`.

    Parameters
    ----------
    incidence : (steps,) or (series, steps)
        Counts, all of them: imported and local.
    interval : (lags,)
        Probabilities from lag 0.

    Returns
    -------
    same shape
        The first step is NaN: nothing came before it.

    References
    ----------
    Cori et al. (2013), eq. 1.

    Examples
    --------
    >>> infectivity([2, 1, 4], [0.0, 0.5, 0.5]).tolist()
    [nan, 1.0, 1.5]
    """
    table = np.atleast_2d(np.asarray(incidence, dtype=np.float64))
    weights = np.asarray(interval, dtype=np.float64)
    result = np.zeros(table.shape)
    for lag in range(1, min(len(weights), table.shape[1])):
        if weights[lag]:
            result[:, lag:] += weights[lag] * table[:, :-lag]
    result[:, 0] = np.nan
    return result.reshape(np.shape(incidence))


def sliding_windows(steps: int, width: int) -> tuple[Ints, Ints]:
    """Return the windows of that width, from the second step on, counted from 1.

    Raises
    ------
    ValueError
        No window fits.

    Examples
    --------
    >>> [w.tolist() for w in sliding_windows(5, 3)]
    [[2, 3], [4, 5]]
    """
    if width < 1 or steps < width + 1:
        raise ValueError(f"a window of {width} needs a series of at least {max(width, 1) + 1}")
    start = np.arange(2, steps - width + 2, dtype=np.int64)
    return start, start + width - 1


def estimate(
    incidence: ArrayLike,
    interval: ArrayLike,
    *,
    window: int = 7,
    windows: tuple[ArrayLike, ArrayLike] | None = None,
    imported: ArrayLike | None = None,
    prior_shape: float = 1.0,
    prior_scale: float = 5.0,
    levels: tuple[float, ...] = QUANTILES,
) -> Reproduction:
    r"""Estimate the instantaneous reproduction number.

    With :math:`\Lambda` from `infectivity`, the posterior over a window :math:`W` is gamma with

    .. math:: a = a_0 + \sum_{t \in W} I^{local}_t, \qquad
              b = \Bigl(1/b_0 + \sum_{t \in W} \Lambda_t\Bigr)^{-1}.

    The first step counts as imported whole: nothing known came before it. A window that does not
    end after the mean interval has no estimate (NaN), as in EpiEstim.

    Parameters
    ----------
    incidence : (steps,) or (series, steps)
        Counts of at least 0.
    interval : (lags,)
        Probabilities from lag 0, which has 0; used as given, not scaled to one.
    window
        Width of the sliding windows, which start at step 2.
    windows
        First and last steps, counted from 1, instead of sliding windows; none starts before 2.
    imported : same shape as incidence, optional
        How many of each count came from elsewhere; they bring forth others, but count as brought
        forth by none.
    prior_shape, prior_scale
        Gamma prior; 1 and 5 give mean 5 and standard deviation 5.
    levels
        Quantiles wanted, in (0, 1).

    Returns
    -------
    Reproduction

    Raises
    ------
    ValueError
        Counts, interval, prior, windows or levels are not as stated.

    References
    ----------
    A. Cori, N. M. Ferguson, C. Fraser, S. Cauchemez, American Journal of Epidemiology 178 (2013)
    1505-1512, eqs. 1-3. R. N. Thompson et al., Epidemics 29 (2019) 100356 (imported cases).

    Examples
    --------
    >>> found = estimate([1, 2, 4, 8, 16], [0.0, 1.0], window=2)
    >>> found.start.tolist(), found.mean.round(3).tolist()
    ([2, 3, 4], [[2.188, 2.097, 2.049]])
    """
    table, weights = _counts(incidence), checked_interval(interval)
    if not (prior_shape > 0 and prior_scale > 0 and np.isfinite([prior_shape, prior_scale]).all()):
        raise ValueError("shape and scale of the prior must be above 0")
    if not all(0 < level < 1 for level in levels):
        raise ValueError("quantiles are asked for between 0 and 1")
    first, last = _windows(table.shape[1], window, windows)
    local = table - _imported(table, imported)
    local[:, 0] = 0.0
    force = infectivity(table, weights)
    force[:, 0] = 0.0
    shape = prior_shape + _sums(local, first, last)
    scale = 1.0 / (1.0 / prior_scale + _sums(force, first, last))
    early = last <= float(weights @ np.arange(len(weights)))
    quantiles = _quantiles(shape, prior_shape, levels) * scale
    quantiles[:, :, early] = np.nan
    shape[:, early] = scale[:, early] = np.nan
    return Reproduction(
        first, last, shape, scale, shape * scale, np.sqrt(shape) * scale, quantiles, levels
    )


def _counts(incidence: ArrayLike) -> Floats:
    table = np.atleast_2d(np.asarray(incidence, dtype=np.float64))
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError("a series needs at least two steps")
    if not np.isfinite(table).all() or (table.size and table.min() < 0):
        raise ValueError("counts must be numbers of at least 0")
    return table


def _imported(table: Floats, imported: ArrayLike | None) -> Floats:
    if imported is None:
        return np.zeros(table.shape)
    came = np.atleast_2d(np.asarray(imported, dtype=np.float64))
    if came.shape != table.shape or not np.isfinite(came).all():
        raise ValueError("imported counts must have the shape of the counts")
    if (came < 0).any() or (came > table).any():
        raise ValueError("imported counts must lie between 0 and the counts")
    return came


def _windows(
    steps: int, width: int, windows: tuple[ArrayLike, ArrayLike] | None
) -> tuple[Ints, Ints]:
    if windows is None:
        return sliding_windows(steps, width)
    first, last = (np.asarray(side, dtype=np.int64) for side in windows)
    if first.ndim != 1 or first.shape != last.shape or not first.size:
        raise ValueError("windows need as many first steps as last ones, and at least one")
    if first.min() < 2 or last.max() > steps or (first > last).any():
        raise ValueError(f"windows lie between step 2 and step {steps}, first before last")
    return first, last


def _sums(table: Floats, first: Ints, last: Ints) -> Floats:
    """Sum each row over each window."""
    running = np.zeros((table.shape[0], table.shape[1] + 1))
    np.cumsum(table, axis=1, out=running[:, 1:])
    return np.asarray(running[:, last] - running[:, first - 1])


def _quantiles(shape: Floats, prior_shape: float, levels: tuple[float, ...]) -> Floats:
    """Quantiles of gamma distributions of scale one; equal shapes are computed once.

    Counts are whole and the prior is common, so thousands of series share few shapes.
    """
    from scipy.special import gammaincinv

    level = np.array(levels)[:, None]
    counts = shape - prior_shape
    whole = np.rint(counts)
    if counts.size and np.abs(counts - whole).max() < 1e-9 and whole.max() < _LARGEST_TABLE:
        row = whole.astype(np.int64)
        used = np.flatnonzero(np.bincount(row.ravel()))
        table = np.zeros((len(levels), int(row.max()) + 1))
        table[:, used] = gammaincinv(prior_shape + used[None, :], level)
        return np.asarray(table[:, row])
    distinct, back = np.unique(shape, return_inverse=True)
    values = gammaincinv(distinct[None, :], level)
    return np.asarray(values[:, back].reshape(len(levels), *shape.shape))
