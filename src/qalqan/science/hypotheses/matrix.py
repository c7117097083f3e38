"""Evidence against hypotheses: marks, Heuer's ranking by inconsistency, diagnosticity, agreement.

Heuer R J (1999), Psychology of intelligence analysis, CIA, chapter 8: the hypothesis with least
against it stands, not the one with most for it. Krippendorff K (2011), Computing Krippendorff's
alpha-reliability, University of Pennsylvania.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.hypotheses.checks import (
    HypothesesInputError,
    as_array,
    as_weights,
    refuse,
)

MARKS: dict[str, float] = {
    "CC": 2.0, "C": 1.0, "N": 0.0, "I": -1.0, "II": -2.0, "NA": float("nan"),
}  # fmt: skip
"""Very consistent, consistent, neutral, inconsistent, very inconsistent, not applicable."""

_SPELLINGS = {
    "++": "CC", "+": "C", "0": "N", "": "NA", "-": "I", "--": "II", "N/A": "NA", "=": "N",
    "−": "I", "−−": "II", "–": "I", "––": "II", "?": "NA", ".": "NA",
}  # fmt: skip

TIE = 1e-9
"""Scores nearer than this are equal: they are sums of few small numbers."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """What speaks against each hypothesis, and the order that follows.

    Attributes
    ----------
    plain : ndarray, shape (hypotheses,)
        Heuer's count: 1 for each inconsistent, 2 for each very inconsistent item, the mean over
        analysts.
    weighted : ndarray, shape (hypotheses,)
        The same, each item times its credibility and its relevance.
    plain_ranks, weighted_ranks : ndarray of int, shape (hypotheses,)
        1 for the hypothesis with least against it; equal scores share the better rank.
    """

    plain: NDArray[np.float64]
    weighted: NDArray[np.float64]
    plain_ranks: NDArray[np.int64]
    weighted_ranks: NDArray[np.int64]


def mark_of(text: str) -> float:
    """Return the value of a mark, however it is written; ``nan`` for not applicable.

    Raises
    ------
    HypothesesInputError
        The text is no mark.

    Examples
    --------
    >>> mark_of("+"), mark_of("ii"), mark_of(" cc ")
    (1.0, -2.0, 2.0)
    >>> mark_of("maybe")
    Traceback (most recent call last):
    qalqan.science.hypotheses.checks.HypothesesInputError: 'maybe' is no mark; ...
    """
    plain = text.strip().upper()
    plain = _SPELLINGS.get(plain, plain)
    if plain not in MARKS:
        raise HypothesesInputError(
            f"{text.strip()[:20]!r} is no mark; use CC, C, N, I, II, NA, or ++, +, 0, -, --"
        )
    return MARKS[plain]


def as_marks(values: ArrayLike) -> NDArray[np.float64]:
    """Return marks of all analysts as one array, or say what is wrong with them.

    Parameters
    ----------
    values : array_like, shape (analysts, evidence, hypotheses)
        Numbers of `MARKS`; ``nan`` where a mark does not apply or was not given.

    Raises
    ------
    HypothesesInputError
        Not three dimensions, fewer than two hypotheses, no item, or another number.
    """
    marks = as_array(values, "marks", 3)
    if marks.shape[2] < 2:
        raise HypothesesInputError("a matrix needs at least two hypotheses", column="marks")
    if not marks.shape[0] or not marks.shape[1]:
        raise HypothesesInputError("a matrix needs at least one item of evidence", column="marks")
    known = np.isnan(marks) | np.isin(marks, (-2.0, -1.0, 0.0, 1.0, 2.0))
    refuse(np.asarray(~known.all(axis=(0, 2))), "a mark is none of -2, -1, 0, 1, 2", "marks")
    return marks


def against(marks: ArrayLike) -> NDArray[np.float64]:
    """Return how much each item speaks against each hypothesis, the mean over analysts.

    Parameters
    ----------
    marks : array_like, shape (analysts, evidence, hypotheses)
        See `as_marks`.

    Returns
    -------
    ndarray, shape (evidence, hypotheses)
        0 to 2; 0 where nobody marked. Consistency never offsets inconsistency: with two analysts
        of whom one marks C and one I, half a point stands against the hypothesis.

    Examples
    --------
    >>> against([[[1, -2]], [[-1, -2]]]).tolist()
    [[0.5, 2.0]]
    """
    points = np.maximum(0.0, -as_marks(marks))
    return _mean_over_analysts(points, empty=0.0)


def combined(marks: ArrayLike) -> NDArray[np.float64]:
    """Return the mean mark of each cell; ``nan`` where nobody marked."""
    return _mean_over_analysts(as_marks(marks), empty=np.nan)


def _mean_over_analysts(values: NDArray[np.float64], *, empty: float) -> NDArray[np.float64]:
    given = ~np.isnan(values)
    number = given.sum(axis=0)
    total = np.where(given, values, 0.0).sum(axis=0)
    return np.where(number > 0, total / np.maximum(number, 1), empty)


def rank(
    marks: ArrayLike, credibility: ArrayLike | None = None, relevance: ArrayLike | None = None
) -> Ranking:
    """Rank hypotheses by what speaks against them, plain and weighted.

    Parameters
    ----------
    marks : array_like, shape (analysts, evidence, hypotheses)
        See `as_marks`.
    credibility, relevance : array_like, shape (evidence,), optional
        Weights of the items, 0 to 1; 1 where none are given.

    Raises
    ------
    HypothesesInputError
        Marks or weights are not what they must be.

    References
    ----------
    Heuer (1999), chapter 8, step 5.

    Examples
    --------
    >>> found = rank([[[1, 1, 1], [1, 1, -1], [-1, 1, 1], [-1, 1, 1]]])
    >>> found.plain.tolist(), found.plain_ranks.tolist()
    ([2.0, 0.0, 1.0], [3, 1, 2])
    """
    points = against(marks)
    weights = item_weights(len(points), credibility, relevance)
    plain = points.sum(axis=0)
    weighted = (points * weights[:, None]).sum(axis=0)
    return Ranking(plain, weighted, ranks(plain), ranks(weighted))


def item_weights(
    items: int, credibility: ArrayLike | None = None, relevance: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Return the weight of each item: credibility times relevance."""
    found = as_weights(credibility, "credibility", items) * as_weights(
        relevance, "relevance", items
    )
    return np.asarray(found, dtype=np.float64)


