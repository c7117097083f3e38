"""What the worker does for the commission."""

from __future__ import annotations

from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from qalqan.desk.commission import jobs_performance
from qalqan.desk.commission.services.money import publish_money
from qalqan.desk.commission.services.reports import open_due_report
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor

WORKER = SystemActor("commission")


def publish(now: datetime) -> int:
    """Publish money and devices of the quarter that is over, once; return how many editions."""
    return sum(one.state == "published" for one in publish_money(actor=WORKER, now=now))


def report_due(now: datetime) -> int:
    """Open the work of reporting the quarter that is over; return how many."""
    return 1 if open_due_report(actor=WORKER, now=now) else 0


PERIODIC = [
    *jobs_performance.PERIODIC,
    Periodic("commission.report", _("Ask for the report of the quarter that is over"), report_due,
             at=time(6, 10)),
    Periodic("commission.money", _("Publish money and devices by district"), publish,
             at=time(4, 25)),
]  # fmt: skip
