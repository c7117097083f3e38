"""Compiled lists of pairs of events that are close, by a grid as wide as the greatest distance."""

from __future__ import annotations

import numpy as np

from qalqan.science.flashpoints._compile import Floats, Whole, kernel

_MOST_CELLS = 4_000_000


@kernel
def grid_cells(x: Floats, y: Floats, width_x: float, width_y: float) -> tuple[Whole, int, int]:
    """Return the cell of each point, and how many columns and rows there are.

    Cells are at least as large as asked for, so that points within a width of each other lie in
    the same cell or in touching ones. A rim of empty cells goes around.
    """
    low_x, low_y = x.min(), y.min()
    span_x, span_y = x.max() - low_x, y.max() - low_y
    while (span_x / width_x + 3.0) * (span_y / width_y + 3.0) > _MOST_CELLS:
        width_x *= 1.5
        width_y *= 1.5
    columns = int(span_x / width_x) + 3
    rows = int(span_y / width_y) + 3
    cells = np.empty(x.shape[0], np.int64)
    for i in range(x.shape[0]):
        column = int((x[i] - low_x) / width_x) + 1
        row = int((y[i] - low_y) / width_y) + 1
        cells[i] = row * columns + column
    return cells, columns, rows


@kernel
def sorted_by_cell(cells: Whole, count: int) -> tuple[Whole, Whole]:
    """Return where each cell starts, and the points cell by cell in their order."""
    start = np.zeros(count + 1, np.int64)
    for i in range(cells.shape[0]):
        start[cells[i] + 1] += 1
    for c in range(count):
        start[c + 1] += start[c]
    place = start[:-1].copy()
    order = np.empty(cells.shape[0], np.int64)
    for i in range(cells.shape[0]):
        order[place[cells[i]]] = i
        place[cells[i]] += 1
    return start, order


@kernel
def past_pairs(
    times: Floats, x: Floats, y: Floats, max_lag: float, max_distance: float, most: int
) -> tuple[Whole, Whole, Whole]:
    """Return, for each event, lags and squared distances of the events before it that are close.

    Rows are compressed: those of event ``i`` run from ``pointer[i]`` to ``pointer[i + 1]``.
    Events at the same instant are not before one another. Times are in order. If there are more
    pairs than ``most``, the pointers are right but the lists stay empty.
    """
    cells, columns, rows = grid_cells(x, y, max_distance, max_distance)
    start, order = sorted_by_cell(cells, columns * rows)
    n = times.shape[0]
    pointer = np.zeros(n + 1, np.int64)
    farthest = max_distance * max_distance
    lags = np.empty(0, np.float32)
    squares = np.empty(0, np.float32)
    for filling in range(2):
        if filling == 1:
            for i in range(n):
                pointer[i + 1] += pointer[i]
            if pointer[n] > most:
                break
            lags = np.empty(pointer[n], np.float32)
            squares = np.empty(pointer[n], np.float32)
        head = start[:-1].copy()
        for i in range(n):
            found = pointer[i] if filling == 1 else 0
            for row in range(-1, 2):
                for column in range(-1, 2):
                    cell = cells[i] + row * columns + column
                    while (
                        head[cell] < start[cell + 1]
                        and times[i] - times[order[head[cell]]] > max_lag
                    ):
                        head[cell] += 1
                    for place in range(head[cell], start[cell + 1]):
                        j = order[place]
                        if times[j] >= times[i]:
                            break
                        square = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2
                        if square <= farthest:
                            if filling == 1:
                                lags[found] = times[i] - times[j]
                                squares[found] = square
                            found += 1
            if filling == 0:
                pointer[i + 1] = found
    return pointer, lags, squares
