"""When the truth is known: how good the probabilities were, and where they misled.

Brier G W (1950), Verification of forecasts expressed in terms of probability, Monthly Weather
Review 78, 1-3. Murphy A H (1973), A new vector partition of the probability score, Journal of
Applied Meteorology 12, 595-600. Stephenson D B, Coelho C A S, Jolliffe I T (2008), Two extra
components in the Brier score decomposition, Weather and Forecasting 23, 752-757: with them the
parts sum to the score whatever the bins. Wilson E B (1927) for the interval of a share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.hypotheses.checks import HypothesesInputError, as_array, refuse

FLOOR = 0.001
"""A probability below this counts as this in the log score, which would be endless at 0."""
LEAST_MEMBERS = 3
"""A group of fewer analysts is not shown: its figures would be those of a person."""
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Parts of the Brier score of single statements; see `decompose`.

    Attributes
    ----------
    brier, reliability, resolution, uncertainty, within : float
        ``brier = reliability - resolution + uncertainty + within``.
    """

    brier: float
    reliability: float
    resolution: float
    uncertainty: float
    within: float


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of a calibration table: what was said, and how often it was so.

    Attributes
    ----------
    low, high : float
        Ends of the bin.
    number : int
        Statements in it.
    said : float
        Their mean probability.
    true : float
        Share that was so.
    true_low, true_high : float
        95 % interval of the share (Wilson).
    """

    low: float
    high: float
    number: int
    said: float
    true: float
    true_low: float
    true_high: float


@dataclass(frozen=True, slots=True)
class GroupScore:
    """Scores of one group of analysts; nothing about a single one.

    Attributes
    ----------
    group : str
        Name of the group.
    members, cases : int
        Analysts and solved cases.
    brier, log_score : float or None
        Means over cases; ``None`` where the group is too small to be shown.
    brier_low, brier_high : float or None
        95 % interval, drawn over cases; ``None`` with fewer than two.
    bins : tuple of Bin
        Calibration.
    """

    group: str
    members: int
    cases: int
    brier: float | None
    log_score: float | None
    brier_low: float | None
    brier_high: float | None
    bins: tuple[Bin, ...]


def brier(forecasts: ArrayLike, truth: int) -> float:
    """Return the Brier score of one case: 0 for certainty in the truth, 2 for the opposite.

    >>> round(brier([0.7, 0.2, 0.1], 0), 3)
    0.14
    """
    stated = _case(forecasts, truth)
    seen = np.zeros(len(stated))
    seen[truth] = 1
    return float(((stated - seen) ** 2).sum())


def log_score(forecasts: ArrayLike, truth: int) -> float:
    """Return the bits of surprise at the truth; 0 for certainty in it.

    >>> log_score([0.5, 0.5], 1)
    1.0
    """
    return float(-np.log2(max(FLOOR, _case(forecasts, truth)[truth])))


def _case(forecasts: ArrayLike, truth: int) -> NDArray[np.float64]:
    stated = as_array(forecasts, "forecasts", 1)
    refuse(~((stated >= 0) & (stated <= 1)), "forecasts lies outside 0 to 1", "forecasts")
    if not 0 <= truth < len(stated):
        raise HypothesesInputError("the truth is none of the hypotheses", column="truth")
    return stated


def decompose(said: ArrayLike, true: ArrayLike, bins: int = 10) -> Decomposition:
    """Split the Brier score of single statements into what is good and bad about them.

    Parameters
    ----------
    said : array_like, shape (statements,)
        Probabilities.
    true : array_like, shape (statements,)
        1 where it was so, 0 where not.
    bins
        Number of equal bins.

    Raises
    ------
    HypothesesInputError
        There is no statement, or one is not what it must be.

    References
    ----------
    Murphy (1973), equation 12; Stephenson et al. (2008), equation 3, ``within`` being their two
    further parts together.

    Examples
    --------
    >>> parts = decompose([0.9, 0.9, 0.1, 0.1], [1, 1, 0, 0])
    >>> round(parts.brier, 3), round(parts.resolution, 3), round(parts.uncertainty, 3)
    (0.01, 0.25, 0.25)
    """
    stated, seen = _statements(said, true)
    where = np.minimum((stated * bins).astype(np.int64), bins - 1)
    base = float(seen.mean())
    reliability = resolution = variance = covariance = 0.0
    for number in np.unique(where):
        inside = where == number
        share = float(inside.mean())
        told, was = stated[inside], seen[inside]
        reliability += share * float(told.mean() - was.mean()) ** 2
        resolution += share * float(was.mean() - base) ** 2
        variance += share * float(told.var())
        covariance += share * float(((told - told.mean()) * (was - was.mean())).mean())
    return Decomposition(
        float(((stated - seen) ** 2).mean()), reliability, resolution, base * (1 - base),
        variance - 2 * covariance,
    )  # fmt: skip


def _statements(said: ArrayLike, true: ArrayLike) -> tuple[NDArray[np.float64], ...]:
    stated, seen = as_array(said, "said", 1), as_array(true, "true", 1)
    if len(stated) != len(seen) or not len(stated):
        raise HypothesesInputError("said and true must have the same rows, at least one")
    refuse(~((stated >= 0) & (stated <= 1)), "said lies outside 0 to 1", "said")
    refuse(~np.isin(seen, (0, 1)), "true is neither 0 nor 1", "true")
    return stated, seen


def wilson(successes: float, number: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share.

    >>> low, high = wilson(5, 10)
    >>> round(low, 3), round(high, 3)
    (0.237, 0.763)
    """
    if number <= 0:
        return 0.0, 1.0
    share = successes / number
    centre = share + _Z**2 / (2 * number)
    half = _Z * float(np.sqrt(share * (1 - share) / number + _Z**2 / (4 * number**2)))
    scale = 1 + _Z**2 / number
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def calibration(said: ArrayLike, true: ArrayLike, bins: int = 5) -> tuple[Bin, ...]:
    """Return how often what was said with some probability was so; empty bins are left out."""
    stated, seen = _statements(said, true)
    where = np.minimum((stated * bins).astype(np.int64), bins - 1)
    found = []
    for number in np.unique(where):
        inside = where == number
        low, high = wilson(float(seen[inside].sum()), int(inside.sum()))
        found.append(
            Bin(
                float(number) / bins,
                float(number + 1) / bins,
                int(inside.sum()),
                float(stated[inside].mean()),
                float(seen[inside].mean()),
                low,
                high,
            )
        )
    return tuple(found)


