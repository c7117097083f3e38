"""Compiled loops of the scan statistics; each has a slow twin in the tests.

A replicate never computes a logarithm per cylinder. The expectation of a cylinder is the same in
every replicate, and for a given expectation the likelihood ratio rises with the count. So the
cylinders are put into bins of nearly equal expectation, `LANES` replicates run side by side in the
narrowest integers that hold the count, and the first pass keeps only the largest count per bin and
replicate. That bounds the maximum from both sides; a second pass computes the exact ratio for the
few cylinders whose bound reaches the best of the replicate. The result is exact, not approximate.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from qalqan.science.flashpoints._compile import Flags, Floats, Whole, kernel

LANES = 256
"""Replicates that run side by side; a constant, so that the inner loops become vector code."""

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


@kernel
def mix(z: np.uint64) -> np.uint64:
    """Scramble a 64-bit word (the finaliser of splitmix64, Steele et al. 2014)."""
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    return z ^ (z >> _S31)


@kernel
def stream_key(seed: int, replicate: int) -> np.uint64:
    """Return where the random stream of one replicate starts; it depends on nothing else."""
    return mix(mix(np.uint64(seed) + _GAMMA) ^ mix(np.uint64(replicate) * _GAMMA + _MIX_1))


@kernel
def fill_multinomial(
    cells: Whole,
    seed: int,
    first: int,
    lanes: int,
    total: int,
    chance: Whole,
    alias: Whole,
    n_periods: int,
) -> None:
    """Throw ``total`` cases on area × period cells for each lane (Walker's alias method)."""
    kept = cells.shape[1]
    n_cells = np.uint64(chance.shape[0])
    for r in range(lanes):
        key = stream_key(seed, first + r)
        for _ in range(total):
            key += _GAMMA
            x = mix(key)
            cell = np.int64(((x >> _S32) * n_cells) >> _S32)
            if (x & _LOW) >= chance[cell]:
                cell = alias[cell]
            area = cell // n_periods
            period = cell - area * n_periods
            if period < kept:
                cells[area, period, r] += 1


@kernel
def fill_permutation(
    cells: Whole, seed: int, first: int, lanes: int, areas: Whole, periods: Whole
) -> None:
    """Deal the periods of the cases anew among their areas for each lane (Fisher-Yates)."""
    kept = cells.shape[1]
    total = areas.shape[0]
    deck = np.empty(total, np.int32)
    for r in range(lanes):
        key = stream_key(seed, first + r)
        deck[:] = periods
        for i in range(total - 1, -1, -1):
            key += _GAMMA
            j = np.int64(((mix(key) >> _S32) * np.uint64(i + 1)) >> _S32)
            period = deck[j]
            deck[j] = deck[i]
            if period < kept:
                cells[areas[i], period, r] += 1


@kernel
def accumulate(cells: Whole) -> None:
    """Turn counts per period into counts up to and with the period, in place."""
    for area in range(cells.shape[0]):
        for t in range(1, cells.shape[1]):
            for r in range(LANES):
                cells[area, t, r] += cells[area, t - 1, r]


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
def within(running: Whole, start: int, end: int) -> Any:
    """Return what lies in a window, given sums up to and with each period."""
    return running[end] - running[start - 1] if start > 0 else running[end]


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


@kernel
def best_per_centre(
    cells: Whole,
    expected: Floats,
    indptr: Whole,
    members: Whole,
    closed: Flags,
    starts: Whole,
    ends: Whole,
    total: float,
    least: int,
    ways: int,
) -> tuple[Floats, Whole]:
    """Return per centre the cylinder of the highest ratio: ratio; position, window and count.

    ``ways`` is 1 for high rates, 2 for low, 3 for both. Of equal ratios the first met stays: the
    smaller circle, then the window that comes first.
    """
    n = indptr.shape[0] - 1
    ratio = np.zeros(n)
    place = np.full((n, 3), -1, np.int64)
    counts = np.empty(cells.shape[1], np.int64)
    running = np.empty(cells.shape[1])
    for centre in range(n):
        counts[:] = 0
        running[:] = 0.0
        for p in range(indptr[centre], indptr[centre + 1]):
            for t in range(running.shape[0]):
                counts[t] += cells[members[p], t]
                running[t] += expected[members[p], t]
            if not closed[p]:
                continue
            for w in range(starts.shape[0]):
                e = within(running, starts[w], ends[w])
                c = within(counts, starts[w], ends[w])
                if not 0.0 < e < total:
                    continue
                high = (ways & 1) != 0 and c >= least and c > e
                if high or ((ways & 2) != 0 and c < e):
                    value = log_likelihood_ratio(c, e, total)
                    if value > ratio[centre]:
                        ratio[centre] = value
                        place[centre, 0] = p
                        place[centre, 1] = w
                        place[centre, 2] = c
    return ratio, place


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
    top: Whole,
) -> None:
    """First pass: keep per bin and replicate the largest count (with ``low``: of cases outside)."""
    running = np.empty((cells.shape[1], LANES), cells.dtype)
    narrow = cells.dtype.type
    whole = narrow(total)
    k = 0
    for centre in range(indptr.shape[0] - 1):
        running[:] = 0
        for p in range(indptr[centre], indptr[centre + 1]):
            area = members[p]
            for t in range(running.shape[0]):
                for r in range(LANES):
                    running[t, r] += cells[area, t, r]
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
def shortlist(
    top: Whole,
    least: Floats,
    most: Floats,
    total: int,
    floor: int,
    xlogx: Floats,
    slack: float,
    needed: Whole,
) -> tuple[Whole, Whole]:
    """Bound each replicate's maximum; return which bins must be looked at in which lanes.

    ``needed[b, r]`` becomes the count from which a cylinder of the bin can beat the best lower
    bound of the replicate; lanes of a bin are listed from ``pointer[b]`` to ``pointer[b + 1]``.
    """
    n_bins = top.shape[0]
    n = np.float64(total)
    upper = np.zeros((n_bins, LANES))
    bound = np.zeros(LANES)
    for b in range(1, n_bins):
        in_low, out_low = math.log(least[b]), math.log(n - least[b])
        in_high, out_high = math.log(most[b]), math.log(n - most[b])
        for r in range(LANES):
            c = np.int64(top[b, r])
            if c < floor or c <= least[b]:
                continue
            entropy = xlogx[c] + xlogx[total - c]
            upper[b, r] = entropy - c * in_low - (n - c) * out_low + slack
            if c > most[b]:
                bound[r] = max(bound[r], entropy - c * in_high - (n - c) * out_high - slack)
    pointer = np.zeros(n_bins + 1, np.int64)
    lanes = np.empty(n_bins * LANES, np.int64)
    size = 0
    for b in range(1, n_bins):
        pointer[b] = size
        in_low, out_low = math.log(least[b]), math.log(n - least[b])
        for r in range(LANES):
            if upper[b, r] <= 0.0 or upper[b, r] < bound[r]:
                continue
            c = np.int64(top[b, r])
            while c - 1 >= floor and c - 1 > least[b]:
                step = xlogx[c - 1] + xlogx[total - c + 1] + slack
                if step - (c - 1) * in_low - (n - c + 1) * out_low < bound[r]:
                    break
                c -= 1
            needed[b, r] = c
            lanes[size] = r
            size += 1
    pointer[n_bins] = size
    return pointer, lanes[:size]


