"""Publish what prevention cost and what protects, by district, protected through releases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone

from qalqan.desk.commission.selectors.money import (
    ACTIVITIES,
    ACTIVITY_SERIES,
    DEVICE_SERIES,
    DEVICES,
    GROUPS,
    MONEY,
    MONEY_SERIES,
    OTHER,
    TOLD,
)
from qalqan.desk.outreach.selectors import totals
from qalqan.desk.outreach.selectors.activities import ActivityFilter
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.releases import selectors as released
from qalqan.desk.platform.releases import services as releases
from qalqan.desk.platform.releases.models import Release
from qalqan.desk.protection.selectors import devices

KINDS = {
    "camera": "cameras", "panic_button": "alarms", "alarm": "alarms", "loudspeaker": "sirens",
    "siren": "sirens",
}  # fmt: skip
FEW = 5
_SECONDS = 3.0


def quarter_before(day: date) -> tuple[date, date, str]:
    """Return first day, day after the last, and name of the quarter that is over.

    >>> quarter_before(date(2026, 2, 3))
    (datetime.date(2025, 10, 1), datetime.date(2026, 1, 1), '2025-Q4')
    """
    end = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    start = date(end.year - 1, 10, 1) if end.month == 1 else date(end.year, end.month - 3, 1)
    return start, end, f"{start.year}-Q{(start.month - 1) // 3 + 1}"


def grouped(activities: Mapping[int, int]) -> dict[int, str]:
    """Return under which label each district's money stands.

    Districts with fewer than five activities stand together, and with them as many of the next
    smallest as it takes for two or more with five activities or more.

    >>> grouped({1: 9, 2: 2, 3: 7})
    {1: '1', 2: 'other', 3: 'other'}
    >>> grouped({1: 9, 2: 5})
    {1: '1', 2: '2'}
    """
    few = [key for key, count in activities.items() if 0 < count < FEW]
    rest = sorted((count, key) for key, count in activities.items() if count >= FEW)
    while few and rest and (len(few) < 2 or sum(activities[key] for key in few) < FEW):
        few.append(rest.pop(0)[1])
    return {key: OTHER if key in few else str(key) for key in activities}


def publish_money(*, actor: Actor, now: datetime, is_sample: bool = False) -> list[Release]:
    """Publish the quarter that is over, once; return what was released or refused.

    What the attacker's audit refuses is kept as refused, with its reasons, and not shown.

    Raises
    ------
    RefusedError
        The actor may not publish.
    """
    require(actor, ADD, Release)
    start, end, edition = quarter_before(timezone.localdate(now))
    keys = [place.pk for place in places.districts(actor).defer("boundary")]
    tables = _spent(actor, keys, start, end) | _standing(actor, keys)
    return [
        releases.release(
            actor=actor, series=series, edition=edition, tables=many, now=now,
            is_sample=is_sample or devices.holds_sample(actor), seconds=_SECONDS,
        )
        for series, many in tables.items()
        if edition not in released.editions(series)
    ]  # fmt: skip


def _spent(
    actor: Actor, keys: list[int], start: date, end: date
) -> dict[str, list[releases.Table]]:
    """Return activities and what they cost; counts and money are released apart."""
    found = totals.by(actor, ActivityFilter(start=start, end=end), "district_id")
    held = {key: found[key].reported if key in found else 0 for key in keys}
    if not any(held.values()):
        return {}
    money: dict[tuple[str, ...], float] = {}
    for key, label in grouped(held).items():
        cost = found[key].cost if key in found else 0
        money[(label,)] = money.get((label,), 0) + round(cost / 1000)
    with_cost = sum(found[key].with_cost for key in keys if key in found)
    told: dict[tuple[str, ...], float] = {
        ("told",): with_cost,
        ("untold",): sum(held.values()) - with_cost,
    }
    counts: dict[tuple[str, ...], float] = {(str(key),): count for key, count in held.items()}
    return {
        ACTIVITY_SERIES: [
            releases.Table(ACTIVITIES, ("district",), counts),
            releases.Table(TOLD, ("cost",), told),
        ],
        MONEY_SERIES: [releases.Table(MONEY, ("district",), money)],
    }


def _standing(actor: Actor, keys: list[int]) -> dict[str, list[releases.Table]]:
    found = devices.working_by_district(actor)
    cells: dict[tuple[str, ...], float] = {(str(key), group): 0 for key in keys for group in GROUPS}
    for (district, kind), count in found.items():
        if district in keys:
            cells[str(district), KINDS.get(kind, "rest")] += count
    if not any(cells.values()):
        return {}
    return {DEVICE_SERIES: [releases.Table(DEVICES, ("district", "device"), cells)]}
