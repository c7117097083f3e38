"""Reads of exercises: what each showed, in times and failures."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from qalqan.desk.alerts.models import AlertVersion, Delivery, Drill, Receipt, Signal
from qalqan.desk.platform.policies import Actor

_REACHED = (
    Receipt.Event.ACCEPTED,
    Receipt.Event.DELIVERED,
    Receipt.Event.ACKNOWLEDGED,
    Receipt.Event.PLAYED,
)
_FAILED = (Delivery.State.FAILED, Delivery.State.EXPIRED)
MOST_FAILURES = 50


@dataclass(frozen=True, slots=True)
class Failure:
    """What did not reach a target, and why."""

    target: str
    channel: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class DrillReport:
    """What an exercise showed; a time that is not known is ``None``, in seconds otherwise.

    Parameters
    ----------
    to_approve
        From handing the message to a second person until its approval.
    to_first, to_95
        From the approval until the first, and until 95 in 100 of all intended receivers had
        taken it. ``to_95`` stays ``None`` as long as fewer have.
    intended, reached
        Receivers the message was meant for, and those that took it.
    signals, to_answer
        Signals of devices in the exercise, and the longest time until one was acknowledged.
    """

    approved_at: datetime | None = None
    to_approve: float | None = None
    to_first: float | None = None
    to_95: float | None = None
    intended: int = 0
    reached: int = 0
    by_channel: dict[str, list[int]] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    signals: int = 0
    to_answer: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        data = asdict(self)
        data["approved_at"] = self.approved_at.isoformat() if self.approved_at else None
        data["failures"] = [asdict(one) for one in self.failures]
        return data


def drills(actor: Actor) -> QuerySet[Any]:
    """Return the exercises, the latest first."""
    return Drill.objects.visible_to(actor).select_related("alert", "planned_by")


def drill_for(actor: Actor, drill_id: int) -> Drill | None:
    """Return an exercise that the actor may see."""
    found: Drill | None = drills(actor).filter(pk=drill_id).first()
    return found


def drill_report(actor: Actor, drill: Drill) -> DrillReport:
    """Return what an exercise has shown so far."""
    answered = _answered(actor, drill)
    if drill.alert_id is None:
        return DrillReport(**answered)
    messages = AlertVersion.objects.visible_to(actor).filter(alert_id=drill.alert_id)
    first = messages.filter(approved_at__isnull=False).order_by("number").first()
    if first is None or first.approved_at is None:
        return DrillReport(**answered)
    rows = Delivery.objects.visible_to(actor).filter(version=first)
    taken = rows.annotate(at=Min("receipts__at", filter=Q(receipts__event__in=_REACHED)))
    times = taken.filter(at__isnull=False).order_by("at")
    intended, reached = rows.count(), times.count()
    # The 95th of a hundred, the 10th of ten.
    needed = -(-intended * 95 // 100)
    last = times[needed - 1 : needed].first() if 0 < needed <= reached else None
    earliest = times.first()
    return DrillReport(
        approved_at=first.approved_at,
        to_approve=_seconds(first.submitted_at, first.approved_at),
        to_first=_seconds(first.approved_at, earliest.at if earliest else None),  # type: ignore[attr-defined]
        to_95=_seconds(first.approved_at, last.at if last else None),  # type: ignore[attr-defined]
        intended=intended,
        reached=reached,
        by_channel=_by_channel(rows),
        failures=_failures(rows),
        **answered,
    )


def _by_channel(rows: QuerySet[Any]) -> dict[str, list[int]]:
    """Return, by channel, how many have taken it and how many it was meant for."""
    meant = rows.order_by().values("channel").annotate(n=Count("pk", distinct=True))
    taken = rows.filter(receipts__event__in=_REACHED).order_by().values("channel")
    reached = {row["channel"]: row["n"] for row in taken.annotate(n=Count("pk", distinct=True))}
    return {row["channel"]: [reached.get(row["channel"], 0), row["n"]] for row in meant}


def _failures(rows: QuerySet[Any]) -> tuple[Failure, ...]:
    failed = rows.filter(state__in=_FAILED).select_related("target").order_by("target__name", "pk")
    return tuple(
        Failure(row.target.name, row.channel, row.state, row.last_error)
        for row in failed[:MOST_FAILURES]
    )


def _answered(actor: Actor, drill: Drill) -> dict[str, Any]:
    if drill.begun_at is None:
        return {}
    rows = Signal.objects.visible_to(actor).filter(
        is_exercise=True, received_at__gte=drill.begun_at
    )
    if drill.ended_at is not None:
        rows = rows.filter(received_at__lte=drill.ended_at)
    waits = [
        (acknowledged - received).total_seconds()
        for received, acknowledged in rows.values_list("received_at", "acknowledged_at")
        if acknowledged is not None
    ]
    return {"signals": rows.count(), "to_answer": max(waits, default=None)}


def _seconds(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None else round((end - start).total_seconds(), 3)
