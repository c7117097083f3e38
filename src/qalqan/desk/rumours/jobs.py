"""What the worker does for rumours."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.rumours import services
from qalqan.desk.rumours.jobs_queue import QUEUE

WORKER = SystemActor("worker")


def deliver(now: datetime) -> int:
    """Send what waits to be told; return how many were delivered."""
    return services.deliver_due(actor=WORKER, now=now)


def move_on(now: datetime) -> int:
    """Bring back what grows again, and watch what was answered; return how many came back."""
    services.watch_answered(actor=WORKER, now=now)
    return len(services.return_claims(actor=WORKER, now=now))


def forget(now: datetime) -> int:
    """Erase addresses that nobody confirmed, and old reference numbers; return how many."""
    gone = services.forget_unconfirmed(actor=WORKER, now=now)
    return gone + services.forget_references(actor=WORKER, now=now)


PERIODIC = [
    Periodic("rumours.deliver", _("Send what was published"), deliver, timedelta(minutes=1)),
    Periodic(
        "rumours.move_on", _("Bring back rumours that grow again"), move_on, timedelta(minutes=5)
    ),
    Periodic(
        "rumours.forget", _("Erase what is no longer needed of readers and reports"), forget,
        at=time(3, 40),
    ),
    *QUEUE,
]  # fmt: skip
