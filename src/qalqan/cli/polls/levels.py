"""Levels of a column: names and numbers, in order, and the groups they make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qalqan.cli.polls.table import is_missing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qalqan.cli.polls.table import Table


def coded(texts: Sequence[str]) -> tuple[NDArray[Any], list[str]]:
    """Return the level of each row, from 0 (-1: says nothing), and the levels in order.

    Numbers are put in the order of numbers, and 1 is the same as 1.0.
    """
    import numpy as np

    known = sorted({text for text in texts if not is_missing(text)})
    numbers = _as_numbers(known)
    if numbers is not None:
        order = sorted(known, key=lambda text: (numbers[text], text))
        place: dict[str, int] = {}
        levels: list[str] = []
        last: float | None = None
        for text in order:
            if numbers[text] != last:
                levels.append(text)
                last = numbers[text]
            place[text] = len(levels) - 1
    else:
        levels = known
        place = {text: row for row, text in enumerate(levels)}
    return np.array([place.get(text, -1) for text in texts], dtype=np.int64), levels


def same_level(levels: Sequence[str], wanted: str) -> int | None:
    """Return the place of a level that a person wrote, 1 for 1.0 too; None if there is none."""
    if wanted in levels:
        return levels.index(wanted)
    numbers = _as_numbers(levels)
    try:
        number = float(wanted)
    except ValueError:
        return None
    if numbers is None:
        return None
    return next((row for row, text in enumerate(levels) if numbers[text] == number), None)


def crossed(table: Table, columns: Sequence[str], joint: str) -> tuple[NDArray[Any], list[str]]:
    """Return the group of each row by several columns, the first turning fastest."""
    import numpy as np

    code, levels = coded(table.columns[columns[0]])
    for column in columns[1:]:
        more, names = coded(table.columns[column])
        code = np.where((code < 0) | (more < 0), -1, more * len(levels) + code)
        levels = [f"{left}{joint}{right}" for right in names for left in levels]
    present = np.unique(code[code >= 0])
    place = np.full(len(levels) + 1, -1, dtype=np.int64)
    place[present] = np.arange(len(present))
    return place[code], [levels[k] for k in present]


def _as_numbers(texts: Sequence[str]) -> dict[str, float] | None:
    try:
        return {text: float(text) for text in texts}
    except ValueError:
        return None
