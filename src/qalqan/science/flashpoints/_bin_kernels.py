"""Compiled loops that put cylinders in order and into bins; done once a scan."""

from __future__ import annotations

import numpy as np

from qalqan.science.flashpoints._compile import Flags, Floats, Whole, kernel
from qalqan.science.flashpoints._kernels import within


@kernel
def nearby_order(indptr: Whole, members: Whole, centres: Whole, n_areas: int) -> Whole:
    """Return the rows so that those of near centres follow each other.

    What a row reads is then still in the cache of the processor when the next row wants it.
    """
    rows = indptr.shape[0] - 1
    order = np.empty(rows, np.int64)
    taken = np.zeros(rows, np.bool_)
    row_of = np.full(n_areas, -1, np.int64)
    for row in range(rows - 1, -1, -1):
        row_of[centres[row]] = row
    row, fresh = 0, 0
    for k in range(rows):
        order[k] = row
        taken[row] = True
        onward = -1
        for p in range(indptr[row], indptr[row + 1]):
            other = row_of[members[p]]
            if other >= 0 and not taken[other]:
                onward = other
                break
        if onward < 0:
            while fresh < rows and taken[fresh]:
                fresh += 1
            onward = fresh
        row = onward
    return order


@kernel
def closed_before(indptr: Whole, closed: Flags, rows: Whole) -> Whole:
    """Return how many zones end before each of some rows, which ascend."""
    result = np.zeros(rows.shape[0], np.int64)
    found, p = 0, 0
    for i in range(rows.shape[0]):
        while p < indptr[rows[i]]:
            found += closed[p]
            p += 1
        result[i] = found
    return result


@kernel
def expectation_range(
    expected: Floats,
    indptr: Whole,
    members: Whole,
    closed: Flags,
    starts: Whole,
    ends: Whole,
    total: float,
    low: bool,
) -> tuple[float, float]:
    """Return the least and the greatest expectation of a cylinder that can count."""
    running = np.empty(expected.shape[1])
    least, most = np.inf, -np.inf
    for centre in range(indptr.shape[0] - 1):
        running[:] = 0.0
        for p in range(indptr[centre], indptr[centre + 1]):
            for t in range(running.shape[0]):
                running[t] += expected[members[p], t]
            if not closed[p]:
                continue
            for w in range(starts.shape[0]):
                e = within(running, starts[w], ends[w])
                if 0.0 < e < total:
                    e = total - e if low else e
                    least = min(least, e)
                    most = max(most, e)
    return least, most


@kernel
def assign_bins(
    expected: Floats,
    indptr: Whole,
    members: Whole,
    closed: Flags,
    starts: Whole,
    ends: Whole,
    total: float,
    low: bool,
    shift: int,
    offset: int,
    bins: Whole,
    least: Floats,
    most: Floats,
) -> None:
    """Give each cylinder the bin of its expectation; bin 0 takes those that can never count.

    The leading bits of a positive float grow with its logarithm, so they serve as the bin.
    """
    running = np.empty(expected.shape[1])
    number = np.empty(1)
    bits = number.view(np.int64)
    k = -1
    for centre in range(indptr.shape[0] - 1):
        running[:] = 0.0
        for p in range(indptr[centre], indptr[centre + 1]):
            for t in range(running.shape[0]):
                running[t] += expected[members[p], t]
            if not closed[p]:
                continue
            for w in range(starts.shape[0]):
                k += 1
                e = within(running, starts[w], ends[w])
                if not 0.0 < e < total:
                    bins[k] = 0
                    continue
                number[0] = total - e if low else e
                b = (bits[0] >> shift) - offset + 1
                bins[k] = b
                least[b] = min(least[b], number[0])
                most[b] = max(most[b], number[0])
