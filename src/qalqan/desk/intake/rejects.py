"""The file of rows that were not taken, with the reasons."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from qalqan.desk.intake.readers import Rejected

COLUMNS = ("line", "field", "reason", "time", "text", "channel", "id", "kind", "place")


class RejectsFile:
    """A CSV table of rejected rows, there whole or not at all; no author fields.

    Parameters
    ----------
    path
        Where to write; ``None`` writes nothing.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.count = 0
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def write(self, row: Rejected) -> None:
        """Add one row."""
        self.count += 1
        if self.path is None:
            return
        if self._file is None:
            self._file = self._part().open("w", encoding="utf-8", errors="replace", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(COLUMNS)
        where = row.error.location
        line = where.line if where else None
        field = where.field if where else None
        kept = [row.kept.get(column, "") for column in COLUMNS[3:]]
        self._writer.writerow([line or "", field or "", str(row.error.message), *kept])

    def _part(self) -> Path:
        if self.path is None:
            raise ValueError("no file to write")
        return self.path.with_name(self.path.name + ".part")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is None or self.path is None:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if error is None:
            self._part().replace(self.path)
        else:
            self._part().unlink(missing_ok=True)
