"""From tables to what may be published: small cells, the cells that protect them, the audit."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from qalqan.science.disclosure.audit import Finding, Standard, judged
from qalqan.science.disclosure.checks import DisclosureInputError
from qalqan.science.disclosure.problem import Bools, Floats, Need, Pattern, Problem
from qalqan.science.disclosure.publication import Bond, Edition, Publication, Spot, publish
from qalqan.science.disclosure.rounding import rounded
from qalqan.science.disclosure.suppress import suppress
from qalqan.science.disclosure.system import partial_dimensions
from qalqan.science.disclosure.tables import Labels, Table, completed

Zeros = Literal["safe", "structural", "sensitive"]
Cost = Literal["value", "count", "log"]
CellStatus = Literal["published", "primary", "complementary", "zero", "rounded"]
ZEROS: tuple[Zeros, ...] = get_args(Zeros)
COSTS: tuple[Cost, ...] = get_args(Cost)


@dataclass(frozen=True, slots=True)
class Rules:
    """What is small, and what protects it.

    Attributes
    ----------
    threshold
        Counts from 1 to below this are hidden.
    zeros
        ``safe``: zeros may be shown, and hidden to protect others; ``structural``: everybody
        knows that these cells are empty; ``sensitive``: zeros are hidden as small counts are.
    below, above, width
        How far the attacker's interval reaches below and above a small count, and how wide it
        is at least.
    cost
        What hiding a cell costs: its value, 1, or the logarithm of 1 + its value.
    margins
        Whether margins that are not small may be hidden if inner cells alone are not enough.
    base
        Round to this base instead of hiding; 0 for no rounding.
    whole
        Whether the values are counts.
    """

    threshold: float = 5
    zeros: Zeros = "safe"
    below: float = 1
    above: float = 1
    width: float = 2
    cost: Cost = "value"
    margins: bool = True
    base: int = 0
    whole: bool = True

    def standard(self) -> Standard:
        """Return what the audit asks."""
        return Standard(
            self.threshold, self.below, self.above, self.width, self.zeros == "sensitive"
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is true, what is published, and what an attacker is left with."""

    table: str
    labels: Labels
    value: float
    status: CellStatus
    published: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Protected:
    """Tables as they may be published, and the proof.

    Attributes
    ----------
    cells
        Every cell of every table, margins included.
    edition
        What is to be published.
    pattern
        The chosen pattern with its cost and bound; None after rounding.
    faults
        What the attacker's audit found; nothing may be published unless this is empty.
    reasons
        Why nothing may be published; empty if it may.
    unprotected
        Cells that could be computed whatever else is hidden.
    hidden_margins
        Whether margins had to be hidden that are not small themselves.
    """

    cells: list[Cell]
    edition: Edition
    pattern: Pattern | None
    change: float
    faults: list[Finding]
    reasons: list[str]
    hidden_margins: bool
    unprotected: tuple[Labels, ...] = ()

    @property
    def safe(self) -> bool:
        """Tell whether this may be published."""
        return not self.reasons


def protect(
    tables: Sequence[Table], rules: Rules | None = None, *, name: str = "this edition",
    of: str = "", earlier: Sequence[Edition] = (), bond: Bond = "same",
    also: Mapping[Spot, Need] | None = None,
    seconds: float = math.inf, clock: Callable[[], float] | None = None,
) -> Protected:  # fmt: skip
    """Hide small cells and, at the least cost, the cells that would give them away.

    Parameters
    ----------
    tables
        Tables with true counts. Cells that several tables share are one cell; missing inner
        cells are 0, missing margins are computed and published, too.
    rules
        What is small, and what protects it.
    name
        Name of this edition.
    of
        What is counted, where other editions show the same counts; the name by default.
    earlier
        What was published before, with the true values of hidden cells.
    bond
        How the editions hang together.
    also
        Cells that are sensitive for another reason (dominance, p %), with what they need; the
        place in the need is not looked at.
    seconds, clock
        Time limit, and who tells the seconds.

    Returns
    -------
    Protected
        The whole publication was attacked before it is returned; look at ``safe``.

    Raises
    ------
    DisclosureInputError
        A table cannot be what it says.

    Examples
    --------
    >>> cells = {("Alga", "fire"): 2, ("Alga", "road"): 9, ("Temir", "fire"): 8,
    ...          ("Temir", "road"): 7}
    >>> found = protect([Table("t", ("area", "theme"), cells)])
    >>> found.safe, found.pattern.status, sum(cell.published is None for cell in found.cells)
    (True, 'optimal', 4)
    """
    rules = rules or Rules()
    partials = partial_dimensions(tables)
    whole = [completed(one, partial=part) for one, part in zip(tables, partials, strict=True)]
    if rules.whole:
        _refuse_parts(whole)
    new = Edition(name, tuple(whole), frozenset(_spots(whole)), of=of)
    bound_to = [one for one in earlier if bond != "separate" or one.mark(bond) == new.mark(bond)]
    job = _Job(whole, rules, bound_to, bond, new, publish([*bound_to, new], bond), also or {})
    if rules.base:
        return _by_rounding(job, seconds)
    problem = _problem(job, keep_margins=True)
    pattern = _solved(problem, rules, seconds, clock)
    hidden_margins = False
    if pattern.status == "infeasible" and rules.margins:
        problem = _problem(job, keep_margins=False)
        pattern = _solved(problem, rules, seconds, clock)
        hidden_margins = pattern.status != "infeasible"
    return _told(job, problem, pattern, hidden_margins)


