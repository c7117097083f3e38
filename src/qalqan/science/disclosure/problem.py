"""The question of suppression: which cells to hide so that every need is met most cheaply."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Status = Literal["optimal", "gap_limit", "time_limit", "infeasible"]


@dataclass(frozen=True, slots=True)
class Need:
    """What an attacker must be left with about one cell.

    Parameters
    ----------
    cell
        Place of the cell.
    below, above
        The attacker's interval reaches at least this far below and above the true value.
    width
        The interval is at least this wide (sliding protection).
    """

    cell: int
    below: float
    above: float
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Cells, sums and needs.

    Parameters
    ----------
    matrix
        Sums, ``matrix @ values == 0``; shape (sums, cells).
    values
        True value of each cell.
    lower, upper
        What the attacker knows beforehand of each cell.
    weight
        What it costs to hide a cell, 0 or more.
    hidden, public
        Cells that are hidden, and that are published, in any case.
    needs
        What must be met.
    whole
        Whether the attacker knows that all values are whole numbers.
    """

    matrix: csr_matrix
    values: Floats
    lower: Floats
    upper: Floats
    weight: Floats
    hidden: Bools
    public: Bools
    needs: tuple[Need, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which cells are hidden, what that costs, and what is proven about it.

    Attributes
    ----------
    hidden
        All hidden cells, the given ones with the chosen ones.
    cost
        Sum of the weights of the chosen cells.
    bound
        No pattern whatever that meets the needs costs less.
    status
        ``optimal`` only if that is proven; ``time_limit`` if time was over before, ``gap_limit``
        if no further cut was found; ``infeasible`` if nothing protects.
    unmet
        Cells that cannot be protected, if the status is ``infeasible``.
    """

    hidden: Bools
    cost: float
    bound: float
    status: Status
    rounds: int = 0
    cuts: int = 0
    unmet: tuple[int, ...] = ()

    @property
    def gap(self) -> float:
        """Return the proven gap as a share of the cost."""
        return max(0.0, self.cost - self.bound) / self.cost if self.cost > 0 else 0.0
