"""Calibration of forecast counts: does what was given 10 % happen one time in ten."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.scoring.checks import ScoreInputError, counts, share
from qalqan.science.flashpoints.scoring.counts import Forecast, distribution, mass

Floats = NDArray[np.float64]


def randomised_pit(forecast: Forecast, observed: ArrayLike, *, rng: np.random.Generator) -> Floats:
    """Return one uniform number for each count if the forecast is right.

    The probability of fewer events plus a random part of the probability of exactly as many.

    Parameters
    ----------
    forecast : Forecast
        Mean and dispersion of each cell.
    observed : (n,) array of int
        What happened.
    rng : numpy.random.Generator
        Draws the random part.

    Returns
    -------
    (n,) array of float64
        Between 0 and 1. A heap in the middle says the forecast is too wide, heaps at both ends
        that it is too narrow, a slope that it is too high or too low.

    References
    ----------
    Czado, C., Gneiting, T., Held, L. (2009). Predictive model assessment for count data.
    Biometrics 65(4), 1254-1261, section 2.1.

    Examples
    --------
    >>> randomised_pit(Forecast([0.0]), [0], rng=np.random.default_rng(1)).round(3).tolist()
    [0.512]
    """
    point = mass(forecast, observed)
    below = distribution(forecast, np.asarray(observed, dtype=np.float64) - 1)
    return np.clip(below + rng.random(point.shape) * point, 0.0, 1.0)


def pit_histogram(forecast: Forecast, observed: ArrayLike, *, bins: int = 10) -> Floats:
    """Return the share of the probability integral transform in each bin, nothing random in it.

    Each count spreads evenly over the stretch from the probability of fewer to that of as many.

    Parameters
    ----------
    forecast : Forecast
        Mean and dispersion of each cell.
    observed : (n,) array of int
        What happened.
    bins : int
        Bins of equal width.

    Returns
    -------
    (bins,) array of float64
        Sums to 1; ``1 / bins`` everywhere if the forecast is right.

    References
    ----------
    Czado, C., Gneiting, T., Held, L. (2009). Predictive model assessment for count data.
    Biometrics 65(4), 1254-1261, equations 2 and 3.

    Examples
    --------
    >>> pit_histogram(Forecast([0.0, 0.0]), [0, 0], bins=4).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    if bins < 1:
        raise ScoreInputError(f"bins: {bins} is less than 1")
    point = np.maximum(mass(forecast, observed), np.finfo(float).tiny)
    below = distribution(forecast, np.asarray(observed, dtype=np.float64) - 1)
    if point.size == 0:
        raise ScoreInputError("observed: no counts")
    edges = np.linspace(0, 1, bins + 1)
    reached = np.array([np.clip((edge - below) / point, 0, 1).mean() for edge in edges])
    # Rounding of the distribution near 1 must not leave a count outside the last bin.
    reached[0], reached[-1] = 0.0, 1.0
    return np.diff(reached)


def uniformity(pit: ArrayLike, *, bins: int = 10) -> float:
    """Return the p-value of a chi-square test that the values are uniform.

    The test takes the values as independent. Cells of one week are not quite, so a small p says
    "look at the histogram", not "wrong beyond doubt".

    Examples
    --------
    >>> uniformity(np.linspace(0.005, 0.995, 100))
    1.0
    """
    from scipy import stats

    values = np.asarray(pit, dtype=np.float64)
    if bins < 2 or len(values) < 5 * bins:
        raise ScoreInputError(f"pit: {len(values)} values are too few for {bins} bins")
    heights, _ = np.histogram(values, bins=bins, range=(0, 1))
    return float(stats.chisquare(heights).pvalue)


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Cells with similar forecasts, and what happened in them.

    Attributes
    ----------
    cells : int
        Cells in the bin.
    expected, observed : float
        Sum of the forecasts and of the events.
    low, high : float
        Interval of the ratio of observed to expected.
    """

    cells: int
    expected: float
    observed: float
    low: float
    high: float

    @property
    def ratio(self) -> float:
        """Return observed over expected; above 1 the forecast was too low."""
        return self.observed / self.expected if self.expected > 0 else float("nan")


def reliability(
    forecast: Forecast, observed: ArrayLike, *, bins: int = 10, level: float = 0.95
) -> list[ReliabilityBin]:
    """Compare what was expected with what happened, from the quietest cells to the busiest.

    Parameters
    ----------
    forecast : Forecast
        Mean and dispersion of each cell.
    observed : (n,) array of int
        What happened.
    bins : int
        Groups of cells, each holding about the same sum of forecasts.
    level : float
        Of the interval: the ratio's spread if the forecast, with its dispersion, were right, put
        around the ratio seen (normal approximation).

    Returns
    -------
    list of ReliabilityBin
        Lowest forecasts first; at most ``bins``, fewer if there are few cells.

    References
    ----------
    Gneiting, T., Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and
    estimation. Journal of the American Statistical Association 102(477), 359-378.

    Examples
    --------
    >>> table = reliability(Forecast([1.0, 1.0, 4.0, 4.0]), [1, 2, 3, 5], bins=2)
    >>> [(row.cells, row.expected, row.observed, row.ratio) for row in table]
    [(3, 6.0, 6.0, 1.0), (1, 4.0, 5.0, 1.25)]
    """
    from scipy import special

    share(level, "level")
    seen = counts(observed, "observed", ndim=1)
    if seen.shape != forecast.mean.shape or not forecast.mean.sum() > 0 or bins < 1:
        raise ScoreInputError("reliability needs as many counts as means, some mean and some bin")
    width = float(special.ndtri(0.5 + level / 2))
    order = np.argsort(forecast.mean, kind="stable")
    before = np.cumsum(forecast.mean[order]) - forecast.mean[order]
    group = np.minimum((before / forecast.mean.sum() * bins).astype(int), bins - 1)
    table = []
    for number in np.unique(group):
        cells = order[group == number]
        expected, happened = float(forecast.mean[cells].sum()), float(seen[cells].sum())
        half = width * float(np.sqrt(forecast.variance[cells].sum()))
        low = max(happened - half, 0.0) / expected if expected > 0 else 0.0
        high = (happened + half) / expected if expected > 0 else float("inf")
        table.append(ReliabilityBin(len(cells), expected, happened, low, high))
    return table
