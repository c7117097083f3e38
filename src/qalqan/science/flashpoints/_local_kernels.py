"""Compiled conditional permutations of local statistics; a plain twin stands in the tests.

For area ``i`` its own value stays, and its neighbours' values are drawn from all others. If a
whole permutation of the areas is drawn and ``i`` is struck out, the rest is a permutation of the
others; so the same ``replicates`` permutations, cut after the greatest number of neighbours and
one, serve every area, and the loop over replicates is vector code over contiguous values.
"""

from __future__ import annotations

import numpy as np

from qalqan.science.flashpoints._compile import Floats, Whole, kernel
from qalqan.science.flashpoints._draw_kernels import mix, stream_key

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_S32 = np.uint64(32)
_TIE = 1e-12


@kernel
def first_places(count: int, depth: int, seed: int, replicates: int) -> Whole:
    """Return the first ``depth`` places of each permutation of ``count`` areas, (depth, r)."""
    out = np.empty((depth, replicates), np.int64)
    deck = np.arange(count)
    swapped = np.empty(depth, np.int64)
    for r in range(replicates):
        key = stream_key(seed, r)
        for j in range(depth):
            key += _GAMMA
            left = np.uint64(count - j)
            k = j + np.int64(((mix(key) >> _S32) * left) >> _S32)
            deck[j], deck[k] = deck[k], deck[j]
            swapped[j] = k
            out[j, r] = deck[j]
        for j in range(depth - 1, -1, -1):
            k = swapped[j]
            deck[j], deck[k] = deck[k], deck[j]
    return out


@kernel
def permuted_lags(
    places: Whole, values: Floats, pointer: Whole, weights: Floats, observed: Floats
) -> tuple[Whole, Whole, Floats, Floats]:
    """Return, for each area, how many replicates reach its lag from above and below, and moments.

    ``observed`` holds the lags. Lags that differ by less than 1e-12 of their size are ties and
    count on both sides. The last two arrays are the mean and variance over the replicates.
    """
    n, depth, replicates = observed.shape[0], places.shape[0], places.shape[1]
    above, below = np.zeros(n, np.int64), np.zeros(n, np.int64)
    mean, variance = np.zeros(n), np.zeros(n)
    drawn = np.empty((depth, replicates))
    met = np.zeros(n + 1, np.int64)
    for j in range(depth):
        for r in range(replicates):
            drawn[j, r] = values[places[j, r]]
            met[places[j, r] + 1] += 1
    for i in range(n):
        met[i + 1] += met[i]
    where = met[:-1].copy()
    when = np.empty(depth * replicates, np.int64)
    for j in range(depth):
        for r in range(replicates):
            when[where[places[j, r]]] = j * replicates + r
            where[places[j, r]] += 1
    lag = np.empty(replicates)
    for i in range(n):
        low, size = pointer[i], pointer[i + 1] - pointer[i]
        lag[:] = 0.0
        for j in range(size):
            w = weights[low + j]
            row = drawn[j]
            for r in range(replicates):
                lag[r] += w * row[r]
        for m in range(met[i], met[i + 1]):
            j, r = when[m] // replicates, when[m] % replicates
            if j < size:
                lag[r] += weights[low + j] * (drawn[size, r] - drawn[j, r])
        tie = _TIE * (1.0 + abs(observed[i]))
        over, under = observed[i] - tie, observed[i] + tie
        ups, downs, total, squares = 0, 0, 0.0, 0.0
        for r in range(replicates):
            ups += lag[r] >= over
            downs += lag[r] <= under
            total += lag[r]
            squares += (lag[r] - observed[i]) ** 2
        above[i], below[i] = ups, downs
        mean[i] = total / replicates
        variance[i] = max(squares / replicates - (mean[i] - observed[i]) ** 2, 0.0)
    return above, below, mean, variance
