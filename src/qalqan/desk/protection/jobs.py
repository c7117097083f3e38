"""What the worker does for protection."""

from __future__ import annotations

from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.protection.services.files import sweep_orphans
from qalqan.desk.protection.services.notices import send_reminders

WORKER = SystemActor("protection")


def remind(now: datetime) -> int:
    """Take the rung of the ladder that each open notice has reached; return how many."""
    return send_reminders(actor=WORKER, now=now)


def sweep(now: datetime) -> int:
    """Delete pictures whose act did not come to its end; return how many."""
    return sweep_orphans(now=now)


PERIODIC = [
    Periodic("protection.remind", _("Remind of notices that are due"), remind, at=time(8, 0)),
    Periodic("protection.sweep", _("Delete pictures that nothing names"), sweep, at=time(3, 30)),
]
