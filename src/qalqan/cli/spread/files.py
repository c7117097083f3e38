"""Tables in and out: CSV, JSON and JSON lines, with errors that name file, line and field."""

from __future__ import annotations

import csv
import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qalqan.cli.tables import cells_of, csv_rows, header_of, read_text
from qalqan.errors import InputError, Location


@dataclass(frozen=True, slots=True)
class Table:
    """Columns of text, and the line that each row came from.

    Parameters
    ----------
    path
        Where it was read.
    columns
        Values by name of column, without the spaces around them; empty where a row has none.
    lines
        Line (or, in a JSON document, entry) of each row.
    """

    path: Path
    columns: Mapping[str, Sequence[str]]
    lines: Sequence[int]

    def has(self, column: str) -> bool:
        """Tell whether the table has a column."""
        return column in self.columns

    def text(self, column: str) -> list[str]:
        """Return a column that may not be empty anywhere."""
        for value, line in zip(self.columns[column], self.lines, strict=True):
            if not value:
                raise self.wrong("there is no value", line, column)
        return list(self.columns[column])

    def numbers(
        self, column: str, *, low: float = 0.0, high: float = math.inf, whole: bool = False
    ) -> list[float]:
        """Return a column as numbers within limits."""
        result = []
        for value, line in zip(self.columns[column], self.lines, strict=True):
            try:
                number = float(value)
            except ValueError:
                raise self.wrong(f"{value[:40]!r} is not a number", line, column) from None
            if not math.isfinite(number):
                raise self.wrong(f"{value[:40]} is not a finite number", line, column)
            if not low <= number <= high:
                limits = f"between {low:g} and {high:g}" if high < math.inf else f"at least {low:g}"
                raise self.wrong(f"{value[:40]} is not {limits}", line, column)
            if whole and number % 1:
                raise self.wrong(f"{value[:40]} is not a whole number", line, column)
            result.append(number)
        return result

    def wrong(self, message: str, line: int | None = None, field: str | None = None) -> InputError:
        """Return the error that says what is wrong where."""
        return InputError(message, location=Location(str(self.path), line, field))


def read_table(path: Path, needed: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """Read the columns of a CSV, JSON or JSON lines file that are asked for.

    CSV is UTF-8 with commas, semicolons or tabs and names in its first line. JSON is a list of
    objects, or one object of lists. Other columns are left alone.

    Raises
    ------
    InputError
        The file is missing, no text, not of its kind, or lacks a column.
    """
    text = read_text(path)
    kind = path.suffix.lower()
    if kind in (".jsonl", ".ndjson"):
        names, rows = _rows_of(path, _json_lines(path, text))
    elif kind == ".json":
        names, rows = _rows_of(path, _json_rows(path, text))
    else:
        names, rows = _csv(path, text)
    for name in needed:
        if name not in names:
            raise InputError(
                f"there is no column {name!r}",
                location=Location(str(path), None if kind == ".json" else 1),
                hint=f"there is: {', '.join(list(names)[:12]) or 'nothing'}",
            )
    wanted = [name for name in (*needed, *optional) if name in names]
    held = list(rows)
    columns = {name: [row.get(name, "") for _line, row in held] for name in wanted}
    if not held:
        raise InputError("there are no rows", location=Location(str(path)))
    return Table(path, columns, [line for line, _row in held])


def _csv(path: Path, text: str) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    rows = csv_rows(path, text)
    _line, names = header_of(path, rows)

    def entries() -> Iterator[tuple[int, dict[str, str]]]:
        for at, row in rows:
            cells = cells_of(path, at, row, names)
            yield at, dict(zip(names, (cell.strip() for cell in cells), strict=True))

    return names, entries()


def _json_lines(path: Path, text: str) -> Iterator[tuple[int, Any]]:
    for line, row in enumerate(text.split("\n"), start=1):
        if row.strip():
            yield line, _loaded(path, row, line)


def _json_rows(path: Path, text: str) -> Iterator[tuple[int, Any]]:
    data = _loaded(path, text, 1)
    if isinstance(data, dict):
        lists = {name: values for name, values in data.items() if isinstance(values, list)}
        if len({len(values) for values in lists.values()}) > 1:
            raise InputError("the lists are not equally long", location=Location(str(path)))
        names = list(lists)
        data = [dict(zip(names, row, strict=True)) for row in zip(*lists.values(), strict=True)]
    if not isinstance(data, list):
        raise InputError("this is neither a list nor an object", location=Location(str(path)))
    yield from enumerate(data, start=1)


def _loaded(path: Path, text: str, line: int) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        at = line + getattr(error, "lineno", 1) - 1
        reason = getattr(error, "msg", "it is nested too deeply")
        raise InputError(f"this is no JSON: {reason}", location=Location(str(path), at)) from None


def _rows_of(
    path: Path, entries: Iterator[tuple[int, Any]]
) -> tuple[list[str], Iterator[tuple[int, dict[str, str]]]]:
    held: list[tuple[int, dict[str, str]]] = []
    names: dict[str, None] = {}
    for line, entry in entries:
        if not isinstance(entry, dict):
            raise InputError("this is no object", location=Location(str(path), line))
        row = {}
        for name, value in entry.items():
            if isinstance(value, dict | list):
                raise InputError(
                    "a list or object is no value", location=Location(str(path), line, name)
                )
            row[name.strip().lower()] = "" if value is None else str(value).strip()
        names.update(dict.fromkeys(row))
        held.append((line, row))
    return list(names), iter(held)


def write_rows(path: Path, rows: Sequence[Mapping[str, Any]], document: Any) -> None:
    """Write a result as CSV, or the whole document where the name ends in ``.json``.

    The file appears whole or not at all.
    """
    held = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with held.open("w", encoding="utf-8", newline="") as file:
            if path.suffix.lower() == ".json":
                json.dump(document, file, ensure_ascii=False, indent=2)
                file.write("\n")
            else:
                writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else [])
                writer.writeheader()
                writer.writerows(rows)
        held.replace(path)
    finally:
        held.unlink(missing_ok=True)
