"""Which areas are neighbours, and with what weight, in compressed rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qalqan.science.flashpoints.selfexciting.checks import EventInputError, as_floats


@dataclass(frozen=True, slots=True)
class SpatialWeights:
    """Neighbours of each area; an area is never its own neighbour.

    Attributes
    ----------
    pointer : (n + 1,) int64
        The row of area ``i`` runs from ``pointer[i]`` to ``pointer[i + 1]``.
    neighbours : (m,) int64
        Areas.
    values : (m,) float64
        Weight of each neighbour.
    """

    pointer: NDArray[np.int64]
    neighbours: NDArray[np.int64]
    values: NDArray[np.float64]

    @property
    def n_areas(self) -> int:
        """Return how many areas there are."""
        return len(self.pointer) - 1

    @property
    def cardinalities(self) -> NDArray[np.int64]:
        """Return how many neighbours each area has, shape (n,)."""
        return np.diff(self.pointer)

    def expect(self, count: int) -> None:
        """Refuse values of another number of areas."""
        if count != self.n_areas:
            raise EventInputError(f"{count} areas have values, the weights have {self.n_areas}")

    def neighbour_sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the plain sum of the values of the neighbours, shape (n,)."""
        return self.gather(values[self.neighbours])

    def lag(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weighted sum of the values of the neighbours, shape (n,)."""
        return self.gather(self.values * values[self.neighbours])

    def row_sums(self) -> NDArray[np.float64]:
        """Return the sum of the weights of each area, shape (n,)."""
        return self.gather(self.values)

    def row_standardised(self) -> SpatialWeights:
        """Return the weights scaled to sum one in each row that has any."""
        sums = self.row_sums()
        scale = np.divide(1.0, sums, out=np.zeros_like(sums), where=sums != 0)
        return SpatialWeights(
            self.pointer, self.neighbours, self.values * np.repeat(scale, self.cardinalities)
        )

    def gather(self, each: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sums of the rows."""
        rows = np.repeat(np.arange(self.n_areas), self.cardinalities)
        sums = np.bincount(rows, weights=each, minlength=self.n_areas)
        return np.asarray(sums, dtype=np.float64)


def spatial_weights(
    neighbours: Sequence[Sequence[int]], values: Sequence[Sequence[float]] | None = None
) -> SpatialWeights:
    """Return weights from lists of neighbours.

    Parameters
    ----------
    neighbours : list of lists of int
        Neighbours of each area, from 0.
    values : list of lists of float, optional
        Their weights, 0 or more; 1 by default.

    Returns
    -------
    SpatialWeights
        As given; see :meth:`SpatialWeights.row_standardised`.

    Raises
    ------
    EventInputError
        If a neighbour is unknown, named twice or the area itself, or weights do not match.

    Examples
    --------
    >>> spatial_weights([[1], [0, 2], [1]]).row_standardised().values
    array([1. , 0.5, 0.5, 1. ])
    """
    count = len(neighbours)
    sizes = np.array([len(row) for row in neighbours], dtype=np.int64)
    pointer = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    flat = np.array([j for row in neighbours for j in row], dtype=np.int64)
    given = values if values is not None else [[1.0] * len(row) for row in neighbours]
    if [len(row) for row in given] != sizes.tolist():
        raise EventInputError("the weights do not match the neighbours")
    numbers = as_floats([w for row in given for w in row], "weights")
    owner = np.repeat(np.arange(count), sizes)
    for wrong, words in (
        ((flat < 0) | (flat >= count), "has an unknown neighbour"),
        (flat == owner, "is its own neighbour"),
        (numbers < 0, "has a negative weight"),
    ):
        if wrong.any():
            raise EventInputError(f"area {int(owner[np.argmax(wrong)])} (from 0) {words}")
    pairs = owner * max(count, 1) + flat
    if np.unique(pairs).size != pairs.size:
        raise EventInputError("a neighbour is named twice")
    return SpatialWeights(pointer, flat, numbers)


def weights_from_gal(lines: Sequence[str]) -> tuple[SpatialWeights, list[str]]:
    """Return binary weights and the names of the areas from lines in GeoDa's GAL format.

    >>> weights, names = weights_from_gal(["2", "a 1", "b", "b 1", "a"])
    >>> weights.neighbours, names
    (array([1, 0]), ['a', 'b'])
    """
    words = [line.split() for line in lines if line.strip()]
    if not words or len(words) < 2:
        raise EventInputError("a GAL file starts with the number of areas")
    rows: dict[str, list[str]] = {}
    place = 1
    while place < len(words):
        name, size = words[place][0], int(words[place][1])
        row: list[str] = []
        place += 1
        if size and place < len(words):
            row = words[place]
            place += 1
        if len(row) != size or name in rows:
            raise EventInputError(f"area {name}: {size} neighbours announced, {len(row)} named")
        rows[name] = row
    index: Mapping[str, int] = {name: i for i, name in enumerate(rows)}
    unknown = {other for row in rows.values() for other in row} - set(index)
    if unknown:
        raise EventInputError(f"unknown neighbour {min(unknown)}")
    return spatial_weights([[index[other] for other in row] for row in rows.values()]), list(rows)
