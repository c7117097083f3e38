"""Compiled loops of the Knox test; plain twins stand in the tests.

The pairs that are close in space are the same in every permutation, so they are listed once.
``LANES`` permutations run side by side, so that a pair is read once for all of them, and the times
of close events lie close in memory.
"""

from __future__ import annotations

import math

import numpy as np

from qalqan.science.flashpoints._compile import Floats, Whole, kernel
from qalqan.science.flashpoints._draw_kernels import mix, stream_key
from qalqan.science.flashpoints._pair_kernels import grid_cells, sorted_by_cell

LANES = 32
_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_S32 = np.uint64(32)


@kernel
def _distance(x1: float, y1: float, x2: float, y2: float, radius: float) -> float:
    """Return the distance in the plane, or on a sphere if it has a radius (x, y in radians)."""
    if radius == 0.0:
        return math.hypot(x2 - x1, y2 - y1)
    sine_y, sine_x = math.sin((y2 - y1) / 2.0), math.sin((x2 - x1) / 2.0)
    share = sine_y * sine_y + math.cos(y1) * math.cos(y2) * sine_x * sine_x
    return 2.0 * radius * math.asin(min(1.0, math.sqrt(share)))


@kernel
def close_pairs(
    x: Floats, y: Floats, bounds: Floats, radius: float, width_x: float, width_y: float, most: int
) -> tuple[Whole, Whole, Whole, Whole, int]:
    """Return pairs of events within the last bound, and the distance band of each.

    The points are also returned in the order of their cells, to which the pairs refer: close
    points then lie close in memory. If there are more pairs than ``most``, only their number is
    right.
    """
    cells, columns, rows = grid_cells(x, y, width_x, width_y)
    start, order = sorted_by_cell(cells, columns * rows)
    left, right = np.empty(0, np.int32), np.empty(0, np.int32)
    band = np.empty(0, np.uint8)
    found = 0
    for filling in range(2):
        if filling == 1:
            if found > most:
                break
            left, right = np.empty(found, np.int32), np.empty(found, np.int32)
            band = np.empty(found, np.uint8)
        found = 0
        for a in range(order.shape[0]):
            i = order[a]
            for row in range(2):
                for column in range(-row, 2):
                    cell = cells[i] + row * columns + column
                    first = a + 1 if row == 0 and column == 0 else start[cell]
                    for b in range(first, start[cell + 1]):
                        j = order[b]
                        gap = _distance(x[i], y[i], x[j], y[j], radius)
                        if gap > bounds[-1]:
                            continue
                        if filling == 1:
                            left[found], right[found] = a, b
                            band[found] = np.searchsorted(bounds, gap)
                        found += 1
    return order, left, right, band, found


@kernel
def count_whole(
    left: Whole, right: Whole, band: Whole, times: Whole, lookup: Whole, out: Whole
) -> None:
    """Add, for each lane, the pairs of each distance band and time band; times are whole.

    ``times`` has shape (events, LANES); ``lookup`` holds the time band of each gap up to the
    last bound and one more, which stands for all longer ones: counting those too is faster than
    a branch that nobody can predict. ``out`` has shape (distance bands, time bands + 1, LANES).
    """
    longest = lookup.shape[0] - 1
    for p in range(left.shape[0]):
        i, j, b = left[p], right[p], band[p]
        for r in range(LANES):
            gap = min(abs(np.int32(times[i, r]) - np.int32(times[j, r])), longest)
            out[b, lookup[gap], r] += 1


@kernel
def count_real(
    left: Whole, right: Whole, band: Whole, times: Floats, bounds: Floats, out: Whole
) -> None:
    """Do what :func:`count_whole` does for times of any kind."""
    for p in range(left.shape[0]):
        i, j, b = left[p], right[p], band[p]
        for r in range(LANES):
            gap = abs(times[i, r] - times[j, r])
            if gap <= bounds[-1]:
                out[b, np.searchsorted(bounds, gap), r] += 1


@kernel
def deal_times(times: Whole, seed: int, first: int, lanes: int, out: Whole) -> None:
    """Deal the times anew among the events for each lane (Fisher-Yates)."""
    deck = np.empty(times.shape[0], times.dtype)
    for r in range(lanes):
        key = stream_key(seed, first + r)
        deck[:] = times
        for i in range(times.shape[0] - 1, -1, -1):
            key += _GAMMA
            j = np.int64(((mix(key) >> _S32) * np.uint64(i + 1)) >> _S32)
            value = deck[j]
            deck[j] = deck[i]
            out[i, r] = value
