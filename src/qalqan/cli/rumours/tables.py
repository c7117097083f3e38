"""Tab-separated files with a header line, read row by row and written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from qalqan.errors import InputError, Location


def rows(
    path: Path, columns: Sequence[str], optional: Sequence[str] = ()
) -> Iterator[tuple[int, list[str]]]:
    """Read the named columns of a tab-separated file, in the order asked for.

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
        Line number from 1, and the fields.

    Raises
    ------
    InputError
        A column is missing, a line has another number of fields than the header, or the file is
        not UTF-8; with file and line.
    """
    at = 1
    with path.open("rb") as lines:
        names = _text(next(lines, b""), path, 1).removeprefix("\ufeff").split("\t")
        for name in columns:
            if name not in names:
                raise InputError(
                    f"the header line has no column {name!r}",
                    location=Location(str(path), 1, name),
                    hint=f"columns found: {', '.join(names)}",
                )
        places = [names.index(name) if name in names else -1 for name in (*columns, *optional)]
        for at, line in enumerate(lines, start=2):
            fields = _text(line, path, at).split("\t")
            if fields == [""]:
                continue
            if len(fields) != len(names):
                raise InputError(
                    f"{len(fields)} fields where the header has {len(names)}",
                    location=Location(str(path), at),
                    hint="fields are separated by tabs; a text must hold no tab or line break",
                )
            yield at, [fields[place] if place >= 0 else "" for place in places]


def _text(line: bytes, path: Path, at: int) -> str:
    try:
        return line.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise InputError("this line is not UTF-8", location=Location(str(path), at)) from error


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Open a file that appears only once all of it is written.

    Parameters
    ----------
    path
        Where the file shall be; an older one stays until the new one is complete.

    Raises
    ------
    InputError
        The folder does not exist.
    """
    if not path.parent.is_dir():
        raise InputError("there is no such folder", location=Location(str(path.parent)))
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
