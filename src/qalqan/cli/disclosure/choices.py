"""Options that both commands have, and how they are checked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qalqan.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qalqan.cli.disclosure.layout import Held
    from qalqan.science.disclosure.publication import Bond, Edition

ZEROS = ("safe", "structural", "sensitive")
EDITIONS = ("auto", "same", "grows", "separate")
LAYOUTS = ("auto", "long", "wide")


def one_of(value: str, known: Sequence[str], option: str) -> str:
    """Return a value that is known, or say which are."""
    if value not in known:
        raise InputError(f"{option} is one of: {', '.join(known)}; not {value[:40]!r}")
    return value


def at_least(value: float, least: float, option: str) -> None:
    """Refuse a number that is too small or no number."""
    if not (math.isfinite(value) and value >= least):
        raise InputError(f"{option} is a number of at least {least:g}")


def check_base(base: int) -> None:
    """Refuse bases that round nothing."""
    if base and base < 2:
        raise InputError("--round is a base of at least 2, as 5")


def finite(value: float) -> float | None:
    """Return a number that JSON can write; nothing for one without end."""
    if not math.isfinite(value):
        return None
    return int(value) if value == int(value) else float(value)


def labels_of(held: Sequence[Held], edition: str, table: str, labels: Any) -> dict[str, str]:
    """Return the labels of a cell by dimension."""
    for one in held:
        if one.name == table and (not edition or one.edition == edition):
            return dict(zip(one.dimensions, labels, strict=True))
    return {str(number): label for number, label in enumerate(labels)}


def bond_of(asked: str, editions: Sequence[Edition]) -> tuple[Bond, str]:
    """Decide how editions hang together, and say why."""
    if asked != "auto":
        return asked, ""  # type: ignore[return-value]
    if len(editions) < 2:
        return "same", ""
    told: dict[Any, tuple[float, float]] = {}
    for edition in editions:
        for table in edition.tables:
            for labels, value in table.cells.items():
                if (table.name, labels) in edition.hidden or math.isnan(value):
                    continue
                reach = max(0, edition.base - 1)
                low, high = told.get(table.key(labels), (0.0, math.inf))
                low, high = max(low, value - reach), min(high, value + reach)
                if low > high:
                    return "separate", (
                        "Editions show different counts for the same cells, so each was attacked "
                        "by itself; if the counts only grow, say --editions grows."
                    )
                told[table.key(labels)] = (low, high)
    return "same", (
        "Cells with the same labels were taken for the same counts, as no file contradicts "
        "another; say --editions separate or grows if they are not."
    )
