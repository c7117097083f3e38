"""Fast patterns that meet all needs, without a proof: a programme a goal, then pruning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse import hstack

from qalqan.science.disclosure._linear import highs, model
from qalqan.science.disclosure._moves import TOLERANCE, Goal, Moves, unmet
from qalqan.science.disclosure.problem import Bools, Floats


class Completion:
    """Finds the cheapest move towards one goal; the cells that it changes get hidden.

    One linear programme a goal, the price of a cell charged by how far it is changed
    (Kelly, Golden and Assad 1992).

    Parameters
    ----------
    moves
        The cells that may be hidden and their sums.
    """

    def __init__(self, moves: Moves) -> None:
        self._moves = moves
        size = len(moves.kept)
        self._size = size
        both = hstack([moves.matrix, -moves.matrix]).tocsr()
        right = np.zeros(moves.matrix.shape[0])
        self._upper = np.concatenate([moves.up, moves.down])
        self._solver: Any = highs()
        self._solver.setOptionValue("presolve", "off")
        self._solver.passModel(
            model(both, np.ones(2 * size), np.zeros(2 * size), self._upper, right, right)
        )
        self._columns = np.arange(2 * size, dtype=np.int32)

    def cheapest(self, goal: Goal, sign: float, amount: float, price: Floats) -> Bools | None:
        """Return the cells that the cheapest move changes; None if there is no move."""
        import highspy

        cell = int(self._moves.place[goal.cell])
        there, back = (cell, cell + self._size) if sign > 0 else (cell + self._size, cell)
        self._solver.changeColsCost(2 * self._size, self._columns, np.tile(price, 2))
        self._solver.changeColBounds(there, amount, max(amount, self._upper[there]))
        self._solver.changeColBounds(back, 0.0, 0.0)
        self._solver.run()
        state = self._solver.getModelStatus()
        self._solver.changeColBounds(there, 0.0, self._upper[there])
        self._solver.changeColBounds(back, 0.0, self._upper[back])
        if state != highspy.HighsModelStatus.kOptimal:
            return None
        found = np.array(self._solver.getSolution().col_value)
        change = found[: self._size] - found[self._size :]
        changed: Bools = np.abs(change) > TOLERANCE
        return changed


def complete(
    moves: Moves, goals: list[Goal], weight: Floats, lean: Floats, search: Completion,
    left: Callable[[], float],
) -> Bools | None:  # fmt: skip
    """Return a pattern that meets all goals, or None if it was not found.

    Parameters
    ----------
    weight
        Price of each kept cell.
    lean
        Between 0 and 1: how much a relaxation would like to hide each cell.
    left
        Tells the seconds that are left; without any, dear cells stay hidden that need not be.
    """
    hidden = moves.fixed.copy()
    for _ in range(4):
        missed, _moved = unmet(moves, goals, hidden.astype(float))
        if not missed:
            return pruned(moves, goals, weight, hidden, left)
        for goal, found in missed:
            if not _hide_for(goal, found, hidden, weight * (1.0 - 0.9 * lean), search):
                return None
    return None


def _hide_for(
    goal: Goal, found: list[Any], hidden: Bools, price: Floats, search: Completion
) -> bool:
    """Hide what the cheapest move towards a goal needs."""
    price = np.where(hidden, 0.0, price + 1e-4)
    reached = found[1][1].value if goal.sign == 0 else 0.0
    tries = (
        [(goal.sign, goal.amount)]
        if goal.sign
        else [(1.0, goal.amount - reached), (-1.0, goal.amount)]
    )
    for sign, amount in tries:
        changed = search.cheapest(goal, sign, amount, price)
        if changed is not None:
            hidden |= changed
            return True
    return False


def pruned(
    moves: Moves, goals: list[Goal], weight: Floats, hidden: Bools, left: Callable[[], float]
) -> Bools:
    """Publish chosen cells again, dear ones first, as long as every goal is met."""
    hidden = hidden.copy()
    missed, moved = unmet(moves, goals, hidden.astype(float))
    if missed:
        raise ValueError("the pattern does not meet the goals")
    chosen = np.flatnonzero(hidden & ~moves.fixed)
    for cell in chosen[np.argsort(-weight[chosen], kind="stable")]:
        if left() <= 0:
            break
        touched = [
            goal for goal, points in moved.items()
            if any(abs(point[cell]) > TOLERANCE for point in points)
        ]  # fmt: skip
        hidden[cell] = False
        again, new = unmet(moves, touched, hidden.astype(float))
        if again:
            hidden[cell] = True
        else:
            moved.update(new)
    return hidden
