"""Protect the counts of a return before anybody outside the province sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from qalqan.desk.agencies.return_document import Area, Count
from qalqan.desk.platform.policies import Actor

THRESHOLD = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing counted, as it is: by code and name of the area."""

    code: str
    labels: Mapping[str, str]
    areas: Mapping[tuple[str, str], int]


def protect(
    *, actor: Actor, counted: Sequence[Counted], province: Any, month: date, edition: int,
    now: datetime,
) -> list[Count]:  # fmt: skip
    """Withhold small counts, and enough others that nobody can compute them from the totals."""
    del actor, province, month, edition, now
    return [_withheld(one) for one in counted]


def _withheld(one: Counted) -> Count:
    total = sum(one.areas.values())
    small = {key for key, value in one.areas.items() if 0 < value < THRESHOLD}
    hidden = set(small)
    if hidden:
        rest = sorted(
            ((value, key) for key, value in one.areas.items() if key not in hidden and value > 0)
        )
        # The hidden together must not tell one of them: two at least, and enough between them.
        while rest and (len(hidden) < 2 or sum(one.areas[key] for key in hidden) < 2 * THRESHOLD):
            hidden.add(rest.pop(0)[1])
    alone = len(hidden) == 1 or (hidden and sum(one.areas[key] for key in hidden) < 2 * THRESHOLD)
    areas = tuple(
        Area(code, name, None if (code, name) in hidden else value)
        for (code, name), value in one.areas.items()
    )
    return Count(one.code, one.labels, None if alone else total, areas)
