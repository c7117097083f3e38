"""Compiled loops that compute the statistic of every cylinder; slow twins stand in the tests.

For the data itself, for several streams at once, and for weighted counts. Replicates of one stream
of whole counts have the quicker way of ``_kernels``.
"""

from __future__ import annotations

import math

import numpy as np

from qalqan.science.flashpoints._compile import Flags, Floats, Whole, kernel
from qalqan.science.flashpoints._kernels import LANES, SCORE, statistic


@kernel
def best_per_row(
    model: int,
    cells: Floats,
    expected: Floats,
    indptr: Whole,
    members: Whole,
    closed: Flags,
    starts: Whole,
    ends: Whole,
    totals: Floats,
    people: Floats,
    least: int,
    ways: int,
) -> tuple[Floats, Whole]:
    """Return per row the cylinder of the highest statistic: statistic; position and window.

    Cells and expectations are (streams, areas, periods), both up to and with each period; the
    statistics of the streams that depart in the same way are added. ``ways`` is 1 for high
    rates, 2 for low, 3 for both. Of equal ones the first met stays: the smaller zone, then the
    window that comes first.
    """
    n = indptr.shape[0] - 1
    streams, periods = cells.shape[0], cells.shape[2]
    ratio = np.zeros(n)
    place = np.full((n, 2), -1, np.int64)
    counts = np.empty((streams, periods))
    running = np.empty((streams, periods))
    for row in range(n):
        counts[:] = 0.0
        running[:] = 0.0
        for p in range(indptr[row], indptr[row + 1]):
            for s in range(streams):
                for t in range(periods):
                    counts[s, t] += cells[s, members[p], t]
                    running[s, t] += expected[s, members[p], t]
            if not closed[p]:
                continue
            for w in range(starts.shape[0]):
                high, low, inside = 0.0, 0.0, 0.0
                for s in range(streams):
                    e = running[s, ends[w]]
                    c = counts[s, ends[w]]
                    if starts[w] > 0:
                        e -= running[s, starts[w] - 1]
                        c -= counts[s, starts[w] - 1]
                    inside += c
                    if not 0.0 < e < totals[s]:
                        continue
                    if c > e and ways & 1:
                        high += statistic(model, c, e, totals[s], people[s])
                    elif c < e and ways & 2:
                        low += statistic(model, c, e, totals[s], people[s])
                value = max(high if inside >= least or model == SCORE else 0.0, low)
                if value > ratio[row]:
                    ratio[row] = value
                    place[row, 0] = p
                    place[row, 1] = w
    return ratio, place


@kernel
def direct_maxima(
    model: int,
    cells: Floats,
    expected: Floats,
    indptr: Whole,
    members: Whole,
    closed: Flags,
    starts: Whole,
    ends: Whole,
    totals: Floats,
    people: Floats,
    least: int,
    ways: int,
    best: Floats,
) -> None:
    """Raise ``best`` to the highest statistic of each lane.

    ``cells`` are (streams, areas, periods, lanes), up to and with each period.
    """
    streams, periods = cells.shape[0], cells.shape[2]
    counts = np.empty((streams, periods, LANES))
    running = np.empty((streams, periods))
    high, low, inside = np.empty(LANES), np.empty(LANES), np.empty(LANES)
    for row in range(indptr.shape[0] - 1):
        counts[:] = 0.0
        running[:] = 0.0
        for p in range(indptr[row], indptr[row + 1]):
            for s in range(streams):
                for t in range(periods):
                    running[s, t] += expected[s, members[p], t]
                    for r in range(LANES):
                        counts[s, t, r] += cells[s, members[p], t, r]
            if not closed[p]:
                continue
            for w in range(starts.shape[0]):
                high[:] = 0.0
                low[:] = 0.0
                inside[:] = 0.0
                for s in range(streams):
                    e = running[s, ends[w]]
                    if starts[w] > 0:
                        e -= running[s, starts[w] - 1]
                    scale = 1.0 / math.sqrt(e) if e > 0.0 else 0.0
                    for r in range(LANES):
                        c = counts[s, ends[w], r]
                        if starts[w] > 0:
                            c -= counts[s, starts[w] - 1, r]
                        inside[r] += c
                        if not 0.0 < e < totals[s]:
                            continue
                        if model == SCORE:
                            value = abs(c - e) * scale
                        else:
                            value = statistic(model, c, e, totals[s], people[s])
                        if c > e:
                            high[r] += value
                        else:
                            low[r] += value
                for r in range(LANES):
                    if ways & 1 and (inside[r] >= least or model == SCORE):
                        best[r] = max(best[r], high[r])
                    if ways & 2:
                        best[r] = max(best[r], low[r])
