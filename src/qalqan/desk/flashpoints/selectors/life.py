"""Flash-points on the desk, their steps and sightings, and what-if scans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from qalqan.desk.flashpoints.models import (
    TOGETHER,
    Finding,
    FindingArea,
    FlashPoint,
    FlashPointStep,
    Judgement,
    Stream,
    WhatIf,
)
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.work import selectors as work

OPEN = "open"
STATES = (OPEN, *FlashPoint.State.values, Judgement.ARTEFACT.value, "all")
"""What the list of flash-points can be narrowed to; ``open`` is what still needs somebody."""


def flash_points(
    actor: Actor, *, state: str = OPEN, streams: Sequence[str] = ()
) -> QuerySet[FlashPoint]:
    """Return flash-points, the latest first, with their newest sighting and its areas.

    Parameters
    ----------
    state
        One of `STATES`.
    streams
        Only those whose newest sighting counts one of these; empty for all.
    """
    rows: QuerySet[FlashPoint] = FlashPoint.objects.visible_to(actor)
    if state == OPEN:
        rows = rows.exclude(state=FlashPoint.State.CLOSED).exclude(judgement=Judgement.ARTEFACT)
    elif state == Judgement.ARTEFACT:
        rows = rows.filter(judgement=Judgement.ARTEFACT)
    elif state in FlashPoint.State.values:
        rows = rows.filter(state=state)
    if streams and set(streams) != set(Stream.values):
        keys = [key for key in (*Stream.values, *TOGETHER) if set(key.split("+")) & set(streams)]
        rows = rows.filter(newest__run__stream__in=keys)
    areas = FindingArea.objects.visible_to(actor).select_related("place").order_by("order")
    return (
        rows.select_related("newest__run")
        .defer("newest__curve", "newest__run__by_area")
        .prefetch_related(Prefetch("newest__areas", queryset=areas.defer("place__boundary")))
        .order_by("-last_day", "-id")
    )


def flash_point_for(actor: Actor, flash_point_id: int) -> FlashPoint | None:
    """Return one flash-point, or nothing where it is absent or hidden."""
    rows: QuerySet[FlashPoint] = FlashPoint.objects.visible_to(actor)
    return rows.select_related("newest").filter(pk=flash_point_id).first()


def counts_by_state(actor: Actor) -> dict[str, int]:
    """Return how many flash-points are new, and how many still need somebody."""
    rows: QuerySet[Any] = FlashPoint.objects.visible_to(actor)
    return {
        "new": rows.filter(state=FlashPoint.State.NEW).count(),
        OPEN: flash_points(actor).order_by().count(),
    }


def steps_of(actor: Actor, flash_point: FlashPoint) -> QuerySet[FlashPointStep]:
    """Return the life of a flash-point, oldest step first; with work only where it is visible."""
    rows: QuerySet[FlashPointStep] = FlashPointStep.objects.visible_to(actor)
    return (
        rows.filter(flash_point=flash_point)
        .select_related("recorded_by", "finding")
        .prefetch_related(Prefetch("work", queryset=work.items(actor, state="")))
        .defer("finding__curve")
        .order_by("number")
    )


def sightings_of(actor: Actor, flash_point: FlashPoint, *, most: int = 30) -> list[Finding]:
    """Return the scans that found a flash-point, newest first, each with its own numbers."""
    rows: QuerySet[Finding] = Finding.objects.visible_to(actor)
    found = rows.filter(flash_point=flash_point).select_related("run")
    return list(found.defer("curve", "run__by_area").order_by("-run__created_at", "-pk")[:most])


def what_ifs(actor: Actor) -> QuerySet[WhatIf]:
    """Return what-if scans, newest first."""
    rows: QuerySet[WhatIf] = WhatIf.objects.visible_to(actor)
    return rows.order_by("-created_at", "-id")


def what_if_for(actor: Actor, what_if_id: int) -> WhatIf | None:
    """Return one what-if scan, or nothing where it is absent or hidden."""
    return what_ifs(actor).filter(pk=what_if_id).first()


def old_what_ifs(before: datetime) -> QuerySet[WhatIf]:
    """Return the what-if scans that were ordered before a moment."""
    rows: QuerySet[WhatIf] = WhatIf.objects.filter(created_at__lt=before)
    return rows
