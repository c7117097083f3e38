"""What prevention cost and what protects, by district, as everyone may see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.releases import selectors as releases
from qalqan.desk.platform.releases.selectors import PublishedTable

ACTIVITY_SERIES, MONEY_SERIES, DEVICE_SERIES = (
    "commission.activities", "commission.money", "commission.devices",
)  # fmt: skip
"""Series of their own: counts, sums of money and devices have no total in common."""
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
    found = [releases.published(code) for code in (ACTIVITY_SERIES, MONEY_SERIES, DEVICE_SERIES)]
    shown = [one for one in found if one is not None]
    if not shown:
        return None
    edition = max(one.edition for one in shown)
    tables = {
        name: table for one in shown if one.edition == edition for name, table in one.tables.items()
    }
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
        edition, tuple(sorted((row(str(p.pk), p.name) for p in areas), key=lambda r: r.name)),
        money.count(OTHER), row("total", ""), told.count("told"), told.count("untold"),
        max(one.released_at for one in shown), shown[0].threshold,
        any(one.is_sample for one in shown),
    )  # fmt: skip
