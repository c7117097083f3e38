"""What the worker does for this room."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.work import services


def remind(now: datetime) -> int:
    """Remind those who owe work."""
    return services.send_due_reminders(actor=SystemActor("work"), now=now)


def route(now: datetime) -> int:
    """Name whom the rules name for what waits for nobody."""
    return services.route_waiting(actor=SystemActor("work"), now=now)


PERIODIC = [
    Periodic("work.remind", _("Remind of work that is due"), remind, timedelta(minutes=5)),
    Periodic("work.route", _("Route what waits by the rules"), route, timedelta(minutes=5)),
]
