"""Small linear programmes on HiGHS, asked many times with other bounds and other goals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]


class SolverError(RuntimeError):
    """The solver ended in a state that a correct model does not have."""


@dataclass(frozen=True, slots=True)
class Extreme:
    """The largest value of one unknown, a point that has it, and the prices of the sums."""

    value: float
    point: Floats
    prices: Floats


def highs(*, seconds: float = math.inf) -> Any:
    """Return a silent solver with one thread."""
    import highspy

    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    if seconds < math.inf:
        solver.setOptionValue("time_limit", max(float(seconds), 0.01))
    return solver


def model(
    matrix: csr_matrix, cost: Floats, lower: Floats, upper: Floats, low: Floats, high: Floats,
    whole: NDArray[np.bool_] | None = None,
) -> Any:  # fmt: skip
    """Return the model: least ``cost @ x``, ``low <= matrix @ x <= high``, bounds of x."""
    import highspy

    held = highspy.HighsLp()
    rows, columns = matrix.shape
    held.num_col_, held.num_row_ = columns, rows
    held.col_cost_, held.col_lower_, held.col_upper_ = cost, lower, upper
    held.row_lower_, held.row_upper_ = low, high
    held.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    held.a_matrix_.start_ = matrix.indptr
    held.a_matrix_.index_ = matrix.indices
    held.a_matrix_.value_ = matrix.data
    if whole is not None:
        kinds = highspy.HighsVarType
        held.integrality_ = [kinds.kInteger if flag else kinds.kContinuous for flag in whole]
    return held


class Range:
    """Unknowns bound by equations, of which the largest and least values are asked.

    Parameters
    ----------
    matrix
        The equations.
    right
        What each adds up to.
    """

    def __init__(self, matrix: csr_matrix, right: Floats) -> None:
        self.count = matrix.shape[1]
        self._solver = highs()
        # Presolve would throw away the basis of the question before.
        self._solver.setOptionValue("presolve", "off")
        zero = np.zeros(self.count)
        self._solver.passModel(model(matrix, zero, zero, zero, right, right))
        self._columns = np.arange(self.count, dtype=np.int32)
        self._goal = 0

    def bound(self, lower: Floats, upper: Floats) -> None:
        """Set the bounds of all unknowns."""
        self._solver.changeColsBounds(self.count, self._columns, lower, upper)

    def bound_one(self, column: int, lower: float, upper: float) -> None:
        """Set the bounds of one unknown."""
        self._solver.changeColBounds(column, lower, upper)

    def largest(self, column: int, sign: float = 1.0) -> Extreme | None:
        """Return the largest ``sign * x[column]``; None if there is no limit.

        Raises
        ------
        SolverError
            Nothing satisfies the equations within the bounds.
        """
        import highspy

        self._solver.changeColCost(self._goal, 0.0)
        self._goal = column
        self._solver.changeColCost(column, -sign)
        self._solver.run()
        kinds, state = highspy.HighsModelStatus, self._solver.getModelStatus()
        if state == kinds.kUnbounded:
            return None
        if state != kinds.kOptimal:
            # A basis of the question before can mislead; the second try begins from nothing.
            self._solver.clearSolver()
            self._solver.run()
            state = self._solver.getModelStatus()
            if state == kinds.kUnbounded:
                return None
            if state != kinds.kOptimal:
                raise SolverError(self._solver.modelStatusToString(state))
        found = self._solver.getSolution()
        point = np.array(found.col_value)
        return Extreme(sign * point[column], point, -np.array(found.row_dual))
