"""Which column is what, and the tables that a file holds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qalqan.cli.disclosure.sheet import (
    COUNT_WORDS,
    EDITION_WORDS,
    FLAG_WORDS,
    STATUS_WORDS,
    TABLE_WORDS,
    Entry,
    Sheet,
    entry,
    level_of,
    looks_like_figure,
    read_sheet,
    told_by_flag,
)
from qalqan.errors import InputError, Location

if TYPE_CHECKING:
    from qalqan.science.disclosure.checks import DisclosureInputError
    from qalqan.science.disclosure.tables import Labels, Table

ROW, COLUMN = "row", "column"
MOST_DIMENSIONS = 8


@dataclass(slots=True)
class Held:
    """One table of one edition, with the line of each cell."""

    path: Path
    edition: str
    name: str
    dimensions: tuple[str, ...]
    entries: dict[Labels, Entry] = field(default_factory=dict)
    lines: dict[Labels, int] = field(default_factory=dict)
    contributions: dict[Labels, list[float]] = field(default_factory=dict)
    wide: bool = False
    edition_told: bool = False

    def table(self, hierarchies: dict[str, dict[str, str]]) -> Table:
        """Return the table; NaN where the count is not known."""
        from qalqan.science.disclosure.tables import Table

        cells = {labels: one.value for labels, one in self.entries.items()}
        trees = {name: hierarchies[name] for name in self.dimensions if name in hierarchies}
        return Table(self.name, self.dimensions, cells, trees)

    def add(self, sheet: Sheet, line: int, labels: Labels, one: Entry) -> None:
        """Take a cell in; each may be there once."""
        if labels in self.entries:
            raise sheet.wrong(f"{' × '.join(labels)} is already in line {self.lines[labels]}", line)
        self.entries[labels] = one
        self.lines[labels] = line


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns of a long table."""

    count: int
    dimensions: list[int]
    status: int | None
    flag: bool
    edition: int | None
    table: int | None
    tops: list[int]


def read_tables(
    paths: Sequence[Path], *, layout: str = "auto", count: str = "", tops: bool = False
) -> list[Held]:
    """Read the tables of some files.

    Parameters
    ----------
    paths
        CSV files.
    layout
        ``long``, ``wide`` or ``auto``.
    count
        Name of the column of counts of long tables; found by itself where empty.
    tops
        Whether the columns top1, top2 … hold the largest contributions.
    """
    held: list[Held] = []
    if len({path.resolve() for path in paths}) < len(paths):
        raise InputError("the same file is given twice", location=Location(str(paths[0])))
    for path in paths:
        sheet = read_sheet(path)
        if layout == "wide" or (layout == "auto" and not count and _is_wide(sheet)):
            held.append(_wide(sheet))
        else:
            held += _long(sheet, _columns(sheet, count, tops=tops))
    _name_columns(held)
    _name_tables(held)
    return held


def _is_wide(sheet: Sheet) -> bool:
    """Tell whether a table has one column of labels and several of figures."""
    names = [name.lower() for name in sheet.header]
    if any(name in COUNT_WORDS for name in names[1:]) or len(names) < 3:
        return False
    # One cell that is no figure is a fault to tell, and does not make the table a list.
    return all(
        2 * sum(looks_like_figure(row[place]) for _, row in sheet.rows) > len(sheet.rows)
        for place in range(1, len(names))
    )


def _wide(sheet: Sheet) -> Held:
    head = sheet.header[0]
    row_name, _, column_name = head.replace("\\", "/").partition("/")
    dimensions = (row_name.strip() or ROW, column_name.strip() or COLUMN)
    if dimensions[0] == dimensions[1]:
        raise sheet.wrong("rows and columns have one name", sheet.header_line, head)
    found = Held(sheet.path, sheet.path.stem, sheet.path.stem, dimensions, wide=True)
    levels = [level_of(name) for name in sheet.header[1:]]
    if len(set(levels)) < len(levels):
        raise sheet.wrong("two columns are totals", sheet.header_line)
    for line, row in sheet.rows:
        if not row[0]:
            raise sheet.wrong("this row has no label", line, head or None)
        for level, name, text in zip(levels, sheet.header[1:], row[1:], strict=True):
            found.add(sheet, line, (level_of(row[0]), level), entry(sheet, line, name, text))
    return found


def _columns(sheet: Sheet, count: str, *, tops: bool) -> Columns:
    names = [name.lower() for name in sheet.header]
    status, edition, table = (
        next((place for place, name in enumerate(names) if name in words), None)
        for words in (STATUS_WORDS, EDITION_WORDS, TABLE_WORDS)
    )
    flag = status is None
    if flag:
        status = next((place for place, name in enumerate(names) if name in FLAG_WORDS), None)
    largest = [
        place for place, name in enumerate(names)
        if tops and name.startswith("top") and name[3:].isdigit()
    ]  # fmt: skip
    place = _count_column(sheet, names, count, {status, edition, table, *largest})
    taken = {place, status, edition, table, *largest}
    dimensions = [at for at in range(len(names)) if at not in taken]
    if not dimensions:
        raise sheet.wrong("there is no column of labels", sheet.header_line)
    if len(dimensions) > MOST_DIMENSIONS:
        raise sheet.wrong(
            f"{len(dimensions)} columns of labels; at most {MOST_DIMENSIONS} are taken",
            sheet.header_line,
        )
    return Columns(place, dimensions, status, flag, edition, table, largest)