def ranks(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return ranks, 1 for the least; equal scores share the better rank.

    >>> ranks(np.array([3.0, 0.0, 3.0, 1.0])).tolist()
    [3, 1, 3, 2]
    """
    better = (scores[None, :] < scores[:, None] - TIE).sum(axis=1)
    return np.asarray(1 + better, dtype=np.int64)


def diagnosticity(marks: ArrayLike) -> NDArray[np.float64]:
    """Return how far each item tells hypotheses apart, 0 to 1, the mean over analysts.

    The distance between an analyst's best and worst mark of the item, as a share of the widest
    there is (CC to II). An item with the same mark everywhere has 0, however certain it is.

    Parameters
    ----------
    marks : array_like, shape (analysts, evidence, hypotheses)
        See `as_marks`.

    Returns
    -------
    ndarray, shape (evidence,)

    References
    ----------
    Heuer (1999), chapter 8, step 3: evidence is diagnostic when it influences the judgement on
    the relative likelihood of the hypotheses.

    Examples
    --------
    >>> diagnosticity([[[1, 1, 1], [2, 0, -2]]]).tolist()
    [0.0, 1.0]
    """
    values = as_marks(marks)
    given = ~np.isnan(values)
    best = np.where(given, values, -np.inf).max(axis=2)
    worst = np.where(given, values, np.inf).min(axis=2)
    told = given.sum(axis=2) > 1
    spread = np.where(told, (np.where(told, best, 0) - np.where(told, worst, 0)) / 4, np.nan)
    return _mean_over_analysts(spread, empty=0.0)


def agreement(marks: ArrayLike) -> float | None:
    """Return Krippendorff's alpha of the analysts' marks, on the ordinal scale.

    Parameters
    ----------
    marks : array_like, shape (analysts, evidence, hypotheses)
        See `as_marks`; cells that fewer than two analysts marked are left out.

    Returns
    -------
    float or None
        1 for full agreement, 0 for what chance gives, below 0 for contradiction; ``None`` where
        nothing can be compared or all marks are the same.

    Examples
    --------
    >>> agreement([[[1, -1], [2, -2]], [[1, -1], [2, -2]]])
    1.0
    >>> agreement([[[1, -1]]]) is None
    True
    """
    values = as_marks(marks)
    return ordinal_alpha(values.reshape(len(values), -1))


def ordinal_alpha(codes: NDArray[np.float64]) -> float | None:
    """Return Krippendorff's alpha for ordinal codes.

    Parameters
    ----------
    codes : ndarray, shape (coders, units)
        Codes in order; ``nan`` where a coder gave none.

    References
    ----------
    Krippendorff (2011), section D, equations of the coincidence matrix and ordinal metric.
    """
    levels = np.unique(codes[~np.isnan(codes)])
    coincidence = np.zeros((len(levels), len(levels)))
    for unit in codes.T:
        given = unit[~np.isnan(unit)]
        if len(given) > 1:
            counts = np.array([(given == level).sum() for level in levels], dtype=np.float64)
            pairs = np.outer(counts, counts) - np.diag(counts)
            coincidence += pairs / (len(given) - 1)
    totals = coincidence.sum(axis=1)
    if np.count_nonzero(totals) < 2:
        return None
    below = np.cumsum(totals) - totals / 2
    metric = (below[:, None] - below[None, :]) ** 2
    observed = float((coincidence * metric).sum())
    expected = float((np.outer(totals, totals) * metric).sum()) / (totals.sum() - 1)
    return float(1.0 - observed / expected)
