"""Proper scores of forecast counts: logarithmic and CRPS, Poisson and negative binomial.

A forecast of a count is a mean and a dispersion: the variance is ``mean + dispersion * mean**2``,
so dispersion 0 is the Poisson distribution and anything above it the negative binomial with size
``1 / dispersion``. All scores are losses: less is better.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.scoring.checks import ScoreInputError, counts, numbers, refuse

Floats = NDArray[np.float64]

_ALMOST_POISSON = 1e-7
"""Below this share of extra variance the negative binomial is scored as Poisson."""

_LARGEST_SIZE = 1e4
"""Up to here scipy's hypergeometric function converges and log gammas keep enough digits."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Counts expected in each cell, and how much they vary beyond Poisson.

    Parameters
    ----------
    mean : (n,) array of float
        Events expected, 0 or more.
    dispersion : (n,) array of float or float
        Variance is ``mean + dispersion * mean**2``; 0 is Poisson.

    Raises
    ------
    ScoreInputError
        If a value is negative or not finite, or shapes disagree.

    Examples
    --------
    >>> Forecast(np.array([2.0, 4.0]), 0.5).variance.tolist()
    [4.0, 12.0]
    """

    mean: Floats
    dispersion: Floats

    def __init__(self, mean: ArrayLike, dispersion: ArrayLike = 0.0) -> None:
        means, spread = numbers(mean, "mean"), numbers(dispersion, "dispersion")
        refuse(means < 0, "mean: negative")
        refuse(spread < 0, "dispersion: negative")
        try:
            spread = np.broadcast_to(spread, means.shape)
        except ValueError as error:
            raise ScoreInputError(
                f"dispersion of shape {spread.shape} does not match mean of shape {means.shape}"
            ) from error
        object.__setattr__(self, "mean", means)
        object.__setattr__(self, "dispersion", spread)

    @property
    def variance(self) -> Floats:
        """Return the variance of each count."""
        return np.asarray(self.mean + self.dispersion * self.mean**2)


def log_score(forecast: Forecast, observed: ArrayLike) -> Floats:
    """Return minus the log probability of each count, in nats.

    Parameters
    ----------
    forecast : Forecast
        Mean and dispersion of each cell.
    observed : (n,) array of int
        What happened.

    Returns
    -------
    (n,) array of float64
        Infinite where something happened that was held impossible.

    Raises
    ------
    ScoreInputError
        If counts are negative or no whole numbers, or shapes disagree.

    References
    ----------
    Gneiting, T., Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and
    estimation. Journal of the American Statistical Association 102(477), 359-378, section 4.1.

    Examples
    --------
    >>> log_score(Forecast([2.0, 2.0], [0.0, 0.5]), [0, 0]).round(4).tolist()
    [2.0, 1.3863]
    """
    return np.asarray(-_log_mass(forecast, _matched(forecast, observed)))


def crps(forecast: Forecast, observed: ArrayLike) -> Floats:
    """Return the continuous ranked probability score of each count, in events.

    Closed forms: for the Poisson distribution with Bessel functions, for the negative binomial
    with a hypergeometric function.

    Parameters
    ----------
    forecast : Forecast
        Mean and dispersion of each cell.
    observed : (n,) array of int
        What happened.

    Returns
    -------
    (n,) array of float64
        0 for a certain and right forecast; in the unit of the counts.

    Raises
    ------
    ScoreInputError
        If counts are negative or no whole numbers, or shapes disagree.

    References
    ----------
    Czado, C., Gneiting, T., Held, L. (2009). Predictive model assessment for count data.
    Biometrics 65(4), 1254-1261. Closed forms: Wei, W., Held, L. (2014). Calibration tests for
    count data. TEST 23(4), 787-805, section 2.

    Examples
    --------
    >>> crps(Forecast([0.0, 3.0]), [2, 3]).round(4).tolist()
    [2.0, 0.3881]
    """
    seen = _matched(forecast, observed)
    result = np.empty(seen.shape)
    poisson = _is_poisson(forecast)
    result[poisson] = _crps_poisson(forecast.mean[poisson], seen[poisson])
    rest = ~poisson
    result[rest] = _crps_binomial(forecast.mean[rest], forecast.dispersion[rest], seen[rest])
    return result


def distribution(forecast: Forecast, values: ArrayLike) -> Floats:
    """Return the probability of a count up to and with each value; 0 below 0.

    Examples
    --------
    >>> distribution(Forecast([2.0, 2.0], [0.0, 0.5]), [0, -1]).round(4).tolist()
    [0.1353, 0.0]
    """
    from scipy import special

    points = np.broadcast_to(numbers(values, "values"), forecast.mean.shape)
    at = np.maximum(points, 0.0)
    result = np.empty(at.shape)
    poisson = _is_poisson(forecast)
    result[poisson] = special.gammaincc(at[poisson] + 1, forecast.mean[poisson])
    rest = ~poisson
    size = 1 / forecast.dispersion[rest]
    stay = size / (size + forecast.mean[rest])
    result[rest] = special.betainc(size, at[rest] + 1, stay)
    return np.where(points < 0, 0.0, result)


def mass(forecast: Forecast, observed: ArrayLike) -> Floats:
    """Return the probability of each count.

    Examples
    --------
    >>> mass(Forecast([2.0], [0.5]), [0]).round(4).tolist()
    [0.25]
    """
    return np.asarray(np.exp(_log_mass(forecast, _matched(forecast, observed))))


def share_log_score(forecast: Forecast, observed: ArrayLike) -> Floats:
    """Return minus the log share that the forecast gives to the cell of each event, in nats.

    This looks only at where events fall, not at how many there are: the score of a map. Cells
    with several events count several times; a cell without events adds nothing.

    Examples
    --------
    >>> share_log_score(Forecast([1.0, 3.0]), [0, 2]).round(4).tolist()
    [0.0, 0.5754]
    """
    from scipy import special

    seen = _matched(forecast, observed)
    total = forecast.mean.sum()
    if not total > 0:
        raise ScoreInputError("mean: 0 everywhere")
    return np.asarray(special.xlogy(seen, total) - special.xlogy(seen, forecast.mean))


def _matched(forecast: Forecast, observed: ArrayLike) -> Floats:
    """Return the counts, which must have the shape of the forecast."""
    seen = counts(observed, "observed")
    if seen.shape != forecast.mean.shape:
        raise ScoreInputError(
            f"observed of shape {seen.shape} does not match mean of shape {forecast.mean.shape}"
        )
    return seen


def _is_poisson(forecast: Forecast) -> NDArray[np.bool_]:
    """Say where the extra variance is nothing."""
    return np.asarray(forecast.dispersion * forecast.mean <= _ALMOST_POISSON)


def _log_mass(forecast: Forecast, seen: Floats) -> Floats:
    """Return the log probability of each count."""
    from scipy import special

    mean = forecast.mean
    result = special.xlogy(seen, mean) - mean - special.gammaln(seen + 1)
    rest = ~_is_poisson(forecast)
    size, y, m = 1 / forecast.dispersion[rest], seen[rest], mean[rest]
    result[rest] = (
        _log_rising(size, y)
        - special.gammaln(y + 1)
        - (size + y) * np.log1p(m / size)
        + special.xlogy(y, m / size)
    )
    return np.asarray(result)


def _log_rising(size: Floats, y: Floats) -> Floats:
    """Return log gamma(size + y) - log gamma(size).

    For a large size the difference would lose all digits; Stirling's series, subtracted term by
    term, keeps them.
    """
    from scipy import special

    plain = special.gammaln(size + y) - special.gammaln(size)
    series = (
        (size + y - 0.5) * np.log1p(y / size)
        + y * np.log(size)
        - y
        + (1 / (size + y) - 1 / size) / 12
    )
    return np.asarray(np.where(size > _LARGEST_SIZE, series, plain))


def _crps_poisson(mean: Floats, y: Floats) -> Floats:
    """Return the closed form with scaled Bessel functions, which do not overflow."""
    from scipy import special

    below = special.gammaincc(y + 1, mean)
    point = np.exp(special.xlogy(y, mean) - mean - special.gammaln(y + 1))
    bessel = special.i0e(2 * mean) + special.i1e(2 * mean)
    return np.asarray((y - mean) * (2 * below - 1) + 2 * mean * point - mean * bessel)


def _crps_binomial(mean: Floats, dispersion: Floats, y: Floats) -> Floats:
    """Return the closed form; beyond the reach of its hypergeometric series, the sum itself."""
    from scipy import special

    size = 1 / dispersion
    stay = size / (size + mean)
    below = special.betainc(size, y + 1, stay)
    before = np.where(y > 0, special.betainc(size + 1, np.maximum(y, 1), stay), 0.0)
    apart = np.empty(mean.shape)
    near = size <= _LARGEST_SIZE
    apart[near] = _half_difference(mean[near], size[near])
    apart[~near] = [
        _half_difference_summed(m, n) for m, n in zip(mean[~near], size[~near], strict=True)
    ]
    return np.asarray(y * (2 * below - 1) - mean * (2 * before - 1) - apart)


def _half_difference(mean: Floats, size: Floats) -> Floats:
    """Return half the mean difference of two draws, in closed form.

    Pfaff's transformation brings the argument of the hypergeometric function from below -1 into
    (0, 1), where scipy computes it without loss.
    """
    from scipy import special

    stay = size / (size + mean)
    z = -4 * (1 - stay) / stay**2
    series = special.hyp2f1(1 - size, 0.5, 2, z / (z - 1)) / np.sqrt(1 - z)
    return np.asarray(mean / stay * series)


def _half_difference_summed(mean: float, size: float) -> float:
    """Return the same as the sum of F (1 - F); nearly Poisson here, so the sum is short."""
    from scipy import special

    reach = 12 * np.sqrt(mean * (1 + mean / size)) + 30
    values = np.arange(max(np.floor(mean - reach), 0.0), mean + reach)
    below = special.betainc(size, values + 1, size / (size + mean))
    return float((below * (1 - below)).sum())
