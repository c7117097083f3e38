"""Small numbers drawn towards what all units together make likely: empirical Bayes.

References
----------
Tarone 1982, Biometrics 38:215-220; Gelman et al. 2013, Bayesian Data Analysis, 3rd ed., sections
5.1-5.3 (beta-binomial, rat tumours). Clayton and Kaldor 1987, Biometrics 43:671-681
(gamma-Poisson). Morris 1983, J. Am. Stat. Assoc. 78:47-65 (what is left out when the prior is
taken as known).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import exp, inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.indicators.checks import as_counts, as_level

_MOST = 12.0
"""Logarithm of the prior's size from which on units are taken to be equal."""
_ONE_CASE = 0.0
"""Logarithm of the least size of a beta prior. Where each unit is all or nothing the likeliest one
has none, and five cases of five would pass for certainty; so it weighs one case, as Jeffreys'."""


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Units drawn towards their mean.

    Parameters
    ----------
    value, low, high
        Posterior mean and interval of each unit; shape (n,).
    mean
        Of the prior.
    size
        What the prior weighs, in cases or in exposure; infinite where units differ no more than
        chance, and then every value is the mean of all, with its interval.
    """

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    mean: float
    size: float


def beta_binomial(counts: ArrayLike, out_of: ArrayLike, *, level: float = 0.95) -> Shrunk:
    """Draw shares towards their mean under a beta prior fitted to all units.

    Parameters
    ----------
    counts, out_of
        Cases that count and all cases of each unit; shape (n,).
    level
        Chance that an interval holds its unit's share; the prior is taken as known, so that
        intervals are somewhat too narrow where there are few units (Morris 1983).

    Raises
    ------
    IndicatorsInputError
        Numbers are not counts, or a part exceeds its whole.

    Examples
    --------
    >>> found = beta_binomial([0, 1, 9, 5, 2], [5, 10, 12, 20, 20])
    >>> bool(0 < found.value[0] < found.mean), bool(found.value[2] < 9 / 12)
    (True, True)
    """
    from scipy.special import betaincinv, betaln

    part, whole = as_counts(counts, out_of, are_shares=True)
    overall = float(part.sum() / whole.sum())
    met, missed = part.sum() + 0.5, (whole - part).sum() + 0.5
    ends = tuple(float(betaincinv(met, missed, tail)) for tail in _ends(level))
    if not 0 < overall < 1 or len(part) < 2:
        return _equal(overall, len(part), ends)

    def surprise(mean: float, size: float) -> float:
        a, b = mean * size, (1 - mean) * size
        return -float((betaln(a + part, b + whole - part) - betaln(a, b)).sum())

    def to_mean(x: float) -> float:
        return 1 / (1 + exp(-x))

    mean, size = _fit(surprise, to_mean, float(np.log(overall / (1 - overall))), 2.0, _ONE_CASE)
    if size == inf:
        return _equal(overall, len(part), ends)
    a, b = mean * size + part, (1 - mean) * size + whole - part
    low, high = _ends(level)
    return Shrunk(a / (a + b), betaincinv(a, b, low), betaincinv(a, b, high), mean, size)


def gamma_poisson(counts: ArrayLike, exposure: ArrayLike, *, level: float = 0.95) -> Shrunk:
    """Draw rates towards their mean under a gamma prior fitted to all units.

    Parameters
    ----------
    counts, exposure
        Events and what they are measured against, of each unit; shape (n,).
    level
        See `beta_binomial`.

    Raises
    ------
    IndicatorsInputError
        Numbers are not counts.

    Examples
    --------
    >>> found = gamma_poisson([0, 30, 8], [100, 1000, 1000])
    >>> bool(found.value[0] > 0), bool(0.008 < found.value[2] < found.value[1] < 0.030)
    (True, True)
    """
    from scipy.special import gammaincinv, gammaln

    part, whole = as_counts(counts, exposure, are_shares=False)
    overall = float(part.sum() / whole.sum())
    ends = tuple(float(gammaincinv(part.sum() + 0.5, tail) / whole.sum()) for tail in _ends(level))
    if overall == 0 or len(part) < 2:
        return _equal(overall, len(part), ends)

    def surprise(mean: float, size: float) -> float:
        shape = mean * size
        return -float(
            (gammaln(shape + part) - gammaln(shape) + shape * np.log(size)
             - (shape + part) * np.log(size + whole)).sum()
        )  # fmt: skip

    start = float(np.log(whole.mean()))
    mean, size = _fit(surprise, exp, float(np.log(overall)), start, start - _MOST)
    if size == inf:
        return _equal(overall, len(part), ends)
    shape, rate = mean * size + part, size + whole
    low, high = _ends(level)
    return Shrunk(
        shape / rate, gammaincinv(shape, low) / rate, gammaincinv(shape, high) / rate, mean, size
    )


def _fit(
    surprise: Callable[[float, float], float], to_mean: Callable[[float], float], mean: float,
    size: float, least: float,
) -> tuple[float, float]:  # fmt: skip
    """Return mean and size of the likeliest prior; the size is infinite where units are equal."""
    from scipy.optimize import minimize

    found = minimize(
        lambda x: surprise(to_mean(x[0]), exp(min(max(x[1], least), size + _MOST))), [mean, size],
        method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-9, "maxiter": 800},
    )  # fmt: skip
    at = max(float(found.x[1]), least)
    if at >= size + _MOST - 1:
        return to_mean(mean), inf
    return to_mean(float(found.x[0])), exp(at)


def _ends(level: float) -> tuple[float, float]:
    tail = (1 - as_level(level)) / 2
    return tail, 1 - tail


def _equal(overall: float, number: int, ends: tuple[float, ...]) -> Shrunk:
    """Give every unit the mean of all, with the interval of all together (Jeffreys)."""
    low, high = ends
    return Shrunk(
        np.full(number, overall), np.full(number, min(low, overall)),
        np.full(number, max(high, overall)), overall, inf,
    )  # fmt: skip
