"""What an attacker cannot rule out: other tables with the same published cells.

A move is a change of hidden cells that leaves every sum as it is. A cell is protected upward by
an amount if a move raises it by that much and makes no cell smaller than the attacker knows it
to be. Protection is the same as the existence of moves, and where there is none, the prices of
the sums say why: they are the cuts of the master problem.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from qalqan.science.disclosure._linear import Extreme, Range, SolverError, highs, model
from qalqan.science.disclosure.problem import Floats, Problem

TOLERANCE = 1e-6
WHOLE_SECONDS = 5.0
"""How long one question in whole numbers may take; no answer counts as unprotected."""


@dataclass(frozen=True, slots=True)
class Cut:
    """``weights @ y >= right`` over the cells that may be hidden."""

    weights: Floats
    right: float


@dataclass(frozen=True, slots=True)
class Goal:
    """A change of one cell that must be possible.

    ``sign`` 1 and -1: the cell can rise or fall by ``amount``; 0: its rise and its fall together
    reach ``amount``, wherever the true value lies between (sliding protection).
    """

    cell: int
    sign: float
    amount: float


def goals_of(problem: Problem) -> list[Goal]:
    """Split needs into goals, none further than the attacker's own bounds allow."""
    found = []
    for need in problem.needs:
        room_up = problem.upper[need.cell] - problem.values[need.cell]
        room_down = problem.values[need.cell] - problem.lower[need.cell]
        up, down = min(need.above, room_up), min(need.below, room_down)
        found += [Goal(need.cell, 1.0, up)] if up > 0 else []
        found += [Goal(need.cell, -1.0, down)] if down > 0 else []
        if need.width > up + down:
            found.append(Goal(need.cell, 0.0, min(need.width, room_up + room_down)))
    return found


class Moves:
    """Asks for moves within a pattern of hidden cells.

    Parameters
    ----------
    problem
        The problem, of which only cells that may be hidden are kept.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.kept = np.flatnonzero(~problem.public | problem.hidden)
        self.place = np.full(len(problem.values), -1)
        self.place[self.kept] = np.arange(len(self.kept))
        matrix = problem.matrix[:, self.kept].tocsr()
        self.matrix = matrix[np.diff(matrix.indptr) > 0].tocsr()
        self.down = (problem.values - problem.lower)[self.kept]
        self.up = (problem.upper - problem.values)[self.kept]
        self.fixed = problem.hidden[self.kept]
        self._range = Range(self.matrix, np.zeros(self.matrix.shape[0]))
        self._low = np.zeros(len(self.kept))
        self._high = np.zeros(len(self.kept))

    def within(self, chosen: Floats, cap: float = math.inf) -> None:
        """Look at a pattern from here on; parts of cells may be hidden, up to a cap."""
        # 0 times infinity is no number, so cells that are not hidden are set apart.
        on = chosen > TOLERANCE
        capped_up = np.where(self.fixed, self.up, np.minimum(self.up, cap))
        capped_down = np.where(self.fixed, self.down, np.minimum(self.down, cap))
        self._high = np.zeros(len(on))
        self._high[on] = capped_up[on] * np.where(self.fixed, 1.0, chosen)[on]
        self._low = np.zeros(len(on))
        self._low[on] = -capped_down[on] * np.where(self.fixed, 1.0, chosen)[on]
        self._range.bound(self._low, self._high)

    def towards(self, goal: Goal) -> list[tuple[float, Extreme]]:
        """Return the move that comes closest to a goal; for sliding, both ways."""
        signs = (goal.sign,) if goal.sign else (1.0, -1.0)
        return [(sign, self._furthest(goal, sign)) for sign in signs]

    def _furthest(self, goal: Goal, sign: float) -> Extreme:
        cell = int(self.place[goal.cell])
        low, high = self._low[cell], self._high[cell]
        # Going further than the goal tells nothing more, and may have no end.
        if sign > 0:
            self._range.bound_one(cell, low, min(high, goal.amount))
        else:
            self._range.bound_one(cell, max(low, -goal.amount), high)
        found = self._range.largest(cell, sign)
        self._range.bound_one(cell, low, high)
        if found is None:
            raise SolverError("a bounded unknown has no limit")
        return found

    def cut(self, goal: Goal, found: list[tuple[float, Extreme]]) -> Cut | None:
        """Return what every pattern that reaches the goal must satisfy."""
        weights = np.zeros(len(self.kept))
        for sign, extreme in found:
            rest = -(self.matrix.T @ extreme.prices)
            rest[self.place[goal.cell]] += sign
            rest[np.abs(rest) < 1e-9] = 0.0
            plus, minus = rest > 0, rest < 0
            weights[plus] += rest[plus] * self.up[plus]
            weights[minus] -= rest[minus] * self.down[minus]
        right = goal.amount - weights[self.fixed].sum()
        if not right > TOLERANCE:
            return None
        weights[self.fixed] = 0.0
        # A cell that alone is enough need not count for more than enough.
        return Cut(np.minimum(weights, right) / right, 1.0)

    def served(self, goal: Goal, move: Floats) -> bool:
        """Tell whether a known move, or its reverse scaled down, reaches a goal."""
        reach = goal.sign * move[self.place[goal.cell]]
        if goal.sign and reach >= goal.amount - TOLERANCE:
            return True
        if reach > -TOLERANCE:
            return False
        back = move * (goal.amount / reach)
        inside = (back <= self._high + TOLERANCE) & (back >= self._low - TOLERANCE)
        return bool(inside.all())

    def whole_move(self, goal: Goal) -> bool:
        """Tell whether a goal is reached in whole numbers within the present pattern."""
        import highspy

        cell = int(self.place[goal.cell])
        size = len(self.kept)
        signs = (goal.sign,) if goal.sign else (1.0, -1.0)
        reached = 0.0
        for sign in signs:
            cost = np.zeros(size)
            cost[cell] = -sign
            low, high = self._low.copy(), self._high.copy()
            high[cell], low[cell] = min(high[cell], goal.amount), max(low[cell], -goal.amount)
            solver, right = highs(seconds=WHOLE_SECONDS), np.zeros(self.matrix.shape[0])
            solver.passModel(
                model(self.matrix, cost, low, high, right, right, np.ones(size, dtype=bool))
            )
            solver.run()
            if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return False
            reached += sign * solver.getSolution().col_value[cell]
        return bool(reached >= goal.amount - TOLERANCE)


def unmet(
    moves: Moves, goals: list[Goal], chosen: Floats
) -> tuple[list[tuple[Goal, list[tuple[float, Extreme]]]], dict[Goal, list[Floats]]]:
    """Return the goals that a pattern misses, and moves for each that it reaches."""
    moves.within(chosen)
    missed: list[tuple[Goal, list[tuple[float, Extreme]]]] = []
    moved: dict[Goal, list[Floats]] = {}
    points: list[Floats] = []
    for goal in goals:
        known = next((move for move in points[-6:] if moves.served(goal, move)), None)
        if known is not None:
            moved[goal] = [known]
            continue
        found = moves.towards(goal)
        if sum(extreme.value for _, extreme in found) < goal.amount - TOLERANCE:
            missed.append((goal, found))
            continue
        moved[goal] = [extreme.point for _, extreme in found]
        points.extend(moved[goal])
    return missed, moved
