"""Result files that are written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from qalqan.errors import InputError, Location


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
