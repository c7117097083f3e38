"""What prevention cost and what protects, by district, as everyone may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.releases import selectors as releases
from qalqan.desk.platform.releases.selectors import PublishedTable

SERIES = "commission.money"
ACTIVITIES, MONEY, TOLD, DEVICES = "activities", "thousand tenge", "cost told", "devices"
OTHER = "other"
"""Districts with few activities stand together, so that no single activity's cost is told."""
GROUPS = ("cameras", "alarms", "sirens", "rest")
_READER = SystemActor("public")
_NONE = PublishedTable("", (), {})


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One district; nothing stands for what is withheld.

    Parameters
    ----------
    thousand
        Money told for activities, thousand tenge; nothing where the district stands with others.
    is_together
        Whether its money stands with that of other districts.
    devices
        Cameras, alarms, sirens and the rest that work at sites; then all.
    """

    code: str
    name: str
    activities: int | None
    thousand: int | None
    is_together: bool
    devices: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class PublicMoney:
    """One published quarter."""

    edition: str
    rows: tuple[MoneyRow, ...]
    together: int | None
    total: MoneyRow
    told: int | None
    untold: int | None
    released_at: datetime
    threshold: int
    is_sample: bool


def public_money() -> PublicMoney | None:
    """Return the newest published quarter; nothing where none is published."""
    found = releases.published(SERIES)
    if found is None:
        return None
    tables = found.tables
    activities, money = tables.get(ACTIVITIES, _NONE), tables.get(MONEY, _NONE)
    devices, told = tables.get(DEVICES, _NONE), tables.get(TOLD, _NONE)

    def row(key: str, name: str) -> MoneyRow:
        return MoneyRow(
            key, name, activities.count(key), money.count(key),
            (OTHER,) in money.cells and (key,) not in money.cells,
            tuple(devices.count(key, group) for group in (*GROUPS, "total")),
        )  # fmt: skip

    areas = places.districts(_READER).defer("boundary")
    return PublicMoney(
        found.edition, tuple(sorted((row(str(p.pk), p.name) for p in areas), key=lambda r: r.name)),
        money.count(OTHER), row("total", ""), told.count("told"), told.count("untold"),
        found.released_at, found.threshold, found.is_sample,
    )  # fmt: skip
