"""What the queue calls for intake; the services put it there."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from qalqan.desk.platform.policies import SystemActor


@task()
def store_waiting_messages() -> int:
    """Store the messages that came through the web; return how many."""
    return store_what_waits(timezone.now())


def store_what_waits(now: datetime) -> int:
    """Store everything that waits, batch by batch; return how many messages."""
    from qalqan.desk.intake import services

    total = 0
    while done := services.drain_waiting(actor=SystemActor("worker"), now=now):
        total += done
    return total


def resume_interrupted(now: datetime) -> int:
    """Queue the imports that a killed process left half done; return how many."""
    from django_tasks_db.models import DBTaskResult

    from qalqan.desk.intake import services

    path = run_import.module_path
    open_tasks = DBTaskResult.objects.ready() | DBTaskResult.objects.running()
    if open_tasks.filter(task_path=path).exists():
        return 0
    runs = services.interrupted_uploads(now)
    for run_id in runs:
        run_import.enqueue(run_id)
    return len(runs)


@task()
def run_import(run_id: int) -> int:
    """Go on with an import run over a file that was handed in; return the messages stored."""
    from qalqan.desk.intake import services
    from qalqan.desk.intake.models import ImportRun

    run: ImportRun = ImportRun.objects.get(pk=run_id)
    if run.state not in (run.State.WAITING, run.State.CHECKING, run.State.RUNNING):
        return run.stored
    path = Path(settings.MEDIA_ROOT) / run.stored_file
    report = services.resume_import(
        actor=SystemActor("worker"), run=run, path=path, now=timezone.now()
    )
    return report.stored
