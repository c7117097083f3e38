"""What the worker does for warnings, devices and their signals."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from qalqan.desk.alerts.services import signals, subscribers
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor

WORKER = SystemActor("worker")


def escalate(now: datetime) -> int:
    """Pass up signals that nobody answers; return how many."""
    return signals.escalate_unanswered(actor=WORKER, now=now)


def forget(now: datetime) -> int:
    """Erase subscribers whose time is over; return how many."""
    return subscribers.forget(actor=WORKER, now=now)


PERIODIC = [
    Periodic(
        "alerts.forget",
        _("Erase addresses to warn whose time is over"),
        forget,
        at=time(3, 50),
    ),
    Periodic(
        "alerts.escalate",
        _("Pass up signals that nobody answers"),
        escalate,
        timedelta(seconds=15),
    ),
]
