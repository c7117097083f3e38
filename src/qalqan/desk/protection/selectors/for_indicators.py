"""Findings by their deadline, and sites by their next inspection: what indicators are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Min, OuterRef, Q, Subquery
from django.utils import timezone

from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.models import Inspection, Notice, NoticeItem, Remedy, Site


@dataclass(frozen=True, slots=True)
class Told:
    """One finding or site: its district (0 for none), and whether it was as it should be."""

    district_id: int
    is_so: bool


def findings_due(
    actor: Actor, *, start: date, end: date, at: datetime, by_first_deadline: bool = False
) -> list[Told]:
    """Return the findings that were to be mended in a period, and whether they were in time.

    A finding is mended on the day the proof that was accepted was handed in, or the day an
    inspection verified it; withdrawn notices are left out.

    Parameters
    ----------
    start, end
        Days between which the deadline lay; the latter is excluded.
    at
        What was accepted or verified later is not known yet.
    by_first_deadline
        Whether the deadline counts as it was first set, without extensions.
    """
    field = "first_deadline" if by_first_deadline else "deadline"
    within = {f"notice__{field}__gte": start, f"notice__{field}__lt": end}
    accepted = Q(remedies__state=Remedy.State.ACCEPTED, remedies__decided_at__lte=at)
    rows = (
        NoticeItem.objects.visible_to(actor)
        .filter(**within)
        .exclude(notice__state=Notice.State.WITHDRAWN)
        .order_by("pk")
        .annotate(proof=Min("remedies__handed_in_at", filter=accepted))
        .values_list("notice__site__district_id", f"notice__{field}", "proof", "verified_at")
    )
    return [
        Told(
            district or 0,
            any(
                timezone.localdate(moment) <= due
                for moment in (proof, verified) if moment is not None and moment <= at
            ),
        )
        for district, due, proof, verified in rows
    ]  # fmt: skip


def sites_due(actor: Actor, *, day: date) -> tuple[list[Told], int]:
    """Return the sites on the list at the end of a day, and whether an inspection was overdue.

    Parameters
    ----------
    day
        The day. The next inspection is the one that the last inspection until then set.

    Returns
    -------
    list of Told, int
        ``is_so`` means overdue; and how many sites are left out because what was due then is
        not known: they were inspected later for the first time.
    """
    end = timezone.make_aware(datetime.combine(day, time.max))
    last = (
        Inspection.objects.filter(site=OuterRef("pk"), finished_at__lte=end)
        .order_by("-finished_at", "-pk")
        .values("next_due_on")[:1]
    )
    rows = (
        Site.objects.visible_to(actor)
        .filter(Q(listed_at__isnull=True) | Q(listed_at__lte=end), number__isnull=False)
        .exclude(closed_at__lte=end)
        .filter(status__in=(Site.Status.LISTED, Site.Status.CLOSED))
        .order_by("pk")
        .annotate(due_then=Subquery(last))
        .values_list("district_id", "due_then", "next_due_on", "last_inspected_on")
    )
    found, unknown = [], 0
    for district, then, due_now, inspected in rows:
        if then is None and inspected is not None and inspected > day:
            unknown += 1
            continue
        due = then or due_now
        found.append(Told(district or 0, due is not None and due <= day))
    return found, unknown
