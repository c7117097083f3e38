"""What everyone may know of inspections: counts by district, small ones withheld."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from qalqan.desk.platform.places.models import Place
from qalqan.desk.protection.models import Notice, Site

SMALLEST = 5
"""A count below this, except nought, is withheld."""
SMALLEST_SUM = 10
"""What is withheld in a column comes to at least this, so that a total gives nothing away."""
WINDOW = timedelta(days=365)
COLUMNS = ("sites", "inspected", "notices", "mended")


@dataclass(frozen=True, slots=True)
class DistrictCounts:
    """Counts of one district; nothing stands for a count that is withheld."""

    name: str
    sites: int | None
    inspected: int | None
    notices: int | None
    mended: int | None


@dataclass(frozen=True, slots=True)
class PublicCounts:
    """Counts of the last year by district, with the province's totals."""

    rows: tuple[DistrictCounts, ...]
    total: DistrictCounts
    at: datetime
    is_sample: bool


def withheld(counts: Mapping[int, int]) -> set[int]:
    """Return the keys whose counts are withheld.

    Small counts are, and as many of the next smallest as it takes for two or more to be
    withheld that come to ten or more: else the total would give a single one away.

    >>> sorted(withheld({1: 0, 2: 3, 3: 40, 4: 7}))
    [2, 4]
    >>> sorted(withheld({1: 0, 2: 6, 3: 40}))
    []
    """
    hidden = {key for key, count in counts.items() if 0 < count < SMALLEST}
    rest = sorted((count, key) for key, count in counts.items() if count >= SMALLEST)
    while hidden and rest:
        if len(hidden) > 1 and sum(counts[key] for key in hidden) >= SMALLEST_SUM:
            break
        hidden.add(rest.pop(0)[1])
    return hidden


def public_counts(now: datetime) -> PublicCounts | None:
    """Return the counts that are published; nothing where there are too few to show any.

    No actor is asked: what is returned here is for everyone, and is all that ever is.
    """
    since = now - WINDOW
    listed = Q(status=Site.Status.LISTED)
    recent = Q(last_inspected_on__gte=timezone.localdate(since))
    found: dict[str, dict[int, int]] = {column: {} for column in COLUMNS}
    sites = Site.objects.filter(listed, district__isnull=False).values_list("district_id")
    for key, listed_count, inspected in sites.annotate(
        all=Count("pk"), recent=Count("pk", filter=recent)
    ):
        found["sites"][key], found["inspected"][key] = listed_count, inspected
    notices = Notice.objects.exclude(state=Notice.State.WITHDRAWN).filter(
        issued_at__gte=since, site__district__isnull=False
    )
    is_mended = Q(state=Notice.State.MENDED)
    counted = notices.values_list("site__district_id").annotate(
        issued=Count("pk"), mended=Count("pk", filter=is_mended)
    )
    for key, issued, mended in counted:
        found["notices"][key], found["mended"][key] = issued, mended
    keys = sorted({key for column in found.values() for key in column})
    total = {column: sum(found[column].values()) for column in COLUMNS}
    if total["sites"] < SMALLEST_SUM:
        return None
    hidden = {column: withheld(found[column]) for column in COLUMNS}
    names = {place.pk: place.name for place in Place.objects.filter(pk__in=keys)}

    def shown(column: str, key: int) -> int | None:
        return None if key in hidden[column] else found[column].get(key, 0)

    rows = (DistrictCounts(names[key], *(shown(column, key) for column in COLUMNS)) for key in keys)
    return PublicCounts(
        rows=tuple(sorted(rows, key=lambda row: row.name)),
        total=DistrictCounts("", *(None if 0 < total[c] < SMALLEST else total[c] for c in COLUMNS)),
        at=now,
        is_sample=Site.objects.filter(listed, is_sample=True).exists(),
    )