def _count_column(sheet: Sheet, names: list[str], count: str, taken: set[int | None]) -> int:
    if count:
        if count.lower() not in names:
            raise sheet.wrong(f"there is no column {count!r}", sheet.header_line, count)
        return names.index(count.lower())
    named = [place for place, name in enumerate(names) if name in COUNT_WORDS]
    if len(named) == 1:
        return named[0]
    if not named:
        rest = [place for place in range(len(names)) if place not in taken]
        named = [
            place for place in rest
            if all(looks_like_figure(row[place]) for _, row in sheet.rows)
        ][-1:]  # fmt: skip
        if named:
            return named[0]
    raise sheet.wrong(
        "which column holds the counts? name it count, or say --count COLUMN", sheet.header_line
    )


def _long(sheet: Sheet, columns: Columns) -> list[Held]:
    found: dict[tuple[str, str], Held] = {}
    names = tuple(sheet.header[place] for place in columns.dimensions)
    field_name = sheet.header[columns.count]
    for line, row in sheet.rows:
        edition = row[columns.edition] if columns.edition is not None else sheet.path.stem
        table = row[columns.table] if columns.table is not None else sheet.path.stem
        if not edition or not table:
            raise sheet.wrong("there is no value", line, "edition" if not edition else "table")
        held = found.get((edition, table))
        if held is None:
            told = columns.edition is not None
            held = Held(sheet.path, edition, table, names, edition_told=told)
            found[edition, table] = held
        labels = []
        for name, place in zip(names, columns.dimensions, strict=True):
            if not row[place]:
                raise sheet.wrong("there is no label", line, name)
            labels.append(level_of(row[place]))
        status = row[columns.status] if columns.status is not None else ""
        if columns.flag:
            status = told_by_flag(status)
        held.add(
            sheet, line, tuple(labels), entry(sheet, line, field_name, row[columns.count], status)
        )
        if columns.tops:
            held.contributions[tuple(labels)] = _tops(sheet, line, row, columns)
    return list(found.values())


def _tops(sheet: Sheet, line: int, row: list[str], columns: Columns) -> list[float]:
    found = []
    for place in columns.tops:
        one = entry(sheet, line, sheet.header[place], row[place])
        found.append(0.0 if math.isnan(one.value) else one.value)
    if found != sorted(found, reverse=True):
        raise sheet.wrong("the contributions do not fall from top1 on", line, "top1")
    return found


def _name_columns(held: list[Held]) -> None:
    """Give the columns of cross-tables with different heads different names."""
    heads: list[set[str]] = []
    for one in held:
        if not one.wide or one.dimensions[1] != COLUMN:
            continue
        levels = {labels[1] for labels in one.entries}
        if levels not in heads:
            heads.append(levels)
        number = heads.index(levels)
        if number:
            one.dimensions = (one.dimensions[0], f"{COLUMN} {number + 1}")


def _name_tables(held: list[Held]) -> None:
    """Let no two tables of an edition have one name."""
    seen: set[tuple[str, str]] = set()
    for one in held:
        while (one.edition, one.name) in seen:
            one.name = f"{one.name}'"
        seen.add((one.edition, one.name))


def read_hierarchies(path: Path | None, held: Sequence[Held]) -> dict[str, dict[str, str]]:
    """Read which level stands under which: CSV with dimension, level, parent."""
    if path is None:
        return {}
    sheet = read_sheet(path)
    names = [name.lower() for name in sheet.header]
    for name in ("dimension", "level", "parent"):
        if name not in names:
            raise sheet.wrong(f"there is no column {name!r}", sheet.header_line, name)
    places = [names.index(name) for name in ("dimension", "level", "parent")]
    known = {name for one in held for name in one.dimensions}
    found: dict[str, dict[str, str]] = {}
    for line, row in sheet.rows:
        dimension, level, parent = (row[place] for place in places)
        if dimension not in known:
            raise sheet.wrong(f"no table has a dimension {dimension[:40]!r}", line, "dimension")
        if not level or level == parent:
            raise sheet.wrong(f"{level[:40]!r} cannot stand under {parent[:40]!r}", line, "level")
        tree = found.setdefault(dimension, {})
        if level in tree:
            raise sheet.wrong(f"{level[:40]!r} has a parent already", line, "level")
        if parent and level_of(parent) != "total":
            tree[level] = parent
    return found


def blamed(held: Sequence[Held], error: DisclosureInputError) -> InputError:
    """Return what science refused, with the file and line it came from."""
    for one in held:
        if error.table == one.name:
            line = one.lines.get(error.labels) if error.labels is not None else None
            where = f"{' × '.join(error.labels)}: " if error.labels and line is None else ""
            return InputError(f"{where}{error.message}", location=Location(str(one.path), line))
    return error


def cells_of(held: Sequence[Held]) -> Iterator[tuple[Held, Labels, Entry]]:
    """Give every cell with its table."""
    return ((one, labels, cell) for one in held for labels, cell in one.entries.items())


def editions_of(
    held: Sequence[Held], hierarchies: dict[str, dict[str, str]], base: int
) -> list[Any]:
    """Put tables together into editions, in the order in which they are met."""
    from qalqan.science.disclosure.publication import Edition

    order = list(dict.fromkeys(one.edition for one in held))
    found = []
    for name in order:
        own = [one for one in held if one.edition == name]
        spots = {(one.name, labels): cell for one in own for labels, cell in one.entries.items()}
        found.append(
            Edition(
                name, tuple(one.table(hierarchies) for one in own),
                frozenset(spot for spot, cell in spots.items() if cell.hidden), base,
                {spot: cell.at_most for spot, cell in spots.items() if cell.at_most < math.inf},
            )
        )  # fmt: skip
    return found
