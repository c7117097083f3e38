"""Which events would close most of what is missing: greedy cover with a stated objective."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.errors import InputError


@dataclass(frozen=True, slots=True)
class Chosen:
    """One event of the plan.

    Attributes
    ----------
    candidate
        Row of the candidate.
    gain
        By how much it raises the objective, given those chosen before it.
    closes
        Gaps that it makes smaller, those first that give most: cell and weighted people.
    """

    candidate: int
    gain: float
    closes: tuple[tuple[int, float], ...]


def next_events(
    gaps: ArrayLike, weights: ArrayLike, reached: ArrayLike, *, number: int
) -> list[Chosen]:
    """Choose events one after the other, each the one that adds most.

    The objective is the weighted number of missing people who are reached,
    ``sum over cells of weight * min(gap, people reached by the chosen events)``. It is monotone
    and submodular, so the greedy plan reaches at least 1 - 1/e, some 63 %, of what any plan of
    as many events could. A candidate may be chosen again while it still adds something; of equal
    ones the first is taken.

    Parameters
    ----------
    gaps : (cells,) array of float
        People missing in each cell, 0 or more.
    weights : (cells,) array of float
        What one of them counts, 0 or more.
    reached : (candidates, cells) array of float
        People of each cell that one event of the candidate reaches.
    number
        Most events to choose.

    Raises
    ------
    InputError
        Shapes disagree, or a number is negative or not finite.

    References
    ----------
    Nemhauser, G. L., Wolsey, L. A. and Fisher, M. L. (1978). An analysis of approximations for
    maximizing submodular set functions. Mathematical Programming 14, 265-294, theorem 4.1.

    Examples
    --------
    >>> [one.candidate for one in next_events([10, 4], [1, 1], [[6, 0], [0, 6]], number=3)]
    [0, 0, 1]
    """
    left, weight, people = _checked(gaps, weights, reached)
    plan: list[Chosen] = []
    for _event in range(number):
        parts = np.minimum(left, people) * weight
        gains = parts.sum(axis=1)
        best = int(np.argmax(gains)) if gains.size else 0
        if not gains.size or gains[best] <= 0:
            break
        cells = [int(cell) for cell in np.argsort(-parts[best], kind="stable")]
        closes = tuple((cell, float(parts[best, cell])) for cell in cells if parts[best, cell] > 0)
        plan.append(Chosen(best, float(gains[best]), closes))
        left = np.maximum(left - people[best], 0)
    return plan


def objective(
    gaps: ArrayLike, weights: ArrayLike, reached: ArrayLike, chosen: Sequence[int]
) -> float:
    """Return the weighted missing people whom a plan reaches.

    Parameters
    ----------
    gaps, weights, reached
        As in `next_events`.
    chosen
        Rows of the candidates, each as often as it is held.

    Raises
    ------
    InputError
        Shapes disagree, or a number is negative or not finite.

    Examples
    --------
    >>> objective([10, 4], [1, 2], [[6, 0], [0, 6]], [0, 1])
    14.0
    """
    left, weight, people = _checked(gaps, weights, reached)
    total = people[list(chosen)].sum(axis=0) if chosen else np.zeros_like(left)
    return float((np.minimum(left, total) * weight).sum())


def _checked(
    gaps: ArrayLike, weights: ArrayLike, reached: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    left, weight = np.asarray(gaps, np.float64), np.asarray(weights, np.float64)
    people = np.asarray(reached, np.float64).reshape(-1, left.size)
    if left.ndim != 1 or left.shape != weight.shape:
        raise InputError("each cell needs a gap and a weight")
    for rows in (left, weight, people):
        if not np.isfinite(rows).all() or (rows < 0).any():
            raise InputError("gaps, weights and people are finite and not negative")
    return left, weight, people
