"""What the worker does for intake."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from qalqan.desk.intake import services
from qalqan.desk.intake.models import ImportRun
from qalqan.desk.platform.policies import SystemActor

WORKER = SystemActor("worker")


@task()
def store_waiting_messages() -> int:
    """Store the messages that came through the web; return how many."""
    total = 0
    while done := services.drain_waiting(actor=WORKER, now=timezone.now()):
        total += done
    return total


@task()
def run_import(run_id: int) -> int:
    """Go on with an import run over a file that was handed in; return the messages stored."""
    run: ImportRun = ImportRun.objects.get(pk=run_id)
    if run.state not in (run.State.WAITING, run.State.CHECKING, run.State.RUNNING):
        return run.stored
    path = Path(settings.MEDIA_ROOT) / run.stored_file
    report = services.resume_import(actor=WORKER, run=run, path=path, now=timezone.now())
    return report.stored


@task()
def poll_feeds() -> int:
    """Poll the feeds whose time has come; return the new messages."""
    polled = services.poll_due_feeds(actor=WORKER, now=timezone.now())
    return sum(result.stored for result in polled)
