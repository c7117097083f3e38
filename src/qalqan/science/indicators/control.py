"""Control charts: does a series only vary as it always does, or did something happen?

References
----------
Shewhart 1931. Montgomery 2013, Introduction to Statistical Quality Control, 7th ed., sections
6.4 (individuals and moving range), 7.2 (p), 7.3 (u). Laney 2002, Quality Engineering 14:531-537
(p' and u'). Wheeler 2000, Understanding Variation (XmR).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.indicators.checks import IndicatorsInputError, as_counts, as_list

Baseline = int | Sequence[bool] | NDArray[np.bool_] | None
D2 = 1.128
"""Mean range of two normal values over their standard deviation (2/√π, as tables round it)."""
LEAST = 8
"""From fewer points no limits should be drawn: their width is a guess."""


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A series with its centre and its limits at three standard deviations.

    Parameters
    ----------
    kind
        ``xmr``, ``p``, ``u``, ``p_laney`` or ``u_laney``.
    value, low, high, sigma
        Of each period; shape (n,). Limits of shares lie within 0 and 1, of rates above 0.
    centre
        The mean the limits lie around.
    sigma_z
        For Laney's charts how much wider than chance the periods vary; 1 for p and u.
    """

    kind: str
    value: NDArray[np.float64]
    centre: float
    sigma: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    sigma_z: float = 1.0

    @property
    def z(self) -> NDArray[np.float64]:
        """Distance of each point from the centre in standard deviations; 0 without spread."""
        with np.errstate(divide="ignore", invalid="ignore"):
            found = (self.value - self.centre) / self.sigma
        return np.asarray(np.nan_to_num(found, nan=0.0, posinf=99.0, neginf=-99.0))


def moving_range(values: ArrayLike) -> float:
    """Return the mean distance of neighbours.

    >>> moving_range([1, 3, 2])
    1.5
    """
    series = as_list(values, "values", least=2)
    return float(np.abs(np.diff(series)).mean())


def xmr(values: ArrayLike, *, baseline: Baseline = None) -> ControlChart:
    """Draw a chart of individual values; the spread is that of neighbours.

    Parameters
    ----------
    values
        One value a period; shape (n,), at least 2.
    baseline
        Which periods centre and limits are taken from: the first so many, or those that are true;
        all where none is given.

    Raises
    ------
    IndicatorsInputError
        There are too few values, or one is no number.

    Examples
    --------
    Costs of processing loans, Montgomery 2013, example 6.5: mean 300.5, limits 279.78 and 321.22.

    >>> chart = xmr([310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314,
    ...              295, 293, 306, 301, 304])
    >>> round(chart.centre, 1), round(float(chart.low[0]), 2), round(float(chart.high[0]), 2)
    (300.5, 279.78, 321.22)
    """
    series = as_list(values, "values", least=2)
    base = series[_base(baseline, len(series))]
    sigma = np.full(len(series), moving_range(base) / D2)
    centre = float(base.mean())
    return ControlChart("xmr", series, centre, sigma, centre - 3 * sigma, centre + 3 * sigma)


def shares_chart(
    counts: ArrayLike, out_of: ArrayLike, *, laney: bool = False, baseline: Baseline = None
) -> ControlChart:
    """Draw a p chart, or Laney's p′ which also takes in how periods vary beyond chance.

    Parameters
    ----------
    counts, out_of
        Cases that count and all cases of each period; shape (n,).
    laney
        Whether limits are widened (or narrowed) by the spread between neighbours.
    baseline
        See `xmr`.

    Examples
    --------
    Cans of orange juice, Montgomery 2013, example 7.1: mean 0.2313, limits 0.0524 and 0.4102.

    >>> cans = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24,
    ...         15, 9, 12, 7, 13, 9, 6]
    >>> chart = shares_chart(cans, [50] * 30)
    >>> round(chart.centre, 4), round(float(chart.low[0]), 4), round(float(chart.high[0]), 4)
    (0.2313, 0.0524, 0.4102)
    """
    return _counted(counts, out_of, "p", laney, baseline)


def rates_chart(
    counts: ArrayLike, exposure: ArrayLike, *, laney: bool = False, baseline: Baseline = None
) -> ControlChart:
    """Draw a u chart, or Laney's u′.

    Parameters
    ----------
    counts, exposure
        Events and what they are measured against, of each period; shape (n,).
    laney, baseline
        See `shares_chart`.

    Examples
    --------
    Errors in shipments, Montgomery 2013, section 7.3: 74 in 20 weeks of 50, limits 0 and 0.1894.

    >>> errors = [2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]
    >>> chart = rates_chart(errors, [50] * 20)
    >>> round(chart.centre, 4), float(chart.low[0]), round(float(chart.high[0]), 4)
    (0.074, 0.0, 0.1894)
    """
    return _counted(counts, exposure, "u", laney, baseline)


def _counted(
    counts: ArrayLike, out_of: ArrayLike, kind: Literal["p", "u"], laney: bool,
    baseline: Baseline,
) -> ControlChart:  # fmt: skip
    part, whole = as_counts(counts, out_of, are_shares=kind == "p")
    base = _base(baseline, len(part))
    centre = float(part[base].sum() / whole[base].sum())
    spread = centre * (1 - centre) if kind == "p" else centre
    chance = np.sqrt(spread / whole)
    value = part / whole
    wider = 1.0
    if laney:
        own = chance[base]
        z = np.divide(value[base] - centre, own, out=np.zeros(len(own)), where=own > 0)
        wider = moving_range(z) / D2
    sigma = np.asarray(chance * wider)
    top = 1.0 if kind == "p" else np.inf
    low, high = np.clip(centre - 3 * sigma, 0, top), np.clip(centre + 3 * sigma, 0, top)
    return ControlChart(f"{kind}_laney" if laney else kind, value, centre, sigma, low, high, wider)


def _base(baseline: Baseline, number: int) -> NDArray[np.bool_]:
    """Return which periods centre and limits are taken from."""
    if baseline is None:
        return np.ones(number, np.bool_)
    if isinstance(baseline, int):
        kept = np.arange(number) < baseline
        is_wrong = not 2 <= baseline <= number
    else:
        kept = np.asarray(baseline, np.bool_)
        is_wrong = kept.shape != (number,) or int(kept.sum()) < 2
    if is_wrong:
        raise IndicatorsInputError(
            f"baseline must keep from 2 to {number}, the number of periods", column="baseline"
        )
    return kept
