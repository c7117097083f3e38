"""What one more hour without an answer costs, in further copies; refused where data are thin.

Two ways, neither of which may be taken for the other. `cost_of_hour` needs only counts: how far
answers have pushed claims below their forecast in the past, times the copies of the next hours.
`cost_on_network` needs a network and assumptions: the same simulated runs with the answer sooner
and later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.spread.forecast import CopiesForecast
from qalqan.science.spread.network import Floats, Network
from qalqan.science.spread.simulate import Mean, Scenario, later, mean_of, simulate

LEAST_ANSWERS = 20
LEAST_EXPECTED = 100.0
_DRAWS = 4000


@dataclass(frozen=True, slots=True)
class AnswerEffect:
    """How many of the expected copies came after an answer.

    Parameters
    ----------
    known
        Whether the data allow a number.
    reason
        Why not; empty where they do.
    answers
        Answers looked at.
    remaining, low, high
        Copies after the answer over the copies forecast at the answer, with the interval of a
        bootstrap over claims; NaN where not known. It compares with a forecast, not with claims
        left unanswered by lot: it is no proof of cause.
    draws : (n,)
        The bootstrap's draws.
    """

    known: bool
    reason: str
    answers: int
    remaining: float
    low: float
    high: float
    draws: Floats


@dataclass(frozen=True, slots=True)
class HourCost:
    """Further copies that one more hour without an answer lets through; one entry a claim.

    Parameters
    ----------
    known
        Whether the data allow a number.
    reason
        Why not; empty where they do.
    mean, low, high : (n_claims,)
        Copies, with interval; NaN where not known.
    """

    known: bool
    reason: str
    mean: Floats
    low: Floats
    high: Floats


def effect_of_answers(
    observed: ArrayLike, expected: ArrayLike, *, rng: np.random.Generator, level: float = 0.95
) -> AnswerEffect:
    """Compare copies after past answers with what had been forecast without one.

    Parameters
    ----------
    observed, expected : (n_answers,)
        Copies in the hours after each answer, and the forecast mean at its moment for as long.
    rng
        Randomness of the bootstrap.
    level
        Coverage of the interval.

    Returns
    -------
    AnswerEffect
        Not known with fewer than 20 answers or fewer than 100 expected copies.

    Raises
    ------
    ValueError
        Lengths differ, or a value is negative.

    References
    ----------
    B. Efron, R. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13 (percentiles).

    Examples
    --------
    >>> import numpy as np
    >>> found = effect_of_answers(np.full(30, 4), np.full(30, 10.0), rng=np.random.default_rng(1))
    >>> found.known, found.remaining
    (True, 0.4)
    """
    seen, foretold = (np.asarray(side, dtype=np.float64) for side in (observed, expected))
    if seen.shape != foretold.shape or seen.ndim != 1:
        raise ValueError("observed and expected copies need one entry an answer")
    if (seen < 0).any() or not (foretold >= 0).all():
        raise ValueError("copies must not be negative")
    n = len(seen)
    if n < LEAST_ANSWERS:
        return _unknown_effect(f"{n} answers are fewer than {LEAST_ANSWERS}", n)
    if foretold.sum() < LEAST_EXPECTED:
        return _unknown_effect(f"fewer than {LEAST_EXPECTED:.0f} copies were expected", n)
    rows = rng.integers(0, n, (_DRAWS, n))
    draws = seen[rows].sum(axis=1) / np.maximum(foretold[rows].sum(axis=1), 1e-9)
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail])
    return AnswerEffect(
        True, "", n, float(seen.sum() / foretold.sum()), float(low), float(high), draws
    )


def cost_of_hour(
    forecast: CopiesForecast,
    effect: AnswerEffect,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
) -> HourCost:
    r"""Return the copies that come because the answer comes an hour later.

    With :math:`Y` the copies of the next hour and :math:`\rho` the share that remains after an
    answer, one hour costs :math:`(1 - \rho) Y`. The interval holds the spread of both: it is that
    of the copies of this hour, not of their mean. What the copies of that hour bring forth later is
    not counted, so it is a lower bound for claims that grow.

    Parameters
    ----------
    forecast
        Its first horizon must be one hour.
    effect
        From `effect_of_answers`.
    rng
        Randomness of the interval.
    level
        Its coverage.

    Returns
    -------
    HourCost
        Not known where the effect is not known.

    Raises
    ------
    ValueError
        The first horizon is not one hour.
    """
    if forecast.horizons[0] != 1:
        raise ValueError("the first horizon of the forecast must be one hour")
    claims = len(forecast.mean)
    if not effect.known:
        nothing = np.full(claims, np.nan)
        return HourCost(False, effect.reason, nothing, nothing, nothing)
    low, high = np.empty(claims), np.empty(claims)
    tail = (1 - level) / 2
    for row in range(claims):
        size, mean = forecast.size[row, 0], forecast.mean[row, 0]
        copies = rng.negative_binomial(size, size / (size + mean), _DRAWS)
        saved = (1 - rng.choice(effect.draws, _DRAWS)) * copies
        low[row], high[row] = np.quantile(saved, [tail, 1 - tail])
    return HourCost(True, "", (1 - effect.remaining) * forecast.mean[:, 0], low, high)


def cost_on_network(
    network: Network,
    scenario: Scenario,
    *,
    hours: float = 1.0,
    runs: int = 1000,
    seed: int = 0,
    weights: NDArray[np.float64] | None = None,
) -> Mean:
    """Return how many more believe the claim because the answer comes later, by simulation.

    Both scenarios draw the same random numbers, so the difference is that of the delay alone.

    Parameters
    ----------
    network, scenario, runs, seed, weights
        As for `simulate.simulate`; the scenario must have somebody who answers.
    hours
        How much later.

    Returns
    -------
    Mean
        With its interval over the runs: what the assumptions are worth, it does not say.

    Raises
    ------
    ValueError
        Nobody answers, or the delay is not above 0.
    """
    if not scenario.answerers or not hours > 0:
        raise ValueError("somebody must answer, and the delay must be above 0")
    sooner, after = (
        simulate(network, one, runs=runs, seed=seed, weights=weights).believed
        for one in (scenario, later(scenario, hours))
    )
    return mean_of(after - sooner)


def _unknown_effect(reason: str, answers: int) -> AnswerEffect:
    nan = float("nan")
    return AnswerEffect(False, reason, answers, nan, nan, nan, np.zeros(0))
