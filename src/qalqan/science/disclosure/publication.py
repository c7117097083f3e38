"""A whole publication: all tables and sub-tables of all editions as one system."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np

from qalqan.science.disclosure.checks import DisclosureInputError
from qalqan.science.disclosure.problem import Bools, Floats
from qalqan.science.disclosure.system import System, assemble, true_values
from qalqan.science.disclosure.tables import Key, Labels, Table

Bond = Literal["same", "grows", "separate"]
"""How editions hang together: the same counts published again, counts that only grow (the
difference of two editions is a table, too), or counts of different things."""

BONDS: tuple[Bond, ...] = get_args(Bond)
Spot = tuple[str, Labels]


@dataclass(frozen=True, slots=True)
class Edition:
    """Tables that were published together.

    Parameters
    ----------
    name
        What the edition is called; unique.
    tables
        Its tables; NaN for a cell whose true value is not known.
    hidden
        Cells that were not published: table and labels.
    base
        Base that published cells are rounded to; 0 if they are exact.
    at_most
        What was told of a hidden cell, as by the mark "<5".
    of
        What was counted, if several editions show the same counts (tables of one month that
        were published on different days); the name of the edition by default.
    """

    name: str
    tables: tuple[Table, ...]
    hidden: frozenset[Spot] = frozenset()
    base: int = 0
    at_most: Mapping[Spot, float] = field(default_factory=dict)
    of: str = ""

    def mark(self, bond: Bond) -> str:
        """Return what sets the cells of this edition apart from those of others."""
        return "" if bond == "same" else self.of or self.name


@dataclass(slots=True)
class Publication:
    """The system of all editions with what is true and what is known.

    Attributes
    ----------
    values
        True value of each cell; NaN where it is not known.
    lower, upper
        What an attacker knows of each cell before computing.
    changes
        Places of the differences of editions: later, earlier, difference.
    names
        Edition, table and labels under which a cell was first shown, by place.
    """

    system: System
    values: Floats
    lower: Floats
    upper: Floats
    changes: list[tuple[int, int, int]]
    names: dict[int, tuple[str, str, Labels]]

    @property
    def known(self) -> Bools:
        """Return which cells are published."""
        mask: Bools = self.upper - self.lower < 1e-9
        return mask


def publish(editions: Sequence[Edition], bond: Bond) -> Publication:
    """Put editions together.

    Parameters
    ----------
    editions
        The editions, oldest first.
    bond
        How equal cells of different editions hang together.

    Raises
    ------
    DisclosureInputError
        Editions have one name, or tables contradict each other.
    """
    if len({edition.name for edition in editions}) < len(editions):
        raise DisclosureInputError("two editions have the same name")
    marks = [edition.mark(bond) for edition in editions for _ in edition.tables]
    tables = [table for edition in editions for table in edition.tables]
    system = assemble(tables, marks)
    changes = _changes(system, list(dict.fromkeys(marks))) if bond == "grows" else []
    size = len(system)
    found = Publication(
        system, np.full(size, math.nan), np.zeros(size), np.full(size, math.inf), changes, {}
    )
    told = [_told(table, edition) for edition in editions for table in edition.tables]
    found.values = true_values(system, told, marks)
    for edition in editions:
        _know(found, edition, edition.mark(bond))
    _fill_changes(found)
    return found


def _told(table: Table, edition: Edition) -> Table:
    """Return the cells whose true value is told; rounded figures are none."""
    cells = {
        labels: value for labels, value in table.cells.items()
        if not math.isnan(value) and not edition.base
    }  # fmt: skip
    return Table(table.name, table.dimensions, cells, table.hierarchies)


def _changes(system: System, names: Sequence[str]) -> list[tuple[int, int, int]]:
    """Add the difference of each cell between one edition and the next one that has it."""
    by_pairs: dict[tuple[tuple[str, str], ...], list[int]] = {}
    order = {name: k for k, name in enumerate(names)}
    for place, (_, pairs) in enumerate(list(system.keys)):
        by_pairs.setdefault(pairs, []).append(place)
    found = []
    for pairs, places in by_pairs.items():
        places.sort(key=lambda place: order[system.keys[place][0]])
        for earlier, later in itertools.pairwise(places):
            name = f"{system.keys[earlier][0]} → {system.keys[later][0]}"
            change = system.place((name, pairs))
            system.add_sum(later, [earlier, change])
            found.append((later, earlier, change))
    return found


def _know(found: Publication, edition: Edition, mark: str) -> None:
    """Enter what an edition tells."""
    for table in edition.tables:
        for labels, value in table.cells.items():
            place = found.system.index[table.key(labels, mark)]
            found.names.setdefault(place, (edition.name, table.name, labels))
            spot = (table.name, labels)
            if spot in edition.hidden:
                found.upper[place] = min(found.upper[place], edition.at_most.get(spot, math.inf))
            elif not math.isnan(value):
                reach = edition.base - 1 if edition.base else 0
                found.lower[place] = max(found.lower[place], value - reach)
                found.upper[place] = min(found.upper[place], value + reach)
            if found.lower[place] > found.upper[place] + 1e-9:
                raise DisclosureInputError(
                    f"{_words(labels)}: the editions contradict each other",
                    table=table.name, labels=labels,
                )  # fmt: skip


def _fill_changes(found: Publication) -> None:
    for later, earlier, change in found.changes:
        if not (math.isnan(found.values[later]) or math.isnan(found.values[earlier])):
            value = found.values[later] - found.values[earlier]
            if value < 0:
                edition, table, labels = found.names[later]
                raise DisclosureInputError(
                    f"{_words(labels)} in {edition!r} is smaller than in the edition before, "
                    "although counts are said to grow",
                    table=table, labels=labels,
                )  # fmt: skip
            found.values[change] = value


def _words(labels: Iterable[str]) -> str:
    return " × ".join(labels)


def pairs_of(key: Key) -> dict[str, str]:
    """Return the labels of a cell by dimension; totals are left out."""
    return dict(key[1])
