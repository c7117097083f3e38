"""Compiled loops of the scan statistics; each has a slow twin in the tests.

A replicate never computes a logarithm per cylinder. The expectation of a cylinder is the same in
every replicate, and for a given expectation the likelihood ratio rises with the count. So the
cylinders are put into bins of nearly equal expectation, `LANES` replicates run side by side in the
narrowest integers that hold the count, and the first pass keeps only the largest count per bin and
replicate. That bounds the maximum from both sides; a second pass computes the exact ratio for the
few cylinders whose bound reaches the best of the replicate. The result is exact, not approximate.

A scan for low rates counts what is missing: ``total - c`` where ``total - e`` is expected. The
ratio falls with ``total - e`` there just as it falls with ``e`` for high rates.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from qalqan.science.flashpoints._compile import Flags, Floats, Whole, kernel

LANES = 256
"""Replicates that run side by side; a constant, so that the inner loops become vector code."""

POISSON, BERNOULLI, EXPECTATION, SCORE = 0, 1, 2, 3
"""Which statistic a kernel computes; see :func:`statistic`."""


@kernel
def accumulate(cells: Whole) -> bool:
    """Turn counts per period into counts up to and with the period, in place.

    Return whether the integers were wide enough.
    """
    wrapped = 0
    for area in range(cells.shape[0]):
        for t in range(1, cells.shape[1]):
            for r in range(cells.shape[2]):
                cells[area, t, r] += cells[area, t - 1, r]
                wrapped += cells[area, t, r] < cells[area, t - 1, r]
    return wrapped == 0


@kernel
def log_likelihood_ratio(count: float | np.int64, expected: float, total: float) -> float:
    """Return Kulldorff's ratio for one cylinder, whichever way it departs."""
    inside = 0.0
    if count > 0:
        inside = count * math.log(count / expected)
    rest = total - count
    if rest > 0:
        inside += rest * math.log(rest / (total - expected))
    return inside


@kernel
def entropy(x: float | np.int64) -> float:
    """Return ``x log x``, 0 at 0."""
    return x * math.log(x) if x > 0 else 0.0


@kernel
def statistic(model: int, c: float | np.int64, e: float, total: float, people: float) -> float:
    """Return the statistic of a cylinder with count ``c`` and expectation ``e``.

    ``people`` is the number of cases and controls, for the Bernoulli model only.
    """
    if model == POISSON:
        return log_likelihood_ratio(c, e, total)
    if model == EXPECTATION:
        return (c * math.log(c / e) if c > 0 else 0.0) - (c - e)
    if model == SCORE:
        return abs(c - e) / math.sqrt(e)
    inside = e * people / total
    outside = people - inside
    healthy = max(inside - c, 0.0)
    rest = max(outside - (total - c), 0.0)
    return (
        entropy(c) + entropy(healthy) - entropy(inside)
        + entropy(total - c) + entropy(rest) - entropy(outside)
        - (entropy(total) + entropy(people - total) - entropy(people))
    )  # fmt: skip


@kernel
def mirrored(
    model: int, low: bool, v: float | np.int64, e: float, total: float, people: float
) -> float:
    """Return the statistic for a count and an expectation of what is inside or missing."""
    if low:
        return statistic(model, total - v, total - e, total, people)
    return statistic(model, v, e, total, people)


@kernel
def within(running: Whole, start: int, end: int) -> Any:
    """Return what lies in a window, given sums up to and with each period."""
    return running[end] - running[start - 1] if start > 0 else running[end]


@kernel
def largest_counts(
    cells: Whole,
    bins: Whole,
    indptr: Whole,
    members: Whole,
    closed: Flags,
    starts: Whole,
    ends: Whole,
    total: int,
    low: bool,
    rows: tuple[int, int, int],
    top: Whole,
) -> None:
    """First pass: keep per bin and replicate the largest count (with ``low``: of cases outside).

    ``cells`` may be narrower than ``top``: what one area holds is less than what a zone holds.
    ``rows`` are the first row, the row after the last, and the cylinders before them.
    """
    running = np.empty((cells.shape[1], LANES), top.dtype)
    narrow = top.dtype.type
    whole = narrow(total)
    k = rows[2]
    for centre in range(rows[0], rows[1]):
        running[:] = 0
        for p in range(indptr[centre], indptr[centre + 1]):
            area = members[p]
            for t in range(running.shape[0]):
                for r in range(LANES):
                    running[t, r] = narrow(running[t, r] + cells[area, t, r])
            if not closed[p]:
                continue
            for w in range(starts.shape[0]):
                b = bins[k]
                k += 1
                if b == 0:
                    continue
                e = ends[w]
                s = starts[w] - 1
                if low:
                    for r in range(LANES):
                        v = narrow(whole - running[e, r])
                        if s >= 0:
                            v = narrow(v + running[s, r])
                        top[b, r] = max(top[b, r], v)
                elif s < 0:
                    for r in range(LANES):
                        top[b, r] = max(top[b, r], running[e, r])
                else:
                    for r in range(LANES):
                        top[b, r] = max(top[b, r], narrow(running[e, r] - running[s, r]))


@kernel
def largest_counts_nested(
    cells: Whole,
    bins: Whole,
    indptr: Whole,
    members: Whole,
    closed: Flags,
    window: Whole,
    n_windows: int,
    rows: tuple[int, int, int],
    top: Whole,
) -> None:
    """First pass where all windows start at 0: sum and compare in one sweep.

    ``window[t]`` is the window that ends at period ``t``, or -1.
    """  # fmt: skip
    running = np.empty((cells.shape[1], LANES), top.dtype)
    narrow = top.dtype.type
    k = rows[2]
    for centre in range(rows[0], rows[1]):
        running[:] = 0
        for p in range(indptr[centre], indptr[centre + 1]):
            area = members[p]
            for t in range(running.shape[0]):
                b = bins[k + window[t]] if closed[p] and window[t] >= 0 else bins.dtype.type(0)
                if b == 0:
                    for r in range(LANES):
                        running[t, r] = narrow(running[t, r] + cells[area, t, r])
                else:
                    for r in range(LANES):
                        v = narrow(running[t, r] + cells[area, t, r])
                        running[t, r] = v
                        top[b, r] = max(top[b, r], v)
            if closed[p]:
                k += n_windows


