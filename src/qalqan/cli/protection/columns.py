"""CSV tables of a million rows, column by column, with errors that name file, line and field."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from qalqan.cli.tables import cells_of, csv_rows, header_of, read_text
from qalqan.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from qalqan.science.protection.checks import ProtectionInputError

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of text and the line of each row."""

    path: Path
    columns: dict[str, list[str]]
    lines: list[int]

    def __len__(self) -> int:
        return len(self.lines)

    def has(self, column: str) -> bool:
        """Tell whether the table has a column."""
        return column in self.columns

    def wrong(self, message: str, row: int | None, field: str | None) -> InputError:
        """Return the error that says what is wrong where."""
        line = None if row is None else self.lines[row]
        return InputError(message, location=Location(str(self.path), line, field))

    def names(self, column: str, *, unique: bool = False) -> list[str]:
        """Return a column that is filled in every row, and different in each if asked for."""
        values = self.columns[column]
        if "" in values:
            raise self.wrong("there is no value", values.index(""), column)
        if unique and len(set(values)) < len(values):
            seen: set[str] = set()
            for row, value in enumerate(values):
                if value in seen:
                    raise self.wrong(f"{value[:40]!r} stands here twice", row, column)
                seen.add(value)
        return values

    def numbers(
        self, column: str, *, low: float = -math.inf, high: float = math.inf
    ) -> NDArray[Any]:
        """Return a column as finite numbers within limits."""
        import numpy as np

        values = self.columns[column]
        try:
            found = np.array(values, dtype=np.float64)
        except ValueError:
            found = np.array([self._number(row, column) for row in range(len(values))])
        bad = ~(np.isfinite(found) & (found >= low) & (found <= high))
        if bad.any():
            row = int(np.argmax(bad))
            raise self.wrong(self._limits(values[row], low, high), row, column)
        return found

    def _number(self, row: int, column: str) -> float:
        text = self.columns[column][row]
        try:
            return float(text)
        except ValueError:
            reason = f"{text[:40]!r} is not a number" if text else "there is no value"
            raise self.wrong(reason, row, column) from None

    @staticmethod
    def _limits(text: str, low: float, high: float) -> str:
        if not math.isfinite(float(text)):
            return f"{text[:40]} is not a finite number"
        if high < math.inf:
            return f"{text[:40]} is not between {low:g} and {high:g}"
        return f"{text[:40]} is not at least {low:g}"

    def blamed(self, compute: Callable[[], Result]) -> Result:
        """Compute, and turn a row that the method refuses into a line of this file."""
        from qalqan.science.protection.checks import ProtectionInputError

        try:
            return compute()
        except ProtectionInputError as error:
            raise self._told(error) from None

    def _told(self, error: ProtectionInputError) -> InputError:
        if error.column not in self.columns:
            return error
        return self.wrong(str(error.message), error.row, error.column)


def read_table(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Read the columns of a CSV file; others are left alone.

    UTF-8 with commas, semicolons or tabs, and the names of the columns in the first line.

    Raises
    ------
    InputError
        The file is missing, no text, no CSV, has no rows or lacks a column.
    """
    rows = csv_rows(path, read_text(path))
    line, names = header_of(path, rows)
    _check_needed(path, line, names, needed)
    wanted = [(name, names.index(name)) for name in (*needed, *optional) if name in names]
    columns: dict[str, list[str]] = {name: [] for name, _ in wanted}
    adders = [(columns[name].append, place) for name, place in wanted]
    lines: list[int] = []
    for line, row in rows:
        cells = cells_of(path, line, row, names)
        for add, place in adders:
            add(cells[place].strip())
        lines.append(line)
    if not lines:
        raise InputError("there are no rows", location=Location(str(path)))
    return Table(path, columns, lines)


def _check_needed(path: Path, line: int, names: list[str], needed: Sequence[str]) -> None:
    for name in needed:
        if name not in names:
            raise InputError(
                f"there is no column {name!r}", location=Location(str(path), line, name),
                hint=f"there is: {', '.join(names[:12])}",
            )  # fmt: skip
