"""Rates of small areas, drawn towards what their surroundings make likely.

A district of 300 people with one incident has the highest rate of the province by chance alone.
Empirical Bayes draws each rate towards a mean, the more the fewer people stand behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.selfexciting.checks import EventInputError, as_floats
from qalqan.science.flashpoints.weights import SpatialWeights

_ROUNDS = 200


@dataclass(frozen=True, slots=True)
class GammaPoisson:
    """Rates under a gamma prior fitted to all areas.

    Attributes
    ----------
    rate : (n,) array of float64
        Posterior mean of each area, cases per unit of population.
    low, high : (n,) array of float64
        95 % interval of the posterior; the prior is taken as known.
    mean : float
        Mean of the prior.
    shape : float
        Shape of the prior; ``inf`` if the areas differ no more than chance, and then every rate
        is the mean.
    """

    rate: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    mean: float
    shape: float


def global_empirical_bayes(cases: ArrayLike, population: ArrayLike) -> NDArray[np.float64]:
    """Return rates drawn towards the overall rate, by Marshall's moments.

    Parameters
    ----------
    cases : (n,) array of float
        Cases of each area.
    population : (n,) array of float
        People (or person-time) of each area, above 0.

    Returns
    -------
    (n,) array of float64
        Cases per unit of population.

    Raises
    ------
    EventInputError
        If shapes disagree, cases are negative, or a population is not above 0.

    References
    ----------
    Marshall, R. J. (1991). Mapping disease and mortality rates using empirical Bayes estimators.
    Journal of the Royal Statistical Society C 40(2), 283-294, eqs. 4-6.

    Examples
    --------
    >>> global_empirical_bayes([0, 6, 30, 4], [100, 100, 100, 100]).round(4)
    array([0.0072, 0.0629, 0.2855, 0.0443])
    """
    counts, people = checked_rates(cases, population)
    mean = float(counts.sum() / people.sum())
    rates = counts / people
    spread = float(people @ (rates - mean) ** 2 / people.sum())
    between = spread - mean / float(people.mean())
    return _shrunk(rates, people, np.full(rates.size, mean), np.full(rates.size, between))


def spatial_empirical_bayes(
    cases: ArrayLike, population: ArrayLike, weights: SpatialWeights
) -> NDArray[np.float64]:
    """Return rates drawn towards the rate of the neighbourhood, by Marshall's local moments.

    The neighbourhood of an area is itself and its neighbours, whatever their weights.

    Parameters
    ----------
    cases, population
        As in :func:`global_empirical_bayes`.
    weights : SpatialWeights
        Who is whose neighbour.

    Returns
    -------
    (n,) array of float64
        Cases per unit of population.

    Raises
    ------
    EventInputError
        As above, or if the weights are of another number of areas.

    References
    ----------
    Marshall, R. J. (1991), section 4.
    """
    counts, people = checked_rates(cases, population)
    weights.expect(counts.size)
    near_people = people + weights.neighbour_sums(people)
    mean = (counts + weights.neighbour_sums(counts)) / near_people
    size = weights.cardinalities + 1
    rates = counts / people
    # sum of people * (rate - mean)² over the neighbourhood, written out, as its mean is local
    squares = people * rates**2
    first = squares + weights.neighbour_sums(squares)
    cross = counts + weights.neighbour_sums(counts)
    spread = (first - 2 * mean * cross + mean**2 * near_people) / near_people
    between = spread - mean / (near_people / size)
    return _shrunk(rates, people, mean, between)


def gamma_poisson(cases: ArrayLike, population: ArrayLike) -> GammaPoisson:
    """Return rates under a gamma prior whose parameters are fitted by maximum likelihood.

    Cases are Poisson given the rate, so negative binomial over all areas; the posterior of a rate
    is gamma again, with shape + cases and shape / mean + population.

    Parameters
    ----------
    cases, population
        As in :func:`global_empirical_bayes`; cases must be whole numbers.

    Returns
    -------
    GammaPoisson
        Rates with intervals.

    Raises
    ------
    EventInputError
        As above, or if there is no case.

    References
    ----------
    Clayton, D., Kaldor, J. (1987). Empirical Bayes estimates of age-standardized relative risks
    for use in disease mapping. Biometrics 43(3), 671-681, eqs. 3-5 (there by the EM algorithm).

    Examples
    --------
    >>> found = gamma_poisson([0, 6, 30, 4], [100, 100, 100, 100])
    >>> bool(found.low[2] < found.rate[2] < 0.30 and found.rate[0] > 0)
    True
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import gammaincinv

    counts, people = checked_rates(cases, population)
    if not counts.sum() > 0 or (counts != np.floor(counts)).any():
        raise EventInputError("cases must be whole numbers, and one of them above 0")
    found = minimize_scalar(
        lambda log_shape: -_profile(float(np.exp(log_shape)), counts, people)[0],
        bounds=(-8.0, 14.0), method="bounded", options={"xatol": 1e-10},
    )  # fmt: skip
    shape = float(np.exp(found.x))
    crude = float(counts.sum() / people.sum())
    value, mean = _profile(shape, counts, people)
    expected = crude * people
    poisson = float(np.sum(counts * np.log(expected) - expected - _log_factorial(counts)))
    if poisson >= value - 1e-7:
        same = np.full(counts.size, crude)
        return GammaPoisson(same, same.copy(), same.copy(), crude, float("inf"))
    top, bottom = shape + counts, shape / mean + people
    low, high = (np.asarray(gammaincinv(top, tail)) / bottom for tail in (0.025, 0.975))
    return GammaPoisson(top / bottom, low, high, mean, shape)


