"""Tables of counts with margins and hierarchies, and what binds the cells of many tables."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qalqan.science.disclosure.checks import DisclosureInputError

TOTAL = "total"
"""The level that stands for a whole dimension."""

MOST_CELLS = 200_000
Labels = tuple[str, ...]
Key = tuple[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a publication.

    Parameters
    ----------
    name
        What the table is called.
    dimensions
        Names of its dimensions. Equal names in several tables mean the same dimension.
    cells
        Value of each cell by its labels, one a dimension; ``"total"`` for a margin.
    hierarchies
        For a dimension with levels between its leaves and the total: the parent of each level
        that has one. Levels without a parent stand directly under the total.
    """

    name: str
    dimensions: tuple[str, ...]
    cells: Mapping[Labels, float]
    hierarchies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def levels(self, place: int) -> list[str]:
        """Return the levels of a dimension that have cells, in order of appearance."""
        return list(dict.fromkeys(labels[place] for labels in self.cells))

    def key(self, labels: Labels, edition: str = "") -> Key:
        """Name a cell so that other tables with the same cell give it the same name.

        >>> Table("t", ("area", "theme"), {}).key(("Alga", "total"))
        ('', (('area', 'Alga'),))
        """
        pairs = zip(self.dimensions, labels, strict=True)
        return edition, tuple(sorted((name, level) for name, level in pairs if level != TOTAL))


@dataclass(frozen=True, slots=True)
class Relation:
    """One sum: a cell and the cells whose values add up to it."""

    whole: Labels
    parts: tuple[Labels, ...]


def families(table: Table, place: int) -> dict[str, list[str]]:
    """Return the children of each level of a dimension that has any.

    Raises
    ------
    DisclosureInputError
        The hierarchy goes in a circle.
    """
    name = table.dimensions[place]
    parents = table.hierarchies.get(name, {})
    found: dict[str, list[str]] = {}
    # A level that only the hierarchy names, as a province above districts, is a level, too.
    seen = dict.fromkeys(level for level in table.levels(place) if level != TOTAL)
    waiting = list(seen)
    while waiting:
        parent = parents.get(waiting.pop(), TOTAL)
        if parent != TOTAL and parent not in seen:
            seen[parent] = None
            waiting.append(parent)
    for level in seen:
        _refuse_circle(level, parents, table.name, name)
        found.setdefault(parents.get(level, TOTAL), []).append(level)
    return found


def _refuse_circle(level: str, parents: Mapping[str, str], table: str, name: str) -> None:
    met, here = {level}, level
    while (here := parents.get(here, TOTAL)) != TOTAL:
        if here in met:
            raise DisclosureInputError(
                f"the hierarchy of {name!r} goes in a circle at {here!r}", table=table
            )
        met.add(here)


def leaves(table: Table, place: int) -> list[str]:
    """Return the levels of a dimension that nothing stands under."""
    found = families(table, place)
    return [
        level for level in dict.fromkeys(itertools.chain(*found.values())) if level not in found
    ]


def summed(table: Table, place: int) -> bool:
    """Tell whether a dimension has a total: not where one level stands alone ("women only")."""
    names = table.levels(place)
    return TOTAL in names or len(names) > 1


def completed(table: Table, *, partial: frozenset[str] = frozenset()) -> Table:
    """Fill in missing cells with 0 and missing margins with their sums; check the given ones.

    Parameters
    ----------
    table
        The table.
    partial
        Dimensions of which the table shows some levels only, so that they have no total.

    Raises
    ------
    DisclosureInputError
        The table is empty or too large, a value is negative, no number or not finite, or a
        margin is not the sum of its parts.

    Examples
    --------
    >>> whole = completed(Table("t", ("area",), {("Alga",): 3, ("Temir",): 4}))
    >>> whole.cells[("total",)]
    7
    """
    check_values(table)
    below = [_summed_families(table, place, partial) for place in range(len(table.dimensions))]
    bottom = [leaves(table, place) for place in range(len(table.dimensions))]
    size = math.prod(len(names) + len(found) for names, found in zip(bottom, below, strict=True))
    if size > MOST_CELLS:
        raise DisclosureInputError(
            f"the table has {size} cells with its margins; at most {MOST_CELLS} are taken",
            table=table.name,
        )
    filled: dict[Labels, float] = {
        labels: table.cells.get(labels, 0) for labels in itertools.product(*bottom)
    }
    for place, found in enumerate(below):
        _sum_up(filled, place, found)
    for labels, value in table.cells.items():
        if not math.isclose(value, filled[labels], rel_tol=1e-9, abs_tol=1e-6):
            raise DisclosureInputError(
                f"the margin is {value:g}, but its parts add up to {filled[labels]:g}",
                table=table.name, labels=labels,
            )  # fmt: skip
    return replace(table, cells=filled)


def _summed_families(table: Table, place: int, partial: frozenset[str]) -> dict[str, list[str]]:
    found = families(table, place)
    if table.dimensions[place] in partial or not summed(table, place):
        found.pop(TOTAL, None)
    return found


def check_values(table: Table) -> None:
    """Refuse an empty table, and values that no table of counts or sums can have."""
    if not table.dimensions or not table.cells:
        raise DisclosureInputError("the table has no cells", table=table.name)
    for labels, value in table.cells.items():
        if len(labels) != len(table.dimensions):
            raise DisclosureInputError(
                f"{len(labels)} labels for {len(table.dimensions)} dimensions",
                table=table.name, labels=labels,
            )  # fmt: skip
        if not (math.isfinite(value) and value >= 0):
            raise DisclosureInputError(
                f"{value:g} is no value of a table: 0 or more is needed",
                table=table.name, labels=labels,
            )  # fmt: skip


def _sum_up(filled: dict[Labels, float], place: int, found: Mapping[str, Sequence[str]]) -> None:
    """Add the margins of one dimension to cells that have only its leaves."""
    rest = list(dict.fromkeys((one[:place], one[place + 1 :]) for one in filled))
    for level in _upward(found):
        for head, tail in rest:
            filled[(*head, level, *tail)] = sum(
                filled[(*head, child, *tail)] for child in found[level]
            )


def _upward(found: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the levels that have children, lower ones first."""
    order: list[str] = []
    below = set(itertools.chain(*found.values()))
    waiting = [level for level in found if level not in below]
    while waiting:
        level = waiting.pop()
        order.append(level)
        waiting.extend(child for child in found[level] if child in found)
    return order[::-1]


def relations(table: Table, *, partial: frozenset[str] = frozenset()) -> Iterator[Relation]:
    """Give every sum that binds cells of the table, also through cells that are not in it.

    A sum is given where at least one of its cells is in the table; who puts tables together
    decides what to do with cells that no table has.
    """
    present = set(table.cells)
    for place in range(len(table.dimensions)):
        found = _summed_families(table, place, partial)
        rest = list(dict.fromkeys((one[:place], one[place + 1 :]) for one in present))
        for parent, children in found.items():
            for head, tail in rest:
                yield Relation(
                    (*head, parent, *tail), tuple((*head, child, *tail) for child in children)
                )
