"""What an attack is worth to both sides, with and without somebody on the spot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.protection.checks import ProtectionInputError, as_vector, refuse

COLUMNS = (
    "defender_covered", "defender_uncovered", "attacker_covered", "attacker_uncovered",
)  # fmt: skip
_LARGEST = 1e12


@dataclass(frozen=True, slots=True)
class Payoffs:
    """Payoffs of a security game, one number a target; made by `checked`.

    Attributes
    ----------
    defender_covered, defender_uncovered : ndarray, shape (targets,)
        What the defender gets if the target is attacked while covered, and while not.
    attacker_covered, attacker_uncovered : ndarray, shape (targets,)
        What the attacker gets.
    """

    defender_covered: NDArray[np.float64]
    defender_uncovered: NDArray[np.float64]
    attacker_covered: NDArray[np.float64]
    attacker_uncovered: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.defender_covered)

    def only(self, rows: NDArray[np.int64]) -> Payoffs:
        """Return the payoffs of these targets."""
        return Payoffs(
            self.defender_covered[rows], self.defender_uncovered[rows],
            self.attacker_covered[rows], self.attacker_uncovered[rows],
        )  # fmt: skip

    @property
    def scale(self) -> float:
        """The largest payoff of the attacker by size, at least the least normal number."""
        largest = max(
            -self.attacker_covered.min(), self.attacker_covered.max(),
            -self.attacker_uncovered.min(), self.attacker_uncovered.max(), 1e-300,
        )  # fmt: skip
        return float(largest)

    @property
    def losses(self) -> NDArray[np.float64]:
        """What an attack on the uncovered target costs the defender; 0 where it costs nothing."""
        return np.maximum(0.0, -self.defender_uncovered)


def checked(
    defender_covered: ArrayLike,
    defender_uncovered: ArrayLike,
    attacker_covered: ArrayLike,
    attacker_uncovered: ArrayLike,
) -> Payoffs:
    """Return the payoffs, or say which row breaks which rule.

    Parameters
    ----------
    defender_covered, defender_uncovered, attacker_covered, attacker_uncovered : array_like
        One number a target, in one unit for each side, at most 1e12 by size.

    Raises
    ------
    ProtectionInputError
        No targets, a number that is none, or coverage that harms the defender or helps the
        attacker.

    Examples
    --------
    >>> len(checked([0, 0], [-5, -3], [-1, -1], [5, 3]))
    2
    >>> checked([0], [1], [0], [1])
    Traceback (most recent call last):
    qalqan.science.protection.checks.ProtectionInputError: defender_covered is less than \
defender_uncovered (row 0, from 0)
    """
    given = (defender_covered, defender_uncovered, attacker_covered, attacker_uncovered)
    first = as_vector(given[0], COLUMNS[0])
    arrays = [first] + [
        as_vector(values, name, len(first))
        for values, name in zip(given[1:], COLUMNS[1:], strict=True)
    ]
    if not len(first):
        raise ProtectionInputError("there are no targets")
    for values, name in zip(arrays, COLUMNS, strict=True):
        refuse((values > _LARGEST) | (values < -_LARGEST), f"{name} is beyond 1e12", name)
    refuse(arrays[0] < arrays[1], "defender_covered is less than defender_uncovered", COLUMNS[0])
    refuse(arrays[2] > arrays[3], "attacker_covered is more than attacker_uncovered", COLUMNS[2])
    return Payoffs(*arrays)
