"""Compiled loops that cut sorted neighbours into zones; a slow twin stands in the tests."""

from __future__ import annotations

import math

import numpy as np

from qalqan.science.flashpoints._compile import Flags, Floats, Whole, kernel


@kernel
def tied(first: float, second: float, together: bool, nearly: float) -> bool:
    """Say whether two squared distances count as equal."""
    if together:
        return second - first <= nearly * second
    return math.sqrt(first) == math.sqrt(second)


@kernel
def sort_ties(order: Whole, square: Floats, position: Whole, together: bool, nearly: float) -> None:
    """Put areas at equal distance in the order of their coordinates, in place."""
    start = 0
    for stop in range(1, order.shape[0] + 1):
        if stop < order.shape[0] and tied(square[stop - 1], square[stop], together, nearly):
            continue
        for i in range(start + 1, stop):
            area = order[i]
            j = i
            while j > start and position[order[j - 1]] > position[area]:
                order[j] = order[j - 1]
                j -= 1
            order[j] = area
        start = stop


@kernel
def cut_rows(
    order: Whole,
    square: Floats,
    spot: Whole,
    position: Whole,
    weights: Floats,
    limit: float,
    reach: float,
    together: bool,
    nearly: float,
) -> tuple[Whole, Flags, int]:
    """Return how many areas each row keeps, where a zone may end, and how many were looked at.

    ``order`` holds one row a centre, areas from near to far, with ``square`` their squared
    distances; rows are put into the order of ties in place. If all that a row holds had to be
    looked at, and there are more areas, then the row was too short.
    """
    rows, n = order.shape
    widest = 0
    sizes = np.zeros(rows, np.int64)
    closed = np.zeros((rows, n), np.bool_)
    for row in range(rows):
        # Only what can be inside needs its ties sorted, with the whole group at the edge.
        weight = 0.0
        width = 0
        while width < n and square[row, width] <= reach and weight <= limit:
            weight += weights[order[row, width]]
            width += 1
        while width < n and tied(square[row, width - 1], square[row, width], together, nearly):
            width += 1
        widest = max(widest, width)
        sort_ties(order[row, :width], square[row, :width], position, together, nearly)
        weight = 0.0
        for i in range(width):
            area = order[row, i]
            weight += weights[area]
            if weight > limit or square[row, i] > reach * (1.0 + nearly):
                break
            level = i + 1 < n and tied(square[row, i], square[row, i + 1], together, nearly)
            if level and (together or spot[area] == spot[order[row, i + 1]]):
                continue
            closed[row, i] = True
            sizes[row] = i + 1
    return sizes, closed, widest
