"""Cylinders, zones × windows, and the highest statistic among them in each replicate."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_BINS = 2048
_MOST_GROUPS = 32
_GROUP = 500_000
"""Cylinders in a group of rows; a replicate looks twice only at groups that can hold its best."""


@dataclass(frozen=True, slots=True)
class Cylinders:
    """Zones × windows, and what each is expected to hold.

    Attributes
    ----------
    pointer, members, closed
        Zones in compressed rows, see :class:`qalqan.science.flashpoints.zones.Zones`.
    starts, ends : (w,) int64
        First and last period of each window.
    expected : (n, periods) float64
        What is expected in each area up to and with each period; later periods take part in no
        window.
    centres : (rows,) int64
        Area around which each row lies; by default row ``i`` lies around area ``i``.
    factor : float
        What the statistic of these cylinders is multiplied by.
    """

    pointer: NDArray[np.int64]
    members: NDArray[np.int32]
    closed: NDArray[np.bool_]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    expected: NDArray[np.float64]
    centres: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    factor: float = 1.0

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


def rows_of(cylinders: Cylinders, rows: NDArray[np.int64], factor: float = 1.0) -> Cylinders:
    """Return only some rows of the cylinders, in that order."""
    sizes = np.diff(cylinders.pointer)[rows]
    pointer = np.zeros(len(rows) + 1, np.int64)
    pointer[1:] = np.cumsum(sizes)
    members = np.empty(pointer[-1], np.int32)
    closed = np.empty(pointer[-1], np.bool_)
    for k, row in enumerate(rows.tolist()):
        piece = slice(cylinders.pointer[row], cylinders.pointer[row + 1])
        members[pointer[k] : pointer[k + 1]] = cylinders.members[piece]
        closed[pointer[k] : pointer[k + 1]] = cylinders.closed[piece]
    return replace(
        cylinders, pointer=pointer, members=members, closed=closed,
        centres=cylinders.centres[rows] if len(cylinders.centres) else rows, factor=factor,
    )  # fmt: skip


def in_nearby_order(cylinders: Cylinders) -> Cylinders:
    """Return the same cylinders with rows of near centres one after the other."""
    from qalqan.science.flashpoints import _bin_kernels

    rows = len(cylinders.pointer) - 1
    centres = cylinders.centres if len(cylinders.centres) else np.arange(rows)
    order = _bin_kernels.nearby_order(
        cylinders.pointer, cylinders.members, centres, len(cylinders.expected)
    )
    return rows_of(cylinders, order, cylinders.factor)


@dataclass(frozen=True, slots=True)
class Binned:
    """Cylinders sorted into bins of nearly equal expectation, for one direction.

    Attributes
    ----------
    low : bool
        Whether fewer than expected is looked for.
    of : (size,) uint16
        Bin of each cylinder; 0 for those that can never count.
    least, most : (bins,) float64
        Range of what is expected in each bin.
    """

    low: bool
    of: NDArray[np.uint16]
    least: NDArray[np.float64]
    most: NDArray[np.float64]


def binned(cylinders: Cylinders, total: float, low: bool) -> Binned:
    """Sort the cylinders by the leading bits of their expectation.

    A scan for low rates looks at what is missing: expectation ``total - e``, count ``total - c``.
    """
    from qalqan.science.flashpoints import _bin_kernels

    bins = np.zeros(cylinders.size, np.uint16)
    walk = cylinders.expected, *cylinders.walk
    bounds = _bin_kernels.expectation_range(*walk, total, low)
    if not bounds[0] <= bounds[1]:
        return Binned(low, bins, np.full(1, np.inf), np.full(1, -np.inf))
    bottom, ceiling = (int(np.array(bound).view(np.int64)) for bound in bounds)
    shift = 0
    while (ceiling >> shift) - (bottom >> shift) + 2 > _MOST_BINS:
        shift += 1
    offset = bottom >> shift
    n_bins = (ceiling >> shift) - offset + 2
    least, most = np.full(n_bins, np.inf), np.full(n_bins, -np.inf)
    _bin_kernels.assign_bins(*walk, total, low, shift, offset, bins, least, most)
    return Binned(low, *_without_gaps(bins, least, most))


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


def raise_best(
    best: NDArray[np.float64],
    cells: NDArray[Any],
    cylinders: Cylinders,
    bins: Binned,
    model: tuple[int, float, float],
    min_cases: int,
    wide: type[np.unsignedinteger[Any]] | type[np.signedinteger[Any]],
) -> None:
    """Raise ``best`` to the exact maximum of each lane in one direction.

    ``model`` is the statistic, the number of cases (or a bound of it) and of cases and controls.
    """
    from qalqan.science.flashpoints import _kernels

    kind, total, people = model
    groups = _row_groups(cylinders)
    tops = np.zeros((len(groups), len(bins.least), _kernels.LANES), wide)
    for rows, top in zip(groups, tops, strict=True):
        _largest(cells, cylinders, bins, int(total), rows, top)
    needed = np.zeros(tops.shape[1:], np.int64)
    slack = 1e-9 + 1e-13 * float(max(total, people) * np.log(max(total, people, 2.0)))
    floor = 0 if bins.low else min_cases
    xlogx = np.arange(int(total) + 1 if kind == _kernels.POISSON else 1, dtype=np.float64)
    xlogx[1:] *= np.log(xlogx[1:])
    pointer, lanes = _kernels.shortlist(
        kind, bins.low, tops.max(axis=0), bins.least, bins.most, total, people, floor, slack,
        xlogx, needed,
    )  # fmt: skip
    found = np.zeros(len(best))
    for rows, top in zip(groups, tops, strict=True):
        wanted, kept, fewer = _kernels.narrowed(top, pointer, lanes, needed)
        if len(wanted):
            _kernels.exact_maxima(
                kind, cells, cylinders.expected, bins.of, *cylinders.walk, total, people,
                bins.low, rows, wanted, kept, fewer, needed, found,
            )  # fmt: skip
    np.maximum(best, cylinders.factor * found, out=best)


def _largest(
    cells: NDArray[Any],
    cylinders: Cylinders,
    bins: Binned,
    total: int,
    rows: tuple[int, int, int],
    top: NDArray[Any],
) -> None:
    """Write the largest count of each bin and lane in some rows into ``top``."""
    from qalqan.science.flashpoints import _kernels

    if cylinders.starts.any() or bins.low:
        _kernels.largest_counts(cells, bins.of, *cylinders.walk, total, bins.low, rows, top)
        return
    window = np.full(cells.shape[1], -1, np.int64)
    window[cylinders.ends] = np.arange(len(cylinders.ends))
    _kernels.largest_counts_nested(
        cells, bins.of, *cylinders.walk[:3], window, len(cylinders.ends), rows, top
    )


def _row_groups(cylinders: Cylinders) -> list[tuple[int, int, int]]:
    """Return first row, row after the last and cylinders before it, group by group."""
    from qalqan.science.flashpoints import _bin_kernels

    rows = len(cylinders.pointer) - 1
    count = max(1, min(_MOST_GROUPS, rows, cylinders.size // _GROUP))
    if count == 1:
        return [(0, rows, 0)]
    ends = np.linspace(0, rows, count + 1).round().astype(np.int64)
    before = _bin_kernels.closed_before(cylinders.pointer, cylinders.closed, ends)
    windows = len(cylinders.starts)
    return [
        (int(ends[i]), int(ends[i + 1]), int(before[i]) * windows) for i in range(len(ends) - 1)
    ]