@dataclass(frozen=True, slots=True)
class _Job:
    """What is to be published, beside what was published before."""

    tables: list[Table]
    rules: Rules
    earlier: list[Edition]
    bond: Bond
    new: Edition
    found: Publication
    also: Mapping[Spot, Need]

    def places(self) -> dict[Spot, int]:
        """Return where each cell of the new edition stands in the system."""
        mark = self.new.mark(self.bond)
        return {
            (table.name, labels): self.found.system.index[table.key(labels, mark)]
            for table in self.tables
            for labels in table.cells
        }

    def after(self, edition: Edition) -> Publication:
        """Return everything that is out once an edition is published."""
        return publish([*self.earlier, edition], self.bond)


def _refuse_parts(tables: Sequence[Table]) -> None:
    for table in tables:
        for labels, value in table.cells.items():
            if value != math.floor(value):
                raise DisclosureInputError(
                    f"{value:g} is no count", table=table.name, labels=labels
                )


def _spots(tables: Sequence[Table]) -> Iterator[Spot]:
    return ((table.name, labels) for table in tables for labels in table.cells)


def _solved(
    problem: Problem, rules: Rules, seconds: float, clock: Callable[[], float] | None
) -> Pattern:
    slack = 0.5 if rules.cost != "log" and rules.whole else 1e-6
    return suppress(problem, seconds=seconds, clock=clock, slack=slack)


def _problem(job: _Job, *, keep_margins: bool) -> Problem:
    """Say what is to be hidden, what may be, and what each small cell needs."""
    found, rules = job.found, job.rules
    values = _filled(found)
    places = job.places()
    own = np.zeros(len(values), dtype=bool)
    own[list(places.values())] = True
    needs = {
        places[spot]: replace(need, cell=places[spot])
        for spot, need in job.also.items()
        if spot in places
    }
    for place in sorted({*found.names, *(change for *_, change in found.changes)}):
        if place not in needs and rules.standard().small(float(values[place])):
            below = min(rules.below, float(values[place]))
            needs[place] = Need(place, below, rules.above, rules.width)
    known = found.known
    small = np.zeros(len(values), dtype=bool)
    small[list(needs)] = True
    hidden = ~known & (small | ~own)
    public = known.copy()
    if rules.zeros == "structural":
        public |= own & (values == 0)
    if keep_margins:
        public |= own & found.system.wholes() & ~hidden
    lower = np.where(known, values, found.lower)
    upper = np.where(known, values, found.upper)
    return Problem(
        found.system.matrix(), values, lower, upper, _weights(values, rules), hidden, public,
        tuple(needs.values()), rules.whole,
    )  # fmt: skip


def _weights(values: Floats, rules: Rules) -> Floats:
    if rules.cost == "count":
        return np.ones(len(values))
    if rules.cost == "log":
        return np.log1p(values)
    # Of two patterns with the same sum of values the one with fewer cells is better.
    return values + 0.4 / max(1, len(values))


def _filled(found: Publication) -> Floats:
    """Return all true values; a cell that no table shows follows from the sums it is in.

    Raises
    ------
    DisclosureInputError
        The true value of a cell is neither told nor follows.
    """
    values = found.values.copy()
    changed = True
    while changed and np.isnan(values).any():
        changed = False
        for places, signs in found.system.rows:
            unknown = [k for k, place in enumerate(places) if math.isnan(values[place])]
            if len(unknown) == 1:
                rest = sum(
                    sign * values[place] for k, (place, sign) in enumerate(
                        zip(places, signs, strict=True)) if k != unknown[0]
                )  # fmt: skip
                values[places[unknown[0]]] = -rest * signs[unknown[0]]
                changed = True
    if np.isnan(values).any():
        place = int(np.argmax(np.isnan(values)))
        edition, table, labels = found.names.get(place, (found.system.keys[place][0], "", ()))
        raise DisclosureInputError(
            f"the true value of a hidden cell of edition {edition!r} is needed",
            table=table or None, labels=labels or None,
        )  # fmt: skip
    return values


