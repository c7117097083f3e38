"""Compiled loops of covering; each has a plain twin in the tests that it must equal.

A cover is held twice, as rows (the sites that reach a demand) and as columns (the demands that a
site reaches), both compressed: pointers and indices. ``held`` counts, for each demand, the chosen
sites that reach it; ``value`` is, for each site, what taking it would add or losing it would cost.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from qalqan.science.protection._compile import Flags, Floats, kernel

Index: TypeAlias = NDArray[Any]
Cover: TypeAlias = tuple[Index, Index, Index, Index]
"""Pointers and sites of the demands, pointers and demands of the sites."""


@kernel
def flip(
    cover: Cover, weights: Floats, chosen: Flags, held: Index, value: Floats, site: int
) -> None:
    """Take or give back one site and bring all values up to date."""
    rp, ri, cp, ci = cover
    took = not chosen[site]
    chosen[site] = took
    for k in range(cp[site], cp[site + 1]):
        i = ci[k]
        if took:
            held[i] += 1
            level = held[i]
        else:
            level = held[i]
            held[i] -= 1
        sign = -weights[i] if took else weights[i]
        if level == 1:
            for q in range(rp[i], rp[i + 1]):
                if ri[q] != site:
                    value[ri[q]] += sign
        elif level == 2:
            for q in range(rp[i], rp[i + 1]):
                if ri[q] != site and chosen[ri[q]]:
                    value[ri[q]] += sign
                    break


@kernel
def values(cover: Cover, weights: Floats, chosen: Flags, held: Index) -> Floats:
    """Count who is reached, and return the value of each site."""
    cp, ci = cover[2], cover[3]
    held[:] = 0
    value = np.zeros(len(cp) - 1)
    for j in range(len(value)):
        if chosen[j]:
            for k in range(cp[j], cp[j + 1]):
                held[ci[k]] += 1
    for j in range(len(value)):
        wanted = 1 if chosen[j] else 0
        for k in range(cp[j], cp[j + 1]):
            if held[ci[k]] == wanted:
                value[j] += weights[ci[k]]
    return value


@kernel
def fill(
    cover: Cover,
    weights: Floats,
    chosen: Flags,
    held: Index,
    value: Floats,
    choose: int,
    barred: Flags,
) -> None:
    """Take the site that adds most until enough are chosen; the lowest index wins a tie."""
    count = 0
    for j in range(len(value)):
        count += chosen[j]
    while count < choose:
        best = -1
        for j in range(len(value)):
            if not chosen[j] and not barred[j] and (best < 0 or value[j] > value[best]):
                best = j
        if best < 0:
            return
        flip(cover, weights, chosen, held, value, best)
        count += 1


@kernel
def exchange(
    cover: Cover,
    weights: Floats,
    chosen: Flags,
    held: Index,
    value: Floats,
    barred: Flags,
    most: int,
) -> int:
    """Exchange one chosen site for another while that reaches more."""
    rp, ri, cp, ci = cover
    sites = len(value)
    shared = np.zeros(sites)
    done, better = 0, True
    while better and done < most:
        better = False
        for old in range(sites):
            if not chosen[old]:
                continue
            shared[:] = 0.0
            for k in range(cp[old], cp[old + 1]):
                i = ci[k]
                if held[i] == 1:
                    for q in range(rp[i], rp[i + 1]):
                        shared[ri[q]] += weights[i]
            new, gain = -1, 1e-9 * (1.0 + value[old])
            for j in range(sites):
                more = value[j] + shared[j] - value[old]
                if more > gain and not chosen[j] and not barred[j]:
                    new, gain = j, more
            if new >= 0:
                flip(cover, weights, chosen, held, value, old)
                flip(cover, weights, chosen, held, value, new)
                done += 1
                better = True
    return done


@kernel
def reached(weights: Floats, held: Index) -> float:
    """Return the weight of the demands that some chosen site reaches."""
    total = 0.0
    for i in range(len(weights)):
        if held[i] > 0:
            total += weights[i]
    return total


@kernel
def complete(
    cover: Cover, weights: Floats, choose: int, start: Flags, barred: Flags
) -> tuple[float, Flags]:
    """Fill a choice up greedily, then exchange single sites while that reaches more.

    Returns the weight reached and the choice, (sites,). ``barred`` sites stay out.
    """
    chosen = start.copy()
    held = np.zeros(len(weights), np.int32)
    value = values(cover, weights, chosen, held)
    fill(cover, weights, chosen, held, value, choose, barred)
    exchange(cover, weights, chosen, held, value, barred, 20 * choose + 100)
    return reached(weights, held), chosen


@kernel
def kicked(
    cover: Cover, weights: Floats, choose: int, start: Flags, picks: Floats, kick: int
) -> tuple[float, Flags]:
    """Exchange ``kick`` random sites, improve, keep what is no worse; once for each row of picks.

    ``picks`` are numbers in [0, 1), (rounds, 2 * kick).
    """
    best = start.copy()
    held = np.zeros(len(weights), np.int32)
    barred = np.zeros(len(start), np.bool_)
    value = values(cover, weights, best, held)
    highest = reached(weights, held)
    for r in range(len(picks)):
        chosen = best.copy()
        inside, outside = np.nonzero(chosen)[0], np.nonzero(~chosen)[0]
        if len(inside) == 0 or len(outside) == 0:
            break
        for k in range(kick):
            old = inside[int(picks[r, 2 * k] * len(inside))]
            new = outside[int(picks[r, 2 * k + 1] * len(outside))]
            if chosen[old] and not chosen[new]:
                chosen[old], chosen[new] = False, True
        value = values(cover, weights, chosen, held)
        exchange(cover, weights, chosen, held, value, barred, 20 * choose + 100)
        total = reached(weights, held)
        if total >= highest:
            highest, best = total, chosen
    return highest, best