@kernel
def exact_maxima(
    cells: Whole,
    expected: Floats,
    bins: Whole,
    indptr: Whole,
    members: Whole,
    closed: Flags,
    starts: Whole,
    ends: Whole,
    total: int,
    low: bool,
    pointer: Whole,
    lanes: Whole,
    needed: Whole,
    best: Floats,
) -> None:
    """Second pass: raise ``best`` to the exact ratio of the cylinders on the shortlist."""
    counts = np.empty((cells.shape[1], LANES), cells.dtype)
    running = np.empty(cells.shape[1])
    k = -1
    for centre in range(indptr.shape[0] - 1):
        counts[:] = 0
        running[:] = 0.0
        for p in range(indptr[centre], indptr[centre + 1]):
            area = members[p]
            for t in range(running.shape[0]):
                running[t] += expected[area, t]
                for r in range(LANES):
                    counts[t, r] += cells[area, t, r]
            if not closed[p]:
                continue
            for w in range(starts.shape[0]):
                k += 1
                b = bins[k]
                for j in range(pointer[b], pointer[b + 1]):
                    r = lanes[j]
                    c = np.int64(counts[ends[w], r])
                    if starts[w] > 0:
                        c -= np.int64(counts[starts[w] - 1, r])
                    if (total - c if low else c) < needed[b, r]:
                        continue
                    e = within(running, starts[w], ends[w])
                    if (c < e) if low else (c > e):
                        best[r] = max(best[r], log_likelihood_ratio(c, e, total))
