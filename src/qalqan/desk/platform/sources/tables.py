"""Read a table from a file: find its encoding, name its lines, keep what is broken apart."""

from __future__ import annotations

import codecs
import csv
import difflib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from qalqan.errors import InputError, Location

_CHUNK = 1 << 16
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one row, in words, and in which column."""

    line: int
    field: str | None
    reason: str


class BadFieldError(ValueError):
    """One cell cannot be understood; the reader adds file and line."""

    def __init__(self, field: str | None, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it starts, its cells by column, and what is wrong with its form."""

    line: int
    cells: dict[str, str]
    raw: tuple[str, ...]
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """An open table: its columns and its rows, one at a time."""

    file: str
    columns: tuple[str, ...]
    delimiter: str
    rows: Iterator[Row]


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a CSV file in UTF-8, UTF-16 or CP1251 with comma, semicolon or tab.

    Raises
    ------
    InputError
        The file is absent, empty, not text, or has no usable header.
    """
    with open_text(path) as stream:
        lines = iter(stream)
        header_line = next(lines, "")
        if not header_line.strip():
            raise InputError(
                _("The file has no header line."),
                location=Location(path.name, 1),
                hint=_("The first line must name the columns."),
            )
        delimiter = max(_DELIMITERS, key=header_line.count)
        columns = _columns(path.name, header_line, delimiter)
        yield Table(path.name, columns, delimiter, _rows(lines, columns, delimiter))


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a text file in the encoding it is found to be in."""
    encoding = detect_encoding(path)
    with path.open(encoding=encoding, newline="") as stream:
        try:
            yield stream
        except UnicodeDecodeError as error:
            raise InputError(
                _("The file ends in the middle of a character."), location=Location(path.name)
            ) from error


def detect_encoding(path: Path) -> str:
    """Return the encoding of a text file.

    Raises
    ------
    InputError
        The file cannot be read, is empty, or is not text in a known encoding.
    """
    head = _head(path)
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding
    if not head.strip():
        raise InputError(_("The file is empty."), location=Location(path.name))
    if b"\x00" in head:
        return _utf16_without_mark(path, head)
    broken_at = _first_broken_utf8(path)
    if broken_at is None:
        return "utf-8"
    line, good, bad = broken_at
    # Cyrillic in CP1251 hardly ever forms valid UTF-8; a file that is mostly valid is damaged.
    if good > bad or not _looks_like_cp1251(head):
        raise InputError(
            _("A byte is not valid UTF-8."),
            location=Location(path.name, line),
            hint=_("Save the file as UTF-8, UTF-16 or CP1251."),
        )
    return "cp1251"


def require_columns(
    table: Table, *, compulsory: Iterable[str], optional: Iterable[str], strict: bool = True
) -> None:
    """Refuse a header in which a column is missing or, where strict, unknown.

    Raises
    ------
    InputError
        Naming the column and, for an unknown one, the nearest known name.
    """
    known = [*compulsory, *optional]
    for name in compulsory:
        if name not in table.columns:
            raise InputError(_("This column is missing."), location=Location(table.file, 1, name))
    for name in table.columns if strict else ():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise InputError(
                _("This column is not known."),
                location=Location(table.file, 1, name),
                hint=_("Did you mean “%(name)s”?") % {"name": near[0]} if near else None,
            )


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_CHUNK)
    except FileNotFoundError:
        raise InputError(_("There is no such file."), location=Location(str(path))) from None
    except IsADirectoryError:
        raise InputError(_("This is a folder, not a file."), location=Location(str(path))) from None
    except OSError as error:
        raise InputError(
            _("The file cannot be read: %(why)s.") % {"why": error.strerror},
            location=Location(str(path)),
        ) from error


