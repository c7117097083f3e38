"""Null data: what could have been counted if nothing were out of the ordinary.

Each replicate draws from a stream that depends on the seed and on its own number only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray


class NullModel(Protocol):
    """How null data is drawn; one block of replicates side by side."""

    def fill(self, cells: NDArray[Any], seed: int, first: int, lanes: int) -> bool:
        """Add the cases of replicates ``first`` to ``first + lanes`` to ``cells``.

        Return whether the integers of ``cells`` were wide enough.
        """


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

    def fill(self, cells: NDArray[Any], seed: int, first: int, lanes: int) -> bool:
        """Write the cases of a block of replicates."""
        from qalqan.science.flashpoints import _draw_kernels

        return _draw_kernels.fill_multinomial(
            cells, np.uint64(seed), first, lanes, np.full(lanes, self.total), self.chance,
            self.alias, self.n_periods,
        )  # fmt: skip


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

    def fill(self, cells: NDArray[Any], seed: int, first: int, lanes: int) -> bool:
        """Write the cases of a block of replicates."""
        from qalqan.science.flashpoints import _draw_kernels

        return _draw_kernels.fill_permutation(
            cells, np.uint64(seed), first, lanes, self.areas, self.periods
        )


@dataclass(frozen=True, slots=True)
class Hypergeometric:
    """Cases fall on persons, without replacement; the persons are all cases and controls.

    Attributes
    ----------
    total : int
        Cases of each replicate.
    holders : (people,) int64
        Cell, area times periods plus period, of each person.
    n_periods : int
        Periods per area.
    """

    total: int
    holders: NDArray[np.int64]
    n_periods: int

    @classmethod
    def of(cls, people: NDArray[np.int64], total: int) -> Hypergeometric:
        """Unfold a (n, periods) array of cases and controls into single persons."""
        holders = np.repeat(np.arange(people.size), people.ravel())
        return cls(total, holders, people.shape[1])

    def fill(self, cells: NDArray[Any], seed: int, first: int, lanes: int) -> bool:
        """Add the cases of a block of replicates."""
        from qalqan.science.flashpoints import _draw_kernels

        return _draw_kernels.fill_without_replacement(
            cells, np.uint64(seed), first, lanes, self.total, self.holders, self.n_periods
        )


@dataclass(frozen=True, slots=True)
class PoissonCells:
    """Each cell is Poisson about its expectation; the total is free.

    Attributes
    ----------
    mean : float
        Expected cases in all.
    shares : Multinomial
        How a total falls on the cells.
    """

    mean: float
    shares: Multinomial

    @classmethod
    def of(cls, expected: NDArray[np.float64]) -> PoissonCells:
        """Prepare a (n, periods) array of expectations."""
        return cls(float(expected.sum()), Multinomial.of(expected, 0))

    def fill(self, cells: NDArray[Any], seed: int, first: int, lanes: int) -> bool:
        """Add the cases of a block of replicates."""
        from qalqan.science.flashpoints import _draw_kernels

        totals = np.array([_philox(seed, first + r).poisson(self.mean) for r in range(lanes)])
        return _draw_kernels.fill_multinomial(
            cells, np.uint64(seed), first, lanes, totals, self.shares.chance, self.shares.alias,
            self.shares.n_periods,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class NegativeBinomial:
    """Each cell is negative binomial; written down divided by its overdispersion.

    Attributes
    ----------
    mean : (n, periods) float64
        Expected cases.
    size : (n, periods) float64
        Size: the variance is ``mean + mean**2 / size``.
    """

    mean: NDArray[np.float64]
    size: NDArray[np.float64]

    @property
    def overdispersion(self) -> NDArray[np.float64]:
        """Return the variance over the mean of each cell."""
        return 1.0 + self.mean / self.size

    def fill(self, cells: NDArray[Any], seed: int, first: int, lanes: int) -> bool:
        """Add the cases of a block of replicates over their overdispersion."""
        kept = cells.shape[1]
        weight = self.overdispersion
        for r in range(lanes):
            drawn = _philox(seed, first + r).negative_binomial(self.size, 1.0 / weight)
            cells[:, :, r] += (drawn / weight)[:, :kept]
        return True


def _philox(seed: int, replicate: int) -> np.random.Generator:
    """Return the stream of one replicate."""
    return np.random.Generator(np.random.Philox(key=np.array([seed, replicate], np.uint64)))


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
    from qalqan.science.flashpoints import _draw_kernels

    share = weights * (len(weights) / weights.sum())
    kept, alias = _draw_kernels.alias_pairs(share, weights)
    return np.minimum(np.round(kept * 2.0**32), 2.0**32).astype(np.uint64), alias
