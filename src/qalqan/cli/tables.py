"""What every reader of tables begins with: the text of a file, and the rows of its CSV."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from qalqan.errors import InputError, Location

_MOST_BYTES = 2_000_000_000
_DELIMITERS = ",;\t"
_FIRST_LINE = re.compile(r"[^\r\n]*\S[^\r\n]*")


def read_text(path: Path, *, most: int = _MOST_BYTES) -> str:
    """Read a whole file of UTF-8 text.

    Parameters
    ----------
    most
        How many bytes it may have.

    Raises
    ------
    InputError
        It is missing, no file, empty, too large or no text; the line is named.
    """
    where = Location(str(path))
    if not path.exists():
        raise InputError("there is no such file", location=where)
    if not path.is_file():
        raise InputError("this is not a file", location=where)
    if path.stat().st_size > most:
        raise InputError(f"the file is larger than {_size(most)}", location=where)
    raw = path.read_bytes()
    if not raw.strip():
        raise InputError("the file is empty", location=where)
    if b"\0" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
        raise InputError("this is not text", location=Location(str(path), line))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError("this is not UTF-8 text", location=Location(str(path), line)) from None
    if not text.strip():
        raise InputError("the file is empty", location=where)
    return text


def _size(count: int) -> str:
    return f"{count // 10**9} GB" if count >= 10**9 else f"{count // 10**6} MB"


def csv_rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV text that are not blank, each with the line on which it begins.

    Commas, semicolons or tabs, whichever its first line has most of.

    Raises
    ------
    InputError
        The text is no CSV; the line is named.
    """
    head = _FIRST_LINE.search(text)
    delimiter = max(_DELIMITERS, key=(head[0] if head else "").count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InputError(
                f"this is no CSV: {error}", location=Location(str(path), line)
            ) from None
        if any(field.strip() for field in row):
            yield line, row
        line = reader.line_num + 1


def header_of(path: Path, rows: Iterator[tuple[int, list[str]]]) -> tuple[int, list[str]]:
    """Take the first row as names of columns, in lower case; return its line and them.

    Raises
    ------
    InputError
        There is no row, or a name stands there twice.
    """
    line, header = next(rows, (0, []))
    if not header:
        raise InputError("the file is empty", location=Location(str(path)))
    names = [name.strip().lower() for name in header]
    double = next((name for k, name in enumerate(names) if name in names[:k]), None)
    if double is not None:
        raise InputError(f"there are two columns {double!r}", location=Location(str(path), line))
    return line, names


def cells_of(path: Path, line: int, row: Sequence[str], names: Sequence[str]) -> Sequence[str]:
    """Return a row that has as many cells as there are names.

    Raises
    ------
    InputError
        It has more or fewer.
    """
    if len(row) != len(names):
        raise InputError(
            f"{len(row)} values under {len(names)} names", location=Location(str(path), line)
        )
    return row
