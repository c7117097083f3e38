"""Counts, the only thing other rooms may learn, and only as they were released, protected."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Sum

from qalqan.desk.platform.policies import Actor
from qalqan.desk.support.models import EnquiryCount, Tally

if TYPE_CHECKING:
    from qalqan.desk.platform.releases.selectors import Published

SERIES = "support.quarters"


def counts(edition: str | None = None) -> Published | None:
    """Return the released counts of a quarter, the newest where none is named.

    What comes out of here passed the thresholds and the attacker's audit of everything that was
    ever released of this room; nothing else may leave it.
    """
    from qalqan.desk.platform.releases.selectors import published

    return published(SERIES, edition)


def editions() -> list[str]:
    """Return the quarters that were released, newest first."""
    from qalqan.desk.platform.releases.selectors import editions as of_series

    return of_series(SERIES)


def enquiries_this_month(actor: Actor, *, today: date) -> int:
    """Return how many asked since the first of the month, for the room's own page."""
    rows = EnquiryCount.objects.visible_to(actor).filter(day__gte=today.replace(day=1))
    return int(rows.aggregate(sum=Sum("count"))["sum"] or 0)


def of_quarter(actor: Actor, first: date, after: date) -> dict[str, dict[tuple[str, ...], int]]:
    """Return the raw counts of a quarter by table, for the act that releases them."""
    begun = Tally.objects.visible_to(actor).filter(quarter=first, event=Tally.Event.BEGUN)
    events = (
        Tally.objects.visible_to(actor)
        .filter(quarter=first)
        .order_by("event")
        .values_list("event")
        .annotate(sum=Sum("count"))
    )
    asked = (
        EnquiryCount.objects.visible_to(actor)
        .filter(day__gte=first, day__lt=after)
        .order_by("district")
        .values_list("district__name_en")
        .annotate(sum=Sum("count"))
    )
    return {
        "begun": {(kind,): count for kind, count in begun.values_list("kind", "count")},
        "events": {(event,): count for event, count in events},
        "enquiries": {(name or "–",): count for name, count in asked},
    }
