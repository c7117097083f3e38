"""Rows with names, and refusals of science with the line they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qalqan.cli.spread.files import Table
    from qalqan.errors import InputError
    from qalqan.science.protection.checks import ProtectionInputError


def ids(table: Table, column: str = "id") -> list[str]:
    """Return the names of the rows; each must be there and be there once."""
    names = table.text(column)
    seen: dict[str, int] = {}
    for name, line in zip(names, table.lines, strict=True):
        if name in seen:
            raise table.wrong(f"{name[:40]!r} is already in line {seen[name]}", line, column)
        seen[name] = line
    return names


def refused(table: Table, error: ProtectionInputError) -> InputError:
    """Return what science refused, with the line it came from."""
    line = None if error.row is None else table.lines[error.row]
    column = error.column if error.column in table.columns else None
    return table.wrong(str(error).split(" (row ")[0], line, column)


def by_id(names: Sequence[str], values: Any) -> dict[str, float]:
    """Return one number a name."""
    return dict(zip(names, (float(value) for value in values), strict=True))
