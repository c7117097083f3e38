"""What the worker does for warnings, devices and their signals."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from qalqan.desk.alerts.services import signals
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor

WORKER = SystemActor("worker")


def escalate(now: datetime) -> int:
    """Pass up signals that nobody answers; return how many."""
    return signals.escalate_unanswered(actor=WORKER, now=now)


PERIODIC = [
    Periodic(
        "alerts.escalate",
        _("Pass up signals that nobody answers"),
        escalate,
        timedelta(seconds=15),
    ),
]
