"""Compiled loops that sort the neighbours of each centre; a slow twin stands in the tests."""

from __future__ import annotations

import numpy as np

from qalqan.science.flashpoints._compile import Flags, Floats, Whole, kernel


@kernel
def neighbours_of(
    points: Floats, centre: int, weights: Floats, limit: float, reach: float, guess: int
) -> tuple[Whole, Floats]:
    """Return the areas nearest to a centre, in order, and their squared distances.

    Only as many are sorted as the limits can let in: the candidates double until their weight
    passes ``limit``, their distance ``reach``, or all areas are in.
    """
    n, dims = points.shape
    square = np.zeros(n)
    for i in range(n):
        for d in range(dims):
            gap = points[i, d] - points[centre, d]
            square[i] += gap * gap
    wanted = min(n, guess)
    while True:
        edge = np.inf
        if wanted < n:
            # One step wider than the edge, so that a group of ties is never cut.
            edge = np.partition(square, wanted - 1)[wanted - 1] * (1.0 + 1e-6)
        weight = 0.0
        size = 0
        for i in range(n):
            if square[i] <= edge:
                weight += weights[i]
                size += 1
        if size >= n or edge > reach * (1.0 + 1e-5) or weight > limit:
            break
        wanted = min(n, 2 * wanted)
    chosen = np.empty(size, np.int64)
    j = 0
    for i in range(n):
        if square[i] <= edge:
            chosen[j] = i
            j += 1
    order = chosen[np.argsort(square[chosen], kind="mergesort")]
    return order, square[order]


@kernel
def tied(first: float, second: float, together: bool, nearly: float) -> bool:
    """Say whether two squared distances count as equal."""
    if together:
        return second - first <= nearly * second
    return bool(np.sqrt(first) == np.sqrt(second))


@kernel
def sort_ties(order: Whole, square: Floats, position: Whole, together: bool, nearly: float) -> None:
    """Put areas at equal distance in the order of their coordinates, in place."""
    start = 0
    for stop in range(1, order.shape[0] + 1):
        if stop < order.shape[0] and tied(square[stop - 1], square[stop], together, nearly):
            continue
        if stop - start > 1:
            inner = np.argsort(position[order[start:stop]], kind="mergesort")
            order[start:stop] = order[start:stop][inner]
        start = stop


@kernel
def row_of(
    points: Floats,
    centre: int,
    spot: Whole,
    position: Whole,
    weights: Floats,
    limit: float,
    reach: float,
    together: bool,
    nearly: float,
    guess: int,
) -> tuple[Whole, Floats, Flags]:
    """Return one row: members, squared distances, and where a zone may end."""
    order, square = neighbours_of(points, centre, weights, limit, reach, guess)
    sort_ties(order, square, position, together, nearly)
    closed = np.zeros(order.shape[0], np.bool_)
    weight = 0.0
    kept = 0
    for i in range(order.shape[0]):
        weight += weights[order[i]]
        if square[i] > reach * (1.0 + nearly) or weight > limit:
            break
        last = i + 1 == order.shape[0]
        apart = last or not tied(square[i], square[i + 1], together, nearly)
        closed[i] = apart or (not together and spot[order[i]] != spot[order[i + 1]])
        if closed[i]:
            kept = i + 1
    return order[:kept], square[:kept], closed[:kept]


@kernel
def all_rows(
    points: Floats,
    spot: Whole,
    position: Whole,
    weights: Floats,
    limit: float,
    reach: float,
    together: bool,
    nearly: float,
) -> tuple[Whole, Whole, Floats, Flags]:
    """Return the rows of all centres, joined."""
    n = points.shape[0]
    pointer = np.zeros(n + 1, np.int64)
    room = 16 * n
    members = np.empty(room, np.int64)
    squares = np.empty(room)
    closed = np.empty(room, np.bool_)
    guess = 64
    for centre in range(n):
        start = pointer[centre]
        pointer[centre + 1] = start
        if spot[centre] != centre:
            continue
        order, square, ends = row_of(
            points, centre, spot, position, weights, limit, reach, together, nearly, guess
        )
        size = order.shape[0]
        guess = size + size // 4 + 8
        if start + size > room:
            room = 2 * (start + size)
            members = np.concatenate((members[:start], np.empty(room - start, np.int64)))
            squares = np.concatenate((squares[:start], np.empty(room - start)))
            closed = np.concatenate((closed[:start], np.empty(room - start, np.bool_)))
        members[start : start + size] = order
        squares[start : start + size] = square
        closed[start : start + size] = ends
        pointer[centre + 1] = start + size
    size = pointer[n]
    return pointer, members[:size].copy(), squares[:size].copy(), closed[:size].copy()
