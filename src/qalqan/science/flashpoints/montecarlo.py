"""Monte Carlo tests: null data by a counter-based seed, maxima, p by rank, recurrence.

Each replicate draws from a stream that depends on the seed and on its own number only. So one
worker, two or a hundred give the same maxima, and replicate 17 is the same in a run of 99 as in
a run of 9,999.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Progress = Callable[[int, int], None]
"""Called with the replicates done and the replicates wanted."""

_MOST_BINS = 2048
_EQUAL = 1e-9


class NullModel(Protocol):
    """How null data is drawn; one block of replicates side by side."""

    def fill(self, cells: NDArray[Any], seed: int, first: int, lanes: int) -> None:
        """Write the cases of replicates ``first`` to ``first + lanes`` into ``cells``."""


@dataclass(frozen=True, slots=True)
class Multinomial:
    """Cases fall on area × period cells in proportion to what is expected, total fixed.

    Attributes
    ----------
    total : int
        Cases of each replicate.
    chance : (n * periods,) uint64
        Share of a cell that stays with it, times 2**32 (Walker's alias table).
    alias : (n * periods,) int64
        Cell that gets the rest.
    n_periods : int
        Periods per area in the flattened table.
    """

    total: int
    chance: NDArray[np.uint64]
    alias: NDArray[np.int64]
    n_periods: int

    @classmethod
    def of(cls, expected: NDArray[np.float64], total: int) -> Multinomial:
        """Build the table of a (n, periods) array of expectations."""
        chance, alias = alias_table(expected.ravel())
        return cls(total, chance, alias, expected.shape[1])

    def fill(self, cells: NDArray[Any], seed: int, first: int, lanes: int) -> None:
        """Write the cases of a block of replicates."""
        from qalqan.science.flashpoints import _kernels

        _kernels.fill_multinomial(
            cells, seed, first, lanes, self.total, self.chance, self.alias, self.n_periods
        )


@dataclass(frozen=True, slots=True)
class Permutation:
    """Cases keep their area; their periods are dealt anew.

    Attributes
    ----------
    areas, periods : (total,) int32
        Area and period of each case.
    """

    areas: NDArray[np.int32]
    periods: NDArray[np.int32]

    @classmethod
    def of(cls, cases: NDArray[np.int64]) -> Permutation:
        """Unfold a (n, periods) array of counts into single cases."""
        areas, periods = np.nonzero(cases)
        times = cases[areas, periods]
        return cls(
            np.repeat(areas, times).astype(np.int32), np.repeat(periods, times).astype(np.int32)
        )

    def fill(self, cells: NDArray[Any], seed: int, first: int, lanes: int) -> None:
        """Write the cases of a block of replicates."""
        from qalqan.science.flashpoints import _kernels

        _kernels.fill_permutation(cells, seed, first, lanes, self.areas, self.periods)


@dataclass(frozen=True, slots=True)
class Cylinders:
    """Zones × windows, and what each is expected to hold.

    Attributes
    ----------
    pointer, members, closed
        Zones in compressed rows, see :class:`qalqan.science.flashpoints.zones.CircularZones`.
    starts, ends : (w,) int64
        First and last period of each window.
    expected : (n, periods) float64
        What is expected in each area up to and with each period; later periods take part in no
        window.
    """

    pointer: NDArray[np.int64]
    members: NDArray[np.int32]
    closed: NDArray[np.bool_]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    expected: NDArray[np.float64]

    @property
    def size(self) -> int:
        """Return how many cylinders there are."""
        return int(self.closed.sum()) * len(self.starts)

    @property
    def walk(
        self,
    ) -> tuple[
        NDArray[np.int64],
        NDArray[np.int32],
        NDArray[np.bool_],
        NDArray[np.int64],
        NDArray[np.int64],
    ]:
        """Return the arrays by which the kernels walk all cylinders."""
        return self.pointer, self.members, self.closed, self.starts, self.ends


def alias_table(weights: NDArray[np.float64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return Walker's alias table; shares are rounded to 2**-32.

    References
    ----------
    Vose, M. D. (1991). A linear algorithm for generating random numbers with a given
    distribution. IEEE Transactions on Software Engineering 17(9), 972-975.

    Examples
    --------
    >>> chance, alias = alias_table(np.array([1.0, 3.0]))
    >>> (chance / 2**32).tolist(), alias.tolist()
    ([0.5, 1.0], [1, 1])
    """
    n = len(weights)
    share = (weights * (n / weights.sum())).tolist()
    alias = list(range(n))
    small = [i for i, value in enumerate(share) if value < 1]
    large = [i for i, value in enumerate(share) if value >= 1]
    kept = [1.0] * n
    while small and large:
        poor, rich = small.pop(), large[-1]
        kept[poor], alias[poor] = share[poor], rich
        share[rich] -= 1 - share[poor]
        if share[rich] < 1:
            small.append(large.pop())
    # Rounding may leave an empty cell without a partner; it must still never be drawn.
    heaviest = int(np.argmax(weights))
    for i in small:
        if weights[i] == 0:
            kept[i], alias[i] = 0.0, heaviest
    chance = np.minimum(np.round(np.array(kept) * 2.0**32), 2.0**32).astype(np.uint64)
    return chance, np.array(alias, dtype=np.int64)


def null_maxima(
    model: NullModel,
    cylinders: Cylinders,
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
) -> NDArray[np.float64]:
    """Return the highest log likelihood ratio of each replicate.

    Parameters
    ----------
    model
        How null data is drawn.
    cylinders
        What is scanned.
    total : int
        Cases of each replicate.
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

    Returns
    -------
    (replicates,) array of float64
        In the order of the replicates; 0 where nothing departs from the expectation.
    """
    from qalqan.science.flashpoints import _kernels

    passes = [_binned(cylinders, total, way == "low") for way in _ways(high, low)]
    xlogx = np.arange(total + 1, dtype=np.float64)
    xlogx[1:] *= np.log(xlogx[1:])
    slack = 1e-9 + 1e-13 * float(xlogx[-1])
    dtype = np.uint8 if total < 2**8 else np.uint16 if total < 2**16 else np.int32

    def block(start: int) -> NDArray[np.float64]:
        lanes = min(_kernels.LANES, replicates - start)
        shape = (*cylinders.expected.shape, _kernels.LANES)
        cells = np.zeros(shape, dtype)
        model.fill(cells, seed, first + start, lanes)
        _kernels.accumulate(cells)
        best = np.zeros(_kernels.LANES)
        for bins in passes:
            _raise_best(best, cells, cylinders, bins, total, min_cases, xlogx, slack)
        return best[:lanes]

    maxima = np.zeros(replicates)
    starts = range(0, replicates, _kernels.LANES)
    for start, best in zip(starts, _mapped(block, starts, workers), strict=True):
        done = start + len(best)
        maxima[start:done] = best
        if progress is not None:
            progress(done, replicates)
    return maxima


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


@dataclass(frozen=True, slots=True)
class _Bins:
    """Cylinders sorted into bins of nearly equal expectation, for one direction."""

    low: bool
    of: NDArray[np.uint16]
    least: NDArray[np.float64]
    most: NDArray[np.float64]


def _ways(high: bool, low: bool) -> list[str]:
    """Return the directions to pass over."""
    return [name for name, wanted in (("high", high), ("low", low)) if wanted]


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


def _binned(cylinders: Cylinders, total: int, low: bool) -> _Bins:
    """Sort the cylinders by the leading bits of their expectation.

    The ratio is the same seen from outside the cylinder, so a scan for low rates is a scan for
    high rates of what lies outside: expectation ``total - e``, count ``total - c``.
    """
    from qalqan.science.flashpoints import _kernels

    bins = np.zeros(cylinders.size, np.uint16)
    walk = cylinders.expected, *cylinders.walk
    bounds = _kernels.expectation_range(*walk, float(total), low)
    if not bounds[0] <= bounds[1]:
        return _Bins(low, bins, np.full(1, np.inf), np.full(1, -np.inf))
    bottom, ceiling = (int(np.array(bound).view(np.int64)) for bound in bounds)
    shift = 0
    while (ceiling >> shift) - (bottom >> shift) + 2 > _MOST_BINS:
        shift += 1
    offset = bottom >> shift
    n_bins = (ceiling >> shift) - offset + 2
    least, most = np.full(n_bins, np.inf), np.full(n_bins, -np.inf)
    _kernels.assign_bins(*walk, float(total), low, shift, offset, bins, least, most)
    return _Bins(low, *_without_gaps(bins, least, most))


def _without_gaps(
    bins: NDArray[np.uint16], least: NDArray[np.float64], most: NDArray[np.float64]
) -> tuple[NDArray[np.uint16], NDArray[np.float64], NDArray[np.float64]]:
    """Number the bins that are in use one after the other, bin 0 staying the first."""
    used = np.isfinite(least)
    used[0] = True
    fresh = (np.cumsum(used) - 1).astype(np.uint16)
    # Piece by piece: numpy widens an index to eight bytes, which would be the peak of memory.
    for start in range(0, len(bins), 1 << 20):
        bins[start : start + (1 << 20)] = fresh[bins[start : start + (1 << 20)]]
    return bins, least[used], most[used]


def _raise_best(
    best: NDArray[np.float64],
    cells: NDArray[Any],
    cylinders: Cylinders,
    bins: _Bins,
    total: int,
    min_cases: int,
    xlogx: NDArray[np.float64],
    slack: float,
) -> None:
    """Raise ``best`` to the exact maximum of each lane in one direction."""
    from qalqan.science.flashpoints import _kernels

    top = np.zeros((len(bins.least), _kernels.LANES), cells.dtype)
    _kernels.largest_counts(cells, bins.of, *cylinders.walk, total, bins.low, top)
    needed = np.zeros(top.shape, np.int64)
    floor = 0 if bins.low else min_cases
    pointer, lanes = _kernels.shortlist(
        top, bins.least, bins.most, total, floor, xlogx, slack, needed
    )
    _kernels.exact_maxima(
        cells, cylinders.expected, bins.of, *cylinders.walk, total, bins.low, pointer, lanes,
        needed, best,
    )  # fmt: skip
