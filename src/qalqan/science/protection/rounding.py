"""A week's shifts from probabilities: which team is where on which day.

Gandhi R, Khuller S, Parthasarathy S, Srinivasan A (2006), Dependent rounding and its applications
to approximation algorithms, Journal of the ACM 53(3), section 2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.protection.checks import ProtectionInputError, as_vector, refuse
from qalqan.science.protection.columngen import Shift

_WHOLE = 1e-9


@dataclass(frozen=True, slots=True)
class Assigned:
    """One team on one day.

    Attributes
    ----------
    slot : int
        Row of the slot, in the order in which slots were given.
    zone : int
        Where the team goes.
    targets : tuple of int
        What it visits.
    probability : float
        Probability that this slot was sent to this zone.
    """

    slot: int
    zone: int
    targets: tuple[int, ...]
    probability: float


def round_flow(
    left: ArrayLike, right: ArrayLike, shares: ArrayLike, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Round a fractional assignment at random so that each share is the chance of its edge.

    Walks along edges that are not yet whole, cycle or longest path, and shifts mass back and
    forth along it by a fair game until one edge is whole. Sums at each end stay as they are, or
    become the whole number below or above.

    Parameters
    ----------
    left, right : array_like of int, shape (edges,)
        Ends of each edge, numbered from 0 on each side.
    shares : array_like, shape (edges,)
        0 to 1.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    ndarray of bool, shape (edges,)
        Edges taken.

    Raises
    ------
    ProtectionInputError
        A share outside 0 to 1.

    Examples
    --------
    >>> taken = round_flow([0, 0], [0, 1], [0.5, 0.5], np.random.default_rng(1))
    >>> int(taken.sum())
    1
    """
    values = as_vector(shares, "share").copy()
    refuse((values < -_WHOLE) | (values > 1 + _WHOLE), "this is no probability", "share")
    ends = np.stack([np.asarray(left, np.int64), -1 - np.asarray(right, np.int64)])
    touching: dict[int, set[int]] = {}
    for edge in range(len(values)):
        if _is_open(values[edge]):
            for end in ends[:, edge].tolist():
                touching.setdefault(end, set()).add(edge)
    while touching:
        path = _walk(touching, ends)
        _shift(values, path, rng)
        for edge in path:
            if not _is_open(values[edge]):
                _drop(touching, ends, edge)
    return values > 0.5


def _is_open(value: float) -> bool:
    return _WHOLE < value < 1 - _WHOLE


def _drop(touching: dict[int, set[int]], ends: NDArray[np.int64], edge: int) -> None:
    for end in ends[:, edge].tolist():
        edges = touching.get(end)
        if edges is not None:
            edges.discard(edge)
            if not edges:
                del touching[end]


def _walk(touching: dict[int, set[int]], ends: NDArray[np.int64]) -> list[int]:
    """Return a cycle of open edges, or a path that cannot be made longer."""
    start = next((end for end, edges in touching.items() if len(edges) == 1), None)
    node = next(iter(touching)) if start is None else start
    path: list[int] = []
    reached = {node: 0}
    while True:
        last = path[-1] if path else -1
        edge = next((e for e in sorted(touching[node]) if e != last), None)
        if edge is None:
            return path
        path.append(edge)
        first, second = ends[:, edge].tolist()
        node = second if node == first else first
        if node in reached:
            return path[reached[node] :]
        reached[node] = len(path)


def _shift(values: NDArray[np.float64], path: Sequence[int], rng: np.random.Generator) -> None:
    up, down = np.array(path[0::2]), np.array(path[1::2], dtype=np.int64)
    rise = min(_least(1.0 - values[up]), _least(values[down]))
    fall = min(_least(values[up]), _least(1.0 - values[down]))
    step = rise if rng.random() * (rise + fall) < fall else -fall
    values[up] += step
    values[down] -= step


def _least(room: NDArray[np.float64]) -> float:
    return float(room.min()) if len(room) else math.inf


def draw_week(
    mixture: Iterable[Shift],
    slots: Sequence[int],
    rng: np.random.Generator,
) -> list[Assigned]:
    """Draw who goes where in one period, with exactly the probabilities of the mixture.

    Parameters
    ----------
    mixture : iterable of Shift
        From `qalqan.science.protection.columngen.solve_scheduled`.
    slots : sequence of int
        Kind of each team-day; as many of a kind as it has shifts.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    list of Assigned
        At most one a slot and one a zone, by slot. Slots may stay free where the mixture does
        not use all shifts.

    Raises
    ------
    ProtectionInputError
        A kind of team without a slot.
    """
    table = zone_shares(mixture)
    edges = [
        (slot, zone, share / slots.count(kind))
        for slot, kind in enumerate(slots)
        for (other, zone), (share, _shifts) in table.items()
        if other == kind
    ]
    if {kind for kind, _zone in table} - set(slots):
        raise ProtectionInputError("a kind of team has shifts but no slot")
    if not edges:
        return []
    left, right, shares = (np.array(column) for column in zip(*edges, strict=True))
    taken = round_flow(left, right, shares, rng)
    result = []
    for edge in np.flatnonzero(taken):
        slot, zone = int(left[edge]), int(right[edge])
        total, shifts = table[slots[slot], zone]
        at = np.searchsorted(np.cumsum([one.share for one in shifts]), rng.random() * total)
        chosen = shifts[min(int(at), len(shifts) - 1)]
        result.append(Assigned(slot, zone, chosen.targets, float(shares[edge])))
    return sorted(result, key=lambda one: one.slot)


def zone_shares(mixture: Iterable[Shift]) -> dict[tuple[int, int], tuple[float, list[Shift]]]:
    """Return, by kind and zone, the probability of going there and the shifts to choose from.

    >>> share, shifts = zone_shares([Shift(0, 2, (1,), 0.25), Shift(0, 2, (1, 3), 0.5)])[0, 2]
    >>> share
    0.75
    """
    table: dict[tuple[int, int], tuple[float, list[Shift]]] = {}
    for one in mixture:
        share, shifts = table.get((one.kind, one.zone), (0.0, []))
        table[one.kind, one.zone] = (share + one.share, [*shifts, one])
    return table


def slot_entropy_bits(mixture: Iterable[Shift], amounts: Sequence[int]) -> list[float]:
    """Return, by kind of team, the bits missing to somebody who knows all probabilities.

    Entropy of what one shift of the kind visits; a shift that may stay free counts that too.

    Examples
    --------
    >>> slot_entropy_bits([Shift(0, 0, (0,), 0.5), Shift(0, 1, (1,), 0.5)], [1])
    [1.0]
    """
    parts: list[list[float]] = [[] for _ in amounts]
    for one in mixture:
        parts[one.kind].append(one.share / amounts[one.kind])
    return [_entropy(shares) for shares in parts]


def _entropy(shares: list[float]) -> float:
    free = 1.0 - math.fsum(shares)
    held = [*shares, free] if free > _WHOLE else shares
    return abs(-math.fsum(share * math.log2(share) for share in held if share > 0))
