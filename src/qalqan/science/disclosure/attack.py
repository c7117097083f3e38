"""What an attacker can compute: for each hidden cell the least and the largest value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qalqan.science.disclosure._linear import Range, SolverError, highs, model
from qalqan.science.disclosure.checks import DisclosureInputError
from qalqan.science.disclosure.problem import Bools, Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

TOLERANCE = 1e-6
MOST_WHOLE = 400
"""Unknowns in one part of a publication up to which whole numbers are asked for exactly."""

WHOLE_SECONDS = 2.0
_SWEEPS = 30


class ContradictionError(DisclosureInputError):
    """What was published cannot all be true.

    Attributes
    ----------
    row : int, optional
        The sum that does not hold.
    """

    def __init__(self, message: str, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row


@dataclass(frozen=True, slots=True)
class Intervals:
    """What the attacker is left with.

    Attributes
    ----------
    low, high
        Least and largest value of each cell; ``high`` may be infinite.
    exact
        Whether both are reached by a table (of whole numbers, if such were asked for). Where
        this is false the true interval can only be narrower.
    """

    low: Floats
    high: Floats
    exact: Bools


def attack(
    matrix: csr_matrix, lower: Floats, upper: Floats, *, wanted: Bools | None = None,
    whole: bool = True,
) -> Intervals:  # fmt: skip
    """Return the interval of each cell that follows from sums and from what is known.

    Parameters
    ----------
    matrix
        Sums, ``matrix @ x == 0``; shape (sums, cells).
    lower, upper
        What is known of each cell; equal where it is published. Shape (cells,).
    wanted
        Cells of which the interval is asked; all by default.
    whole
        Whether the attacker knows that the cells are counts.

    Raises
    ------
    ContradictionError
        No table fits what is known.

    Examples
    --------
    >>> from scipy.sparse import csr_matrix
    >>> sums = csr_matrix([[1.0, -1.0, -1.0]])
    >>> found = attack(sums, np.array([7.0, 0, 5]), np.array([7.0, np.inf, 5]))
    >>> float(found.low[1]), float(found.high[1])
    (2.0, 2.0)
    """
    lower, upper = tightened(matrix, lower, upper, whole=whole)
    low, high = lower.copy(), upper.copy()
    exact = np.ones(len(lower), dtype=bool)
    open_cells = upper - lower > TOLERANCE
    asked = open_cells if wanted is None else open_cells & wanted
    for cells, rows in _parts(matrix, open_cells):
        if asked[cells].any():
            part = _Part(matrix[rows], cells, lower, upper, whole)
            for place in np.flatnonzero(asked[cells]):
                cell = cells[place]
                low[cell], high[cell], exact[cell] = part.interval(int(place))
    return Intervals(low, high, exact)


def tightened(
    matrix: csr_matrix, lower: Floats, upper: Floats, *, whole: bool
) -> tuple[Floats, Floats]:
    """Carry bounds through the sums, one sum at a time, until nothing changes much.

    Raises
    ------
    ContradictionError
        A sum cannot hold.
    """
    lower, upper = lower.astype(float).copy(), upper.astype(float).copy()
    indices, start, signs = matrix.indices, matrix.indptr, matrix.data
    for _ in range(_SWEEPS):
        changed = False
        for row in range(matrix.shape[0]):
            places = indices[start[row] : start[row + 1]]
            sign = signs[start[row] : start[row + 1]]
            changed |= _tighten(places, sign, lower, upper, row, whole)
        if not changed:
            break
    return lower, upper


def _tighten(
    places: Any, sign: Floats, lower: Floats, upper: Floats, row: int, whole: bool
) -> bool:
    """Tighten the bounds of the cells of one sum."""
    least = np.where(sign > 0, lower[places], -upper[places])
    most = np.where(sign > 0, upper[places], -lower[places])
    if np.all(most - least <= TOLERANCE):
        if abs(least.sum()) > TOLERANCE * max(1.0, np.abs(least).max()):
            raise ContradictionError("the published figures do not add up", row)
        return False
    endless_least, endless_most = np.isinf(least), np.isinf(most)
    sum_least, sum_most = least[~endless_least].sum(), most[~endless_most].sum()
    # The others together are at least this and at most that; the sum of all is 0.
    others_least = np.where(
        endless_least.sum() - endless_least > 0, -np.inf,
        sum_least - np.where(endless_least, 0.0, least),
    )  # fmt: skip
    others_most = np.where(
        endless_most.sum() - endless_most > 0, np.inf,
        sum_most - np.where(endless_most, 0.0, most),
    )  # fmt: skip
    new_most, new_least = np.minimum(most, -others_least), np.maximum(least, -others_most)
    new_low = np.where(sign > 0, new_least, -new_most)
    new_high = np.where(sign > 0, new_most, -new_least)
    if whole:
        new_low, new_high = np.ceil(new_low - TOLERANCE), np.floor(new_high + TOLERANCE)
    if np.any(new_low > new_high + TOLERANCE * np.maximum(1.0, np.abs(new_low))):
        raise ContradictionError("the published figures do not add up", row)
    better = (new_low > lower[places] + TOLERANCE) | (new_high < upper[places] - TOLERANCE)
    lower[places] = np.maximum(lower[places], new_low)
    upper[places] = np.maximum(np.minimum(upper[places], new_high), lower[places])
    return bool(better.any())


def _parts(matrix: csr_matrix, open_cells: Bools) -> list[tuple[Any, Any]]:
    """Return groups of open cells that no sum binds to other open cells, with their sums."""
    from scipy.sparse.csgraph import connected_components

    places = np.flatnonzero(open_cells)
    sub = abs(matrix[:, places]).tocsr()
    count, label = connected_components(sub.T @ sub, directed=False)
    row_label = np.full(matrix.shape[0], -1)
    filled = np.flatnonzero(np.diff(sub.indptr) > 0)
    row_label[filled] = label[sub.indices[sub.indptr[filled]]]
    by_cell, by_row = np.argsort(label, kind="stable"), np.argsort(row_label, kind="stable")
    cell_ends = np.searchsorted(label[by_cell], np.arange(count + 1))
    row_ends = np.searchsorted(row_label[by_row], np.arange(count + 1))
    return [
        (places[by_cell[cell_ends[k] : cell_ends[k + 1]]], by_row[row_ends[k] : row_ends[k + 1]])
        for k in range(count)
    ]


class _Part:
    """One group of open cells with the sums that bind them."""

    def __init__(
        self, rows: csr_matrix, cells: Any, lower: Floats, upper: Floats, whole: bool
    ) -> None:
        known = lower.copy()
        known[cells] = 0.0
        # Cells outside the group in these sums are all published: they go to the right side.
        self.right = -(rows @ np.where(np.isfinite(known), known, 0.0))
        self.matrix = rows[:, cells].tocsr()
        self.lower, self.upper = lower[cells], upper[cells]
        self.whole = whole
        self._range = Range(self.matrix, self.right)
        self._range.bound(self.lower, self.upper)

    def interval(self, place: int) -> tuple[float, float, bool]:
        """Return least and largest value of one cell, and whether both are reached."""
        high, high_exact = self._end(place, 1.0)
        low, low_exact = self._end(place, -1.0)
        return low, high, high_exact and low_exact

    def _end(self, place: int, sign: float) -> tuple[float, bool]:
        try:
            found = self._range.largest(place, sign)
        except SolverError:
            raise ContradictionError("the published figures contradict each other") from None
        if found is None:
            return sign * math.inf, True
        if not self.whole:
            return sign * found.value, True
        limit = math.floor(found.value + TOLERANCE)
        point = found.point
        if np.all(np.abs(point - np.round(point)) < TOLERANCE):
            return sign * limit, True
        if len(self.lower) > MOST_WHOLE:
            return sign * limit, False
        return self._whole_end(place, sign, limit)

    def _whole_end(self, place: int, sign: float, limit: float) -> tuple[float, bool]:
        """Ask for the end in whole numbers; without an answer in time, the wider end stays."""
        import highspy

        cost = np.zeros(len(self.lower))
        cost[place] = -sign
        solver = highs(seconds=WHOLE_SECONDS)
        solver.passModel(
            model(
                self.matrix, cost, self.lower, self.upper, self.right, self.right,
                np.ones(len(self.lower), dtype=bool),
            )
        )  # fmt: skip
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.run()
        state, kinds = solver.getModelStatus(), highspy.HighsModelStatus
        if state == kinds.kInfeasible:
            raise ContradictionError("no table of whole numbers fits the published figures")
        if state != kinds.kOptimal:
            return sign * limit, False
        return float(round(solver.getSolution().col_value[place])), True
