"""What the order hangs on: which item, or which smallest set, would change it if it were false.

Heuer R J (1999), Psychology of intelligence analysis, CIA, chapter 8, step 6: how sensitive is the
conclusion to a few critical items of evidence?
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.hypotheses.matrix import TIE, against, item_weights, ranks


@dataclass(frozen=True, slots=True)
class Without:
    """The order if one item were false, that is, left out.

    Attributes
    ----------
    item : int
        Position of the item.
    ranks : ndarray of int, shape (hypotheses,)
        Ranks without it.
    changes_order, changes_first : bool
        Whether any rank, or who is first, is another.
    """

    item: int
    ranks: NDArray[np.int64]
    changes_order: bool
    changes_first: bool


@dataclass(frozen=True, slots=True)
class Overturn:
    """The fewest items that must be false for one hypothesis to pass another.

    Attributes
    ----------
    ahead, behind : int
        Who leads now, and who would lead.
    ties, passes : tuple of int, or None
        The items whose falsehood brings them level, and the first past the second; ``None``
        where no set does it.
    """

    ahead: int
    behind: int
    ties: tuple[int, ...] | None
    passes: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What the order hangs on.

    Attributes
    ----------
    ranks : ndarray of int, shape (hypotheses,)
        Ranks with all items.
    singles : tuple of Without
        One an item, in their order.
    overturns : tuple of Overturn
        One an ordered pair, the easiest to overturn first.
    smallest : Overturn or None
        The smallest set that puts another hypothesis before the first; ``None`` where none does,
        or where several are first.
    """

    ranks: NDArray[np.int64]
    singles: tuple[Without, ...]
    overturns: tuple[Overturn, ...]
    smallest: Overturn | None


def sensitivity(
    marks: ArrayLike, credibility: ArrayLike | None = None, relevance: ArrayLike | None = None
) -> Sensitivity:
    """Leave out every item in turn, and find the smallest sets that overturn the order.

    The smallest set is exact: leaving an item out takes from the lead of one hypothesis over
    another just what the item adds to it, so the largest contributions first is the fewest.

    Parameters
    ----------
    marks : array_like, shape (analysts, evidence, hypotheses)
        See `qalqan.science.hypotheses.matrix.as_marks`.
    credibility, relevance : array_like, shape (evidence,), optional
        Weights, 0 to 1.

    Examples
    --------
    >>> found = sensitivity([[[1, 1, 1], [1, 1, -1], [1, 1, -1], [-1, 1, 1]]])
    >>> [one.item for one in found.singles if one.changes_order]
    [1, 2, 3]
    >>> found.smallest.passes is None
    True
    """
    points = against(marks)
    points = points * item_weights(len(points), credibility, relevance)[:, None]
    scores = points.sum(axis=0)
    now = ranks(scores)
    singles = tuple(_without(points, scores, now, item) for item in range(len(points)))
    overturns = sorted(
        (
            _overturn(points, int(ahead), int(behind))
            for ahead, behind in np.argwhere(scores[:, None] < scores[None, :] - TIE)
        ),
        key=_ease,
    )
    firsts = np.flatnonzero(now == 1)
    leading = [one for one in overturns if len(firsts) == 1 and one.ahead == firsts[0]]
    return Sensitivity(now, singles, tuple(overturns), leading[0] if leading else None)


def _without(
    points: NDArray[np.float64], scores: NDArray[np.float64], now: NDArray[np.int64], item: int
) -> Without:
    left = ranks(scores - points[item])
    return Without(item, left, bool((left != now).any()), bool(((left == 1) != (now == 1)).any()))


def _overturn(points: NDArray[np.float64], ahead: int, behind: int) -> Overturn:
    adds = points[:, behind] - points[:, ahead]
    order = np.argsort(-adds, kind="stable")
    order = order[adds[order] > TIE]
    lead = adds.sum() - np.cumsum(adds[order])
    return Overturn(ahead, behind, _until(order, lead <= TIE), _until(order, lead < -TIE))


def _until(order: NDArray[np.int64], reached: NDArray[np.bool_]) -> tuple[int, ...] | None:
    if not reached.any():
        return None
    return tuple(int(item) for item in order[: int(np.argmax(reached)) + 1])


def _ease(one: Overturn) -> tuple[int, int, int, int]:
    never = 1_000_000
    passes = never if one.passes is None else len(one.passes)
    ties = never if one.ties is None else len(one.ties)
    return passes, ties, one.ahead, one.behind
