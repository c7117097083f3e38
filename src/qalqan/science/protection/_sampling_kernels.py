"""Compiled loops of `qalqan.science.protection.sampling`; the tests hold their plain twins."""

from __future__ import annotations

import numpy as np

from qalqan.science.protection._compile import Floats, Whole, kernel


@kernel
def inclusion(odds: Floats, count: int) -> Floats:
    """Return each unit's probability given that independent draws choose ``count`` units.

    Forwards and backwards tables of the number chosen among the first and the last units; each
    row is divided by its largest entry, so that nothing underflows.
    """
    n = len(odds)
    back = np.zeros((n + 1, count + 1))
    back[n, 0] = 1.0
    for i in range(n - 1, -1, -1):
        largest = 0.0
        for k in range(count + 1):
            value = back[i + 1, k]
            if k > 0:
                value += odds[i] * back[i + 1, k - 1]
            back[i, k] = value
            largest = max(largest, value)
        for k in range(count + 1):
            back[i, k] /= largest
    front = np.zeros(count + 1)
    front[0] = 1.0
    result = np.empty(n)
    for i in range(n):
        taken, left = 0.0, 0.0
        for k in range(count + 1):
            left += front[k] * back[i + 1, count - k]
            if k < count:
                taken += front[k] * back[i + 1, count - k - 1]
        taken *= odds[i]
        result[i] = taken / (taken + left)
        largest = 0.0
        for k in range(count, 0, -1):
            front[k] += odds[i] * front[k - 1]
        for k in range(count + 1):
            largest = max(largest, front[k])
        for k in range(count + 1):
            front[k] /= largest
    return result


@kernel
def log_normaliser(odds: Floats, count: int) -> float:
    """Return the logarithm of the sum, over all sets of ``count`` units, of the odds' product."""
    front = np.zeros(count + 1)
    front[0] = 1.0
    scale = 0.0
    for i in range(len(odds)):
        largest = 0.0
        for k in range(count, 0, -1):
            front[k] += odds[i] * front[k - 1]
        for k in range(count + 1):
            largest = max(largest, front[k])
        for k in range(count + 1):
            front[k] /= largest
        scale += np.log(largest)
    return float(scale + np.log(front[count]))


@kernel
def take_tables(odds: Floats, count: int) -> Floats:
    """Return, for each unit and number still to choose, the probability that the unit is taken."""
    n = len(odds)
    take = np.zeros((n, count + 1))
    after = np.zeros(count + 1)
    after[0] = 1.0
    here = np.zeros(count + 1)
    for i in range(n - 1, -1, -1):
        largest = 0.0
        for k in range(count + 1):
            here[k] = after[k]
            if k > 0:
                added = odds[i] * after[k - 1]
                here[k] += added
                if here[k] > 0.0:
                    take[i, k] = added / here[k]
            largest = max(largest, here[k])
        for k in range(count + 1):
            after[k] = here[k] / largest
    return take


@kernel
def draw_sets(take: Floats, uniforms: Floats, count: int) -> Whole:
    """Return one set a row: unit after unit is taken or left by its table."""
    draws, n = uniforms.shape
    chosen = np.empty((draws, count), dtype=np.int64)
    for d in range(draws):
        left = count
        for i in range(n):
            if left == 0:
                break
            if uniforms[d, i] < take[i, left]:
                chosen[d, count - left] = i
                left -= 1
    return chosen
