"""Plain text files as rows of fields, each with its line: CSV, or columns set apart by blanks."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qalqan.errors import InputError, Location

_LONGEST_LINE = 1_000_000


@dataclass(frozen=True, slots=True)
class Source:
    """A file and how its fields are set apart.

    Attributes
    ----------
    path : Path
        The file.
    delimiter : str, optional
        ``""`` for blanks and tabs; found by looking if not given.
    quote : str
        What encloses fields that hold a delimiter.
    skip : int
        Lines to leave out at the top.
    header : bool, optional
        Whether the first row names the columns; found by looking if not given.
    fields : tuple of str
        Numbers of the columns, from 1, in the order of SaTScan's own files; empty for all.
    """

    path: Path
    delimiter: str | None = None
    quote: str = '"'
    skip: int = 0
    header: bool | None = None
    fields: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name by which messages speak of the file."""
        return str(self.path)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a file.

    Attributes
    ----------
    source : Source
        Where they come from.
    header : tuple of str
        Names of the columns; empty if the file has none.
    rows : list of (int, list of str)
        Line, from 1, and fields.
    """

    source: Source
    header: tuple[str, ...]
    rows: list[tuple[int, list[str]]]

    def fail(self, line: int | None, field: str | None, message: str, hint: str = "") -> InputError:
        """Return an error that names file, line and field."""
        return fault(self.source.path, line, field, message, hint)


def fault(
    path: Path, line: int | None, field: str | None, message: str, hint: str = ""
) -> InputError:
    """Return an error that names file, line and field."""
    return InputError(message, location=Location(str(path), line, field), hint=hint or None)


def read_table(source: Source) -> Table:
    """Read a file.

    Raises
    ------
    InputError
        The file is missing, empty or no text.
    """
    text = read_text(source.path)
    delimiter = _delimiter(text, source) if source.delimiter is None else source.delimiter
    parts = _blank_rows(text) if delimiter == "" else _csv_rows(text, source, delimiter)
    rows = [(line, fields) for line, fields in parts if line > source.skip and any(fields)]
    header: tuple[str, ...] = ()
    if rows and (source.header or (source.header is None and _is_header(rows, delimiter))):
        header = tuple(rows.pop(0)[1])
    if not rows:
        raise fault(source.path, None, None, "there is no row of data in the file")
    if source.fields:
        rows = [(line, _mapped(source, line, fields)) for line, fields in rows]
        header = ()
    return Table(source, header, rows)


def read_text(path: Path) -> str:
    """Return the text of a file.

    Raises
    ------
    InputError
        The file is missing, a folder, empty, or not UTF-8 (nor an old Windows page).
    """
    if not path.exists():
        raise fault(path, None, None, "there is no such file")
    if not path.is_file():
        raise fault(path, None, None, "this is not a file")
    data = path.read_bytes()
    if not data.strip():
        raise fault(path, None, None, "the file is empty")
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise fault(path, line, None, "this is no text file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise fault(path, line, None, "the text is not UTF-8", "save the file as UTF-8") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _delimiter(text: str, source: Source) -> str:
    """Find out by the first line with something in it."""
    lines = itertools.islice((line for line in text.split("\n") if line.strip()), source.skip, None)
    first = next(lines, "")
    if source.path.suffix.lower() == ".tsv":
        return "\t"
    for delimiter in (",", ";"):
        if delimiter in first:
            return delimiter
    return "\t" if "\t" in first and source.path.suffix.lower() == ".csv" else ""


def _blank_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    for line, row in enumerate(text.split("\n"), start=1):
        if '"' in row:
            joined = row.replace("\t", " ").strip()
            fields = next(csv.reader([joined], delimiter=" ", skipinitialspace=True), [])
            yield line, [field for field in fields if field]
        else:
            yield line, row.split()


def _csv_rows(text: str, source: Source, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with the line on which each begins; a quoted field may span lines."""
    csv.field_size_limit(_LONGEST_LINE)
    reader = csv.reader(
        io.StringIO(text), delimiter=delimiter, quotechar=source.quote or '"',
        skipinitialspace=True, strict=True,
    )  # fmt: skip
    line = 1
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise fault(source.path, line, None, f"this is no CSV: {error}") from error
        yield line, [field.strip() for field in fields]
        line = reader.line_num + 1


def _is_header(rows: list[tuple[int, list[str]]], delimiter: str) -> bool:
    """Return whether the first row is one of names: no number in it, a number in the next."""
    first = rows[0][1]
    if any(_is_number(field) for field in first if field):
        return False
    if len(rows) > 1:
        return any(_is_number(field) for field in rows[1][1])
    return delimiter != ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return bool(text) and text[0].isdigit()
    return text.lower() not in {"nan", "inf", "infinity"}


def _mapped(source: Source, line: int, fields: list[str]) -> list[str]:
    """Return the fields in the order that a SaTScan map of columns gives."""
    result = []
    for number in source.fields:
        if number == "oneCount":
            result.append("1")
            continue
        if number == "unspecifiedPopDate":
            result.append("unspecified")
            continue
        if not number.isdecimal() or not 1 <= int(number) <= len(fields):
            raise fault(source.path, line, f"column {number}", "there is no such column")
        result.append(fields[int(number) - 1])
    return result
