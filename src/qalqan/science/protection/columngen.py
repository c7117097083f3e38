"""Equilibrium where teams go by shifts and zones: column generation on HiGHS, with its proof.

Jain M, Kardes E, Kiekintveld C, Ordóñez F, Tambe M (2010), Security games with arbitrary
schedules: a branch and price approach, AAAI. Korzhyk D et al. (2011), Stackelberg vs. Nash in
security games, JAIR 41, theorem 3.9: where each part of a schedule is a schedule, holding the
attacker to the least he can be held to is optimal for the defender, so one programme is enough.
Lübbecke ME, Desrosiers J (2005), Selected topics in column generation, Operations Research 53,
section 2.1: the bound.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qalqan.science.protection.checks import ProtectionInputError
from qalqan.science.protection.game import respond
from qalqan.science.protection.payoffs import Payoffs
from qalqan.science.protection.shifts import Shifts, best_visits

_ROUNDS = 2000
_KINDS_A_ROUND = 3
_SHARE = 1e-12
_SPARE = 1e-6
_SPARE_ROUNDS = 25
_SLACK = 1e-10
_HUNDRED = 128.0


@dataclass(frozen=True, slots=True)
class Shift:
    """One shift that is taken with some probability.

    Attributes
    ----------
    kind, zone : int
        Which kind of team goes, and where.
    targets : tuple of int
        What it visits.
    share : float
        Probability, summed over the shifts of the kind.
    """

    kind: int
    zone: int
    targets: tuple[int, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Equilibrium under shifts, and how near to the best it is proved to be.

    Attributes
    ----------
    coverage : ndarray, shape (targets,)
        Probability that a target is visited in the period.
    shifts : tuple of Shift
        Their mixture has exactly this coverage; shares of a zone sum to at most 1, those of a
        kind to at most its number of shifts, so that it can be drawn.
    attacked, attacker_value, defender_value
        As in `qalqan.science.protection.game.Response`.
    attacker_bound : float
        No probabilities hold the attacker to less.
    defender_bound : float
        No probabilities get the defender more.
    rounds, columns : int
        Rounds of column generation, and shifts looked at.
    """

    coverage: NDArray[np.float64]
    shifts: tuple[Shift, ...]
    attacked: int
    attacker_value: float
    defender_value: float
    attacker_bound: float
    defender_bound: float
    rounds: int
    columns: int

    @property
    def gap(self) -> float:
        """What the defender may miss at most, relative to her value (or to 1 if it is less)."""
        return max(0.0, self.defender_bound - self.defender_value) / max(
            1.0, abs(self.defender_value)
        )


