"""Funnel plots: units beside a target with limits that widen where little was counted.

A league table ranks noise: among equal districts somebody is always last. A funnel asks of each
unit only whether it lies further from the target than chance lets expect at its size.

References
----------
Spiegelhalter 2005, Statistics in Medicine 24:1185-1202: exact limits with interpolation
(appendix A.1), winsorised z-scores and over-dispersion (section 4, appendix A.3), additive
random effects (A.3.2). DerSimonian and Laird 1986, Controlled Clinical Trials 7:177-188.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.indicators.checks import (
    IndicatorsInputError,
    as_counts,
    as_level,
    as_list,
    refuse,
)

Kind = Literal["share", "rate"]
LEVELS = (0.95, 0.998)
"""About two and three standard deviations, as the funnel is usually drawn."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a funnel at given sizes; shape (m,) each, in the unit of the share or rate."""

    size: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Funnel:
    """Units against a target.

    Parameters
    ----------
    target
        The share or rate that units are held against.
    value, z
        Of each unit: share or rate, and its distance from the target in standard deviations;
        shape (n,).
    phi
        Over-dispersion: mean square of the winsorised z; 1 where units differ as chance lets them.
    is_overdispersed
        Whether `phi` exceeds 1 by more than two standard deviations of chance.
    tau2
        Variance between units beyond chance; 0 where there is no over-dispersion.
    adjusted_z
        `z` with `tau2` added to the variance of each unit; equal to `z` without over-dispersion.
    """

    kind: Kind
    target: float
    value: NDArray[np.float64]
    z: NDArray[np.float64]
    phi: float
    is_overdispersed: bool
    tau2: float
    adjusted_z: NDArray[np.float64]

    def outside(self, level: float = 0.998) -> NDArray[np.bool_]:
        """Tell which units lie outside the limits of a level, over-dispersion allowed for."""
        far = NormalDist().inv_cdf(0.5 + as_level(level) / 2)
        return np.asarray(np.abs(self.adjusted_z) > far, np.bool_)


def exact_limits(target: float, size: ArrayLike, *, kind: Kind, level: float = 0.95) -> Limits:
    """Return exact binomial or Poisson limits, interpolated between whole counts.

    Parameters
    ----------
    target
        Share (0 to 1, both excluded) or rate (above 0).
    size
        Cases or exposure; shape (m,), above 0. Cases of shares are rounded to whole ones.
    level
        Chance of lying between the limits.

    Raises
    ------
    IndicatorsInputError
        A number lies outside its range.

    Notes
    -----
    With r the p-quantile of the count and a = (P(R ≤ r) − p) / P(R = r), the limit is (r − a)/n
    (Spiegelhalter 2005, appendix A.1.1): the linearly interpolated distribution has there
    exactly p.

    Examples
    --------
    Tables of the binomial with 20 trials at 0.5 have P(R ≤ 5) = 0.0207, P(R ≤ 6) = 0.0577.

    >>> low = float(exact_limits(0.5, [20], kind="share").low[0])
    >>> round(20 * low, 2), round(6 - (0.0577 - 0.025) / (0.0577 - 0.0207), 2)
    (5.12, 5.12)
    """
    where = as_list(size, "size")
    refuse(where <= 0, "size is not above 0 in row %d, from 0", "size")
    chance = _distribution(_as_target(target, kind), where, kind)
    tail = (1 - as_level(level)) / 2
    ends = [_interpolated(chance, p) / where for p in (tail, 1 - tail)]
    top = 1.0 if kind == "share" else np.inf
    return Limits(where, np.clip(ends[0], 0, top), np.clip(ends[1], 0, top))


def widened_limits(
    target: float, size: ArrayLike, *, kind: Kind, tau2: float, level: float = 0.95
) -> Limits:
    """Return limits with additive random effects: variance of chance plus `tau2`.

    Parameters
    ----------
    target, size, level
        As in `exact_limits`.
    tau2
        Variance between units, in the square of the unit; 0 or more.

    Examples
    --------
    >>> limits = widened_limits(0.5, [100], kind="share", tau2=0.0075)
    >>> limits.low.round(3).tolist(), limits.high.round(3).tolist()
    ([0.304], [0.696])
    """
    where = as_list(size, "size")
    refuse(where <= 0, "size is not above 0 in row %d, from 0", "size")
    if tau2 < 0:
        raise IndicatorsInputError("tau2 is negative", column="tau2")
    centre = _as_target(target, kind)
    half = NormalDist().inv_cdf(0.5 + as_level(level) / 2) * np.sqrt(
        _variance(centre, where, kind) + tau2
    )
    top = 1.0 if kind == "share" else np.inf
    return Limits(where, np.clip(centre - half, 0, top), np.clip(centre + half, 0, top))


