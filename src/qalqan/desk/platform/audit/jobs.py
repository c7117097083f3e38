"""What the worker does for the record."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.audit import services
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor


def seal_yesterday(now: datetime) -> None:
    """Seal the head of the day that has just ended in the province."""
    day = timezone.localdate(now) - timedelta(days=1)
    services.seal_day(actor=SystemActor("worker"), day=day, now=now)


PERIODIC = (
    Periodic(
        name="audit.seal_day", label=_("Seal the day's record"), run=seal_yesterday, at=time(0, 5)
    ),
)
