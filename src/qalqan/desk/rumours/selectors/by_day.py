"""Messages counted by place and day, for scans in the background.

Unlike the lists, these readings run over every message of the period, a day at a time along the
index of time. They are for the worker; only `claims_begun` is for pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours.models import Claim, ClaimPlace, Message


@dataclass(frozen=True, slots=True)
class ReportCount:
    """How many messages of one kind a source published about a place on a day.

    Parameters
    ----------
    kind
        ``post``, ``hotline`` or ``news``.
    is_claim
        Whether they are copies of a claim.
    """

    day: date
    place_id: int
    source_id: int
    kind: str
    is_claim: bool
    count: int


def claims_told(actor: Actor, *, start: date, end: date) -> list[tuple[int, int, date]]:
    """Return claim, place and day, once each, of posts and news that repeat a claim.

    Every claim counts, whatever it says and whoever says it: whether it is hostile is not asked,
    so no profile of anybody is needed. A claim that a hundred posts repeat in a place on a day
    counts there once that day, because copies follow each other and are no independent events.

    Parameters
    ----------
    start, end
        First and last day of the province's calendar, both counted.
    """
    told = []
    known = Claim.objects.visible_to(actor)
    merged = dict(known.filter(merged_into__isnull=False).values_list("pk", "merged_into"))
    for day, rows in _daily(actor, start, end):
        copies = rows.exclude(kind=Message.Kind.HOTLINE)
        copies = copies.filter(claim_number__in=known.values("pk"))
        pairs = copies.order_by().values_list("claim_number", "place_id").distinct()
        once = {(merged.get(claim, claim), place) for claim, place in pairs}
        told += [(int(claim), int(place), day) for claim, place in sorted(once)]
    return told


def tips_by_place(actor: Actor, *, start: date, end: date) -> list[tuple[int, date, int]]:
    """Return place, day and number of the hotline reports that name a place."""
    found = []
    for day, rows in _daily(actor, start, end):
        tips = rows.filter(kind=Message.Kind.HOTLINE)
        counted = tips.order_by().values_list("place_id").annotate(number=Count("pk"))
        found += [(int(place), day, int(number)) for place, number in counted]
    return found


def reports_by_source(actor: Actor, *, start: date, end: date) -> list[ReportCount]:
    """Return how much each source published about each place, day by day."""
    is_claim = Exists(Claim.objects.visible_to(actor).filter(pk=OuterRef("claim_number")))
    found = []
    for day, rows in _daily(actor, start, end):
        counted = (
            rows.annotate(is_claim=is_claim)
            .order_by()
            .values_list("place_id", "source_id", "kind", "is_claim")
            .annotate(number=Count("pk"))
        )
        found += [
            ReportCount(day, int(place), int(source), kind, bool(told), int(number))
            for place, source, kind, told, number in counted
        ]
    return found


def has_sample_between(actor: Actor, *, start: date, end: date) -> bool:
    """Tell whether any message of these days is sample data."""
    rows = Message.objects.visible_to(actor).filter(is_sample=True)
    return bool(
        rows.filter(
            published_at__gte=_midnight(start), published_at__lt=_midnight(end + timedelta(days=1))
        ).exists()
    )


def claims_begun(
    actor: Actor, *, place_ids: Sequence[int], since: date, until: date, most: int
) -> list[Claim]:
    """Return claims about some places that were first told in these days, the latest first."""
    named = ClaimPlace.objects.visible_to(actor).filter(
        claim=OuterRef("pk"), place__in=list(place_ids)
    )
    rows = Claim.objects.visible_to(actor).filter(
        Exists(named),
        first_seen__gte=_midnight(since),
        first_seen__lt=_midnight(until + timedelta(days=1)),
    )
    return list(rows.order_by("-first_seen", "-pk")[:most])


def _daily(actor: Actor, start: date, end: date) -> Iterator[tuple[date, QuerySet[Any]]]:
    """Yield each day with its messages that name a place, from the oldest message on.

    A period of ten years costs no query for the days before the desk had its first message.
    """
    times = Message.objects.visible_to(actor).order_by("published_at")
    oldest = times.values_list("published_at", flat=True).first()
    if oldest is None:
        return
    start = max(start, timezone.localtime(oldest, timezone.get_default_timezone()).date())
    for number in range((end - start).days + 1):
        day = start + timedelta(days=number)
        rows = Message.objects.visible_to(actor).filter(
            place__isnull=False,
            published_at__gte=_midnight(day),
            published_at__lt=_midnight(day + timedelta(days=1)),
        )
        yield day, rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()), timezone.get_default_timezone())
