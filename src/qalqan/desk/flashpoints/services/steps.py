"""Add a step to the life of a flash-point; steps are never changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model

from qalqan.desk.flashpoints.models import Finding, FlashPoint, FlashPointStep
from qalqan.desk.platform.policies import Actor

if TYPE_CHECKING:
    from qalqan.desk.platform.work.models import WorkItem


def add_step(
    flash_point: FlashPoint,
    *,
    kind: str,
    now: datetime,
    finding: Finding | None,
    actor: Actor | None = None,
    text: str = "",
    work: WorkItem | None = None,
) -> FlashPointStep:
    """Write the next step and the state that it leads to; the caller holds the row's lock."""
    flash_point.steps_taken += 1
    flash_point.changed_at = now
    flash_point.save(
        update_fields=["state", "judgement", "judged", "steps_taken", "changed_at"]
    )  # fmt: skip
    step: FlashPointStep = FlashPointStep.objects.create(
        flash_point=flash_point,
        number=flash_point.steps_taken,
        kind=kind,
        at=now,
        recorded_by=actor if isinstance(actor, get_user_model()) else None,
        judgement=flash_point.judgement,
        text=text,
        finding=finding,
        work=work,
    )
    return step
