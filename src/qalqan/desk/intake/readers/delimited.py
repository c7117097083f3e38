"""Tables: CSV with any common delimiter, and TSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TextIO

from django.utils.translation import gettext as _

from qalqan.desk.intake.readers.build import build, rejected
from qalqan.desk.intake.readers.fields import (
    CHANNEL,
    KIND,
    NATIVE_ID,
    PLACE,
    SYNONYMS,
    TEXT,
    TIME,
    match_columns,
)
from qalqan.desk.intake.readers.records import Record, Rejected
from qalqan.desk.intake.readers.survey import Survey
from qalqan.errors import InputError, Location

_DELIMITERS = (",", ";", "\t", "|")
_ORDER = (TIME, TEXT, CHANNEL, NATIVE_ID, KIND, PLACE)
_WIDEST = 1 << 20


def read_table(
    path: Path, found: Survey, zone: tzinfo, *, tabs: bool = False
) -> Iterator[Record | Rejected]:
    """Read a table with a header, row by row.

    Parameters
    ----------
    path
        The file.
    found
        Its survey, for the encoding.
    zone
        Of times without one.
    tabs
        The file is a TSV: a tab always parts two values and quotes are letters.

    Raises
    ------
    InputError
        The header has no column for the time or the text.
    """
    csv.field_size_limit(_WIDEST)
    with path.open(encoding=found.encoding, errors="surrogateescape", newline="") as file:
        header = file.readline()
        delimiter = "\t" if tabs else _delimiter(header)
        names = [_unquoted(name.strip()) for name in header.rstrip("\r\n").split(delimiter)]
        columns = _columns(path.name, names)
        rows = _tab_rows(file) if delimiter == "\t" else _csv_rows(file, delimiter, path.name)
        yield from _records(rows, names, columns, path.name, found, zone)


def _delimiter(header: str) -> str:
    """Choose what parts the columns: the mark that makes most known names of the header."""

    def worth(mark: str) -> tuple[int, int]:
        names = [_unquoted(name.strip()) for name in header.split(mark)]
        return len(match_columns(names)), len(names)

    return max(_DELIMITERS, key=worth)


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1].replace('""', '"')
    return value


def _columns(file: str, names: Sequence[str]) -> dict[str, int]:
    columns = match_columns(names)
    for field in (TIME, TEXT):
        if field not in columns:
            raise InputError(
                _("No column “%(field)s” in the header.") % {"field": field},
                location=Location(file, 1, field),
                hint=_("Known names: %(names)s.") % {"names": ", ".join(SYNONYMS[field])},
            )
    return columns


Rows = Iterator[tuple[int, list[str] | Rejected]]


def _csv_rows(file: TextIO, delimiter: str, name: str) -> Rows:
    rows = csv.reader(file, delimiter=delimiter, strict=True)
    start = 2
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            why = _("The row cannot be parted into columns; is a quotation mark left open?")
            yield start, rejected(name, start, None, why)
            start = rows.line_num + 2
            continue
        if row:
            yield start, row
        start = rows.line_num + 2


def _tab_rows(file: TextIO) -> Rows:
    for line, raw in enumerate(file, 2):
        if text := raw.rstrip("\r\n"):
            yield line, [_unquoted(value) for value in text.split("\t")]


def _records(
    rows: Rows,
    names: Sequence[str],
    columns: dict[str, int],
    file: str,
    found: Survey,
    zone: tzinfo,
) -> Iterator[Record | Rejected]:
    width = len(names)
    called = {field: names[at] for field, at in columns.items()}
    places = [columns.get(field, width) for field in _ORDER]
    for line, row in rows:
        if isinstance(row, Rejected):
            yield row
            continue
        if len(row) != width:
            yield rejected(
                file, line, None,
                _("The row has %(got)d values, the header %(want)d.")
                % {"got": len(row), "want": width},
            )  # fmt: skip
            continue
        row.append("")  # what absent columns point to
        values = [row[at] for at in places]
        if not found.is_clean and (bad := _undecodable(values)) is not None:
            yield rejected(
                file, line, called.get(_ORDER[bad]),
                _("The bytes are no %(encoding)s.") % {"encoding": found.encoding.upper()},
            )  # fmt: skip
            continue
        yield build(file, line, zone, called, *values)


def _undecodable(values: Sequence[str]) -> int | None:
    """Return the position of the first value that was not decoded."""
    for at, value in enumerate(values):
        try:
            value.encode()
        except UnicodeEncodeError:
            return at
    return None
