"""Compiled loops that sort the neighbours of each centre; a slow twin stands in the tests."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def neighbours_of(points, centre, weights, limit, reach, guess):  # type: ignore[no-untyped-def]
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


@njit(cache=True, nogil=True)
def tied(first, second, together, nearly):  # type: ignore[no-untyped-def]
    """Say whether two squared distances count as equal."""
    if together:
        return second - first <= nearly * second
    return np.sqrt(first) == np.sqrt(second)


@njit(cache=True, nogil=True)
def sort_ties(order, square, position, together, nearly):  # type: ignore[no-untyped-def]
    """Put areas at equal distance in the order of their coordinates, in place."""
    start = 0
    for stop in range(1, order.shape[0] + 1):
        if stop < order.shape[0] and tied(square[stop - 1], square[stop], together, nearly):
            continue
        if stop - start > 1:
            inner = np.argsort(position[order[start:stop]], kind="mergesort")
            order[start:stop] = order[start:stop][inner]
        start = stop


@njit(cache=True, nogil=True)
def row_of(points, centre, spot, position, weights, limit, reach, together, nearly, guess):  # type: ignore[no-untyped-def]
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
        if last or not tied(square[i], square[i + 1], together, nearly):
            closed[i] = True
        elif not together and spot[order[i]] != spot[order[i + 1]]:
            closed[i] = True
        if closed[i]:
            kept = i + 1
    return order[:kept], square[:kept], closed[:kept]


@njit(cache=True, nogil=True)
def all_rows(points, spot, position, weights, limit, reach, together, nearly):  # type: ignore[no-untyped-def]
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
