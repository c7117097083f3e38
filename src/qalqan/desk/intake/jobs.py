"""What the worker does for intake."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from qalqan.desk.intake import services
from qalqan.desk.intake.tasks import resume_interrupted, store_what_waits
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor

WORKER = SystemActor("worker")


def poll_feeds(now: datetime) -> int:
    """Poll the feeds whose time has come; return the new messages."""
    polled = services.poll_due_feeds(actor=WORKER, now=now)
    return sum(result.stored for result in polled)


PERIODIC = [
    Periodic("intake.poll_feeds", _("Poll the feeds"), poll_feeds, timedelta(minutes=1)),
    Periodic(
        "intake.store_waiting", _("Store what came through the web"), store_what_waits,
        timedelta(minutes=1),
    ),
    Periodic(
        "intake.resume_imports", _("Go on with interrupted imports"), resume_interrupted,
        timedelta(minutes=15),
    ),
]  # fmt: skip
