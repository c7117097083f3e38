"""Reads of devices and their signals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from qalqan.desk.alerts.models import Device, Signal
from qalqan.desk.alerts.models.device import MISSED
from qalqan.desk.platform.policies import Actor

OPEN = (Signal.State.NEW, Signal.State.ACKNOWLEDGED)
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Health:
    """How the devices are, in numbers, with the time they were counted."""

    in_use: int
    silent: int
    faulty: int
    low_battery: int
    refused_today: int
    counted_at: datetime


def open_signals(actor: Actor) -> list[Signal]:
    """Return the signals that stand: unanswered first, real before exercise, oldest first."""
    rows = Signal.objects.visible_to(actor).filter(state__in=OPEN)
    rows = rows.select_related("device", "device__district", "acknowledged_by")
    # "new" sorts behind "acked".
    return list(rows.order_by("-state", "is_exercise", "received_at", "id")[:MOST_SHOWN])


def signals_open_count(actor: Actor) -> int:
    """Return how many signals nobody has answered."""
    return Signal.objects.visible_to(actor).filter(state=Signal.State.NEW).count()


def closed_signals(actor: Actor) -> QuerySet[Any]:
    """Return the signals that are closed, the newest first."""
    rows = Signal.objects.visible_to(actor).exclude(state__in=OPEN)
    return rows.select_related("device", "closed_by").order_by("-received_at", "-id")


def signal_for(actor: Actor, signal_id: int) -> Signal | None:
    """Return a signal that the actor may see."""
    found: Signal | None = (
        Signal.objects.visible_to(actor).select_related("device").filter(pk=signal_id).first()
    )
    return found


def signal_mark(actor: Actor) -> str:
    """Return a mark that changes whenever a signal comes or changes; two indexed look-ups."""
    rows = Signal.objects.visible_to(actor).order_by()
    found = rows.aggregate(last=Max("id"), changed=Max("changed_at"))
    return f"{found['last'] or 0}-{found['changed'].timestamp() if found['changed'] else 0}"


def newest_unanswered(signals: Sequence[Signal]) -> int:
    """Return the highest number among signals nobody has answered, 0 for none."""
    return max((s.pk for s in signals if s.state == Signal.State.NEW), default=0)


def devices(actor: Actor) -> QuerySet[Any]:
    """Return the devices, those longest unheard first."""
    rows = Device.objects.visible_to(actor).select_related("district")
    return rows.order_by("-is_enabled", F("heard_at").asc(nulls_first=True), "code")


def device_for(actor: Actor, device_id: int) -> Device | None:
    """Return a device that the actor may see."""
    found: Device | None = Device.objects.visible_to(actor).filter(pk=device_id).first()
    return found


def silent(actor: Actor, *, now: datetime) -> QuerySet[Any]:
    """Return the devices in use that have missed several heart-beats."""
    rows = Device.objects.visible_to(actor).filter(is_enabled=True)
    rows = rows.annotate(last=Coalesce("heard_at", "added_at"))
    # Databases reckon differently with spans of time, and there are few different ones.
    beats = rows.order_by().values_list("beat_seconds", flat=True).distinct()
    late = Q(pk__in=())
    for beat in beats:
        late |= Q(beat_seconds=beat, last__lt=now - timedelta(seconds=MISSED * beat))
    return rows.filter(late)


def health(actor: Actor, *, now: datetime) -> Health:
    """Return how the devices are."""
    rows = Device.objects.visible_to(actor).filter(is_enabled=True)
    day = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Health(
        in_use=rows.count(),
        silent=silent(actor, now=now).count(),
        faulty=rows.filter(is_faulty=True).count(),
        low_battery=rows.filter(Q(battery__lt=20)).count(),
        refused_today=rows.filter(refused_at__gte=day).count(),
        counted_at=now,
    )
