"""Did more happen, or was more reported? Reports of everything else as the yardstick.

A scan finds more reports of one kind in an area and period. If reports of every other kind rose
there as well, and not elsewhere, people may simply report more. The functions here put a number
with an interval on that rise; they never overrule the scan. Counts only; no persons.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.checks import ScanInputError, as_floats

__all__ = ["LEAST_REPORTS", "ReportingRise", "left_over", "new_share", "reporting_rise"]

Verdict = Literal["rose", "fell", "no_sign", "not_enough"]

LEAST_REPORTS = 10
"""Other reports from the area, in and outside the period, below which nothing is concluded."""


@dataclass(frozen=True, slots=True)
class ReportingRise:
    """How reports of everything else changed in an area and period.

    Attributes
    ----------
    ratio, low, high : float
        Odds that a report comes from the area in the period, over the same odds on the other
        days; with its interval. NaN where there is nothing to compare.
    reports : int
        Other reports in the area and period.
    expected : float
        How many there would be with the area's share of the other days.
    dispersion : float
        Variance of the daily counts over that of independent reports; at least 1.
    verdict : {"rose", "fell", "no_sign", "not_enough"}
        ``rose`` if the whole interval lies above 1, ``fell`` if below, ``no_sign`` if it holds 1.
    """

    ratio: float
    low: float
    high: float
    reports: int
    expected: float
    dispersion: float
    verdict: Verdict


def reporting_rise(
    inside: ArrayLike, outside: ArrayLike, *, start: int, end: int, level: float = 0.95
) -> ReportingRise:
    """Compare an area's share of all other reports in a period with its share on other days.

    The reports of a day are taken as given, so a day on which the whole province reports more
    changes nothing. Reports come in bursts; the variance is therefore multiplied by the
    dispersion of the daily shares, if that is above 1.

    Parameters
    ----------
    inside : (days,) array of int
        Reports of everything but what was scanned, from the area, by day.
    outside : (days,) array of int
        The same from everywhere else.
    start, end : int
        First and last day of the period, both inside, from 0.
    level : float
        Coverage of the interval.

    Returns
    -------
    ReportingRise
        Ratio, interval, counts and verdict.

    Raises
    ------
    ScanInputError
        If the two are no lists of one length, a count is negative or no whole number, or the
        period does not lie within the days.

    Notes
    -----
    With a and c the reports inside and outside in the period, b and d those of the other days,
    the ratio is a·d / (b·c), and its logarithm has the variance φ (1/a + 1/b + 1/c + 1/d)
    (Woolf); where one of the four is 0, one half is added to each (Haldane, Anscombe). φ is
    Pearson's statistic of the daily shares around their two means, over its degrees of freedom.

    References
    ----------
    Woolf, B. (1955). On estimating the relation between blood group and disease. Annals of Human
    Genetics 19, 251-253. Haldane, J. B. S. (1956). The estimation and significance of the
    logarithm of a ratio of frequencies. Annals of Human Genetics 20, 309-311. McCullagh, P.,
    Nelder, J. A. (1989). Generalized Linear Models, 2nd ed., section 4.5.

    Examples
    --------
    >>> rise = reporting_rise([5, 5, 5, 5, 10], [20, 20, 20, 20, 20], start=4, end=4)
    >>> rise.ratio, rise.reports, rise.expected, rise.verdict
    (2.0, 10, 5.0, 'no_sign')
    """
    within, elsewhere = _counts(inside, "inside"), _counts(outside, "outside")
    if within.shape != elsewhere.shape:
        raise ScanInputError(f"{within.size} days inside, but {elsewhere.size} days outside")
    if not 0 <= start <= end < within.size:
        raise ScanInputError(f"days {start} to {end} do not lie within {within.size} days")
    period = np.zeros(within.size, dtype=bool)
    period[start : end + 1] = True
    a, b = float(within[period].sum()), float(within[~period].sum())
    c, d = float(elsewhere[period].sum()), float(elsewhere[~period].sum())
    expected = b * c / d if d else math.nan
    if c + d == 0 or a + c == 0 or b + d == 0:
        return ReportingRise(
            math.nan, math.nan, math.nan, int(a), expected, 1.0, "not_enough"
        )  # fmt: skip
    dispersion = _dispersion(within, elsewhere, period)
    ratio, low, high = _odds_ratio(a, b, c, d, dispersion, level)
    if a + b < LEAST_REPORTS:
        verdict: Verdict = "not_enough"
    else:
        verdict = "rose" if low > 1 else "fell" if high < 1 else "no_sign"
    return ReportingRise(ratio, low, high, int(a), expected, dispersion, verdict)


def _odds_ratio(
    a: float, b: float, c: float, d: float, dispersion: float, level: float
) -> tuple[float, float, float]:
    if min(a, b, c, d) == 0:
        a, b, c, d = a + 0.5, b + 0.5, c + 0.5, d + 0.5
    ratio = a * d / (b * c)
    half = _quantile(level) * math.sqrt(dispersion * (1 / a + 1 / b + 1 / c + 1 / d))
    return ratio, ratio * math.exp(-half), ratio * math.exp(half)


def _dispersion(
    within: NDArray[np.float64], elsewhere: NDArray[np.float64], period: NDArray[np.bool_]
) -> float:
    """Return Pearson's statistic of the daily shares over its degrees of freedom, at least 1."""
    statistic, freedom = 0.0, 0
    for days in (period, ~period):
        total = within[days] + elsewhere[days]
        used = total > 0
        share = within[days].sum() / total.sum() if total.sum() else 0.0
        freedom += max(int(used.sum()) - 1, 0)
        if 0 < share < 1:
            off = within[days][used] - total[used] * share
            statistic += float((off**2 / (total[used] * share * (1 - share))).sum())
    return max(statistic / freedom, 1.0) if freedom else 1.0


