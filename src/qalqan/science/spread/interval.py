"""The time from one copy to the copies it brings forth, cut into whole steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

_TOLERANCE = 0.01
"""How far probabilities may be from a sum of one: published tables are rounded."""


def discretise(
    lags: int, mean: float, sd: float, *, shape: str = "gamma", shift: float = 1.0
) -> Floats:
    r"""Cut a continuous generation interval into whole steps.

    The first copy falls anywhere within its step and the delay :math:`D` starts there, so that
    lag :math:`k` has probability

    .. math:: w_k = G(k - s + 1) - 2 G(k - s) + G(k - s - 1), \qquad
              G(y) = \int_0^y P(D \le x)\,dx,

    with shift :math:`s`. Values below zero by rounding become zero; the tail beyond the last lag
    is left out, not spread over the others.

    Parameters
    ----------
    lags
        Number of probabilities, from lag 0; at least 1.
    mean, sd
        Mean and standard deviation of the whole interval, in steps; ``mean > shift``, ``sd > 0``.
    shape
        ``"gamma"`` or ``"lognormal"``: distribution of the interval less its shift.
    shift
        Shortest interval, in steps; 1 means that no copy brings forth another in its own step.

    Returns
    -------
    (lags,)
        Probabilities from lag 0.

    Raises
    ------
    ValueError
        A parameter is out of its range.

    References
    ----------
    A. Cori et al., American Journal of Epidemiology 178 (2013) 1505-1512, web appendix 11.

    Examples
    --------
    >>> discretise(5, 2.6, 1.5).round(6).tolist()
    [0.0, 0.233172, 0.358579, 0.198111, 0.103343]
    """
    if lags < 1:
        raise ValueError("at least one lag is needed")
    if not np.isfinite([mean, sd, shift]).all() or shift < 0 or mean <= shift or sd <= 0:
        raise ValueError("the mean must exceed the shift, and the standard deviation zero")
    whole = np.arange(lags, dtype=np.float64) - shift
    area = _area_gamma if shape == "gamma" else _area_lognormal if shape == "lognormal" else None
    if area is None:
        raise ValueError(f"unknown distribution: {shape}")
    left = mean - shift
    second = area(whole + 1, left, sd) - 2 * area(whole, left, sd) + area(whole - 1, left, sd)
    result: Floats = np.maximum(second, 0.0)
    return result


def checked_interval(probabilities: ArrayLike) -> Floats:
    """Return the probabilities of an interval, or say what is wrong with them.

    Parameters
    ----------
    probabilities : (lags,)
        From lag 0, which must be 0: a copy brings forth none in its own step.

    Returns
    -------
    (lags,)
        As given: not scaled, even when rounding leaves a sum of 0.999.

    Raises
    ------
    ValueError
        Empty, not finite, negative, not zero at lag 0, or more than 0.01 away from a sum of one.

    Examples
    --------
    >>> checked_interval([0.0, 0.7, 0.3]).tolist()
    [0.0, 0.7, 0.3]
    """
    values = np.asarray(probabilities, dtype=np.float64)
    if values.ndim != 1 or values.size < 2:
        raise ValueError("the interval needs at least two probabilities, from lag 0")
    if not np.isfinite(values).all() or values.min() < 0:
        raise ValueError("the probabilities of the interval must be numbers of at least 0")
    if values[0] != 0:
        raise ValueError("the probability of lag 0 must be 0")
    if abs(values.sum() - 1.0) > _TOLERANCE:
        raise ValueError(f"the probabilities of the interval sum to {values.sum():.4g}, not to 1")
    return values


def _area_gamma(y: Floats, mean: float, sd: float) -> Floats:
    from scipy.special import gammainc

    shape, scale = (mean / sd) ** 2, sd**2 / mean
    at = np.maximum(y, 0.0)
    result: Floats = at * gammainc(shape, at / scale) - mean * gammainc(shape + 1, at / scale)
    return result


def _area_lognormal(y: Floats, mean: float, sd: float) -> Floats:
    from scipy.special import ndtr

    spread = np.sqrt(np.log1p((sd / mean) ** 2))
    middle = np.log(mean) - spread**2 / 2
    result = np.zeros(y.shape)
    some = y > 0
    z = (np.log(y[some]) - middle) / spread
    result[some] = y[some] * ndtr(z) - mean * ndtr(z - spread)
    return result