def by_group(
    groups: Sequence[str],
    members: Sequence[object],
    cases: Sequence[object],
    forecasts: Sequence[ArrayLike],
    truths: Sequence[int],
    rng: np.random.Generator,
    draws: int = 500,
) -> list[GroupScore]:
    """Score groups of analysts over solved cases; a group of fewer than three is withheld.

    Parameters
    ----------
    groups, members, cases
        Of each forecast: the group, the analyst (counted, never returned) and the case.
    forecasts : sequence of array_like, shape (hypotheses,)
        Probabilities.
    truths
        Position of the hypothesis that was true.
    rng
        Draws cases anew for the interval.
    draws
        How many times.

    Returns
    -------
    list of GroupScore
        By name of the group.
    """
    return [
        _group_score(
            group,
            [n for n, one in enumerate(groups) if one == group],
            members,
            cases,
            forecasts,
            truths,
            rng,
            draws,
        )
        for group in sorted(set(groups))
    ]


def _group_score(
    group: str,
    rows: list[int],
    members: Sequence[object],
    cases: Sequence[object],
    forecasts: Sequence[ArrayLike],
    truths: Sequence[int],
    rng: np.random.Generator,
    draws: int,
) -> GroupScore:
    people = len({members[n] for n in rows})
    solved = list(dict.fromkeys(cases[n] for n in rows))
    if people < LEAST_MEMBERS:
        return GroupScore(group, people, len(solved), None, None, None, None, ())
    scores: dict[object, list[float]] = {case: [] for case in solved}
    said: list[float] = []
    true: list[float] = []
    for n in rows:
        scores[cases[n]].append(brier(forecasts[n], truths[n]))
        stated = as_array(forecasts[n], "forecasts", 1)
        said += stated.tolist()
        true += [float(k == truths[n]) for k in range(len(stated))]
    means = np.array([np.mean(scores[case]) for case in solved])
    low = high = None
    if len(means) > 1:
        drawn = means[rng.integers(0, len(means), (draws, len(means)))].mean(axis=1)
        low, high = (float(end) for end in np.quantile(drawn, (0.025, 0.975)))
    surprise = float(np.mean([log_score(forecasts[n], truths[n]) for n in rows]))
    return GroupScore(
        group, people, len(solved), float(means.mean()), surprise, low, high,
        calibration(said, true),
    )  # fmt: skip
