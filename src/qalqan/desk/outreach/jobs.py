"""What the worker does for outreach."""

from __future__ import annotations

from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from qalqan.desk.outreach.services.notes import sweep_orphans
from qalqan.desk.outreach.services.planning import count_places
from qalqan.desk.outreach.services.publishing import publish_reach
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor

WORKER = SystemActor("outreach")


def count(now: datetime) -> int:
    """Count the activities of the last year by place; return how many places had some."""
    return count_places(now=now)


def sweep(now: datetime) -> int:
    """Delete pictures whose act did not come to its end; return how many."""
    return sweep_orphans(now=now)


def publish(now: datetime) -> int:
    """Publish the reach of the month that is over, once; return how many editions were made."""
    return 1 if publish_reach(actor=WORKER, now=now) else 0


PERIODIC = [
    Periodic("outreach.count_places", _("Count activities by place"), count, at=time(2, 40)),
    Periodic("outreach.publish", _("Publish whom prevention reached"), publish, at=time(4, 10)),
    Periodic("outreach.sweep", _("Delete pictures that nothing names"), sweep, at=time(3, 40)),
]
