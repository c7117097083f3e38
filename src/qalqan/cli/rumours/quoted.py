"""Tab-separated files that spreadsheets wrote: fields may stand in quotes, over several lines."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from qalqan.errors import InputError, Location

_MOST_LINES = 200
"""Lines that one row may cover; beyond that a quote was left open."""


def quoted_rows(
    path: Path, columns: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[tuple[int, list[str]]]:
    """Read the named columns of a tab-separated file, quoted or not, in the order asked for.

    A quotation mark opens a quoted field only where it begins the field and the field is closed
    before the next row; any other mark is part of the text, as posts often begin with one.

    Parameters
    ----------
    path
        UTF-8 file whose first line names the columns; other columns are passed over.
    columns
        Columns that must be there.
    optional
        Columns that read as empty text where the file lacks them.

    Yields
    ------
    tuple of int and list of str
        Line number of the row's first line, from 1, and the fields.

    Raises
    ------
    InputError
        A column is missing, a row has another number of fields than the header, or a line is not
        UTF-8; with file and line.
    """
    lines = _lines(path)
    names = [_bare(name) for name in next(lines, (1, ""))[1].removeprefix("\ufeff").split("\t")]
    for name in columns:
        if name not in names:
            raise InputError(
                f"the header line has no column {name!r}",
                location=Location(str(path), 1, name),
                hint=f"columns found: {', '.join(names)}",
            )
    places = [names.index(name) if name in names else -1 for name in (*columns, *optional)]
    for at, fields in _fields(lines, len(names), path):
        yield at, [fields[place] if place >= 0 else "" for place in places]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    with path.open("rb") as file:
        for at, line in enumerate(file, start=1):
            try:
                yield at, line.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                raise InputError(
                    "this line is not UTF-8", location=Location(str(path), at)
                ) from error


def _fields(
    lines: Iterator[tuple[int, str]], width: int, path: Path
) -> Iterator[tuple[int, list[str]]]:
    ahead = next(lines, None)
    while ahead is not None:
        at, text = ahead
        ahead = next(lines, None)
        covered = 1
        while ahead is not None and covered < _MOST_LINES and _goes_on(text, ahead[1], width):
            text = f"{text}\n{ahead[1]}"
            covered += 1
            ahead = next(lines, None)
        if not text:
            continue
        fields = _split(text, width)
        if len(fields) != width:
            raise InputError(
                f"{len(fields)} fields where the header has {width}",
                location=Location(str(path), at),
                hint="fields are separated by tabs; a text with a tab or line break needs quotes",
            )
        yield at, fields


def _goes_on(text: str, following: str, width: int) -> bool:
    """Whether a quote is open at the end of `text` and the next line is no row of its own."""
    last = text.rsplit("\t", 1)[-1]
    is_open = last.startswith('"') and (last == '"' or not _closed(last))
    return is_open and len(following.split("\t")) != width


def _closed(field: str) -> bool:
    return len(field) > 1 and field.endswith('"') and field[1:-1].replace('""', "").count('"') == 0


def _split(text: str, width: int) -> list[str]:
    fields = text.split("\t")
    if len(fields) > width and '"' in text:
        read = next(csv.reader([text.replace("\n", "\r")], delimiter="\t"), fields)
        if len(read) == width:
            return [field.replace("\r", "\n") for field in read]
    return [_bare(field) for field in fields]


def _bare(field: str) -> str:
    if field.startswith('"') and _closed(field):
        return field[1:-1].replace('""', '"')
    return field
