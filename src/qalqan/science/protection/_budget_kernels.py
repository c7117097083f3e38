"""Compiled loops of the budget: subsets of measures at one site, their frontier, prices."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qalqan.science.protection._compile import Floats, kernel

Index: TypeAlias = NDArray[Any]


@kernel
def subsets(cost: Floats, effect: Floats, needs: Index) -> tuple[Floats, Floats, Index]:
    """Return cost, share of the loss removed and bits of every set whose prerequisites are in it.

    ``needs`` has the bits of the measures that each needs. A measure of infinite cost is left out.
    """
    count = len(cost)
    size = 1 << count
    costs, gains = np.empty(size), np.empty(size)
    bits = np.empty(size, np.int64)
    total, left = np.zeros(size), np.ones(size)
    used = 1
    costs[0], gains[0], bits[0] = 0.0, 0.0, 0
    for one in range(1, size):
        low = 0
        while not one >> low & 1:
            low += 1
        rest = one & (one - 1)
        total[one] = total[rest] + cost[low]
        left[one] = left[rest] * (1.0 - effect[low])
        fine = np.isfinite(total[one])
        if fine:
            for k in range(count):
                if one >> k & 1 and needs[k] & ~one:
                    fine = False
                    break
        if fine:
            costs[used], gains[used], bits[used] = total[one], 1.0 - left[one], one
            used += 1
    return costs[:used], gains[:used], bits[:used]


@kernel
def frontier(costs: Floats, gains: Floats) -> Index:
    """Return the places of the sets that no other one beats in cost and gain, dearest last."""
    order = np.argsort(costs)
    kept = np.empty(len(order), np.int64)
    used = 0
    for k in order:
        if used and gains[k] <= gains[kept[used - 1]]:
            continue
        if used and costs[k] == costs[kept[used - 1]]:
            used -= 1
        kept[used] = k
        used += 1
    return kept[:used]


@kernel
def hull(costs: Floats, gains: Floats) -> Index:
    """Return the places of a frontier that lie on its concave hull."""
    kept = np.empty(len(costs), np.int64)
    used = 0
    for k in range(len(costs)):
        while used >= 2:
            a, b = kept[used - 2], kept[used - 1]
            left = (gains[b] - gains[a]) * (costs[k] - costs[b])
            if left > (gains[k] - gains[b]) * (costs[b] - costs[a]):
                break
            used -= 1
        kept[used] = k
        used += 1
    return kept[:used]


@kernel
def frontiers(
    cost: Floats, effect: Floats, needs: Index, weight: Floats
) -> tuple[Index, Floats, Floats, Index, Index]:
    """Return the frontier of every site.

    ``cost`` and ``effect`` are (sites, measures). The results are pointers (sites + 1,), and for
    each set on a frontier its cost, the weight it saves, its bits and whether it is on the hull.
    """
    sites = len(weight)
    pointer = np.zeros(sites + 1, np.int64)
    room = 64 * sites + 64
    all_costs, all_gains = np.empty(room), np.empty(room)
    all_bits, on_hull = np.empty(room, np.int64), np.zeros(room, np.int64)
    used = 0
    for i in range(sites):
        costs, gains, bits = subsets(cost[i], effect[i], needs)
        kept = frontier(costs, gains)
        if used + len(kept) > room:
            room = 2 * room + len(kept)
            all_costs = np.append(all_costs, np.empty(room - len(all_costs)))
            all_gains = np.append(all_gains, np.empty(room - len(all_gains)))
            all_bits = np.append(all_bits, np.zeros(room - len(all_bits), np.int64))
            on_hull = np.append(on_hull, np.zeros(room - len(on_hull), np.int64))
        for k in kept:
            all_costs[used] = costs[k]
            all_gains[used] = gains[k] * weight[i]
            all_bits[used] = bits[k]
            used += 1
        begin = pointer[i]
        for k in hull(all_costs[begin:used], all_gains[begin:used]):
            on_hull[begin + k] = 1
        pointer[i + 1] = used
    return pointer, all_costs[:used], all_gains[:used], all_bits[:used], on_hull[:used]


@kernel
def priced(
    pointer: Index, costs: Floats, gains: Floats, price: Floats, raised: Floats
) -> tuple[Floats, Index]:
    """Return the greatest of ``raised * gain - price * cost`` of each site, and where it is."""
    best = np.empty(len(pointer) - 1)
    place = np.empty(len(pointer) - 1, np.int64)
    for i in range(len(best)):
        best[i], place[i] = -np.inf, pointer[i]
        for k in range(pointer[i], pointer[i + 1]):
            value = raised[i] * gains[k] - price[i] * costs[k]
            if value > best[i]:
                best[i], place[i] = value, k
    return best, place


@kernel
def spend(pointer: Index, costs: Floats, gains: Floats, chosen: Index, left: float) -> float:
    """Move single sites to the set that adds most for its money while the money lasts."""
    sites = len(chosen)
    slope, target = np.zeros(sites), np.full(sites, -1, np.int64)
    for i in range(sites):
        slope[i], target[i] = best_step(pointer, costs, gains, chosen[i], i, left)
    while True:
        i = int(np.argmax(slope))
        if slope[i] <= 0:
            return left
        extra = costs[target[i]] - costs[chosen[i]]
        if extra > left:
            slope[i], target[i] = best_step(pointer, costs, gains, chosen[i], i, left)
            continue
        left -= extra
        chosen[i] = target[i]
        slope[i], target[i] = best_step(pointer, costs, gains, chosen[i], i, left)


@kernel
def best_step(
    pointer: Index, costs: Floats, gains: Floats, now: int, site: int, left: float
) -> tuple[float, int]:
    """Return the steepest step of a site that is affordable, and where it leads."""
    slope, target = 0.0, -1
    for k in range(now + 1, pointer[site + 1]):
        extra = costs[k] - costs[now]
        if extra <= left and gains[k] > gains[now]:
            steep = (gains[k] - gains[now]) / max(extra, 1e-300)
            if steep > slope:
                slope, target = steep, k
    return slope, target