class _Master:
    """The programme over the shifts found so far."""

    def __init__(self, payoffs: Payoffs, held: Shifts) -> None:
        import highspy

        self.held, self.payoffs = held, payoffs
        self.floor = float(payoffs.attacker_covered.max())
        width = payoffs.attacker_uncovered - payoffs.attacker_covered
        self.rows = np.flatnonzero((width > 0) & (payoffs.attacker_uncovered > self.floor))
        self.row_of = np.full(len(payoffs), -1)
        self.row_of[self.rows] = np.arange(len(self.rows))
        self.slope = 1.0 / width[self.rows]
        self.right = payoffs.attacker_uncovered[self.rows] * self.slope
        self.columns: list[tuple[int, int, tuple[int, ...]]] = []
        self._known: set[tuple[int, int, tuple[int, ...]]] = set()
        self.worth = np.zeros(len(payoffs))
        self.solver = self._empty(highspy)

    def _empty(self, highspy: Any) -> Any:
        solver = highspy.Highs()
        for name, value in (
            ("output_flag", False), ("threads", 1), ("primal_feasibility_tolerance", 1e-9),
            ("dual_feasibility_tolerance", 1e-9),
        ):  # fmt: skip
            solver.setOptionValue(name, value)
        infinity, n = highspy.kHighsInf, len(self.rows)
        solver.addVar(self.floor, infinity)
        solver.changeColCost(0, 1.0)
        nothing = np.empty(0, dtype=np.int32), np.empty(0)
        for right, slope in zip(self.right, self.slope, strict=True):
            solver.addRow(right, infinity, 1, np.zeros(1, dtype=np.int32), np.array([slope]))
        for _ in range(self.held.zones):
            solver.addRow(-infinity, 1.0, 0, *nothing)
        for amount in self.held.amounts:
            solver.addRow(-infinity, float(amount), 0, *nothing)
        self.first_zone, self.first_kind = n, n + self.held.zones
        return solver

    def add(self, kind: int, zone: int, targets: tuple[int, ...]) -> bool:
        """Add a shift; tell whether it is new."""
        column = (kind, zone, targets)
        if not targets or column in self._known:
            return False
        self._known.add(column)
        self.columns.append(column)
        index = [int(self.row_of[t]) for t in targets if self.row_of[t] >= 0]
        index += [self.first_zone + zone, self.first_kind + kind]
        rows = np.array(index, dtype=np.int32)
        cost = -float(self.worth[list(targets)].sum())
        self.solver.addCol(cost, 0.0, np.inf, len(rows), rows, np.ones(len(rows)))
        return True

    def lay_out(self, value: float, worth: NDArray[np.float64]) -> None:
        """Hold the attacker where he is, and from now on visit what is worth most."""
        self.worth = worth
        self.solver.changeColBounds(0, self.floor, value)
        self.solver.changeColCost(0, 0.0)
        for number, (_kind, _zone, targets) in enumerate(self.columns, start=1):
            self.solver.changeColCost(number, -float(worth[list(targets)].sum()))

    def solve(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return shares of the shifts, and the duals of all rows."""
        import highspy

        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ProtectionInputError(f"HiGHS ended with {self.solver.getModelStatus()}")
        solution = self.solver.getSolution()
        shares = np.maximum(0.0, np.array(solution.col_value)[1:])
        return shares, np.array(solution.row_dual)

    def coverage(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability that each target is visited."""
        total = np.zeros(len(self.payoffs))
        for (_kind, _zone, targets), share in zip(self.columns, shares, strict=False):
            total[list(targets)] += share
        return np.minimum(total, 1.0)


def solve_scheduled(payoffs: Payoffs, held: Shifts, *, gap: float = 1e-9) -> Scheduled:
    """Compute the strong equilibrium where teams go by shifts.

    Parameters
    ----------
    payoffs : Payoffs
        Of the targets.
    held : Shifts
        What the teams can do.
    gap : float
        Stop when the attacker is proved to be held to within this, relative to the largest
        payoff; else when no shift improves any more.

    Returns
    -------
    Scheduled
        With the proved bounds; `Scheduled.gap` tells how near.

    Raises
    ------
    ProtectionInputError
        Another number of targets, or the solver failed.

    Examples
    --------
    >>> from qalqan.science.protection.payoffs import checked
    >>> from qalqan.science.protection.shifts import shifts
    >>> game = checked([0, 0, 0], [-4, -4, -2], [0, 0, 0], [4, 4, 2])
    >>> found = solve_scheduled(game, shifts([0, 0, 1], [[2, 2]], [1]))
    >>> round(found.defender_value, 6), found.coverage.round(6).tolist()
    (-1.333333, [0.666667, 0.666667, 0.333333])
    """
    if len(held.zone) != len(payoffs):
        raise ProtectionInputError("shifts and payoffs have different numbers of targets")
    mine, his = (
        _unit(payoffs.defender_covered, payoffs.defender_uncovered),
        _unit(payoffs.attacker_covered, payoffs.attacker_uncovered),
    )
    found = _solved(
        Payoffs(
            payoffs.defender_covered / mine, payoffs.defender_uncovered / mine,
            payoffs.attacker_covered / his, payoffs.attacker_uncovered / his,
        ), held, gap,
    )  # fmt: skip
    return replace(
        found,
        attacker_value=found.attacker_value * his, attacker_bound=found.attacker_bound * his,
        defender_value=found.defender_value * mine, defender_bound=found.defender_bound * mine,
    )  # fmt: skip


def _unit(covered: NDArray[np.float64], uncovered: NDArray[np.float64]) -> float:
    """Return a power of two in which the largest payoff is about a hundred.

    A solver's tolerances are no shares but numbers: it finds nothing in billions and everything
    good enough in millionths. A power of two costs no digit.
    """
    largest = max(float(np.abs(covered).max()), float(np.abs(uncovered).max()))
    return 2.0 ** (math.frexp(largest)[1]) / _HUNDRED if largest > 0 else 1.0


def _solved(payoffs: Payoffs, held: Shifts, gap: float) -> Scheduled:
    master = _Master(payoffs, held)
    _start(master)
    bound, rounds = master.floor, 0
    while True:
        rounds += 1
        shares, duals = master.solve()
        coverage = master.coverage(shares)
        value = respond(payoffs, coverage).attacker_value
        found, fresh = _price(master, duals)
        bound = max(bound, found)
        if fresh == 0 or value - bound <= gap * payoffs.scale or rounds == _ROUNDS:
            break
    spent = _finished(master, _spent(master, shares), bound, rounds)
    # Laying out loosens the hold a little; where that breaks a tie, what is left stays unspent.
    plain = _finished(master, shares, bound, rounds)
    return plain if plain.defender_value > spent.defender_value + _SLACK * _HUNDRED else spent


def _spent(master: _Master, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Use what the guarantee leaves over where most loss is still open.

    The guarantee is kept, so shifts that were not needed for it cost nothing.
    """
    payoffs, coverage = master.payoffs, master.coverage(shares)
    value = respond(payoffs, coverage).attacker_value
    spare = master.held.amounts.sum() - shares.sum()
    if spare <= _SPARE * max(1, master.held.amounts.sum()):
        return shares
    gain = payoffs.defender_covered - payoffs.defender_uncovered
    open_losses = np.maximum(payoffs.losses, gain) * (1.0 - coverage)
    master.lay_out(value + _SLACK * payoffs.scale, open_losses)
    for _ in range(_SPARE_ROUNDS):
        shares, duals = master.solve()
        if _price(master, duals)[1] == 0:
            break
    else:
        shares, _duals = master.solve()
    return shares


def _start(master: _Master) -> None:
    """Begin with each zone cut into full shifts, the most tempting targets first."""
    held, tempting = master.held, master.payoffs.attacker_uncovered
    for kind in range(held.kinds):
        usable = np.flatnonzero(held.eligible[kind] & (master.row_of >= 0))
        order = usable[np.lexsort((-tempting[usable], held.zone[usable]))]
        cuts = np.searchsorted(held.zone[order], np.arange(held.zones + 1))
        for zone in range(held.zones):
            here, limit = order[cuts[zone] : cuts[zone + 1]], int(held.limits[kind, zone])
            for at in range(0, len(here) if limit else 0, max(1, limit)):
                master.add(kind, zone, tuple(sorted(here[at : at + limit].tolist())))


def _price(master: _Master, duals: NDArray[np.float64]) -> tuple[float, int]:
    """Add the shifts that improve most; return the proved bound and how many were added."""
    held, n = master.held, len(master.rows)
    prices = np.maximum(0.0, duals[:n])
    zones = np.maximum(0.0, -duals[n : n + held.zones])
    kinds = np.maximum(0.0, -duals[n + held.zones :])
    scale = max(1.0, float(prices @ master.slope))
    weights = master.worth.copy()
    weights[master.rows] += prices
    best = [best_visits(weights, kind, held) for kind in range(held.kinds)]
    surplus = np.array([values for values, _t, _z in best]) - kinds[:, None]
    rent = np.maximum(0.0, surplus.max(axis=0))
    paid = float(prices @ master.right) - float(rent.sum()) - float(kinds @ held.amounts)
    rest = max(0.0, 1.0 - float(prices @ master.slope) / scale)
    bound = paid / scale + rest * master.floor
    gains = surplus - zones
    ranked = np.argsort(-gains, axis=0)[:_KINDS_A_ROUND]
    added = 0
    for zone in np.flatnonzero(gains.max(axis=0) > 1e-9):
        for kind in ranked[:, zone]:
            if gains[kind, zone] > 1e-9:
                _values, targets, where = best[kind]
                cut = np.searchsorted(where, [zone, zone + 1])
                chosen = tuple(sorted(targets[cut[0] : cut[1]].tolist()))
                added += master.add(int(kind), int(zone), chosen)
    return bound, added


def _finished(master: _Master, shares: NDArray[np.float64], bound: float, rounds: int) -> Scheduled:
    payoffs, coverage = master.payoffs, master.coverage(shares)
    value = respond(payoffs, coverage).attacker_value
    attacked = _attacked(payoffs, coverage, value)
    mixture = [
        Shift(kind, zone, targets, float(share))
        for (kind, zone, targets), share in zip(master.columns, shares, strict=False)
        if share > _SHARE
    ]
    wanted = _held_to(payoffs, value)[attacked]
    if coverage[attacked] > wanted:
        mixture = _trimmed(mixture, attacked, wanted / coverage[attacked])
        coverage[attacked] = wanted
    final = respond(payoffs, coverage)
    ceiling = _defender_bound(payoffs, min(bound, value))
    return Scheduled(
        coverage, tuple(mixture), final.attacked, final.attacker_value, final.defender_value,
        min(bound, value), max(ceiling, final.defender_value), rounds, len(master.columns),
    )  # fmt: skip


def _held_to(payoffs: Payoffs, value: float) -> NDArray[np.float64]:
    """Return the coverage at which each target is worth just a value to the attacker."""
    width = payoffs.attacker_uncovered - payoffs.attacker_covered
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (payoffs.attacker_uncovered - value) / width
    return np.where(width > 0, np.clip(share, 0.0, 1.0), 1.0)


def _attacked(payoffs: Payoffs, coverage: NDArray[np.float64], value: float) -> int:
    """Return the target to which the defender would lead the attacker."""
    tie = 1e-12 * payoffs.scale
    share = np.minimum(_held_to(payoffs, value), coverage)
    gain = payoffs.defender_covered - payoffs.defender_uncovered
    mine = payoffs.defender_uncovered + share * gain
    return int(np.argmax(np.where(payoffs.attacker_uncovered >= value - tie, mine, -np.inf)))


def _defender_bound(payoffs: Payoffs, bound: float) -> float:
    """Return what the defender gets at most if the attacker is sure of at least ``bound``."""
    gain = payoffs.defender_covered - payoffs.defender_uncovered
    mine = payoffs.defender_uncovered + _held_to(payoffs, bound) * gain
    reachable = payoffs.attacker_uncovered >= bound - 1e-12 * payoffs.scale
    return float(mine[reachable].max())


def _trimmed(mixture: list[Shift], target: int, keep: float) -> list[Shift]:
    """Leave a target out of its shifts now and then, so that it is visited no more than wanted."""
    result = []
    for one in mixture:
        if target not in one.targets:
            result.append(one)
            continue
        rest = tuple(t for t in one.targets if t != target)
        result.append(Shift(one.kind, one.zone, one.targets, one.share * keep))
        result.append(Shift(one.kind, one.zone, rest, one.share * (1.0 - keep)))
    return result
