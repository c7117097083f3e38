"""Which events may belong together, by place, time and way of acting.

Weight of evidence of a pair: the sum of logarithms of Bayes factors, one a feature, learnt from
solved pairs (naive Bayes with bins). Porter M D (2016), A statistical approach to crime linkage,
The American Statistician 70, 152-165, equations 3-8. Events only: nothing here knows a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qalqan.science.hypotheses.checks import HypothesesInputError

DISTANCE_M = (250.0, 500.0, 1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0, 32_000.0)
GAP_DAYS = (1.0, 3.0, 7.0, 14.0, 30.0, 60.0, 120.0, 240.0)
HOUR_GAP = (1.0, 2.0, 4.0, 6.0, 8.0)
"""Upper ends of the bins; the last bin is everything beyond."""
UNKNOWN = -1
"""A value of the way of acting that nobody knows; it moves nothing."""


@dataclass(frozen=True, slots=True)
class Events:
    """Events in a plane.

    Attributes
    ----------
    x, y : ndarray, shape (events,)
        Place, metres; ``nan`` where it is not known well enough.
    day : ndarray, shape (events,)
        Time, days from any start.
    hour : ndarray, shape (events,)
        Hour of the day, 0 to 24; ``nan`` where unknown.
    way : ndarray of int, shape (events, attributes)
        Way of acting: a code for each attribute; `UNKNOWN` where unknown.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    day: NDArray[np.float64]
    hour: NDArray[np.float64]
    way: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, slots=True)
class Factors:
    """Logarithms of Bayes factors, learnt.

    Attributes
    ----------
    tables : tuple of ndarray
        One a feature (distance, time gap, gap of the hour, then each attribute); the value of
        each bin, natural logarithm of P(bin | linked) / P(bin | not linked).
    linked_pairs, other_pairs : int
        Pairs it was learnt from.
    """

    tables: tuple[NDArray[np.float64], ...]
    linked_pairs: int
    other_pairs: int


def features(
    events: Events, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the bin of each feature of each pair; -1 where a side is unknown.

    Parameters
    ----------
    events
        Events.
    first, second : ndarray of int, shape (pairs,)
        Positions of the two.

    Returns
    -------
    ndarray of int, shape (pairs, 3 + attributes)
        Bins of distance, time gap and gap of the hour; 1 for an attribute alike, 0 for not.

    Examples
    --------
    >>> events = Events(*np.array([[0, 300], [0, 400], [0, 5], [23, 1]], float),
    ...                 np.array([[1, 2], [1, 3]]))
    >>> features(events, np.array([0]), np.array([1])).tolist()
    [[2, 2, 2, 1, 0]]
    """
    far = np.hypot(events.x[first] - events.x[second], events.y[first] - events.y[second])
    gap = np.abs(events.day[first] - events.day[second])
    turn = np.abs(events.hour[first] - events.hour[second])
    turn = np.minimum(turn, 24 - turn)
    columns = [
        _binned(far, DISTANCE_M),
        _binned(gap, GAP_DAYS),
        _binned(turn, HOUR_GAP),
    ]
    for attribute in range(events.way.shape[1]):
        left, right = events.way[first, attribute], events.way[second, attribute]
        known = (left != UNKNOWN) & (right != UNKNOWN)
        columns.append(np.where(known, (left == right).astype(np.int64), -1))
    return np.stack(columns, axis=1)


def _binned(values: NDArray[np.float64], ends: Sequence[float]) -> NDArray[np.int64]:
    # The lower end belongs to the bin above it, so 250 m lies in 250 to 500 m.
    return np.where(np.isnan(values), -1, np.searchsorted(ends, values, side="right"))


def all_pairs(number: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the positions of every pair.

    Examples
    --------
    >>> [side.tolist() for side in all_pairs(3)]
    [[0, 0, 1], [1, 2, 2]]
    """
    first, second = np.triu_indices(number, 1)
    return first.astype(np.int64), second.astype(np.int64)


def learn(
    found: NDArray[np.int64], linked: NDArray[np.bool_], *, smoothing: float = 1.0
) -> Factors:
    """Learn the Bayes factors of each feature's bins from solved pairs.

    Parameters
    ----------
    found : ndarray of int, shape (pairs, features)
        See `features`.
    linked : ndarray of bool, shape (pairs,)
        Whether the two belong together.
    smoothing
        Added to each bin's count, spread as the bins are over all pairs (Dirichlet), so an empty
        bin tells nothing rather than everything.

    Raises
    ------
    HypothesesInputError
        There are no linked or no other pairs.

    References
    ----------
    Porter (2016), equation 6.
    """
    if not linked.any() or linked.all():
        raise HypothesesInputError(
            "learning needs pairs that belong together and pairs that do not"
        )
    ends = (DISTANCE_M, GAP_DAYS, HOUR_GAP)
    tables = []
    for column in range(found.shape[1]):
        size = len(ends[column]) + 1 if column < len(ends) else 2
        known = found[:, column] >= 0
        base = np.bincount(found[known, column], minlength=size) + 0.5
        base = base / base.sum()
        shares = []
        for side in (linked, ~linked):
            counts = np.bincount(found[known & side, column], minlength=size)
            weight = smoothing * size
            shares.append((counts + weight * base) / (counts.sum() + weight))
        tables.append(np.log(shares[0] / shares[1]))
    return Factors(tuple(tables), int(linked.sum()), int((~linked).sum()))


def weigh(factors: Factors, found: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the weight of evidence of each pair: the sum of its logarithms; unknowns add 0.

    Examples
    --------
    >>> factors = Factors((np.array([1.0, -1.0]),), 1, 1)
    >>> weigh(factors, np.array([[0], [1], [-1]])).tolist()
    [1.0, -1.0, 0.0]
    """
    total = np.zeros(len(found))
    for column, table in enumerate(factors.tables):
        bins = found[:, column]
        total += np.where(bins >= 0, table[np.maximum(bins, 0)], 0.0)
    return total


def auc(scores: NDArray[np.float64], linked: NDArray[np.bool_]) -> float:
    """Return the probability that a linked pair has the higher score; ties count half.

    >>> auc(np.array([0.1, 0.4, 0.4, 0.9]), np.array([False, False, True, True]))
    0.875
    """
    from scipy.stats import rankdata

    placed = rankdata(scores)
    positive, negative = int(linked.sum()), int((~linked).sum())
    above = placed[linked].sum() - positive * (positive + 1) / 2
    return float(above / (positive * negative))
