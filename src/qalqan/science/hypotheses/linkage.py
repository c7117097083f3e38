"""From weights of evidence to probabilities, to series, and to a stated rate of false ones.

Platt J (1999), Probabilistic outputs for support vector machines, Advances in large margin
classifiers, 61-74, with its targets against overfitting. Zadrozny B, Elkan C (2002), Transforming
classifier scores into accurate multiclass probability estimates, KDD (isotonic regression).
Average linkage: Sokal R R, Michener C D (1958).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qalqan.science.hypotheses.checks import HypothesesInputError
from qalqan.science.hypotheses.series import Events, Factors, all_pairs, features, weigh

MOST_EVENTS = 3_000
"""Every pair is weighed; four and a half million pairs still fit a small machine."""
_KNOTS = 101


@dataclass(frozen=True, slots=True)
class Curve:
    """A calibration: the probability of a weight of evidence.

    Attributes
    ----------
    weights, probabilities : ndarray, shape (knots,)
        Knots; between them the logit runs straight, beyond them it stays.
    """

    weights: NDArray[np.float64]
    probabilities: NDArray[np.float64]

    def __call__(self, weight: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each weight."""
        logit = np.log(self.probabilities / (1 - self.probabilities))
        return np.asarray(1 / (1 + np.exp(-np.interp(weight, self.weights, logit))))


@dataclass(frozen=True, slots=True)
class Series:
    """Events that may belong together.

    Attributes
    ----------
    members : tuple of int
        Positions, in order.
    probability : float
        Mean calibrated probability over its pairs.
    weakest : float
        The least.
    """

    members: tuple[int, ...]
    probability: float
    weakest: float


def platt(weights: NDArray[np.float64], linked: NDArray[np.bool_]) -> Curve:
    """Fit a logistic curve to weights of held-out pairs.

    Parameters
    ----------
    weights : ndarray, shape (pairs,)
        See `qalqan.science.hypotheses.series.weigh`.
    linked : ndarray of bool, shape (pairs,)
        The truth.

    Raises
    ------
    HypothesesInputError
        There are no linked or no other pairs.
    """
    from scipy.optimize import minimize

    positive, negative = _both(linked)
    target = np.where(linked, (positive + 1) / (positive + 2), 1 / (negative + 2))
    centre, scale = float(weights.mean()), float(weights.std()) or 1.0
    known = (weights - centre) / scale

    def loss(line: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        value = line[0] + line[1] * known
        miss = 1 / (1 + np.exp(-value)) - target
        total = float((np.logaddexp(0, value) - target * value).sum())
        return total, np.array([miss.sum(), (miss * known).sum()])

    start = np.array([np.log(positive / negative), 1.0])
    fit = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(None, None), (0.0, None)])
    # Knots stand close, so that the ends can be cut without bending the curve.
    knots = np.linspace(float(weights.min()), float(weights.max()), _KNOTS)
    logit = fit.x[0] + fit.x[1] * (knots - centre) / scale
    return Curve(knots, _inside(1 / (1 + np.exp(-logit)), positive, negative))


def isotonic(weights: NDArray[np.float64], linked: NDArray[np.bool_]) -> Curve:
    """Fit the best rising steps to weights of held-out pairs (`scipy`'s isotonic regression).

    Raises
    ------
    HypothesesInputError
        There are no linked or no other pairs.
    """
    from scipy.optimize import isotonic_regression

    positive, negative = _both(linked)
    levels, where, counts = np.unique(weights, return_inverse=True, return_counts=True)
    share = np.bincount(where, weights=linked.astype(np.float64)) / counts
    fitted = isotonic_regression(share, weights=counts).x
    return Curve(levels, _inside(fitted, positive, negative))


def _both(linked: NDArray[np.bool_]) -> tuple[int, int]:
    positive = int(linked.sum())
    if not 0 < positive < len(linked):
        raise HypothesesInputError("calibration needs linked pairs and others")
    return positive, len(linked) - positive


def _inside(
    probabilities: NDArray[np.float64], positive: int, negative: int
) -> NDArray[np.float64]:
    # No number of pairs makes certain: the ends are Platt's targets for what was seen.
    return np.clip(probabilities, 1 / (negative + 2), (positive + 1) / (positive + 2))


