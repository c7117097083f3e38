"""Read tables from a workbook (XLSX) without trusting it: sizes first, then cells as text.

A workbook is a ZIP of XML. Before anything is unpacked, its list of parts says how large each
would become; entities and document types are refused; formulas are never computed, only the
values that the workbook keeps for them are read.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.sources.tables import Problem, Row, Table, open_table
from qalqan.errors import InputError, Location

LARGEST_FILE = 20 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
LARGEST_RATIO = 120
MOST_PARTS = 500
MOST_ROWS = 200_000
MOST_COLUMNS = 200
_SMALL = 1024 * 1024
_HEAD = 4096


class WorkbookError(InputError):
    """A file is no workbook that can be read safely."""

    code = "input.workbook"


@contextmanager
def open_any_table(path: Path) -> Iterator[Table]:
    """Open a table by its content: a workbook's first sheet, or CSV.

    Raises
    ------
    InputError
        The file is absent, empty, no table, or has no usable header.
    """
    if is_workbook(path):
        with open_workbook(path) as book:
            yield table_of(book.worksheets[0], path.name)
        return
    with open_table(path) as table:
        yield table


def is_workbook(path: Path) -> bool:
    """Tell whether the content begins like a ZIP, or the name says that it is a workbook."""
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xls"):
        return True
    try:
        with path.open("rb") as stream:
            return stream.read(4) == b"PK\x03\x04"
    except OSError:
        return False


@contextmanager
def open_workbook(path: Path) -> Iterator[Any]:
    """Open a workbook for reading, sheet by sheet.

    Raises
    ------
    WorkbookError
        It is too large, would unpack to too much, holds macros or entities, or is damaged.
    """
    where = Location(path.name)
    _refuse_unsafe(path, where)
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise WorkbookError(_("The workbook is damaged."), location=where) from error
    try:
        if not book.worksheets:
            raise WorkbookError(_("The workbook has no sheet."), location=where)
        yield book
    finally:
        book.close()


def _refuse_unsafe(path: Path, where: Location) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        raise WorkbookError(_("There is no such file."), location=Location(str(path))) from None
    if size == 0:
        raise WorkbookError(_("The file is empty."), location=where)
    if size > LARGEST_FILE:
        raise WorkbookError(_too_large(LARGEST_FILE), location=where)
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_parts(archive, where)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise WorkbookError(
            _("This is no XLSX workbook."),
            location=where,
            hint=_("Save the table as XLSX or CSV; older XLS files are not read."),
        ) from error


def _too_large(most: int) -> str:
    return _("The workbook is larger than %(most)s MB.") % {"most": most // 2**20}


def _refuse_parts(archive: zipfile.ZipFile, where: Location) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise WorkbookError(_("The workbook has too many parts."), location=where)
    if "[Content_Types].xml" not in archive.namelist():
        raise WorkbookError(_("This is no XLSX workbook."), location=where)
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise WorkbookError(
            _("The workbook would unpack to more than %(most)s MB.")
            % {"most": LARGEST_UNPACKED // 2**20},
            location=where,
        )
    for part in parts:
        packed = max(part.compress_size, 1)
        if part.file_size > _SMALL and part.file_size / packed > LARGEST_RATIO:
            raise WorkbookError(
                _("A part of the workbook is packed suspiciously tight."), location=where
            )
        if part.flag_bits & 1:
            raise WorkbookError(_("The workbook is locked with a password."), location=where)
        if part.filename.lower().endswith("vbaproject.bin"):
            raise WorkbookError(
                _("The workbook has macros."), location=where, hint=_("Save it as XLSX or CSV.")
            )
        if part.filename.lower().endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                head = stream.read(_HEAD)
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise WorkbookError(
                    _("The workbook declares a document type; such files are not read."),
                    location=where,
                )


def table_of(sheet: Any, file: str) -> Table:
    """Return a sheet as a table: the first row that is not empty names the columns.

    Raises
    ------
    InputError
        There is no header, or a column has no name or a name that stands twice.
    """
    rows = _cells(sheet, file)
    number, names = next(
        ((number, cells) for number, cells in rows if any(cells)), (1, list[str]())
    )
    while names and not names[-1]:
        names.pop()
    if not names:
        raise InputError(
            _("The file has no header line."),
            location=Location(file, 1),
            hint=_("The first line must name the columns."),
        )
    columns = tuple(name.strip().lower() for name in names)
    for position, name in enumerate(columns, start=1):
        if not name:
            raise InputError(
                _("Column %(number)s has no name.") % {"number": position},
                location=Location(file, number),
            )
        if columns.count(name) > 1:
            raise InputError(
                _("This column stands twice in the header."),
                location=Location(file, number, name),
            )
    return Table(file, columns, "\t", _rows(rows, columns))


def _cells(sheet: Any, file: str) -> Iterator[tuple[int, list[str]]]:
    try:
        # What the sheet says of its own extent may be a lie in both directions.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > MOST_ROWS or (len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:])):
                raise WorkbookError(
                    _("The sheet has more than %(rows)s rows or %(columns)s columns.")
                    % {"rows": MOST_ROWS, "columns": MOST_COLUMNS},
                    location=Location(file, number),
                )
            yield number, [_text(cell) for cell in row[:MOST_COLUMNS]]
    except InputError:
        raise
    except Exception as error:
        raise WorkbookError(_("The workbook is damaged."), location=Location(file)) from error


def _rows(rows: Iterator[tuple[int, list[str]]], columns: tuple[str, ...]) -> Iterator[Row]:
    for number, found in rows:
        if not any(found):
            continue
        extra = any(found[len(columns) :])
        cells = (found + [""] * len(columns))[: len(columns)]
        problem = None
        if extra:
            problem = Problem(number, None, _("a cell stands outside the named columns"))
        for name, cell in zip(columns, cells, strict=True):
            if any(char < " " and char not in "\t\r\n" for char in cell):
                problem = Problem(
                    number, name, _("a character that no text has (a control character)")
                )
        yield Row(number, dict(zip(columns, cells, strict=True)), tuple(cells), problem)


def _text(value: Any) -> str:
    """Write a cell as CSV would hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()
