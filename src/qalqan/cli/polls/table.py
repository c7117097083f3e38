"""Polls as CSV: columns by the names that the person gave them, errors by file, line and field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qalqan.cli.tables import csv_rows, read_text
from qalqan.errors import InputError, Location

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MISSING = frozenset({"", "NA", "NaN", "nan", "null", "NULL"})


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of text and the line of each row."""

    path: Path
    columns: dict[str, list[str]]
    lines: list[int]

    def __len__(self) -> int:
        return len(self.lines)

    def wrong(
        self, message: str, row: int | None, field: str | None, hint: str | None = None
    ) -> InputError:
        """Return the error that says what is wrong where."""
        line = None if row is None else self.lines[row]
        return InputError(message, location=Location(str(self.path), line, field), hint=hint)

    def missing(self, column: str) -> NDArray[Any]:
        """Tell in which rows a column says nothing."""
        import numpy as np

        return np.array([text in _MISSING for text in self.columns[column]])

    def numbers(self, column: str) -> NDArray[Any]:
        """Return a column as numbers, nan where it says nothing."""
        import numpy as np

        texts = self.columns[column]
        try:
            found = np.array(texts, dtype=np.float64)
        except ValueError:
            found = np.array([self._number(row, column) for row in range(len(texts))])
        if np.isinf(found).any():
            raise self.wrong("this number is not finite", int(np.argmax(np.isinf(found))), column)
        return found

    def filled_numbers(self, column: str) -> NDArray[Any]:
        """Return a column of numbers that must be filled in every row."""
        import numpy as np

        found = self.numbers(column)
        if np.isnan(found).any():
            raise self.wrong("there is no value", int(np.argmax(np.isnan(found))), column)
        return found

    def names(self, column: str) -> list[str]:
        """Return a column of names that must be filled in every row."""
        texts = self.columns[column]
        for row, text in enumerate(texts):
            if text in _MISSING:
                raise self.wrong("there is no value", row, column)
        return texts

    def _number(self, row: int, column: str) -> float:
        text = self.columns[column][row]
        if text in _MISSING:
            return float("nan")
        try:
            return float(text)
        except ValueError:
            raise self.wrong(
                f"{text[:40]!r} is not a number", row, column,
                hint="for a share of a text column take --proportion COLUMN=VALUE",
            ) from None  # fmt: skip


def is_missing(text: str) -> bool:
    """Tell whether a cell says nothing."""
    return text in _MISSING


def read_table(path: Path, needed: Sequence[str]) -> Table:
    """Read the named columns of a CSV file; names are taken letter by letter.

    UTF-8 with commas, semicolons or tabs, and the names of the columns in the first line.

    Raises
    ------
    InputError
        The file is missing, no text, no CSV, has no rows or lacks a column.
    """
    rows = csv_rows(path, read_text(path))
    try:
        line, header = next(rows)
    except StopIteration:
        raise InputError("the file is empty", location=Location(str(path))) from None
    names = [name.strip() for name in header]
    for place, name in enumerate(names):
        if name in needed and name in names[:place]:
            raise InputError(
                f"there are two columns {name!r}", location=Location(str(path), line, name)
            )
    for name in needed:
        if name not in names:
            raise InputError(
                f"there is no column {name!r}", location=Location(str(path), line, name),
                hint=f"there is: {', '.join(names[:12])}",
            )  # fmt: skip
    return _collect(path, rows, names, list(dict.fromkeys(needed)))


def column_names(path: Path) -> list[str]:
    """Return the names in the first line of a CSV file."""
    for _, header in csv_rows(path, read_text(path)):
        return [name.strip() for name in header]
    return []


def _collect(
    path: Path, rows: Iterator[tuple[int, list[str]]], names: list[str], needed: list[str]
) -> Table:
    columns: dict[str, list[str]] = {name: [] for name in needed}
    adders = [(columns[name].append, names.index(name)) for name in needed]
    lines: list[int] = []
    for line, row in rows:
        if len(row) != len(names):
            raise InputError(
                f"{len(row)} values under {len(names)} names", location=Location(str(path), line)
            )
        for add, place in adders:
            add(row[place].strip())
        lines.append(line)
    if not lines:
        raise InputError("there are no rows", location=Location(str(path)))
    return Table(path, columns, lines)
