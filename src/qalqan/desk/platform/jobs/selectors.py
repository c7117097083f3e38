"""Reading what the worker does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django_tasks_db.models import DBTaskResult

from qalqan.desk.platform.jobs.models import Schedule
from qalqan.desk.platform.jobs.periodic import Periodic, periodic_jobs
from qalqan.desk.platform.policies import VIEW, Actor, policy_of


@dataclass(frozen=True, slots=True)
class JobLine:
    """A periodic job with its history, if it has one."""

    job: Periodic
    schedule: Schedule | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run on the queue, without its arguments: they may hold what is nobody's business."""

    task: str
    status: str
    enqueued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str


def schedules(actor: Actor) -> list[JobLine]:
    """Return every periodic job, in order of name."""
    if not policy_of(Schedule).allows(actor, VIEW):
        return []
    rows = {row.name: row for row in Schedule.objects.visible_to(actor)}
    return [JobLine(job, rows.get(name)) for name, job in sorted(periodic_jobs().items())]


def queue_counts(actor: Actor) -> dict[str, int]:
    """Return how many runs stand in each state."""
    if not policy_of(Schedule).allows(actor, VIEW):
        return {}
    rows = DBTaskResult.objects.order_by().values_list("status").annotate(number=Count("pk"))
    return dict(rows)


def recent_runs(actor: Actor, *, limit: int = 50) -> list[Run]:
    """Return the newest runs, whatever became of them."""
    if not policy_of(Schedule).allows(actor, VIEW):
        return []
    return [_run(row) for row in DBTaskResult.objects.order_by("-enqueued_at")[:limit]]


def _run(row: Any) -> Run:
    return Run(
        task=row.task_path.rsplit(".", 1)[-1],
        status=row.status,
        enqueued_at=row.enqueued_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        error=row.exception_class_path.rsplit(".", 1)[-1],
    )
