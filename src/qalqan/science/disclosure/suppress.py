"""Complementary suppression by cutting planes, with a proof of how good the pattern is."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from qalqan.science.disclosure._complete import Completion, complete
from qalqan.science.disclosure._linear import highs
from qalqan.science.disclosure._moves import TOLERANCE, Cut, Goal, Moves, goals_of, unmet
from qalqan.science.disclosure.problem import Bools, Floats, Pattern, Problem, Status

MOST_ROUNDS = 400


class _Master:
    """Which cells to hide, as far as the cuts so far tell."""

    def __init__(self, weight: Floats, fixed: Bools) -> None:
        import highspy

        self._solver: Any = highs()
        self._size = len(weight)
        self._whole = False
        self.fixed = fixed
        self.cuts = 0
        held = highspy.HighsLp()
        held.num_col_, held.num_row_ = self._size, 0
        held.col_cost_ = np.where(fixed, 0.0, weight)
        held.col_lower_, held.col_upper_ = fixed.astype(float), np.ones(self._size)
        self._solver.passModel(held)

    def add(self, weights: Floats, right: float) -> None:
        """Add a cut."""
        places = np.flatnonzero(weights).astype(np.int32)
        self._solver.addRow(right, math.inf, len(places), places, weights[places])
        self.cuts += 1

    def relaxed(self, seconds: float) -> tuple[Floats, float] | None:
        """Solve with parts of cells; the value bounds every pattern from below."""
        import highspy

        self._solver.setOptionValue("time_limit", _total(self._solver, seconds))
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        info = self._solver.getInfo()
        return np.array(self._solver.getSolution().col_value), info.objective_function_value

    def whole(
        self, seconds: float, best: Bools | None, slack: float
    ) -> tuple[Bools | None, float, bool]:
        """Solve with whole cells: the pattern, a bound, and whether it was solved to the end."""
        import highspy

        if not self._whole:
            kinds = [highspy.HighsVarType.kInteger] * self._size
            places = np.arange(self._size, dtype=np.int32)
            self._solver.changeColsIntegrality(self._size, places, np.array(kinds))
            self._solver.setOptionValue("mip_rel_gap", 0.0)
            self._whole = True
        self._solver.setOptionValue("mip_abs_gap", slack)
        self._solver.setOptionValue("time_limit", _total(self._solver, seconds))
        if best is not None:
            guess = highspy.HighsSolution()
            guess.col_value = best.astype(float).tolist()
            self._solver.setSolution(guess)
        self._solver.run()
        info, state = self._solver.getInfo(), self._solver.getModelStatus()
        ended = state == highspy.HighsModelStatus.kOptimal
        if info.primal_solution_status != 2:
            return None, float(info.mip_dual_bound), ended
        found = np.array(self._solver.getSolution().col_value) > 0.5
        return found, float(info.mip_dual_bound), ended


def _total(solver: Any, seconds: float) -> float:
    # The solver's limit counts from the first run of the same object on.
    return float(solver.getRunTime() + max(seconds, 0.01)) if seconds < math.inf else math.inf


def suppress(
    problem: Problem, *, seconds: float = math.inf, clock: Callable[[], float] | None = None,
    slack: float = 1e-6,
) -> Pattern:  # fmt: skip
    """Choose which further cells to hide so that all needs are met at the least cost.

    The master problem knows only which cells are hidden; whether an attacker is left in doubt is
    asked of linear programmes of the table's own size, whose prices give the cuts. So the
    programme with two copies of the table for every cell in need is never written down.

    Parameters
    ----------
    problem
        Cells, sums, weights and needs.
    seconds
        Time limit; needs a clock.
    clock
        Tells seconds.
    slack
        A pattern is called optimal if no other costs less by more than this; below 1 it changes
        nothing where weights are whole numbers.

    Returns
    -------
    Pattern
        When time is over, the best pattern found with the bound proven so far, never "optimal".

    References
    ----------
    M. Fischetti, J. J. Salazar-González, "Solving the cell suppression problem on tabular data
    with linear constraints", Management Science 47 (2001), 1008-1027, (13)-(15) and section 4.
    """
    return _Search(problem, seconds, clock, slack).run()


class _Search:
    """One run of the cutting planes."""

    def __init__(
        self, problem: Problem, seconds: float, clock: Callable[[], float] | None, slack: float
    ) -> None:
        self.problem = problem
        self.slack = slack
        self.moves = Moves(problem)
        self.goals = goals_of(problem)
        self.weight = problem.weight[self.moves.kept]
        self.master = _Master(self.weight, self.moves.fixed)
        self._clock = clock
        self._end = clock() + seconds if clock else math.inf
        self.best: Bools | None = None
        self.cost = math.inf
        self.bound = 0.0
        self.rounds = 0
        self._bad: set[bytes] = set()

    def left(self) -> float:
        """Return the seconds that are left."""
        return self._end - self._clock() if self._clock else math.inf

    def run(self) -> Pattern:
        """Search to the end or until time is over."""
        out = [need.cell for need in self.problem.needs if self.problem.public[need.cell]]
        if out:
            return self._pattern("infeasible", unmet=tuple(out))
        everything = np.ones(len(self.moves.kept))
        missed, _ = unmet(self.moves, self.goals, everything)
        if missed:
            cells = tuple(dict.fromkeys(goal.cell for goal, _ in missed))
            return self._pattern("infeasible", unmet=cells)
        self._search = Completion(self.moves)
        self._try(np.zeros(len(self.moves.kept)))
        self._first_cuts()
        fractional = self._relax()
        if fractional is not None and not self._proven():
            self._try(fractional)
        while not self._proven() and self.left() > 0 and self.rounds < MOST_ROUNDS:
            if not self._round():
                break
        if self.best is None:
            self.best = np.ones(len(self.moves.kept), dtype=bool)
            self.cost = self._cost(self.best)
        over: Status = "time_limit" if self.left() <= 0 else "gap_limit"
        return self._pattern("optimal" if self._proven() else over)

    def _proven(self) -> bool:
        return self.best is not None and self.cost - self.bound <= self.slack

    def _cost(self, hidden: Bools) -> float:
        return float(self.weight[hidden & ~self.moves.fixed].sum())

    def _pattern(self, status: Status, unmet: tuple[int, ...] = ()) -> Pattern:
        hidden = self.problem.hidden.copy()
        if self.best is not None:
            hidden[self.moves.kept[self.best]] = True
        cost = self.cost if self.best is not None else 0.0
        return Pattern(
            hidden, cost, min(self.bound, cost), status, self.rounds, self.master.cuts, unmet
        )

    def _try(self, lean: Floats) -> None:
        """Complete what a relaxation would like to a pattern, and keep it if it is the best."""
        found = complete(self.moves, self.goals, self.weight, lean, self._search, self.left)
        if found is not None:
            self._keep(found)

    def _keep(self, found: Bools) -> None:
        cost = self._cost(found)
        if cost < self.cost and self._stands_whole(found):
            self.best, self.cost = found, cost

    def _stands_whole(self, found: Bools) -> bool:
        """Tell whether the needs are met against an attacker who counts in whole numbers."""
        missed, moved = unmet(self.moves, self.goals, found.astype(float))
        if missed:
            return False
        if not self.problem.whole:
            return True
        for goal, points in moved.items():
            if not self._whole_points(goal, points) and not self.moves.whole_move(goal):
                self._forbid(found)
                return False
        return True

    def _whole_points(self, goal: Goal, points: list[Floats]) -> bool:
        """Tell whether moves in whole numbers are known or found at a corner."""
        if all(_is_whole(point) and self._reaches(goal, point) for point in points):
            return True
        corners = self.moves.towards(goal)
        return all(_is_whole(extreme.point) for _, extreme in corners)

    def _reaches(self, goal: Goal, point: Floats) -> bool:
        if goal.sign == 0:
            return True
        return bool(goal.sign * point[self.moves.place[goal.cell]] >= goal.amount - TOLERANCE)

    def _forbid(self, found: Bools) -> None:
        """Say that a pattern is too small: whatever lies within it is, too."""
        mark = found.tobytes()
        if mark not in self._bad:
            self._bad.add(mark)
            self.master.add((~found).astype(float), 1.0)

    def _first_cuts(self) -> None:
        """A cell that changes needs another one in each of its sums."""
        around = abs(self.moves.matrix).tocsr()
        by_cell = around.tocsc()
        for cell in dict.fromkeys(goal.cell for goal in self.goals):
            place = int(self.moves.place[cell])
            for row in by_cell.indices[by_cell.indptr[place] : by_cell.indptr[place + 1]]:
                weights = np.zeros(len(self.moves.kept))
                weights[around.indices[around.indptr[row] : around.indptr[row + 1]]] = 1.0
                weights[place] = 0.0
                if not (weights.astype(bool) & self.moves.fixed).any():
                    self.master.add(weights, 1.0)

    def _relax(self) -> Floats | None:
        """Cut with parts of cells until nothing more is violated."""
        found: Floats | None = None
        cap = max((goal.amount for goal in self.goals), default=1.0)
        before = -math.inf
        stuck = 0
        while self.left() > 0:
            answer = self.master.relaxed(self.left())
            if answer is None:
                return found
            found, value = answer
            self.bound = max(self.bound, value)
            stuck = stuck + 1 if value < before + 1e-4 * max(1.0, abs(before)) else 0
            before = value
            self.rounds += 1
            if self._proven() or stuck > 5 or not self._separate(found, cap):
                return found
        return found

    def _separate(self, chosen: Floats, cap: float = math.inf) -> int:
        """Add the cuts that a point violates; return how many."""
        chosen = np.where(self.moves.fixed, 1.0, np.clip(chosen, 0.0, 1.0))
        missed, _ = (
            unmet(self.moves, self.goals, chosen * 1.0)
            if cap == math.inf
            else (self._missed_capped(chosen, cap))
        )
        added: set[bytes] = set()
        for goal, found in missed:
            cut = self.moves.cut(goal, found)
            if cut is not None and _violated(cut, chosen):
                mark = np.round(cut.weights, 6).tobytes()
                if mark not in added:
                    added.add(mark)
                    self.master.add(cut.weights, cut.right)
        return len(added) + self._bridges(chosen)

    def _missed_capped(self, chosen: Floats, cap: float) -> tuple[list[Any], None]:
        self.moves.within(chosen, cap)
        missed = []
        for goal in self.goals:
            if self.left() <= 0:
                break
            found = self.moves.towards(goal)
            if sum(extreme.value for _, extreme in found) < goal.amount - 1e-3:
                missed.append((goal, found))
        return missed, None

    def _bridges(self, chosen: Floats) -> int:
        """A cell that is hidden alone in one of its sums protects nothing."""
        around = abs(self.moves.matrix).tocsr()
        added = 0
        sums = around @ chosen
        for row in np.flatnonzero(sums > TOLERANCE):
            places = around.indices[around.indptr[row] : around.indptr[row + 1]]
            place = places[np.argmax(np.where(self.moves.fixed[places], -1.0, chosen[places]))]
            if self.moves.fixed[place] or self.moves.fixed[places].any():
                continue
            if 2 * chosen[place] > sums[row] + 1e-3:
                weights = np.zeros(len(chosen))
                weights[places] = 1.0
                weights[place] = -1.0
                self.master.add(weights, 0.0)
                added += 1
        return added

    def _round(self) -> bool:
        """Solve the master in whole cells, and cut off what it proposes or accept it."""
        self.rounds += 1
        found, bound, ended = self.master.whole(self.left(), self.best, self.slack / 2)
        if math.isfinite(bound):
            self.bound = max(self.bound, bound)
        if found is None or not ended:
            return False
        before = self.master.cuts
        if not self._separate(found.astype(float)):
            self._keep(found)
        elif not self._proven():
            self._try(found.astype(float))
        return self._proven() or self.master.cuts > before


def _is_whole(point: Floats) -> bool:
    return bool(np.all(np.abs(point - np.round(point)) < TOLERANCE))


def _violated(cut: Cut, chosen: Floats) -> bool:
    return bool(cut.weights @ chosen < cut.right - 1e-4)
