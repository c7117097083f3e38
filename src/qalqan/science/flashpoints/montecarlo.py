"""Monte Carlo tests: maxima of replicates, p by rank, early stop, Gumbel tail, recurrence.

Each replicate draws from a stream that depends on the seed and on its own number only. So one
worker, two or a hundred give the same maxima, and replicate 17 is the same in a run of 99 as in
a run of 9,999.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qalqan.science.flashpoints.cylinders import (
    Cylinders,
    binned,
    in_nearby_order,
    raise_best,
)
from qalqan.science.flashpoints.nulls import (
    Hypergeometric,
    Multinomial,
    NegativeBinomial,
    NullModel,
    Permutation,
    PoissonCells,
    alias_table,
)

__all__ = [
    "Cylinders",
    "Hypergeometric",
    "Multinomial",
    "NegativeBinomial",
    "NullModel",
    "Permutation",
    "PoissonCells",
    "Progress",
    "alias_table",
    "gumbel_p_value",
    "null_maxima",
    "rank_p_value",
    "recurrence_interval",
    "stopped_after",
]

Progress = Callable[[int, int], None]
"""Called with the replicates done and the replicates wanted."""

_EQUAL = 1e-9


def null_maxima(
    model: NullModel,
    cylinders: Cylinders | Sequence[Cylinders],
    *,
    total: int,
    replicates: int,
    seed: int,
    first: int = 0,
    high: bool = True,
    low: bool = False,
    min_cases: int = 2,
    workers: int = 1,
    progress: Progress | None = None,
    statistic: int = 0,
    people: int = 0,
) -> NDArray[np.float64]:
    """Return the highest statistic of each replicate, one stream of counts.

    Parameters
    ----------
    model
        How null data is drawn.
    cylinders
        What is scanned; several if their statistics are weighted differently.
    total : int
        Cases of each replicate, or what they never exceed if the total is free.
    replicates : int
        How many replicates.
    seed : int
        0 to 2**64 - 1.
    first : int
        Number of the first replicate, so that several machines can share one test.
    high, low : bool
        Whether more, or fewer, cases than expected count.
    min_cases : int
        Least cases inside a cylinder of a high rate.
    workers : int
        Threads; the result does not depend on it.
    progress
        Called with the replicates done and wanted after each block.
    statistic : int
        One of ``POISSON``, ``BERNOULLI``, ``EXPECTATION`` of ``_kernels``.
    people : int
        Cases and controls, for the Bernoulli model.

    Returns
    -------
    (replicates,) array of float64
        In the order of the replicates; 0 where nothing departs from the expectation.
    """
    from qalqan.science.flashpoints import _kernels

    groups = [cylinders] if isinstance(cylinders, Cylinders) else list(cylinders)
    groups = [in_nearby_order(group) for group in groups]
    ways = [way for way, wanted in ((False, high), (True, low)) if wanted]
    passes = [(group, binned(group, float(total), way)) for group in groups for way in ways]
    wide = np.uint8 if total < 2**8 else np.uint16 if total < 2**16 else np.int32
    shape = (*groups[0].expected.shape, _kernels.LANES)
    figures = statistic, float(total), float(people)

    def block(start: int) -> NDArray[np.float64]:
        lanes = min(_kernels.LANES, replicates - start)
        cells = _drawn(model, shape, wide, seed, first + start, lanes)
        best = np.zeros(_kernels.LANES)
        for group, bins in passes:
            raise_best(best, cells, group, bins, figures, min_cases, wide)
        return best[:lanes]

    return in_blocks(block, replicates, workers, progress)


def in_blocks(
    block: Callable[[int], NDArray[np.float64]],
    replicates: int,
    workers: int,
    progress: Progress | None,
) -> NDArray[np.float64]:
    """Return the maxima of all blocks of replicates, joined in order."""
    from qalqan.science.flashpoints import _kernels

    maxima = np.zeros(replicates)
    starts = range(0, replicates, _kernels.LANES)
    for start, best in zip(starts, _mapped(block, starts, workers), strict=True):
        done = start + len(best)
        maxima[start:done] = best
        if progress is not None:
            progress(done, replicates)
    return maxima


def _drawn(
    model: NullModel, shape: tuple[int, ...], wide: Any, seed: int, first: int, lanes: int
) -> NDArray[Any]:
    """Draw a block of replicates into the narrowest integers that hold what one area holds."""
    from qalqan.science.flashpoints import _kernels

    for dtype in dict.fromkeys((np.uint8, wide)):
        cells = np.zeros(shape, dtype)
        if model.fill(cells, seed, first, lanes) and _kernels.accumulate(cells):
            break
    return cells


def rank_p_value(observed: float, maxima: NDArray[np.float64]) -> float:
    """Return the Monte Carlo p-value by rank, the observed data counted among the replicates.

    A replicate within one part in 10**9 counts as equal, so that rounding never lowers p.

    References
    ----------
    Dwass, M. (1957). Modified randomization tests for nonparametric hypotheses. Annals of
    Mathematical Statistics 28(1), 181-187.

    Examples
    --------
    >>> rank_p_value(5.0, np.array([1.0, 5.0, 7.0]))
    0.75
    """
    reached = int((maxima >= observed - _EQUAL * abs(observed)).sum())
    return (reached + 1) / (len(maxima) + 1)


def recurrence_interval(p_value: float) -> float:
    """Return in how many analyses one such finding is expected by chance, one analysis a period.

    References
    ----------
    Kleinman, K., Lazarus, R., Platt, R. (2004). A generalized linear mixed models approach for
    detecting incident clusters of disease in small areas. American Journal of Epidemiology
    159(3), 217-224.

    Examples
    --------
    >>> recurrence_interval(0.001)
    1000.0
    """
    return 1.0 / p_value


def stopped_after(observed: float, maxima: NDArray[np.float64], exceedances: int) -> int | None:
    """Return after how many replicates a sequential test ends, if it ends before all are done.

    It ends as soon as ``exceedances`` replicates have reached what was observed; replicates are
    looked at in order, so the end does not depend on how many ran at once.

    References
    ----------
    Besag, J., Clifford, P. (1991). Sequential Monte Carlo p-values. Biometrika 78(2), 301-304.

    Examples
    --------
    >>> stopped_after(3.0, np.array([1.0, 4.0, 2.0, 5.0, 9.0]), 2)
    4
    """
    reached = np.flatnonzero(maxima >= observed - _EQUAL * abs(observed))
    return int(reached[exceedances - 1]) + 1 if len(reached) >= exceedances else None


def gumbel_p_value(observed: float, maxima: NDArray[np.float64]) -> float:
    """Return the p-value from a Gumbel distribution fitted to the maxima by their moments.

    Unlike the rank it goes below one over the number of replicates: 999 replicates tell p of
    0.00001 from p of 0.0001. It is an approximation; NaN for fewer than two distinct maxima.

    References
    ----------
    Abrams, A. M., Kleinman, K., Kulldorff, M. (2010). Gumbel based p-value approximations for
    spatial scan statistics. International Journal of Health Geographics 9, 61.

    Examples
    --------
    >>> round(gumbel_p_value(6.0, np.array([2.0, 3.0, 4.0])), 4)
    0.0119
    """
    if len(maxima) < 2 or not maxima.std() > 0:
        return math.nan
    scale = float(maxima.std(ddof=1)) * math.sqrt(6.0) / math.pi
    place = float(maxima.mean()) - float(np.euler_gamma) * scale
    return -math.expm1(-math.exp(-(observed - place) / scale))


def _mapped(
    block: Callable[[int], NDArray[np.float64]], starts: range, workers: int
) -> Iterator[NDArray[np.float64]]:
    """Run the blocks on threads (the kernels release the lock) and yield them in order."""
    if workers <= 1:
        yield from map(block, starts)
        return
    pool = ThreadPoolExecutor(max_workers=workers)
    try:
        yield from pool.map(block, starts)
    finally:
        # Whoever stops listening, by an error or by Ctrl-C, does not wait for the rest.
        pool.shutdown(cancel_futures=True)
