"""Compare two waves of a poll, and two measures over areas, with their doubt."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of two independent estimates.

    Parameters
    ----------
    difference, low, high
        Later less earlier, with its interval.
    se, t, df, p
        Standard error; test of no change, two-sided, by Student's t.
    """

    difference: float
    se: float
    low: float
    high: float
    t: float
    df: float
    p: float


def change(
    before: float, se_before: float, df_before: float, now: float, se_now: float, df_now: float,
    *, level: float = 0.95,
) -> Change:  # fmt: skip
    """Test whether two estimates from independent samples differ.

    The degrees of freedom are those of Welch and Satterthwaite.

    Raises
    ------
    ValueError
        A standard error is negative, both are nought, or degrees of freedom are not above nought.

    References
    ----------
    Welch B L (1947), The generalization of 'Student's' problem when several different population
    variances are involved, Biometrika 34.

    Examples
    --------
    >>> found = change(0.50, 0.03, 20, 0.62, 0.04, 30)
    >>> round(found.difference, 4), round(found.se, 4), round(found.t, 3), round(found.df, 1)
    (0.12, 0.05, 2.4, 49.7)
    """
    from scipy.special import stdtr, stdtrit

    if min(se_before, se_now) < 0 or not (se_before or se_now) or min(df_before, df_now) <= 0:
        raise ValueError("standard errors and degrees of freedom must be above nought")
    first, second = se_before**2, se_now**2
    se = math.sqrt(first + second)
    df = (first + second) ** 2 / (first**2 / df_before + second**2 / df_now)
    difference = now - before
    t = difference / se
    reach = float(stdtrit(df, (1 + level) / 2)) * se
    return Change(
        difference, se, difference - reach, difference + reach, t, df,
        2 * float(stdtr(df, -abs(t))),
    )  # fmt: skip


def false_discoveries(p: ArrayLike) -> NDArray[np.float64]:
    """Return p-values adjusted for the number of tests by Benjamini and Hochberg, shape (n,).

    References
    ----------
    Benjamini Y, Hochberg Y (1995), Controlling the false discovery rate, JRSS B 57.

    Examples
    --------
    >>> false_discoveries([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    array = np.asarray(p, dtype=float)
    order = np.argsort(-array, kind="stable")
    ranks = np.arange(len(array), 0, -1)
    adjusted = np.minimum.accumulate(array[order] * len(array) / np.maximum(ranks, 1))
    found = np.empty(len(array))
    found[order] = np.minimum(adjusted, 1.0)
    return found


@dataclass(frozen=True, slots=True)
class Association:
    """Rank correlation of two measures over areas, with its interval.

    Parameters
    ----------
    rho, low, high
        Spearman's coefficient and a 95 % interval.
    areas
        How many areas it rests on.
    """

    rho: float
    low: float
    high: float
    areas: int


LEAST_AREAS = 5
"""With fewer areas an interval would say nothing."""


def association(first: ArrayLike, second: ArrayLike) -> Association | None:
    """Return Spearman's rank correlation with Bonett and Wright's interval.

    It says whether two measures go together over areas. It says nothing of causes, and with a
    dozen areas its interval is wide.

    Parameters
    ----------
    first, second
        One value an area, shape (n,); ties take mean ranks.

    Returns
    -------
    Association or None
        Nothing for fewer than five areas, or where a measure is the same everywhere.

    References
    ----------
    Bonett D G, Wright T A (2000), Sample size requirements for estimating Pearson, Kendall and
    Spearman correlations, Psychometrika 65.

    Examples
    --------
    >>> found = association([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5])
    >>> round(found.rho, 4), found.areas, found.low < 0.5 < found.high
    (0.8286, 6, True)
    """
    from scipy.stats import rankdata

    a, b = np.asarray(first, float), np.asarray(second, float)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError("both measures need one value an area")
    if len(a) < LEAST_AREAS or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    rho = float(np.corrcoef(rankdata(a), rankdata(b))[0, 1])
    inside = max(-1 + 1e-12, min(1 - 1e-12, rho))
    reach = 1.959963984540054 * math.sqrt((1 + inside**2 / 2) / (len(a) - 3))
    centre = math.atanh(inside)
    return Association(rho, math.tanh(centre - reach), math.tanh(centre + reach), len(a))
