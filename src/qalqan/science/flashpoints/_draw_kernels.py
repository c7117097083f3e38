"""Compiled loops that draw null data from counter-based streams; slow twins stand in the tests."""

from __future__ import annotations

import numpy as np

from qalqan.science.flashpoints._compile import Floats, Whole, kernel

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
def stream_key(seed: int | np.uint64, replicate: int) -> np.uint64:
    """Return where the random stream of one replicate starts; it depends on nothing else."""
    return mix(mix(np.uint64(seed) + _GAMMA) ^ mix(np.uint64(replicate) * _GAMMA + _MIX_1))


@kernel
def fill_multinomial(
    cells: Whole,
    seed: int | np.uint64,
    first: int,
    lanes: int,
    totals: Whole,
    chance: Whole,
    alias: Whole,
    n_periods: int,
) -> bool:
    """Throw ``totals`` cases on area × period cells for each lane (Walker's alias method).

    As all that draw: return whether the integers were wide enough.
    """
    fits = True
    kept = cells.shape[1]
    n_cells = np.uint64(chance.shape[0])
    for r in range(lanes):
        key = stream_key(seed, first + r)
        for _ in range(totals[r]):
            key += _GAMMA
            x = mix(key)
            cell = np.int64(((x >> _S32) * n_cells) >> _S32)
            if (x & _LOW) >= chance[cell]:
                cell = alias[cell]
            area = cell // n_periods
            period = cell - area * n_periods
            if period < kept:
                cells[area, period, r] += 1
                fits &= cells[area, period, r] != 0
    return fits


@kernel
def fill_permutation(
    cells: Whole, seed: int | np.uint64, first: int, lanes: int, areas: Whole, periods: Whole
) -> bool:
    """Deal the periods of the cases anew among their areas for each lane (Fisher-Yates)."""
    fits = True
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
                fits &= cells[areas[i], period, r] != 0
    return fits


@kernel
def fill_without_replacement(
    cells: Whole,
    seed: int | np.uint64,
    first: int,
    lanes: int,
    total: int,
    holders: Whole,
    n_periods: int,
) -> bool:
    """Choose ``total`` of all persons for each lane; ``holders`` is the cell of each person."""
    fits = True
    kept = cells.shape[1]
    people = holders.shape[0]
    deck = holders.copy()
    swaps = np.empty(total, np.int64)
    for r in range(lanes):
        key = stream_key(seed, first + r)
        for i in range(total):
            key += _GAMMA
            j = i + np.int64(((mix(key) >> _S32) * np.uint64(people - i)) >> _S32)
            swaps[i] = j
            cell = deck[j]
            deck[j] = deck[i]
            deck[i] = cell
            area = cell // n_periods
            period = cell - area * n_periods
            if period < kept:
                cells[area, period, r] += 1
                fits &= cells[area, period, r] != 0
        # Every replicate starts from the same deck, or it would depend on the one before.
        for i in range(total - 1, -1, -1):
            cell = deck[i]
            deck[i] = deck[swaps[i]]
            deck[swaps[i]] = cell
    return fits


@kernel
def alias_pairs(share: Floats, weights: Floats) -> tuple[Floats, Whole]:
    """Return what each cell keeps of its share, and which cell gets the rest (Vose 1991)."""
    n = share.shape[0]
    alias = np.arange(n)
    kept = np.ones(n)
    small, large = np.empty(n, np.int64), np.empty(n, np.int64)
    n_small, n_large = 0, 0
    for i in range(n):
        if share[i] < 1:
            small[n_small] = i
            n_small += 1
        else:
            large[n_large] = i
            n_large += 1
    while n_small and n_large:
        n_small -= 1
        poor, rich = small[n_small], large[n_large - 1]
        kept[poor], alias[poor] = share[poor], rich
        share[rich] -= 1 - share[poor]
        if share[rich] < 1:
            n_large -= 1
            small[n_small] = rich
            n_small += 1
    # Rounding may leave an empty cell without a partner; it must still never be drawn.
    heaviest = np.argmax(weights)
    for i in range(n_small):
        if weights[small[i]] == 0:
            kept[small[i]], alias[small[i]] = 0.0, heaviest
    return kept, alias
