"""Results as files that are whole or not there at all."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import math
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from qalqan.cli.console import say
from qalqan.errors import InputError, Location


def finite(value: float | None) -> float | None:
    """Return a number that JSON can hold: nothing for what is infinite or no number.

    >>> finite(float("inf")), finite(2.5)
    (None, 2.5)
    """
    return None if value is None or not math.isfinite(value) else float(value)


def check_outputs(*paths: Path | None) -> None:
    """Refuse files that cannot be written, before the work is done.

    Raises
    ------
    InputError
        The folder is missing, or the file is a folder.
    """
    given = [path for path in paths if path is not None and str(path) != "-"]
    for path in given:
        if path.is_dir() or not path.absolute().parent.is_dir():
            raise InputError(
                "this is a folder" if path.is_dir() else "there is no such folder",
                location=Location(str(path)),
            )
    if len({path.absolute() for path in given}) < len(given):
        raise InputError("two results cannot go to one file", location=Location(str(given[0])))


def write_json(path: Path, data: Any) -> None:
    """Write a result; ``-`` is standard output."""
    text = json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)
    if str(path) == "-":
        say(text)
    else:
        write_whole(path, text + "\n")


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows; ``-`` is standard output."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    if str(path) == "-":
        say(buffer.getvalue().rstrip("\n"))
    else:
        write_whole(path, buffer.getvalue())


def write_whole(path: Path, text: str) -> None:
    """Write beside the target and rename, so that nobody ever meets half a file."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
