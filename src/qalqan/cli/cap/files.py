"""Files that the commands of ``qalqan cap`` read and write."""

from __future__ import annotations

import os
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qalqan.errors import InputError, Location

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


def read_bytes(path: Path, *, most: int = 32 << 20) -> bytes:
    """Read a file, or standard input for ``-``, up to a size.

    Raises
    ------
    InputError
        It cannot be read, or is larger.
    """
    try:
        if str(path) == "-":
            data = sys.stdin.buffer.read(most + 1)
        else:
            with path.open("rb") as file:
                data = file.read(most + 1)
    except OSError as error:
        raise InputError(error.strerror or "cannot be read", location=Location(str(path))) from None
    if len(data) > most:
        raise InputError(f"larger than {most >> 20} MiB", location=Location(str(path)))
    return data


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_trust(paths: list[Path]) -> list[Certificate]:
    """Read the certificates of trust stores."""
    from qalqan.cap.trust import load_trust

    return [
        certificate
        for path in paths
        for certificate in load_trust(read_bytes(path), name=str(path))
    ]


def moment_of(text: str | None, option: str) -> datetime | None:
    """Read an aware time given as an option.

    Raises
    ------
    InputError
        It is no time, or has no zone.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputError(
            f"{option}: {text!r} is no time with a zone", hint="2026-11-22T07:30:00+05:00"
        )
    return moment
