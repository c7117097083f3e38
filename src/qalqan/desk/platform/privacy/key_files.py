"""Keys of the desk that lie sealed in its folder of keys; made at the first need."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings

from qalqan.desk.platform.privacy.sealing import seal_bytes, unseal_bytes

SIZE = 32
"""Bytes of a key."""


def folder() -> Path:
    """Return the folder that holds the desk's keys."""
    return Path(settings.HOME) / "keys"


def own_key(name: str, *, purpose: str) -> bytes:
    """Return a key of 32 random bytes, made and sealed at the first need.

    A file that an earlier release left in the clear is read, and sealed in its place.

    Parameters
    ----------
    name
        Of the file.
    purpose
        What the key is for; what was sealed for another purpose does not open.

    Raises
    ------
    IntegrityError
        It was sealed under another secret key, or changed.
    """
    path = folder() / name
    if not path.is_file():
        _write_once(path, seal_bytes(os.urandom(SIZE), purpose=purpose))
    held = path.read_bytes()
    if len(held) == SIZE:
        _replace(path, seal_bytes(held, purpose=purpose))
        return held
    return unseal_bytes(held, purpose=purpose)


def _write(path: Path, data: bytes) -> Path:
    """Write a file of the owner's alone beside the one that is meant, down to the disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}.partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return partial


def _write_once(path: Path, data: bytes) -> None:
    partial = _write(path, data)
    try:
        # Of two makers at once the first wins, and no reader finds half a key.
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink()


def _replace(path: Path, data: bytes) -> None:
    _write(path, data).replace(path)
