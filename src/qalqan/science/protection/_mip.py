"""Mixed-integer programmes on HiGHS, with the solver's own status and bound."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Status = Literal["optimal", "time_limit", "infeasible", "failed"]


@dataclass(frozen=True, slots=True)
class Programme:
    """Maximise ``gain @ x`` subject to ``low <= matrix @ x <= high`` and ``0 <= x <= upper``."""

    gain: Floats
    matrix: csr_matrix
    low: Floats
    high: Floats
    upper: Floats
    whole: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solver found and proved; ``values`` is None if it found nothing."""

    status: Status
    values: Floats | None
    objective: float
    bound: float


def solve(
    programme: Programme, *, start: Floats | None = None, seconds: float = math.inf, seed: int = 0
) -> Solved:
    """Solve a programme; a choice found when time is over is never called optimal.

    Parameters
    ----------
    programme
        The programme.
    start
        A feasible solution to begin with.
    seconds
        Time limit.
    seed
        Seed of the solver.
    """
    import highspy

    solver = highspy.Highs()
    solver.silent()
    options: dict[str, float | int] = {
        "threads": 1, "mip_rel_gap": 0.0, "mip_abs_gap": 1e-6, "random_seed": seed,
        "mip_feasibility_tolerance": 1e-7,
    }  # fmt: skip
    if seconds < math.inf:
        options["time_limit"] = max(float(seconds), 0.0)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(_model(programme))
    if start is not None:
        guess = highspy.HighsSolution()
        guess.col_value = start.tolist()
        solver.setSolution(guess)
    solver.run()
    return _outcome(solver, programme, start)


def _model(programme: Programme) -> Any:
    import highspy

    model = highspy.HighsLp()
    rows, columns = programme.matrix.shape
    model.num_col_, model.num_row_ = columns, rows
    model.col_cost_ = -programme.gain
    model.col_lower_ = np.zeros(columns)
    model.col_upper_ = programme.upper
    model.row_lower_, model.row_upper_ = programme.low, programme.high
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = programme.matrix.indptr
    model.a_matrix_.index_ = programme.matrix.indices
    model.a_matrix_.value_ = programme.matrix.data
    kinds = highspy.HighsVarType
    model.integrality_ = [kinds.kInteger if flag else kinds.kContinuous for flag in programme.whole]
    return model


def _outcome(solver: Any, programme: Programme, start: Floats | None) -> Solved:
    import highspy

    kinds = highspy.HighsModelStatus
    state, info = solver.getModelStatus(), solver.getInfo()
    if state in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        return Solved("infeasible", None, -math.inf, -math.inf)
    status: Status = (
        "optimal" if state == kinds.kOptimal
        else "time_limit" if state == kinds.kTimeLimit
        else "failed"
    )  # fmt: skip
    found = info.primal_solution_status == 2 and math.isfinite(info.objective_function_value)
    values = np.array(solver.getSolution().col_value) if found else start
    if values is not None:
        values = np.where(programme.whole, np.round(values), values)
    objective = float(programme.gain @ values) if values is not None else -math.inf
    bound = -float(info.mip_dual_bound)
    return Solved(status, values, objective, max(bound, objective))
