"""Intervals: symmetric ones, and those for shares that stay between 0 and 1.

Korn EL, Graubard BI (1998), Confidence intervals for proportions with small expected number of
positive counts estimated from survey data, Survey Methodology 24. Rao JNK, Scott AJ (1984), Annals
of Statistics 12, for the scaled likelihood. Wilson EB (1927), JASA 22, with the effective size.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.polls.checks import PollInputError
from qalqan.science.polls.estimate import Estimates

Kind = Literal["mean", "logit", "likelihood", "wilson", "beta", "asin", "xlogit"]
KINDS: tuple[Kind, ...] = ("mean", "logit", "likelihood", "wilson", "beta", "asin", "xlogit")
_Ends = tuple[NDArray[np.float64], NDArray[np.float64]]


def quantile(level: float, df: float | ArrayLike | None = None) -> NDArray[np.float64]:
    """Return the two-sided quantile of Student's t, or of the normal distribution without df.

    >>> float(quantile(0.95).round(4)), float(quantile(0.95, 10).round(4))
    (1.96, 2.2281)
    """
    from scipy.special import ndtri, stdtrit

    if not 0 < level < 1:
        raise PollInputError("the level lies between 0 and 1", column="level")
    tail = (1 + level) / 2
    if df is None:
        return np.asarray(ndtri(tail))
    held = np.asarray(df, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        student = stdtrit(np.where(held > 0, held, np.nan), tail)
    return np.asarray(np.where(np.isinf(held), ndtri(tail), student))


def share_interval(
    found: Estimates,
    kind: Kind = "logit",
    *,
    level: float = 0.95,
    df: float | ArrayLike | None = None,
    rows: int | ArrayLike | None = None,
) -> _Ends:
    """Return the ends of intervals of shares.

    Parameters
    ----------
    found : Estimates
        Of `proportion`.
    kind : str
        ``logit``: symmetric in log odds. ``likelihood``: where the binomial deviance, scaled by
        the design, passes the quantile. ``wilson``: Wilson's score interval with the effective
        size. ``beta``: Clopper-Pearson's with the effective size (Korn and Graubard). ``asin``:
        symmetric in the arc sine of the root. ``mean``: symmetric. ``xlogit``: as ``logit``.
    level : float
        Between 0 and 1.
    df : float or array_like, optional
        Degrees of freedom; those of the estimates by default, infinite for the normal.
    rows : int or array_like, optional
        Rows of the design, for the effective sizes; those of the estimates by default.

    Returns
    -------
    low, high : ndarray, shape (domains,)
        A share of exactly 0 or 1 without spread has only a ``wilson`` or ``beta`` interval of
        its rows; other kinds give nan.

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> from qalqan.science.polls.estimate import proportion
    >>> found = proportion(design([1.0] * 10), [1] * 3 + [0] * 7)
    >>> [float(end[0].round(3)) for end in share_interval(found)]
    [0.076, 0.69]
    """
    held = np.asarray(found.df if df is None else df, dtype=np.float64)
    count = np.asarray(found.n if rows is None else rows, dtype=np.float64)
    if kind == "beta":
        return _beta(found, level, held, count)
    if kind == "wilson":
        return _wilson(found, level, held, count)
    with np.errstate(divide="ignore", invalid="ignore"):
        if kind == "likelihood":
            return _likelihood(found, level, held)
        return _symmetric(found, kind, quantile(level, held))


def _symmetric(found: Estimates, kind: str, reach: NDArray[np.float64]) -> _Ends:
    p, se = found.value, found.se
    if kind == "mean":
        return p - reach * se, p + reach * se
    if kind == "asin":
        centre = np.arcsin(np.sqrt(p))
        step = reach * se / (2 * np.sqrt(p * (1 - p)))
        return np.sin(centre - step) ** 2, np.sin(centre + step) ** 2
    if kind not in ("logit", "xlogit"):
        raise PollInputError(f"an interval is one of {', '.join(KINDS)}", column="interval")
    centre = np.log(p / (1 - p))
    step = reach * se / (p * (1 - p))
    low, high = (1 / (1 + np.exp(-(centre + sign * step))) for sign in (-1, 1))
    return np.asarray(low), np.asarray(high)


def _effective(
    found: Estimates, level: float, df: NDArray[np.float64], rows: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return Korn and Graubard's effective size, with their correction for few clusters."""
    with np.errstate(divide="ignore", invalid="ignore"):
        plain = found.value * (1 - found.value) / found.se**2
        sized = plain * (quantile(level, rows - 1) / quantile(level, df)) ** 2
    return np.asarray(np.where(found.se > 0, sized, rows))


def _beta(
    found: Estimates, level: float, df: NDArray[np.float64], rows: NDArray[np.float64]
) -> _Ends:
    from scipy.special import betaincinv

    size, p, tail = _effective(found, level, df, rows), found.value, (1 - level) / 2
    with np.errstate(invalid="ignore"):
        low = betaincinv(size * p, size * (1 - p) + 1, tail)
        high = betaincinv(size * p + 1, size * (1 - p), 1 - tail)
    return np.where(p <= 0, 0.0, low), np.where(p >= 1, 1.0, high)


def _wilson(
    found: Estimates, level: float, df: NDArray[np.float64], rows: NDArray[np.float64]
) -> _Ends:
    size, p = _effective(found, level, df, rows), found.value
    z = quantile(level, rows - 1)
    centre = (p + z**2 / (2 * size)) / (1 + z**2 / size)
    reach = z / (1 + z**2 / size) * np.sqrt(p * (1 - p) / size + z**2 / (4 * size**2))
    return centre - reach, centre + reach


def _likelihood(found: Estimates, level: float, df: NDArray[np.float64]) -> _Ends:
    from scipy.optimize import brentq

    limits = np.broadcast_to(quantile(level, df) ** 2, found.value.shape)
    low, high = np.full(found.value.shape, np.nan), np.full(found.value.shape, np.nan)
    for place, (p, se) in enumerate(zip(found.value, found.se, strict=True)):
        if not 0 < p < 1 or not se > 0 or not np.isfinite(limits[place]):
            continue
        # Twice the mean log likelihood lost; n / (n - 1) as in R's quasi-binomial dispersion.
        scale = limits[place] * se**2 / (p * (1 - p)) * found.n[place] / (found.n[place] - 1)

        def short(q: float, p: float = p, scale: float = scale) -> float:
            lost = p * np.log(p / q) + (1 - p) * np.log((1 - p) / (1 - q))
            return float(2 * lost - scale)

        least = 1e-300
        low[place] = brentq(short, least, p, xtol=1e-15) if short(least) > 0 else 0.0
        most = 1 - 1e-16
        high[place] = brentq(short, p, most, xtol=1e-15) if short(most) > 0 else 1.0
    return low, high