def left_over(
    risk: tuple[float, float, float], rise: ReportingRise, *, level: float = 0.95
) -> tuple[float, float, float]:
    """Return what is left of a relative risk when the rise of reporting is divided out.

    Both are taken as independent and their logarithms as normal, so variances add up.

    Parameters
    ----------
    risk : (float, float, float)
        Relative risk of the finding and its interval; all above 0 and finite.
    rise : ReportingRise
        From :func:`reporting_rise`, with a ratio.
    level : float
        Coverage of both intervals and of the result.

    Returns
    -------
    (float, float, float)
        Ratio, lower and upper limit.

    Raises
    ------
    ScanInputError
        If a risk is not above 0 and finite, or the rise has no ratio.

    References
    ----------
    Altman, D. G., Bland, J. M. (2003). Interaction revisited: the difference between two
    estimates. BMJ 326, 219.

    Examples
    --------
    >>> rise = ReportingRise(2.0, 1.0, 4.0, 20, 10.0, 1.0, "no_sign")
    >>> [round(value, 2) for value in left_over((6.0, 3.0, 12.0), rise)]
    [3.0, 1.13, 8.0]
    """
    if not all(math.isfinite(value) and value > 0 for value in (*risk, rise.ratio, rise.low)):
        raise ScanInputError("a relative risk or a rise is not above 0 and finite")
    wide = _quantile(level)
    errors = [
        math.log(high / low) / (2 * wide)
        for low, high in ((risk[1], risk[2]), (rise.low, rise.high))
    ]
    ratio = risk[0] / rise.ratio
    half = wide * math.hypot(*errors)
    return ratio, ratio * math.exp(-half), ratio * math.exp(half)


def new_share(new: int, active: int, *, level: float = 0.95) -> tuple[float, float, float]:
    """Return the share of sources that were not heard before, with Wilson's interval.

    Parameters
    ----------
    new, active : int
        Sources that spoke in the period and not before, and all that spoke in the period.
    level : float
        Coverage.

    Returns
    -------
    (float, float, float)
        Share, lower and upper limit.

    Raises
    ------
    ScanInputError
        If there are no active sources, or more new ones than active ones.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference.
    Journal of the American Statistical Association 22(158), 209-212.

    Examples
    --------
    >>> [round(value, 3) for value in new_share(2, 10)]
    [0.2, 0.057, 0.51]
    """
    if active < 1 or not 0 <= new <= active:
        raise ScanInputError(f"{new} of {active} sources is no share")
    square = _quantile(level) ** 2
    share = new / active
    centre = (share + square / (2 * active)) / (1 + square / active)
    half = math.sqrt(square * (share * (1 - share) / active + square / (4 * active**2)))
    half /= 1 + square / active
    return share, max(centre - half, 0.0), min(centre + half, 1.0)


def _quantile(level: float) -> float:
    """Return how many standard deviations hold the level."""
    if not 0 < level < 1:
        raise ScanInputError(f"a level lies between 0 and 1, not {level}")
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def _counts(values: ArrayLike, name: str) -> NDArray[np.float64]:
    counts = as_floats(values, name)
    if counts.ndim != 1 or counts.size == 0:
        raise ScanInputError(f"reports {name} must be a list of days, not {counts.shape}")
    if not np.isfinite(counts).all() or (counts < 0).any() or (counts != np.floor(counts)).any():
        raise ScanInputError(f"reports {name} must be whole numbers, none negative")
    return counts
