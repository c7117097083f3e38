"""Decide what is due, hand it to the queue, and note how it went."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.jobs.models import Schedule
from qalqan.desk.platform.jobs.periodic import periodic_jobs
from qalqan.desk.platform.policies import CHANGE, Actor, require

_LONGEST_ERROR = 300


def run_due(now: datetime) -> list[str]:
    """Put every periodic job that is due on the queue, once; return their names.

    A job that is still waiting or running is not put there again. The schedule moves on in the
    same transaction, so that two workers, or one that is killed, neither lose nor double a run.
    """
    names = []
    for name in periodic_jobs():
        if _claim(name, now):
            names.append(name)
    return names


@transaction.atomic
def _claim(name: str, now: datetime) -> bool:
    # Imported late: the tasks import this module.
    from qalqan.desk.platform.jobs.tasks import run_periodic as task

    job = periodic_jobs()[name]
    # A nightly job waits for its night even on the day the desk is set up.
    first = now if job.at is None else job.next_after(now, timezone.get_default_timezone())
    Schedule.objects.get_or_create(name=name, defaults={"next_run": first})
    row = Schedule.objects.select_for_update().get(name=name)
    if row.next_run > now:
        return False
    if row.last_outcome == Schedule.Outcome.WAITING and not _is_lost(row, now):
        return False
    row.next_run = job.next_after(now, timezone.get_default_timezone())
    row.last_run = now
    row.last_outcome = Schedule.Outcome.WAITING
    row.save(update_fields=["next_run", "last_run", "last_outcome"])
    task.enqueue(name)
    return True


def _is_lost(row: Schedule, now: datetime) -> bool:
    """Tell whether a run that never ended is to be given up, since its worker was killed."""
    job = periodic_jobs()[row.name]
    return row.last_run is None or now - row.last_run >= 3 * job.every


@transaction.atomic
def requeue_lost(*, actor: Actor, worker: str, now: datetime) -> int:
    """Put the tasks back on the queue that a killed worker of this desk had in hand.

    Parameters
    ----------
    worker
        How all workers of this desk begin their names; the caller holds the lock that only one
        of them can have, so none of them can be alive.

    Returns
    -------
    int
        How many tasks will run again.
    """
    lost = [
        task
        for task in DBTaskResult.objects.select_for_update().running()
        if task.worker_ids and task.worker_ids[-1].startswith(worker)
    ]
    for task in lost:
        task.status = TaskResultStatus.READY
        task.save(update_fields=["status"])
    if lost:
        detail = {"tasks": [task.task_path for task in lost[:20]], "count": len(lost)}
        audit.record(
            actor=actor, action="jobs.requeue_lost", subject="jobs", now=now, detail=detail
        )
    return len(lost)


def run_periodic(*, name: str, clock: Callable[[], datetime]) -> None:
    """Run one periodic job and note how it went; an error is noted and raised again.

    Raises
    ------
    LookupError
        No room has a job of that name any more.
    """
    job = periodic_jobs().get(name)
    if job is None:
        raise LookupError(f"no periodic job is called {name!r}")
    try:
        job.run(clock())
    except BaseException as error:
        # A worker that is told to stop ends its task with SystemExit; that run has failed too.
        _note(name, clock(), error)
        raise
    _note(name, clock(), None)


@transaction.atomic
def _note(name: str, now: datetime, error: BaseException | None) -> None:
    row = Schedule.objects.select_for_update().get(name=name)
    row.last_finished = now
    row.last_outcome = Schedule.Outcome.FAILED if error else Schedule.Outcome.DONE
    # The kind of the error only: its words may quote data that do not belong on this page.
    row.last_error = type(error).__name__[:_LONGEST_ERROR] if error else ""
    row.failures = row.failures + 1 if error else 0
    row.save(update_fields=["last_finished", "last_outcome", "last_error", "failures"])


@transaction.atomic
def run_soon(*, actor: Actor, schedule: Schedule, now: datetime) -> Schedule:
    """Make a periodic job due at once.

    Raises
    ------
    RefusedError
        The actor may not order it.
    """
    require(actor, CHANGE, Schedule)
    row: Schedule = Schedule.objects.select_for_update().get(pk=schedule.pk)
    row.next_run = now
    row.save(update_fields=["next_run"])
    audit.record(actor=actor, action="jobs.run_soon", subject=row, now=now)
    return row
