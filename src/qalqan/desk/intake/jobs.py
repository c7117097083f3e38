"""What the worker does for intake."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from qalqan.desk.intake import services
from qalqan.desk.intake.models import ImportRun
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor

WORKER = SystemActor("worker")


@task()
def store_waiting_messages() -> int:
    """Store the messages that came through the web; return how many."""
    return store_what_waits(timezone.now())


@task()
def run_import(run_id: int) -> int:
    """Go on with an import run over a file that was handed in; return the messages stored."""
    run: ImportRun = ImportRun.objects.get(pk=run_id)
    if run.state not in (run.State.WAITING, run.State.CHECKING, run.State.RUNNING):
        return run.stored
    path = Path(settings.MEDIA_ROOT) / run.stored_file
    report = services.resume_import(actor=WORKER, run=run, path=path, now=timezone.now())
    return report.stored


def poll_feeds(now: datetime) -> int:
    """Poll the feeds whose time has come; return the new messages."""
    polled = services.poll_due_feeds(actor=WORKER, now=now)
    return sum(result.stored for result in polled)


def store_what_waits(now: datetime) -> int:
    """Store what a job that was cut short left waiting; return how many messages."""
    total = 0
    while done := services.drain_waiting(actor=WORKER, now=now):
        total += done
    return total


PERIODIC = [
    Periodic("intake.poll_feeds", _("Poll the feeds"), poll_feeds, timedelta(minutes=1)),
    Periodic(
        "intake.store_waiting", _("Store what came through the web"), store_what_waits,
        timedelta(minutes=1),
    ),
]  # fmt: skip