def _utf16_without_mark(path: Path, head: bytes) -> str:
    pairs = max(len(head) // 2, 1)
    for encoding, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
        # In UTF-16 the high byte of Latin letters, digits and separators is zero.
        if head[offset::2].count(0) > pairs // 4 and head[1 - offset :: 2].count(0) == 0:
            return encoding
    raise InputError(_("The file is not text."), location=Location(path.name))


def _first_broken_utf8(path: Path) -> tuple[int, int, int] | None:
    """Return line, valid and broken characters outside ASCII around the first broken byte."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as stream:
        while True:
            chunk = stream.read(_CHUNK)
            pending = decoder.getstate()[0]
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                window = pending + chunk
                line += window[: error.start].count(b"\n")
                text = window.decode("utf-8", errors="replace")
                bad = text.count("\ufffd")
                return line, sum(not char.isascii() for char in text) - bad, bad
            if not chunk:
                return None
            line += (pending + chunk).count(b"\n") - decoder.getstate()[0].count(b"\n")


def _looks_like_cp1251(head: bytes) -> bool:
    try:
        text = head.decode("cp1251")
    except UnicodeDecodeError:
        return False
    letters = [char for char in text if not char.isascii() and char.isalpha()]
    controls = sum(char < " " and char not in "\t\r\n" for char in text)
    return not controls and 2 * len(letters) > sum(not char.isascii() for char in text)


def _columns(file: str, header_line: str, delimiter: str) -> tuple[str, ...]:
    try:
        cells = next(csv.reader([header_line], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InputError(
            _("The header cannot be read: %(why)s.") % {"why": error}, location=Location(file, 1)
        ) from error
    names = tuple(cell.strip().lower() for cell in cells)
    for position, name in enumerate(names, start=1):
        if not name:
            raise InputError(
                _("Column %(number)s has no name.") % {"number": position},
                location=Location(file, 1),
            )
        if names.count(name) > 1:
            raise InputError(
                _("This column stands twice in the header."), location=Location(file, 1, name)
            )
    return names


def _rows(lines: Iterator[str], columns: tuple[str, ...], delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 2  # the header was read before the reader began to count
        try:
            raw = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            why = _("the row cannot be read: %(why)s") % {"why": error}
            yield Row(line, {}, (), Problem(line, None, why))
            continue
        if not any(cell.strip() for cell in raw):
            continue
        yield Row(
            line,
            {name: cell.strip() for name, cell in zip(columns, raw, strict=False)},
            tuple(raw),
            _form_problem(line, raw, columns),
        )


def _form_problem(line: int, raw: list[str], columns: tuple[str, ...]) -> Problem | None:
    if len(raw) != len(columns):
        why = _("the row has %(cells)s cells, the header has %(columns)s") % {
            "cells": len(raw),
            "columns": len(columns),
        }
        return Problem(line, None, why)
    for name, cell in zip(columns, raw, strict=True):
        if not cell.isprintable() and any(char < " " and char not in "\t\r\n" for char in cell):
            return Problem(line, name, _("a character that no text has (a control character)"))
    return None


Reject = Callable[[Row, Problem], None]
"""Called with a bad row and what is wrong with it."""


@contextmanager
def collected_rejects(
    keep_good: bool, path: Path, rejects: Path | None, table: Table
) -> Iterator[Reject]:
    """Collect bad rows in a file that appears only when the import has succeeded.

    Parameters
    ----------
    keep_good
        Whether good rows are stored beside bad ones; else nothing is collected.
    path
        The file that is read.
    rejects
        Where the bad rows go; by default beside the file.
    """
    if not keep_good:
        yield lambda row, problem: None
        return
    target = rejects or path.with_name(f"{path.stem}.rejects.csv")
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    written = 0
    try:
        with draft.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([*table.columns, "line", "field", "reason"])

            def reject(row: Row, problem: Problem) -> None:
                nonlocal written
                written += 1
                cells = [row.cells.get(name, "") for name in table.columns]
                writer.writerow([*cells, problem.line, problem.field or "", problem.reason])

            yield reject
        if written:
            draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
