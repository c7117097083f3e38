"""A Bayesian reading beside the ranking: stated priors, stated likelihoods, the analysts' spread.

Good I J (1950), Probability and the weighing of evidence, Griffin. Lindley D V (1956), On a
measure of the information provided by an experiment, Annals of Mathematical Statistics 27,
986-1005: the value of evidence that is not there yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.hypotheses.checks import HypothesesInputError, as_array, as_probabilities
from qalqan.science.hypotheses.matrix import MARKS, as_marks, item_weights
from qalqan.science.hypotheses.relations import Relations, own_priors, parts_of

LIKELIHOODS: dict[str, float] = {"CC": 0.9, "C": 0.7, "N": 0.5, "I": 0.3, "II": 0.1, "NA": 0.5}
"""Probability of seeing the item if the hypothesis holds, a mark: a convention, not a finding."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How probable each hypothesis is under what was stated.

    Attributes
    ----------
    posterior : ndarray, shape (hypotheses,)
        All analysts together (the mean of their log-likelihoods). A whole includes its parts.
    low, high : ndarray, shape (hypotheses,), or None
        The lowest and highest reading of a single analyst; ``None`` with one analyst, who has no
        spread.
    own : ndarray, shape (hypotheses,)
        Without parts; sums to 1.
    prior : ndarray, shape (hypotheses,)
        As stated.
    """

    posterior: NDArray[np.float64]
    low: NDArray[np.float64] | None
    high: NDArray[np.float64] | None
    own: NDArray[np.float64]
    prior: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gain:
    """What an item that is not there yet would tell.

    Attributes
    ----------
    bits : float
        Expected fall of the entropy.
    entropy : float
        Entropy now, bits.
    outcomes : ndarray, shape (outcomes,)
        How probable each outcome is now.
    changes_first : float
        Probability that another hypothesis is the most probable afterwards.
    """

    bits: float
    entropy: float
    outcomes: NDArray[np.float64]
    changes_first: float


def likelihoods_of(
    marks: NDArray[np.float64], weights: NDArray[np.float64], table: Mapping[str, float]
) -> NDArray[np.float64]:
    """Return the probability of each item under each hypothesis, by analyst.

    An item of weight w is what it says with probability w, and tells nothing otherwise (mixture
    with the likelihood of a neutral item), so a doubtful item can never weigh much.

    Raises
    ------
    HypothesesInputError
        A mark has no likelihood, or one is not above 0 and at most 1.
    """
    for name in MARKS:
        if not 0 < table.get(name, 0) <= 1:
            raise HypothesesInputError(
                f"the likelihood of {name} must be above 0 and at most 1", column="likelihoods"
            )
    found = np.full(marks.shape, table["NA"])
    for name, value in MARKS.items():
        if name != "NA":
            found[marks == value] = table[name]
    share = weights[None, :, None]
    return np.asarray(share * found + (1 - share) * table["N"], dtype=np.float64)


def read(
    marks: ArrayLike,
    priors: ArrayLike,
    *,
    credibility: ArrayLike | None = None,
    relevance: ArrayLike | None = None,
    relations: Relations | None = None,
    likelihoods: Mapping[str, float] = LIKELIHOODS,
) -> Reading:
    """Compute how probable the hypotheses are, if items are independent given a hypothesis.

    Hypotheses are taken as shutting each other out, except that a whole contains its parts.

    Parameters
    ----------
    marks : array_like, shape (analysts, evidence, hypotheses)
        See `qalqan.science.hypotheses.matrix.as_marks`.
    priors : array_like, shape (hypotheses,)
        Stated before the evidence; a whole's prior includes its parts, the topmost sum to 1.
    credibility, relevance : array_like, shape (evidence,), optional
        Weights, 0 to 1.
    relations
        Which hypothesis contains which.
    likelihoods
        Probability of an item by its mark.

    Raises
    ------
    HypothesesInputError
        Marks, priors, weights, relations or likelihoods are not what they must be.

    Examples
    --------
    >>> found = read([[[1, -1]]], [0.5, 0.5])
    >>> found.posterior.round(3).tolist()
    [0.7, 0.3]
    """
    values = as_marks(marks)
    relations = relations or Relations()
    stated = as_array(priors, "priors", 1)
    own = own_priors(stated, relations, values.shape[2])
    weights = item_weights(values.shape[1], credibility, relevance)
    logs = np.log(likelihoods_of(values, weights, likelihoods)).sum(axis=1)
    covers = parts_of(relations, values.shape[2]).astype(np.float64)
    together = _normalised(own, logs.mean(axis=0))
    low = high = None
    if len(values) > 1:
        singly = np.array([covers @ _normalised(own, one) for one in logs])
        low, high = singly.min(axis=0), singly.max(axis=0)
    return Reading(covers @ together, low, high, together, stated)


def _normalised(prior: NDArray[np.float64], logs: NDArray[np.float64]) -> NDArray[np.float64]:
    posterior = prior * np.exp(logs - logs.max())
    return np.asarray(posterior / posterior.sum(), dtype=np.float64)


def entropy(probabilities: NDArray[np.float64]) -> float:
    """Return the entropy in bits.

    >>> entropy(np.array([0.5, 0.5]))
    1.0
    """
    positive = probabilities[probabilities > 0]
    return float(-(positive * np.log2(positive)).sum()) + 0.0


def expected_gain(probabilities: ArrayLike, outcomes: ArrayLike) -> Gain:
    """Return how much an item that is not there yet is expected to tell.

    Parameters
    ----------
    probabilities : array_like, shape (hypotheses,)
        Of hypotheses that shut each other out, now (`Reading.own`).
    outcomes : array_like, shape (outcomes, hypotheses)
        Stated probability of each outcome under each hypothesis; columns sum to 1.

    Raises
    ------
    HypothesesInputError
        Columns do not sum to 1, or shapes do not fit.

    References
    ----------
    Lindley (1956), equation 5.

    Examples
    --------
    >>> expected_gain([0.5, 0.5], [[1, 0], [0, 1]]).bits
    1.0
    >>> expected_gain([0.5, 0.5], [[0.4, 0.4], [0.6, 0.6]]).bits
    0.0
    """
    table = as_array(outcomes, "outcomes", 2)
    now = as_probabilities(probabilities, "probabilities", table.shape[1])
    for column in table.T:
        as_probabilities(column, "outcomes", len(table))
    joint = table * now
    seen = joint.sum(axis=1)
    before = entropy(now)
    after, other = 0.0, 0.0
    for share, row in zip(seen, joint, strict=True):
        if share > 0:
            after += float(share) * entropy(row / share)
            if row[int(np.argmax(now))] < row.max() - 1e-12:
                other += float(share)
    bits = max(0.0, before - after)
    return Gain(0.0 if bits < 1e-12 else bits, before, seen, other)
