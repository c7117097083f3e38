"""How hypotheses stand to each other: one shuts out another, or contains it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.hypotheses.checks import HypothesesInputError, as_weights
from qalqan.science.hypotheses.matrix import TIE


@dataclass(frozen=True, slots=True)
class Relations:
    """Stated relations between hypotheses, by position.

    Parameters
    ----------
    exclusive : sequence of (int, int)
        Pairs of which at most one is true.
    contains : sequence of (int, int)
        Whole and part: where the part is true, so is the whole.
    """

    exclusive: Sequence[tuple[int, int]] = field(default=())
    contains: Sequence[tuple[int, int]] = field(default=())


def wholes(relations: Relations, hypotheses: int) -> list[list[int]]:
    """Return, for each hypothesis, everything that contains it, the nearest first.

    Parameters
    ----------
    relations
        What was stated.
    hypotheses
        How many hypotheses there are.

    Raises
    ------
    HypothesesInputError
        A hypothesis is unknown, contains itself, lies in two wholes of which neither contains the
        other, or in two that shut each other out.

    Examples
    --------
    >>> wholes(Relations(contains=[(0, 1), (1, 2)]), 3)
    [[], [0], [1, 0]]
    >>> wholes(Relations(contains=[(0, 1), (1, 0)]), 2)
    Traceback (most recent call last):
    qalqan.science.hypotheses.checks.HypothesesInputError: hypothesis 0 would contain itself
    """
    for pair in (*relations.exclusive, *relations.contains):
        if not all(0 <= one < hypotheses for one in pair):
            raise HypothesesInputError(f"there is no such hypothesis: {pair}", column="relations")
        if pair[0] == pair[1]:
            raise HypothesesInputError(
                f"hypothesis {pair[0]} stands in a relation to itself", column="relations"
            )
    parent: dict[int, int] = {}
    for whole, part in relations.contains:
        if parent.get(part, whole) != whole:
            raise HypothesesInputError(
                f"hypothesis {part} lies in two others; state the nearest only", column="relations"
            )
        parent[part] = whole
    found = [_chain(parent, one) for one in range(hypotheses)]
    shut = {frozenset(pair) for pair in relations.exclusive}
    for one, chain in enumerate(found):
        for whole in chain:
            if frozenset((one, whole)) in shut:
                raise HypothesesInputError(
                    f"hypotheses {whole} and {one} shut each other out, and one contains the other",
                    column="relations",
                )
    return found


def _chain(parent: dict[int, int], start: int) -> list[int]:
    chain: list[int] = []
    here = start
    while here in parent:
        here = parent[here]
        if here == start or here in chain:
            raise HypothesesInputError(
                f"hypothesis {start} would contain itself", column="relations"
            )
        chain.append(here)
    return chain


def parts_of(relations: Relations, hypotheses: int) -> NDArray[np.bool_]:
    """Return which hypotheses each one covers: itself and everything inside it.

    Returns
    -------
    ndarray of bool, shape (hypotheses, hypotheses)
        Row = whole, column = part.
    """
    covers = np.eye(hypotheses, dtype=bool)
    for part, chain in enumerate(wholes(relations, hypotheses)):
        covers[chain, part] = True
    return covers


def own_priors(priors: ArrayLike, relations: Relations, hypotheses: int) -> NDArray[np.float64]:
    """Return the prior of each hypothesis without its parts; they sum to 1.

    A whole's stated prior includes its parts, so what is its own is the rest.

    Raises
    ------
    HypothesesInputError
        Parts are together more probable than their whole, or the topmost do not sum to 1.

    Examples
    --------
    >>> own_priors([0.7, 0.2, 0.3], Relations(contains=[(0, 1)]), 3).round(3).tolist()
    [0.5, 0.2, 0.3]
    """
    stated = as_weights(priors, "priors", hypotheses)
    chains = wholes(relations, hypotheses)
    own = stated.copy()
    for part, chain in enumerate(chains):
        if chain:
            own[chain[0]] -= stated[part]
    if (own < -1e-9).any():
        worst = int(np.argmin(own))
        raise HypothesesInputError(
            f"the parts of hypothesis {worst} are more probable than the whole", column="priors"
        )
    if abs(own.sum() - 1) > 1e-6:
        raise HypothesesInputError(f"priors sum to {own.sum():.6g}, not to 1", column="priors")
    positive = np.maximum(own, 0)
    return np.asarray(positive / positive.sum(), dtype=np.float64)


def incoherent(scores: NDArray[np.float64], relations: Relations) -> list[tuple[int, int]]:
    """Return wholes with more against them than against one of their parts.

    What speaks against the whole speaks against each part, so the marks contradict the relation.

    Examples
    --------
    >>> incoherent(np.array([3.0, 1.0]), Relations(contains=[(0, 1)]))
    [(0, 1)]
    """
    covers = parts_of(relations, len(scores))
    return [
        (int(whole), int(part))
        for whole, part in np.argwhere(covers)
        if whole != part and scores[whole] > scores[part] + TIE
    ]
