"""Security games solved another way: as linear programmes, by HiGHS at its tightest tolerance."""

from __future__ import annotations

import highspy
import numpy as np
from scipy.sparse import csr_array, hstack, vstack

from qalqan.science.protection.payoffs import Payoffs

_INFINITY = highspy.kHighsInf


def _solve(
    cost: np.ndarray, lower: np.ndarray, upper: np.ndarray, matrix: csr_array, limits: np.ndarray,
    seconds: float | None = None,
) -> float | None:  # fmt: skip
    """Return the least cost with matrix @ x <= limits; None where there is none, or no time."""
    solver = highspy.Highs()
    if seconds is not None:
        solver.setOptionValue("time_limit", seconds)
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("primal_feasibility_tolerance", 1e-10)
    solver.setOptionValue("dual_feasibility_tolerance", 1e-10)
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(cost), len(limits)
    programme.col_cost_, programme.col_lower_, programme.col_upper_ = cost, lower, upper
    programme.row_lower_ = np.full(len(limits), -_INFINITY)
    programme.row_upper_ = limits
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = matrix.indptr
    programme.a_matrix_.index_ = matrix.indices
    programme.a_matrix_.value_ = matrix.data
    solver.passModel(programme)
    solver.run()
    status = solver.getModelStatus()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kTimeLimit):
        return None
    assert status == highspy.HighsModelStatus.kOptimal, status
    return float(solver.getObjectiveValue())


def least_attacker_value(
    game: Payoffs, resources: int, *, limit: float | None = None
) -> float | None:
    """Return the least value v with v >= the attacker's payoff everywhere, by one programme.

    None if HiGHS has not found it within the limit, in seconds.
    """
    n = len(game)
    uncovered, covered = game.attacker_uncovered, game.attacker_covered
    everywhere = hstack([_diagonal(covered - uncovered), csr_array(np.full((n, 1), -1.0))])
    matrix = csr_array(vstack([everywhere, csr_array(np.append(np.ones(n), 0.0)[None])]))
    return _solve(
        np.append(np.zeros(n), 1.0), np.append(np.zeros(n), -1e6), np.append(np.ones(n), 1e6),
        matrix, np.append(-uncovered, float(resources)), limit,
    )  # fmt: skip


def _diagonal(values: np.ndarray) -> csr_array:
    n = len(values)
    return csr_array((values, np.arange(n), np.arange(n + 1)), shape=(n, n))


def defender_value_if_attacked(game: Payoffs, resources: int, target: int) -> float:
    """Return the defender's best value among coverages that make a target a best response."""
    n = len(game)
    width = game.attacker_uncovered - game.attacker_covered
    matrix = np.zeros((n + 1, n))
    matrix[np.arange(n), np.arange(n)] = -width
    matrix[:n, target] += width[target]
    matrix[n] = 1.0
    limits = np.append(game.attacker_uncovered[target] - game.attacker_uncovered, float(resources))
    cost = np.zeros(n)
    cost[target] = game.defender_uncovered[target] - game.defender_covered[target]
    found = _solve(cost, np.zeros(n), np.ones(n), csr_array(matrix), limits)
    return -np.inf if found is None else float(game.defender_uncovered[target] - found)


def defender_value(game: Payoffs, resources: int) -> float:
    """Return the defender's value in the strong equilibrium: the best of one programme a target."""
    return max(defender_value_if_attacked(game, resources, row) for row in range(len(game)))
