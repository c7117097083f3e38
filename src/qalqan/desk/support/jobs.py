"""What the worker does for the sealed room; none of it can open a case."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.support.services import ending, keys, releasing, reminding

WORKER = SystemActor("worker")


def erase(now: datetime) -> int:
    """Erase what has run out, and what a backup brought back; return how many cases."""
    gone = ending.erase_what_ran_out(actor=WORKER, now=now)
    return gone + ending.sweep(actor=WORKER, now=now)


def let_go(now: datetime) -> int:
    """End the access of workers whose account was closed; return how many."""
    return keys.let_go_of_leavers(actor=WORKER, now=now)


def remind(now: datetime) -> int:
    """Put reviews that are due on their owners' lists; return how many owners."""
    return reminding.remind(actor=WORKER, now=now)


def release(now: datetime) -> bool:
    """Release the last quarter's counts, protected; tell whether there were any."""
    return releasing.release_quarter(actor=WORKER, now=now)


PERIODIC = [
    Periodic("support.erase", _("Erase support cases whose time is over"), erase, at=time(2, 40)),
    Periodic(
        "support.let_go",
        _("End the access of support workers who have left"),
        let_go,
        timedelta(minutes=15),
    ),
    Periodic("support.release", _("Release the quarter's counts"), release, at=time(4, 20)),
    Periodic("support.remind", _("Remind support workers of reviews"), remind, at=time(6, 30)),
]
