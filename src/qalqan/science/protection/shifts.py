"""Who can go where in one shift: zones, kinds of teams, and how many visits fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.protection.checks import ProtectionInputError, refuse


@dataclass(frozen=True, slots=True)
class Shifts:
    """What the teams can do in one period; made by `shifts`.

    A shift is spent in one zone and takes in any of the sites there that the kind of team may
    visit, up to a limit. A zone gets at most one shift a period.

    Attributes
    ----------
    zone : ndarray of int, shape (targets,)
        Zone of each target, from 0.
    limits : ndarray of int, shape (kinds, zones)
        Visits that fit into a shift; 0 where the kind of team cannot go.
    amounts : ndarray of int, shape (kinds,)
        Shifts of each kind in the period.
    eligible : ndarray of bool, shape (kinds, targets)
        Which targets a kind of team may visit.
    """

    zone: NDArray[np.int64]
    limits: NDArray[np.int64]
    amounts: NDArray[np.int64]
    eligible: NDArray[np.bool_]

    @property
    def kinds(self) -> int:
        """Number of kinds of teams."""
        return int(self.limits.shape[0])

    @property
    def zones(self) -> int:
        """Number of zones."""
        return int(self.limits.shape[1])


def shifts(
    zone: ArrayLike, limits: ArrayLike, amounts: ArrayLike, eligible: ArrayLike | None = None
) -> Shifts:
    """Return what the teams can do, or say what makes no sense.

    Parameters
    ----------
    zone : array_like of int, shape (targets,)
        Zone of each target, from 0.
    limits : array_like of int, shape (kinds, zones)
        Visits that fit into a shift.
    amounts : array_like of int, shape (kinds,)
        Shifts of each kind in the period.
    eligible : array_like of bool, shape (kinds, targets), optional
        Which targets a kind may visit; all by default.

    Raises
    ------
    ProtectionInputError
        Arrays that do not fit together, or negative numbers.

    Examples
    --------
    >>> shifts([0, 0, 1], [[2, 1]], [1]).zones
    2
    """
    zones = np.asarray(zone, dtype=np.int64)
    table = np.atleast_2d(np.asarray(limits, dtype=np.int64))
    counts = np.atleast_1d(np.asarray(amounts, dtype=np.int64))
    if counts.shape != table.shape[:1]:
        raise ProtectionInputError("each kind of team needs its limits and its number of shifts")
    refuse((zones < 0) | (zones >= table.shape[1]), "there is no such zone", "zone")
    refuse(counts < 0, "the number of shifts is negative", "shifts")
    refuse((table < 0).ravel(), "a limit is negative", "limits")
    may = np.ones((len(counts), len(zones)), bool) if eligible is None else np.asarray(eligible)
    if may.shape != (len(counts), len(zones)):
        raise ProtectionInputError("eligible needs one row a kind and one column a target")
    return Shifts(zones, table, counts, may.astype(bool))


def best_visits(
    weights: NDArray[np.float64], kind: int, held: Shifts
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the best shift of one kind in each zone: the heaviest targets up to the limit.

    Parameters
    ----------
    weights : ndarray, shape (targets,)
        What a visit is worth, at least 0.
    kind : int
        Row of the kind.
    held : Shifts
        What the teams can do.

    Returns
    -------
    values : ndarray, shape (zones,)
        Sum of the weights taken.
    targets, zones : ndarray of int
        Targets taken, of positive weight, sorted by zone; and the zone of each.

    Examples
    --------
    >>> best_visits(np.array([1.0, 3.0, 2.0]), 0, shifts([0, 0, 1], [[1, 1]], [1]))[0].tolist()
    [3.0, 2.0]
    """
    usable = np.flatnonzero(held.eligible[kind] & (weights > 0))
    order = usable[np.lexsort((-weights[usable], held.zone[usable]))]
    zones = held.zone[order]
    first = np.searchsorted(zones, zones, side="left")
    taken = np.arange(len(order)) - first < held.limits[kind][zones]
    targets, zones = order[taken], zones[taken]
    values = np.zeros(held.zones)
    np.add.at(values, zones, weights[targets])
    return values, targets, zones
