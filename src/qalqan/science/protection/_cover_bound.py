"""Compiled upper bounds on what a choice of sites can reach.

Let :math:`y_i \\le \\sum_j a_{ij} x_j` be priced with :math:`0 \\le \\lambda_i \\le w_i`. Then

.. math:: u(\\lambda) = \\sum_i (w_i - \\lambda_i) + \\text{the } P \\text{ largest of }
          S_j = \\sum_i a_{ij} \\lambda_i

is an upper bound for every :math:`\\lambda`, and its minimum is the bound of the linear programme.
Prices move along the violation of an averaged solution (the volume algorithm).
"""

from __future__ import annotations

import numpy as np

from qalqan.science.protection._compile import Floats, kernel
from qalqan.science.protection._cover_kernels import Cover, Index

FREE, TAKEN, BARRED = 0, 1, 2

_AVERAGE = 0.1
_SHRINK = 0.6
_PATIENCE = 12
_SMALLEST_STEP = 1e-3


@kernel
def _part(cover: Cover, weights: Floats, state: Index) -> tuple[Index, Index, Index, int, float]:
    """Return the demands still open and the free sites that reach them, compressed."""
    rp, ri, _, _ = cover
    label = np.full(len(state), -1, np.int32)
    sites = 0
    for j in range(len(state)):
        if state[j] == FREE:
            label[j] = sites
            sites += 1
    rows = np.empty(len(weights), np.int32)
    pointer = np.zeros(len(weights) + 1, np.int64)
    index = np.empty(rp[-1], np.int32)
    used, open_rows, base = 0, 0, 0.0
    for i in range(len(weights)):
        begin, taken = used, False
        for q in range(rp[i], rp[i + 1]):
            if state[ri[q]] == TAKEN:
                taken = True
                break
            if label[ri[q]] >= 0:
                index[used] = label[ri[q]]
                used += 1
        if taken:
            base += weights[i]
            used = begin
        elif used > begin:
            rows[open_rows] = i
            open_rows += 1
            pointer[open_rows] = used
    return rows[:open_rows], pointer[: open_rows + 1], index[:used], sites, base


@kernel
def largest(values: Floats, count: int, order: Index) -> None:
    """Bring the places of the ``count`` largest values to the front of ``order`` (Hoare's find)."""
    low, high = 0, len(order) - 1
    while low < high:
        middle = values[order[(low + high) // 2]]
        i, j = low, high
        while i <= j:
            while values[order[i]] > middle:
                i += 1
            while values[order[j]] < middle:
                j -= 1
            if i <= j:
                order[i], order[j] = order[j], order[i]
                i += 1
                j -= 1
        if count - 1 <= j:
            high = j
        elif count - 1 >= i:
            low = i
        else:
            return


@kernel
def _price(
    weights: Floats,
    pointer: Index,
    index: Index,
    choose: int,
    prices: Floats,
    sums: Floats,
    order: Index,
) -> float:
    """Fill the sums of prices by site, bring the largest to the front, return the bound."""
    sums[:] = 0.0
    bound = 0.0
    for i in range(len(weights)):
        price = prices[i]
        bound += weights[i] - price
        if price > 0:
            for q in range(pointer[i], pointer[i + 1]):
                sums[index[q]] += price
    largest(sums, choose, order)
    for k in range(min(choose, len(order))):
        bound += sums[order[k]]
    return bound


@kernel
def _descend(
    weights: Floats,
    pointer: Index,
    index: Index,
    sites: int,
    choose: int,
    prices: Floats,
    target: float,
    rounds: int,
    step: float,
) -> tuple[float, Floats, Floats, Floats]:
    """Lower the bound; return it with prices, sums and the averaged choice."""
    sums, best_sums = np.zeros(sites), np.zeros(sites)
    mean, best_prices = np.zeros(sites), prices.copy()
    best, stale = np.inf, 0
    slack, order = np.empty(len(weights)), np.arange(sites)
    for turn in range(rounds):
        bound = _price(weights, pointer, index, choose, prices, sums, order)
        if turn > 0:
            for j in range(sites):
                mean[j] *= 1 - _AVERAGE
        for k in range(min(choose, sites)):
            mean[order[k]] += _AVERAGE if turn > 0 else 1.0
        stale = 0 if bound < best * (1 - 1e-5) else stale + 1
        if bound < best:
            best = bound
            best_prices[:] = prices
            best_sums[:] = sums
        if best <= target:
            break
        if stale >= _PATIENCE:
            stale = 0
            step *= _SHRINK
            prices[:] = best_prices
            if step < _SMALLEST_STEP:
                break
        length = 0.0
        for i in range(len(weights)):
            over = -1.0
            for q in range(pointer[i], pointer[i + 1]):
                over += mean[index[q]]
            if (prices[i] <= 0 and over > 0) or (prices[i] >= weights[i] and over < 0):
                over = 0.0
            slack[i] = over
            length += over * over
        if length < 1e-12:
            break
        pace = step * (bound - target) / length
        for i in range(len(weights)):
            prices[i] = min(weights[i], max(0.0, prices[i] - pace * slack[i]))
    return best, best_prices, best_sums, mean


@kernel
def _settle(
    state: Index, free: Index, sums: Floats, choose: int, bound: float, floor: float
) -> None:
    """Take or bar each free site without which, or with which, the floor is out of reach."""
    order = np.arange(len(sums))
    if choose <= 0 or choose >= len(order):
        return
    largest(sums, choose, order)
    last, following = np.inf, 0.0
    for k in range(len(order)):
        if k < choose:
            last = min(last, sums[order[k]])
        else:
            following = max(following, sums[order[k]])
    for k in range(len(order)):
        j = order[k]
        if k < choose:
            if bound - sums[j] + following < floor:
                state[free[j]] = TAKEN
        elif bound - last + sums[j] < floor:
            state[free[j]] = BARRED


@kernel
def bounded(
    cover: Cover,
    weights: Floats,
    choose: int,
    state: Index,
    prices: Floats,
    floor: float,
    rounds: int,
    step: float,
) -> tuple[float, Floats, Index, Floats]:
    """Bound from above what can be reached, given what is taken and barred.

    Parameters
    ----------
    cover, weights
        Demands and sites; weights (demands,).
    choose
        Sites to choose, the taken ones among them.
    state : (sites,)
        Free, taken or barred.
    prices : (demands,)
        Prices to start from.
    floor
        Only choices that reach at least this much matter: below it the search for a bound stops,
        and sites that cannot be in (or out of) such a choice are barred (or taken).
    rounds, step
        Most evaluations, and the first length of step.

    Returns
    -------
    tuple
        The bound, prices, states and the averaged choice (sites,).
    """
    state = state.copy()
    rows, pointer, index, sites, base = _part(cover, weights, state)
    free = np.nonzero(state == FREE)[0]
    left = choose - np.sum(state == TAKEN)
    open_weights = weights[rows]
    bound, open_prices, sums, mean = _descend(
        open_weights,
        pointer,
        index,
        sites,
        left,
        np.minimum(prices[rows], open_weights),
        floor - base,
        rounds,
        step,
    )
    bound += base
    if bound >= floor:
        _settle(state, free, sums, left, bound, floor)
    found = prices.copy()
    found[rows] = open_prices
    share = np.zeros(len(state))
    share[free] = mean
    return bound, found, state, share