def winsorised(z: ArrayLike, share: float = 0.1) -> NDArray[np.float64]:
    """Draw the extreme z-scores in to the quantiles, so that a few outliers hide no others.

    Parameters
    ----------
    z
        Scores; shape (n,).
    share
        Share of each end that is drawn in; 0 to below 0.5.

    Examples
    --------
    >>> winsorised([-9, -1, 0, 1, 9], 0.25).tolist()
    [-1.0, -1.0, 0.0, 1.0, 1.0]
    """
    scores = as_list(z, "z")
    if not 0 <= share < 0.5:
        raise IndicatorsInputError("share must lie from 0 to below 0.5", column="share")
    low, high = np.quantile(scores, [share, 1 - share])
    return np.asarray(np.clip(scores, low, high), dtype=np.float64)


def funnel(
    counts: ArrayLike, out_of: ArrayLike, *, kind: Kind, target: float | None = None,
    winsorise: float = 0.1,
) -> Funnel:  # fmt: skip
    """Hold units against a target, over-dispersion found and allowed for.

    Parameters
    ----------
    counts, out_of
        What was counted, and of how many cases or how much exposure; shape (n,).
    kind
        ``share``: binomial; ``rate``: Poisson.
    target
        What units are held against; the overall share or rate where none is given.
    winsorise
        See `winsorised`.

    Raises
    ------
    IndicatorsInputError
        Numbers are not counts, or the target leaves no variance.

    Notes
    -----
    phi = Σ z_w² / n; over-dispersion is taken as there where phi ≥ 1 + 2 √(2/n). Then tau² is the
    moment estimate (n·phi − (n − 1)) / (Σw − Σw²/Σw), w the inverse variances, not below 0.

    Examples
    --------
    >>> found = funnel([5, 10, 15, 10], [50, 100, 150, 100], kind="share")
    >>> found.target, found.z.round(3).tolist(), found.is_overdispersed
    (0.1, [0.0, 0.0, 0.0, 0.0], False)
    """
    part, whole = as_counts(counts, out_of, are_shares=kind == "share")
    centre = part.sum() / whole.sum() if target is None else target
    centre = _as_target(float(centre), kind)
    variance = _variance(centre, whole, kind)
    value = part / whole
    z = (value - centre) / np.sqrt(variance)
    number = len(z)
    phi = float(np.mean(winsorised(z, winsorise) ** 2))
    is_over = number > 1 and phi >= 1 + 2 * sqrt(2 / number)
    weight = 1 / variance
    tau2 = 0.0
    if is_over:
        spread = weight.sum() - (weight**2).sum() / weight.sum()
        tau2 = max(0.0, (number * phi - (number - 1)) / float(spread))
    adjusted = (value - centre) / np.sqrt(variance + tau2)
    return Funnel(kind, centre, value, z, phi, is_over, tau2, adjusted)


def _as_target(target: float, kind: Kind) -> float:
    if not (0 < target < 1 if kind == "share" else 0 < target < np.inf):
        raise IndicatorsInputError(
            "target must lie between 0 and 1" if kind == "share" else "target must be above 0",
            column="target",
        )
    return float(target)


def _variance(target: float, size: NDArray[np.float64], kind: Kind) -> NDArray[np.float64]:
    return np.asarray((target * (1 - target) if kind == "share" else target) / size)


def _distribution(target: float, size: NDArray[np.float64], kind: Kind) -> Any:
    from scipy.stats import binom, poisson

    return binom(np.round(size), target) if kind == "share" else poisson(target * size)


def _interpolated(chance: Any, p: float) -> NDArray[np.float64]:
    at = chance.ppf(p)
    mass = chance.pmf(at)
    return np.asarray(at - (chance.cdf(at) - p) / mass, dtype=np.float64)
