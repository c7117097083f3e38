"""Every reading of violations, notices and their clocks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from statistics import median
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone

from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.models import (
    Notice,
    NoticeItem,
    NoticeStep,
    Remedy,
    RemedyFile,
    Site,
    Violation,
)

LIVE = (Notice.State.ISSUED, Notice.State.ANSWERED)
WINDOW = timedelta(days=365)
"""Deadlines of so long count for the share that was mended in time."""
_Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % interval (Wilson 1927), and what it is a share of."""

    part: int
    whole: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Clocks:
    """Where the notices stand.

    Parameters
    ----------
    live, overdue, answered
        Notices that are not closed; of them past their deadline; of them with a proof that waits.
    median_age, oldest_age
        Days since the open ones were issued.
    in_time
        Of notices whose deadline lay in the last year: mended by it, extensions included.
    in_first_time
        The same by the deadline that was first set.
    """

    live: int
    overdue: int
    answered: int
    median_age: float | None
    oldest_age: int | None
    in_time: Share
    in_first_time: Share


def share(part: int, whole: int) -> Share:
    """Return a share with Wilson's 95 % interval.

    >>> s = share(8, 10)
    >>> round(s.low, 3), round(s.high, 3)
    (0.49, 0.943)
    """
    if not whole:
        return Share(part, whole, None, None, None)
    p, z2 = part / whole, _Z95 * _Z95
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    half = _Z95 * sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole)
    return Share(part, whole, p, max(0.0, middle - half), min(1.0, middle + half))


def clocks(actor: Actor, now: datetime) -> Clocks:
    """Return where the notices that the actor sees stand."""
    today = timezone.localdate(now)
    rows = Notice.objects.visible_to(actor)
    live = list(rows.filter(state__in=LIVE).values_list("issued_at", "deadline", "state"))
    ages = [(today - timezone.localdate(issued)).days for issued, _due, _state in live]
    due = rows.exclude(state=Notice.State.WITHDRAWN)
    return Clocks(
        live=len(live),
        overdue=sum(deadline < today for _issued, deadline, _state in live),
        answered=sum(state == Notice.State.ANSWERED for _issued, _due, state in live),
        median_age=median(ages) if ages else None,
        oldest_age=max(ages, default=None),
        in_time=_in_time(due, "deadline", today),
        in_first_time=_in_time(due, "first_deadline", today),
    )


def _in_time(rows: QuerySet[Any], field: str, today: date) -> Share:
    within = rows.filter(**{f"{field}__lt": today, f"{field}__gte": today - WINDOW})
    found = within.aggregate(whole=Count("pk"), part=Count("pk", filter=Q(mended_on__lte=F(field))))
    return share(found["part"], found["whole"])


def notices(
    actor: Actor, *, now: datetime, state: str = "", district: int | None = None
) -> QuerySet[Any]:
    """Return notices, the soonest due first.

    Parameters
    ----------
    state
        ``overdue``, ``closed``, one of the states, or empty for all that are not closed.
    """
    rows = Notice.objects.visible_to(actor).select_related("site__place", "site__district")
    if state == "overdue":
        rows = rows.filter(state__in=LIVE, deadline__lt=timezone.localdate(now))
    elif state == "closed":
        rows = rows.exclude(state__in=LIVE)
    elif state in Notice.State.values:
        rows = rows.filter(state=state)
    else:
        rows = rows.filter(state__in=LIVE)
    if district is not None:
        rows = rows.filter(site__district_id=district)
    order = ("-closed_at", "-pk") if state == "closed" else ("deadline", "pk")
    return rows.annotate(violations=Count("items")).order_by(*order)


def notice_for(actor: Actor, key: int) -> Notice | None:
    """Return a notice with its site, or nothing where it is absent or hidden."""
    rows = Notice.objects.visible_to(actor).select_related(
        "site__place", "site__owner", "issued_by__organisation", "owed", "checking"
    )
    row: Notice | None = rows.filter(pk=key).first()
    return row


def items_of(actor: Actor, notice: Notice) -> list[NoticeItem]:
    """Return the violations of a notice that the actor may see, with their proofs."""
    remedies = (
        Remedy.objects.visible_to(actor)
        .select_related("handed_in_by", "decided_by")
        .prefetch_related(Prefetch("files", RemedyFile.objects.select_related("file")))
    )
    rows = NoticeItem.objects.visible_to(actor).filter(notice=notice)
    return list(rows.select_related("violation").prefetch_related(Prefetch("remedies", remedies)))


def items_for_owner(notice: Notice) -> list[NoticeItem]:
    """Return what a notice names, for the owner who opened it by their link."""
    rows = NoticeItem.objects.filter(notice=notice).select_related("violation")
    return list(rows.prefetch_related("remedies__files"))


def steps_of(actor: Actor, notice: Notice) -> list[NoticeStep]:
    """Return what happened to a notice, oldest first."""
    rows = NoticeStep.objects.visible_to(actor).filter(notice=notice)
    return list(rows.select_related("by").order_by("at", "pk"))


def open_violations(actor: Actor, site: Site) -> list[Violation]:
    """Return what is wrong at a site and not under notice."""
    rows = Violation.objects.visible_to(actor).filter(
        site=site, state__in=[Violation.State.OPEN, Violation.State.REOPENED]
    )
    return list(rows.select_related("question").order_by("-severity", "pk"))


def live_at(actor: Actor, site: Site) -> list[Notice]:
    """Return the notices to a site that are not closed, the soonest due first."""
    rows = Notice.objects.visible_to(actor).filter(site=site, state__in=LIVE)
    return list(rows.order_by("deadline", "pk"))


def sites_with_open_violations(actor: Actor, *, most: int = 100) -> list[dict[str, Any]]:
    """Return the sites where something is wrong that nobody was notified of, the worst first."""
    found = (
        Violation.objects.visible_to(actor)
        .filter(state__in=[Violation.State.OPEN, Violation.State.REOPENED])
        .values("site_id")
        .annotate(
            count=Count("pk"), serious=Count("pk", filter=Q(severity=Violation.Severity.SERIOUS))
        )
        .order_by("-serious", "-count", "site_id")[:most]
    )
    counts = {row["site_id"]: row for row in found}
    sites = Site.objects.visible_to(actor).select_related("place").in_bulk(list(counts))
    return [
        {"site": sites[key], "count": row["count"], "serious": row["serious"]}
        for key, row in counts.items()
        if key in sites
    ]


def remedy_for(actor: Actor, key: int) -> Remedy | None:
    """Return a proof, or nothing where it is absent or hidden."""
    rows = Remedy.objects.visible_to(actor).select_related("item__notice__issued_by")
    row: Remedy | None = rows.filter(pk=key).first()
    return row


def overdue_notices(actor: Actor, now: datetime, *, most: int = 10) -> Sequence[Notice]:
    """Return the notices that are past their deadline, the longest first; for the brief."""
    return list(notices(actor, now=now, state="overdue")[:most])
