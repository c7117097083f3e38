"""Every reading of work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.work.models import HandOver, Reminder, WorkItem

_LIVE = (WorkItem.State.OPEN, WorkItem.State.ACCEPTED)


def items(
    actor: Actor,
    *,
    state: str = "live",
    mine: bool = False,
    kind: str = "",
    now: datetime | None = None,
) -> QuerySet[WorkItem]:
    """Return work that the actor may see, the soonest due first.

    Parameters
    ----------
    state
        ``live`` for what is still owed, ``overdue`` for what is late at ``now``, ``closed``, or
        one of the states.
    mine
        Only what the actor owes in person.
    """
    rows: QuerySet[WorkItem] = WorkItem.objects.visible_to(actor)
    if state == "overdue" and now is not None:
        rows = rows.filter(state__in=_LIVE, due_at__lt=now)
    elif state in ("live", "overdue"):
        rows = rows.filter(state__in=_LIVE)
    elif state == "closed":
        rows = rows.exclude(state__in=_LIVE)
    elif state:
        rows = rows.filter(state=state)
    if mine:
        rows = rows.filter(owner_id=getattr(actor, "pk", None) or 0)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.order_by("due_at", "id")


def overdue(actor: Actor, now: datetime) -> QuerySet[WorkItem]:
    """Return what is late, the latest first."""
    return items(actor, state="overdue", now=now)


def mine(actor: Actor) -> QuerySet[WorkItem]:
    """Return what the actor owes in person, the soonest due first."""
    return items(actor, mine=True)


def item_for(actor: Actor, item_id: int) -> WorkItem | None:
    """Return one piece of work, or nothing where it is absent or hidden."""
    rows: QuerySet[WorkItem] = WorkItem.objects.visible_to(actor)
    return rows.select_related("owner", "organisation", "opened_by").filter(pk=item_id).first()


def hand_overs(actor: Actor, item: WorkItem) -> QuerySet[HandOver]:
    """Return the hand-overs of a piece of work, oldest first."""
    rows: QuerySet[HandOver] = HandOver.objects.visible_to(actor)
    return (
        rows.filter(item=item)
        .select_related("from_organisation", "to_organisation")
        .order_by("offered_at", "id")
    )


def offer_for(actor: Actor, offer_id: int) -> HandOver | None:
    """Return one hand-over, or nothing where it is absent or hidden."""
    rows: QuerySet[HandOver] = HandOver.objects.visible_to(actor)
    return rows.select_related("item").filter(pk=offer_id).first()


def reminders(actor: Actor, item: WorkItem) -> QuerySet[Reminder]:
    """Return the reminders of a piece of work, oldest first."""
    rows: QuerySet[Reminder] = Reminder.objects.visible_to(actor)
    return rows.filter(item=item).order_by("sent_at", "step")


def kinds(actor: Actor) -> list[str]:
    """Return the kinds of work that the actor sees."""
    rows: QuerySet[Any] = WorkItem.objects.visible_to(actor)
    return list(rows.order_by("kind").values_list("kind", flat=True).distinct())
