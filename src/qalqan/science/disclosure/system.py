"""All cells of a publication as unknowns of one system of sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qalqan.science.disclosure.checks import DisclosureInputError
from qalqan.science.disclosure.tables import TOTAL, Key, Labels, Table, relations

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(slots=True)
class System:
    """Cells, each once however many tables show it, and the sums that bind them.

    Parameters
    ----------
    keys
        Name of each cell.
    index
        Place of each name.
    rows
        The sums: places and signs that add up to zero.
    shown
        Where each table shows which cell: table, labels, place.
    """

    keys: list[Key] = field(default_factory=list)
    index: dict[Key, int] = field(default_factory=dict)
    rows: list[tuple[tuple[int, ...], tuple[int, ...]]] = field(default_factory=list)
    shown: list[tuple[str, Labels, int]] = field(default_factory=list)
    _known_rows: set[tuple[tuple[int, ...], tuple[int, ...]]] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.keys)

    def place(self, key: Key) -> int:
        """Return the place of a cell; a new one is made for a new name."""
        found = self.index.get(key)
        if found is None:
            found = self.index[key] = len(self.keys)
            self.keys.append(key)
        return found

    def add_sum(self, whole: int, parts: Sequence[int]) -> None:
        """Say that a cell is the sum of others; said twice, it counts once."""
        places = (whole, *sorted(parts))
        row = places, (1, *([-1] * len(parts)))
        if row not in self._known_rows and (len(parts) > 1 or whole != parts[0]):
            self._known_rows.add(row)
            self.rows.append(row)

    def matrix(self) -> csr_matrix:
        """Return the sums as a sparse matrix whose product with the true table is zero."""
        from scipy.sparse import csr_matrix

        start = np.cumsum([0, *(len(places) for places, _ in self.rows)])
        flat = [place for places, _ in self.rows for place in places]
        signs = [float(sign) for _, values in self.rows for sign in values]
        return csr_matrix((signs, flat, start), shape=(len(self.rows), len(self.keys)))

    def wholes(self) -> Bools:
        """Return which cells are the sum of others."""
        found = np.zeros(len(self.keys), dtype=bool)
        found[[places[0] for places, _ in self.rows]] = True
        return found


def partial_dimensions(tables: Sequence[Table]) -> list[frozenset[str]]:
    """Return, for each table, the dimensions of which it shows only some of the known levels.

    A table of three districts out of five has no total of its own: its sum is not the total
    that another table shows.
    """
    known: dict[str, set[str]] = {}
    for table in tables:
        for place, name in enumerate(table.dimensions):
            known.setdefault(name, set()).update(_bottom(table, place))
    return [
        frozenset(
            name for place, name in enumerate(table.dimensions)
            if TOTAL not in table.levels(place) and set(_bottom(table, place)) != known[name]
            and not _same_height(table, place)
        )
        for table in tables
    ]  # fmt: skip


def _bottom(table: Table, place: int) -> set[str]:
    return {level for level in table.levels(place) if level != TOTAL}


def _same_height(table: Table, place: int) -> bool:
    """Tell whether a hierarchy binds the levels, so that a coarser table is whole all the same."""
    return bool(table.hierarchies.get(table.dimensions[place]))


def assemble(tables: Sequence[Table], editions: Sequence[str] | None = None) -> System:
    """Put tables together: equal cells become one, and every sum is said once.

    Parameters
    ----------
    tables
        The tables, as published or as they would be.
    editions
        Edition of each table; cells of different editions are different cells.

    Examples
    --------
    >>> one = Table("one", ("area",), {("Alga",): 3, ("Temir",): 4, ("total",): 7})
    >>> two = Table("two", ("sex",), {("f",): 5, ("m",): 2, ("total",): 7})
    >>> system = assemble([one, two])
    >>> len(system), len(system.rows)
    (5, 2)
    """
    system = System()
    marks = editions or [""] * len(tables)
    partials = partial_dimensions(tables)
    for table, edition, partial in zip(tables, marks, partials, strict=True):
        for labels in table.cells:
            system.shown.append((table.name, labels, system.place(table.key(labels, edition))))
        for one in relations(table, partial=partial):
            system.add_sum(
                system.place(table.key(one.whole, edition)),
                [system.place(table.key(part, edition)) for part in one.parts],
            )
    return system


def true_values(system: System, tables: Sequence[Table], editions: Sequence[str]) -> Floats:
    """Return the value of each cell; NaN where no table tells it.

    Raises
    ------
    DisclosureInputError
        Two tables disagree about a cell.
    """
    values = np.full(len(system), math.nan)
    for table, edition in zip(tables, editions, strict=True):
        for labels, value in table.cells.items():
            place = system.index[table.key(labels, edition)]
            if not math.isnan(values[place]) and not math.isclose(values[place], value):
                raise DisclosureInputError(
                    f"this cell is {value:g} here and {values[place]:g} in another table",
                    table=table.name, labels=labels,
                )  # fmt: skip
            values[place] = value
    return values