def checked_rates(
    cases: ArrayLike, population: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return cases and population, or say what is wrong with them."""
    counts, people = as_floats(cases, "cases"), as_floats(population, "people")
    if counts.ndim != 1 or not counts.size or people.shape != counts.shape:
        raise EventInputError(
            f"cases of shape {counts.shape} and population of shape {people.shape} do not match"
        )
    for wrong, words in ((counts < 0, "cases are negative"), (people <= 0, "nobody lives there")):
        if wrong.any():
            raise EventInputError(f"{words} (area {int(np.flatnonzero(wrong)[0])}, from 0)")
    return counts, people


def _shrunk(
    rates: NDArray[np.float64],
    people: NDArray[np.float64],
    mean: NDArray[np.float64],
    between: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return Marshall's estimate; where the areas differ no more than chance, the mean."""
    real = np.maximum(between, 0.0)
    chance = mean / people
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(real + chance > 0, real / (real + chance), 0.0)
    return np.asarray(mean + share * (rates - mean))


def _profile(
    shape: float, counts: NDArray[np.float64], people: NDArray[np.float64]
) -> tuple[float, float]:
    """Return the greatest log likelihood for a shape of the prior, and the mean that gives it."""
    from scipy.special import gammaln

    mean = float(counts.sum() / people.sum())
    for _ in range(_ROUNDS):
        # mean of the prior by its score equation, sum of (y - m mean) / (1 + m mean / shape) = 0
        weight = 1.0 / (1.0 + people * mean / shape)
        following = float((counts * weight).sum() / (people * weight).sum())
        if abs(following - mean) <= 1e-13 * mean:
            break
        mean = following
    expected = mean * people
    terms = (
        gammaln(shape + counts) - gammaln(shape) - _log_factorial(counts)
        - (shape + counts) * np.log1p(expected / shape)
        + np.where(counts > 0, counts * np.log(expected / shape), 0.0)
    )  # fmt: skip
    return float(terms.sum()), mean


def _log_factorial(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logarithm of the factorial of each count."""
    from scipy.special import gammaln

    return np.asarray(gammaln(counts + 1))