def _told(job: _Job, problem: Problem, pattern: Pattern, hidden_margins: bool) -> Protected:
    """Put the pattern into words, and attack what would be published."""
    rules, place_of = job.rules, job.places()
    hidden = frozenset(spot for spot, place in place_of.items() if pattern.hidden[place])
    edition = replace(job.new, hidden=hidden)
    after = job.after(edition)
    if rules.zeros == "structural":
        empty = (after.values == 0) & ~pattern.hidden
        after.upper[empty] = 0.0
    findings = judged(after, rules.standard(), whole=rules.whole)
    faults = [finding for finding in findings if finding.fault]
    by_spot = {(one.edition, one.table, one.labels): one for one in findings}
    by_place = {place: by_spot[spot] for place, spot in after.names.items() if spot in by_spot}
    needed = {need.cell for need in problem.needs}
    cells = []
    for (table, labels), place in place_of.items():
        value = float(problem.values[place])
        one = by_place.get(place)
        low, high = (one.low, one.high) if one and one.hidden else (value, value)
        status = _status(value, bool(pattern.hidden[place]), place in needed)
        shown = None if pattern.hidden[place] else value
        cells.append(Cell(table, labels, value, status, shown, low, high))
    unprotected = tuple(_labels_at(job.found, place) for place in pattern.unmet)
    reasons = [
        f"{' × '.join(labels)} cannot be protected: whatever else is hidden, it can be computed"
        for labels in unprotected
    ]
    reasons += [f"{' × '.join(one.labels)} ({one.edition}): {one.reason}" for one in faults]
    pattern = _in_plain_cost(pattern, problem, rules)
    return Protected(
        cells, edition, pattern, 0.0, faults, list(dict.fromkeys(reasons)), hidden_margins,
        unprotected,
    )  # fmt: skip


def _in_plain_cost(pattern: Pattern, problem: Problem, rules: Rules) -> Pattern:
    """Return a pattern with its cost as people count it, without what breaks ties."""
    chosen = pattern.hidden & ~problem.hidden
    if rules.cost == "log" or not rules.whole or pattern.status == "infeasible":
        return pattern
    if rules.cost == "count":
        return replace(pattern, bound=min(math.ceil(pattern.bound - 1e-6), pattern.cost))
    cost = float(problem.values[chosen].sum())
    # Breaking ties adds less than 0.4, and a sum of counts is a whole number.
    return replace(pattern, cost=cost, bound=min(math.ceil(pattern.bound - 0.4 - 1e-6), cost))


def _labels_at(found: Publication, place: int) -> Labels:
    """Name a cell; a difference of editions goes by what it is the difference of."""
    if place in found.names:
        return found.names[place][2]
    name, pairs = found.system.keys[place]
    return (*(level for _, level in pairs), name)


def _status(value: float, hidden: bool, needed: bool) -> CellStatus:
    if hidden:
        return "primary" if needed else "complementary"
    return "published" if value else "zero"


def _by_rounding(job: _Job, seconds: float) -> Protected:
    """Round the tables, and attack what would be published."""
    mark, found, rules = job.new.mark(job.bond), job.found, job.rules
    others = np.array([key[0] != mark for key in found.system.keys])
    matrix = found.system.matrix()
    inside: Bools = np.asarray(abs(matrix) @ others.astype(float) == 0)
    result = rounded(matrix[inside], _filled(found), rules.base, seconds=seconds)
    places = job.places()
    shown = [
        replace(table, cells={
            labels: float(result.values[places[table.name, labels]]) for labels in table.cells
        })
        for table in job.tables
    ]  # fmt: skip
    edition = replace(job.new, tables=tuple(shown), hidden=frozenset(), base=rules.base)
    findings = judged(job.after(edition), rules.standard(), whole=rules.whole, rounded=True)
    ends = {(one.table, one.labels): one for one in findings if one.edition == edition.name}
    cells = []
    for table, seen in zip(job.tables, shown, strict=True):
        for labels, value in table.cells.items():
            one = ends.get((table.name, labels))
            figure = seen.cells[labels]
            low, high = (one.low, one.high) if one else (figure, figure)
            cells.append(Cell(table.name, labels, value, "rounded", figure, low, high))
    faults = [one for one in findings if one.fault]
    reasons = [f"{' × '.join(one.labels)}: {one.reason}" for one in faults]
    return Protected(cells, edition, None, result.change, faults, reasons, False)