@kernel
def shortlist(
    model: int,
    low: bool,
    top: Whole,
    least: Floats,
    most: Floats,
    total: float,
    people: float,
    floor: int,
    slack: float,
    xlogx: Floats,
    needed: Whole,
) -> tuple[Whole, Whole]:
    """Bound each replicate's maximum; return which bins must be looked at in which lanes.

    ``needed[b, r]`` becomes the count from which a cylinder of the bin can beat the best lower
    bound of the replicate; lanes of a bin are listed from ``pointer[b]`` to
    ``pointer[b + 1]``.
    ``xlogx`` holds ``c log c`` up to the total, for the Poisson model.
    """
    n_bins = top.shape[0]
    upper = np.zeros((n_bins, LANES))
    bound = np.zeros(LANES)
    whole = np.int64(total)
    for b in range(1, n_bins):
        in_low, out_low = math.log(least[b]), math.log(max(total - least[b], 1e-300))
        in_high, out_high = math.log(most[b]), math.log(max(total - most[b], 1e-300))
        for r in range(LANES):
            c = np.int64(top[b, r])
            if c < floor or c <= least[b]:
                continue
            if model == POISSON:
                both = xlogx[c] + xlogx[whole - c]
                upper[b, r] = both - c * in_low - (whole - c) * out_low + slack
                if c > most[b]:
                    value = both - c * in_high - (whole - c) * out_high - slack
                    bound[r] = max(bound[r], value)
                continue
            upper[b, r] = mirrored(model, low, c, least[b], total, people) + slack
            if c > most[b]:
                value = mirrored(model, low, c, most[b], total, people) - slack
                bound[r] = max(bound[r], value)
    pointer = np.zeros(n_bins + 1, np.int64)
    lanes = np.empty(n_bins * LANES, np.int64)
    size = 0
    for b in range(1, n_bins):
        pointer[b] = size
        for r in range(LANES):
            if upper[b, r] <= 0.0 or upper[b, r] < bound[r]:
                continue
            c = np.int64(top[b, r])
            while c - 1 >= floor and c - 1 > least[b]:
                if mirrored(model, low, c - 1, least[b], total, people) + slack < bound[r]:
                    break
                c -= 1
            needed[b, r] = c
            lanes[size] = r
            size += 1
    pointer[n_bins] = size
    return pointer, lanes[:size]


@kernel
def narrowed(top: Whole, pointer: Whole, lanes: Whole, needed: Whole) -> tuple[Whole, Whole, Whole]:
    """Return what of the shortlist a group of rows reaches, and the lanes that are in it."""
    wanted = np.zeros(LANES, np.bool_)
    kept = np.zeros_like(pointer)
    fewer = np.empty_like(lanes)
    size = 0
    for b in range(1, top.shape[0]):
        kept[b] = size
        for j in range(pointer[b], pointer[b + 1]):
            if top[b, lanes[j]] >= needed[b, lanes[j]]:
                wanted[lanes[j]] = True
                fewer[size] = lanes[j]
                size += 1
    kept[top.shape[0]] = size
    return np.flatnonzero(wanted), kept, fewer[:size]


@kernel
def exact_maxima(
    model: int,
    cells: Whole,
    expected: Floats,
    bins: Whole,
    indptr: Whole,
    members: Whole,
    closed: Flags,
    starts: Whole,
    ends: Whole,
    total: float,
    people: float,
    low: bool,
    rows: tuple[int, int, int],
    wanted: Whole,
    pointer: Whole,
    lanes: Whole,
    needed: Whole,
    best: Floats,
) -> None:
    """Second pass: raise ``best`` to the exact statistic of the cylinders on the shortlist.

    Only the lanes that are ``wanted`` in these rows are looked at, gathered side by side.
    """
    width, periods = wanted.shape[0], cells.shape[1]
    gathered = np.empty((cells.shape[0], periods, width), np.int32)
    known = np.zeros(cells.shape[0], np.bool_)
    counts = np.empty((periods, width), np.int32)
    running = np.empty(periods)
    slot = np.full(LANES, -1, np.int64)
    for j in range(width):
        slot[wanted[j]] = j
    k = rows[2] - 1
    for centre in range(rows[0], rows[1]):
        counts[:] = 0
        running[:] = 0.0
        for p in range(indptr[centre], indptr[centre + 1]):
            area = members[p]
            if not known[area]:
                known[area] = True
                for t in range(periods):
                    for j in range(width):
                        gathered[area, t, j] = cells[area, t, wanted[j]]
            for t in range(periods):
                running[t] += expected[area, t]
                for j in range(width):
                    counts[t, j] += gathered[area, t, j]
            if not closed[p]:
                continue
            for w in range(starts.shape[0]):
                k += 1
                b = bins[k]
                for i in range(pointer[b], pointer[b + 1]):
                    r = lanes[i]
                    j = slot[r]
                    c = np.int64(counts[ends[w], j])
                    if starts[w] > 0:
                        c -= np.int64(counts[starts[w] - 1, j])
                    if (total - c if low else c) < needed[b, r]:
                        continue
                    e = within(running, starts[w], ends[w])
                    if (c < e) if low else (c > e):
                        best[r] = max(best[r], statistic(model, c, e, total, people))
