"""Controlled rounding: every cell a multiple of the base, and every sum still holds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from qalqan.science.disclosure._linear import highs, model
from qalqan.science.disclosure.checks import DisclosureInputError
from qalqan.science.disclosure.problem import Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


@dataclass(frozen=True, slots=True)
class Rounded:
    """Rounded values, the sum of what was changed, and the least that it can be."""

    values: Floats
    change: float
    bound: float
    optimal: bool


def rounded(matrix: csr_matrix, values: Floats, base: int, *, seconds: float = math.inf) -> Rounded:
    """Round every cell to a neighbouring multiple of the base so that all sums hold.

    A multiple of the base stays what it is (zero-restricted); among all such tables the one that
    changes least is taken.

    Parameters
    ----------
    matrix
        Sums, ``matrix @ values == 0``; shape (sums, cells).
    values
        Counts, shape (cells,).
    base
        2 or more.
    seconds
        Time limit of the solver.

    Raises
    ------
    DisclosureInputError
        The base is below 2, or no such table was found (there need not be one in three and more
        dimensions).

    References
    ----------
    L. H. Cox, "A constructive procedure for unbiased controlled rounding", JASA 82 (1987),
    520-524, section 2.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> rounded(csr_matrix([[1.0, -1.0, -1.0]]), np.array([11.0, 3, 8]), 5).values.tolist()
    [10.0, 0.0, 10.0]
    """
    import highspy

    if base < 2:
        raise DisclosureInputError(f"rounding needs a base of at least 2, not {base}")
    floor = np.floor(values / base + 1e-9)
    rest = values - floor * base
    cost = np.where(rest > 1e-9, (base - rest) - rest, 0.0)
    upper = (rest > 1e-9).astype(float)
    right = -(matrix @ floor)
    solver = highs(seconds=seconds)
    solver.passModel(
        model(matrix, cost, np.zeros(len(values)), upper, right, right, upper.astype(bool))
    )
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.run()
    state, info = solver.getModelStatus(), solver.getInfo()
    if info.primal_solution_status != 2:
        raise DisclosureInputError(f"no rounding to base {base} was found in which all sums hold")
    up = np.round(np.array(solver.getSolution().col_value))
    result = (floor + up) * base
    change = float(np.abs(result - values).sum())
    optimal = state == highspy.HighsModelStatus.kOptimal
    bound = change if optimal else float(info.mip_dual_bound + rest.sum())
    return Rounded(result, change, min(bound, change), optimal)
