"""Publish whom prevention reached, by district and age, protected through releases."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone

from qalqan.desk.outreach.models import YOUNG_BANDS, Activity
from qalqan.desk.outreach.selectors.coverage import months_back, reached_by_district
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.releases import selectors as released
from qalqan.desk.platform.releases import services as releases
from qalqan.desk.platform.releases.models import Release

SERIES = "outreach.reach"
TABLE = "district × age"
YOUNG, OLDER = "under_29", "29_up"
_SECONDS = 5.0


def publish_reach(*, actor: Actor, now: datetime, is_sample: bool = False) -> Release | None:
    """Publish the reach of the month that is over, once; return nothing where there is none.

    Counts are people reached whose age is told; one person at two activities counts twice.
    What the attacker's audit refuses is kept as refused, with its reasons, and not shown.

    Raises
    ------
    RefusedError
        The actor may not publish.
    """
    require(actor, ADD, Release)
    end = timezone.localdate(now).replace(day=1)
    start = months_back(end, 2)
    edition = f"{start:%Y-%m}"
    if edition in released.editions(SERIES):
        return None
    cells = _cells(actor, start, end)
    if not any(cells.values()):
        return None
    table = releases.Table(TABLE, ("district", "age"), cells)
    return releases.release(
        actor=actor, series=SERIES, edition=edition, tables=[table], now=now,
        is_sample=is_sample or _holds_sample(start, end), seconds=_SECONDS,
    )  # fmt: skip


def _holds_sample(start: date, end: date) -> bool:
    """Tell whether an activity of the month was made up; then what is published says so."""
    rows = Activity.objects.filter(held_on__gte=start, held_on__lt=end)
    return rows.filter(is_sample=True, state=Activity.State.REPORTED).exists()


def _cells(actor: Actor, start: date, end: date) -> dict[tuple[str, ...], int]:
    done = reached_by_district(actor, start, end)
    cells: dict[tuple[str, ...], int] = {}
    for place in places.districts(actor).defer("boundary"):
        bands = done[place.pk].by_band if place.pk in done else {}
        young = sum(bands.get(band, 0) for band in YOUNG_BANDS)
        cells[str(place.pk), YOUNG] = young
        cells[str(place.pk), OLDER] = sum(bands.values()) - young
    return cells
