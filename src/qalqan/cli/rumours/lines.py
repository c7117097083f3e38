"""Messages from JSON lines: ``{"id", "time", "text"}``, checked one by one."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qalqan.errors import InputError, Location

_LONGEST_LINE = 1 << 20
_LATEST = 4_102_444_800
_MICROSECONDS = 1_000_000
COLUMNS = ("line", "field", "reason", "id", "time", "text")


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a file.

    Attributes
    ----------
    number
        Line in the file, from 1.
    id
        As the file has it.
    time
        Microseconds since 1970, UTC.
    text
        The message.
    """

    number: int
    id: str | int
    time: int
    text: str


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no message, and what could be read of it."""

    error: InputError
    kept: dict[str, Any]


def microseconds(value: Any) -> int:
    """Return a time as microseconds since 1970.

    Parameters
    ----------
    value
        ISO 8601, taken as UTC where it names no zone, or seconds since 1970.

    Raises
    ------
    ValueError
        It is neither, or lies outside 1970 to 2100.

    Examples
    --------
    >>> microseconds("1970-01-01T05:00:01+05:00")
    1000000
    """
    if isinstance(value, str):
        moment = datetime.fromisoformat(value)
        value = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a time")
    if not 0 <= value < _LATEST:
        raise ValueError("out of range")
    return round(value * _MICROSECONDS)


def read_messages(path: Path, *, in_order: bool) -> Iterator[Line | BadLine]:
    """Read a file of messages.

    Parameters
    ----------
    path
        UTF-8, one JSON object a line; empty lines are passed over, further keys are not read.
    in_order
        Whether a message earlier than one before it is an error.

    Yields
    ------
    Line or BadLine
        In the order of the file.
    """
    latest = 0
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(_LONGEST_LINE):
            number += 1
            if number == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            kept: dict[str, Any] = {}
            try:
                if len(raw) == _LONGEST_LINE and not raw.endswith(b"\n"):
                    while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
                        continue
                    raise _Bad(None, "the line is longer than a megabyte")
                if not raw.strip():
                    continue
                line = _line(raw, number, kept)
                if in_order and line.time < latest:
                    raise _Bad("time", "earlier than a message before it: sort the file by time")
            except _Bad as bad:
                where = Location(str(path), number, bad.field)
                yield BadLine(InputError(bad.reason, location=where), kept)
                continue
            latest = line.time
            yield line


class _Bad(Exception):
    def __init__(self, field: str | None, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


def _line(raw: bytes, number: int, kept: dict[str, Any]) -> Line:
    """Check one line; `kept` gets the fields that a reject shows."""
    try:
        item = json.loads(raw)
    except UnicodeDecodeError:
        raise _Bad(None, "this line is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise _Bad(None, f"no JSON from column {getattr(error, 'colno', 1)} on") from None
    if not isinstance(item, dict):
        raise _Bad(None, "not a JSON object with id, time and text")
    for field in ("id", "time", "text"):
        if item.get(field) is None:
            raise _Bad(field, "missing")
        kept[field] = item[field]
    name, text = item["id"], item["text"]
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise _Bad("id", "not a text or a whole number")
    if not isinstance(text, str):
        raise _Bad("text", "not a text")
    try:
        time = microseconds(item["time"])
    except (ValueError, OverflowError):
        raise _Bad("time", "not a time: ISO 8601 or seconds since 1970 are understood") from None
    return Line(number, name, time, text)


class Rejects:
    """Counts bad lines and writes them to a CSV file; without a file the first one is an error."""

    def __init__(self, path: Path | None, writer: Any) -> None:
        self.path = path
        self.count = 0
        self._writer = writer

    def good(self, lines: Iterator[Line | BadLine]) -> Iterator[Line]:
        """Let messages through and take bad lines out.

        Raises
        ------
        InputError
            For the first bad line, if no rejects file was asked for.
        """
        for line in lines:
            if isinstance(line, Line):
                yield line
                continue
            if self._writer is None:
                raise line.error
            where = line.error.location or Location()
            kept = [line.kept.get(field, "") for field in COLUMNS[3:]]
            self._writer.writerow([where.line, where.field or "", line.error.message, *kept])
            self.count += 1


@contextmanager
def rejects_file(path: Path | None) -> Iterator[Rejects]:
    """Open a rejects file that appears only with everything in it, and only if there are any.

    Parameters
    ----------
    path
        Where to write; ``None`` lets the first bad line be an error.
    """
    if path is None:
        yield Rejects(None, None)
        return
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            rejects = Rejects(path, writer)
            yield rejects
            file.flush()
            os.fsync(file.fileno())
        if rejects.count:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
