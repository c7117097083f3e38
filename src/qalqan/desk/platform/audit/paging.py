"""Pages of a list too long to be counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qalqan.desk.platform.policies import VisibleQuerySet


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of entries, newest first, with the numbers that lead to its neighbours."""

    rows: list[Any]
    older: int | None
    newest: bool


def stretch(rows: VisibleQuerySet, *, before: int | None, size: int) -> Stretch:
    """Return ``size`` entries below the number ``before``.

    Counting a million filtered rows takes longer than a page may; a place in the order of
    numbers does not, and new entries do not shift the page under the reader.
    """
    if before is not None:
        rows = rows.filter(sequence__lt=before)
    page = list(rows[: size + 1])
    older = page[size - 1].sequence if len(page) > size else None
    return Stretch(page[:size], older, before is None)
