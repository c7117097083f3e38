"""Whom prevention reached, as everybody may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.releases import selectors as releases

_SERIES = "outreach.reach"
_READER = SystemActor("public")


@dataclass(frozen=True, slots=True)
class ReachRow:
    """People reached in a district; ``None`` where a count is withheld."""

    name: str
    young: int | None
    older: int | None
    total: int | None


@dataclass(frozen=True, slots=True)
class PublicReach:
    """One published month."""

    month: date
    rows: tuple[ReachRow, ...]
    total: ReachRow
    released_at: datetime
    threshold: int
    is_sample: bool


def public_reach() -> PublicReach | None:
    """Return the newest published month; nothing where none is published."""
    found = releases.published(_SERIES)
    if found is None or not found.tables:
        return None
    table = next(iter(found.tables.values()))
    names = {str(one.pk): one.name for one in places.districts(_READER).defer("boundary")}
    rows = [
        ReachRow(name, *(table.count(key, age) for age in ("under_29", "29_up", "total")))
        for key, name in names.items()
    ]
    total = ReachRow("", *(table.count("total", age) for age in ("under_29", "29_up", "total")))
    year, month = found.edition.split("-")
    return PublicReach(
        date(int(year), int(month), 1), tuple(sorted(rows, key=lambda row: row.name)), total,
        found.released_at, found.threshold, found.is_sample,
    )  # fmt: skip