def cluster(weights: NDArray[np.float64], events: int, cut: float) -> list[tuple[int, ...]]:
    """Join events whose mean weight of evidence is at least the cut (average linkage).

    Parameters
    ----------
    weights : ndarray, shape (pairs,)
        Of every pair, as `qalqan.science.hypotheses.series.all_pairs` orders them.
    events
        How many events.
    cut
        Least mean weight between two groups for them to be joined.

    Returns
    -------
    list of tuple of int
        Groups of two and more, by their first event.

    Examples
    --------
    >>> cluster(np.array([3.0, -2.0, -2.0]), 3, 1.0)
    [(0, 1)]
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    if events < 2:
        return []
    top = float(max(weights.max(), cut)) + 1.0
    tree = linkage(top - weights, method="average")
    labels = fcluster(tree, top - cut, criterion="distance")
    groups: dict[int, list[int]] = {}
    for position, label in enumerate(labels):
        groups.setdefault(int(label), []).append(position)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def suggest(
    events: Events, factors: Factors, curve: Curve, cut: float, *, least: int = 2
) -> list[Series]:
    """Return series with their probability, the most probable first.

    Parameters
    ----------
    events
        At most `MOST_EVENTS`.
    factors
        Learnt Bayes factors.
    curve
        Calibration.
    cut
        Least mean weight; see `cut_for_rate`.
    least
        Fewest events of a series.

    Raises
    ------
    HypothesesInputError
        There are too many events.
    """
    if len(events) > MOST_EVENTS:
        raise HypothesesInputError(
            f"{len(events)} events are too many to compare; narrow them to {MOST_EVENTS}"
        )
    if len(events) < 2:
        return []
    first, second = all_pairs(len(events))
    weights = weigh(factors, features(events, first, second))
    probability = curve(weights)
    found = []
    for group in cluster(weights, len(events), cut):
        if len(group) < least:
            continue
        inside = probability[_pairs_in(group, len(events))]
        found.append(Series(group, float(inside.mean()), float(inside.min())))
    return sorted(found, key=lambda one: (-one.probability, one.members))


def _pairs_in(group: tuple[int, ...], number: int) -> NDArray[np.int64]:
    left, right = all_pairs(len(group))
    members = np.array(group, dtype=np.int64)
    i, j = members[left], members[right]
    return np.asarray(i * number - i * (i + 1) // 2 + j - i - 1, dtype=np.int64)


def shuffled(events: Events, rng: np.random.Generator) -> Events:
    """Return the same places, times and ways, each dealt anew: nothing belongs together.

    The hour goes with its day, and the attributes of one way of acting stay together.
    """
    times, ways = rng.permutation(len(events)), rng.permutation(len(events))
    return Events(events.x, events.y, events.day[times], events.hour[times], events.way[ways])


def cut_for_rate(
    events: Events,
    factors: Factors,
    rate: float,
    rng: np.random.Generator,
    *,
    least: int = 2,
    draws: int = 40,
) -> float:
    """Return the cut above which shuffled events give at most `rate` false series a search.

    In each of many shuffles every group is noted with the weight at which it reached the least
    size. The cut lies just above the level that leaves on average more than `rate` of them; where
    groups later grow into one, they still count as two, so the rate of series is never higher.

    Parameters
    ----------
    events
        What is searched; its own places, times and ways are dealt anew.
    factors
        Learnt Bayes factors.
    rate
        Expected number of false series a search, above 0.
    rng
        Deals.
    least
        Fewest events of a series.
    draws
        Deals made; at least ``1 / rate`` are needed to know the level.

    Raises
    ------
    HypothesesInputError
        The rate is not above 0, or there are too few deals for it.
    """
    if rate <= 0 or draws * rate < 1:
        raise HypothesesInputError("a rate above 0 and at least 1 / rate draws are needed")
    if len(events) < 2:
        return float("inf")
    first, second = all_pairs(len(events))
    births: list[float] = []
    for _ in range(draws):
        dealt = shuffled(events, rng)
        births += _birth_levels(weigh(factors, features(dealt, first, second)), least)
    births.sort(reverse=True)
    allowed = int(np.floor(rate * draws))
    if allowed >= len(births):
        return births[-1] if births else 0.0
    return float(np.nextafter(births[allowed], np.inf))


def _birth_levels(weights: NDArray[np.float64], least: int) -> list[float]:
    """Return the weights at which groups reach the least size, two smaller ones being joined."""
    from scipy.cluster.hierarchy import linkage

    top = float(weights.max()) + 1.0
    tree = linkage(top - weights, method="average")
    sizes = np.concatenate([np.ones(len(tree) + 1), tree[:, 3]])
    left, right = sizes[tree[:, 0].astype(int)], sizes[tree[:, 1].astype(int)]
    born = (tree[:, 3] >= least) & (left < least) & (right < least)
    return [float(top - height) for height in tree[born, 2]]
