"""Compiled loops of the choice of messengers; slow twins stand in the tests."""

from __future__ import annotations

import numpy as np

from qalqan.science.spread._compile import Floats, Whole, kernel
from qalqan.science.spread._kernels import _below, draw, run_key

_ROOT = np.uint64(3)
_USE = np.uint64(0)


@kernel
def reverse_sets(
    rows: Whole,
    sources: Whole,
    thresholds: Whole,
    cumulative: Floats,
    seed: int,
    first: int,
    count: int,
) -> tuple[Whole, Whole]:
    """Draw sets of nodes that would have reached a random node; set i is of run ``first + i``.

    ``rows`` and ``sources`` are those of the reversed network. Returns where each set begins, and
    the sets one after the other.
    """
    one = len(thresholds) == 1
    begins = np.zeros(count + 1, dtype=np.int64)
    members = np.empty(max(1024, 4 * count), dtype=np.int32)
    seen = np.full(len(rows) - 1, -1, dtype=np.int64)
    total = cumulative[-1]
    filled = 0
    for i in range(count):
        key = run_key(np.uint64(seed), np.uint64(first + i))
        unit = (np.float64(draw(key, 0, _ROOT) >> np.uint64(11)) + 0.5) / 2.0**53
        root = min(np.searchsorted(cumulative, unit * total, side="right"), len(rows) - 2)
        if filled + 1 > len(members):
            members = _grown(members, filled + 1)
        members[filled] = root
        seen[root] = i
        at, filled = filled, filled + 1
        while at < filled:
            node = members[at]
            at += 1
            for edge in range(rows[node], rows[node + 1]):
                chance = np.uint64(thresholds[0 if one else edge])
                if not _below(draw(key, edge, _USE), chance):
                    continue
                other = sources[edge]
                if seen[other] == i:
                    continue
                seen[other] = i
                if filled + 1 > len(members):
                    members = _grown(members, filled + 1)
                members[filled] = other
                filled += 1
        begins[i + 1] = filled
    return begins, members[:filled].copy()


@kernel
def _grown(values: np.ndarray, wanted: int) -> np.ndarray:
    """Return a longer array that begins like this one."""
    result = np.empty(max(wanted, 2 * len(values)), dtype=values.dtype)
    result[: len(values)] = values
    return result


@kernel
def cover(begins: Whole, members: Whole, allowed: Whole, how_many: int) -> tuple[Whole, int]:
    """Choose nodes one after the other, each the one that lies in most sets not yet covered.

    Of equals the first by number. Returns the nodes and how many sets hold one of them.
    """
    nodes = len(allowed)
    counts = np.zeros(nodes + 1, dtype=np.int64)
    for node in members:
        counts[node + 1] += 1
    starts = np.cumsum(counts)
    inside = np.empty(len(members), dtype=np.int64)
    filled = starts[:-1].copy()
    for i in range(len(begins) - 1):
        for at in range(begins[i], begins[i + 1]):
            inside[filled[members[at]]] = i
            filled[members[at]] += 1
    left = counts[1:].copy()
    covered = np.zeros(len(begins) - 1, dtype=np.bool_)
    chosen = np.full(how_many, -1, dtype=np.int64)
    total = 0
    for k in range(how_many):
        best = -1
        for node in range(nodes):
            if allowed[node] and (best < 0 or left[node] > left[best]):
                best = node
        if best < 0:
            break
        chosen[k] = best
        allowed[best] = False
        for place in range(starts[best], starts[best + 1]):
            i = inside[place]
            if covered[i]:
                continue
            covered[i] = True
            total += 1
            for at in range(begins[i], begins[i + 1]):
                left[members[at]] -= 1
    return chosen, total
