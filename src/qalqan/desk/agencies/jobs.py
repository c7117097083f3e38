"""What the worker does for the room of agencies."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from qalqan.desk.agencies.services.handing import lapse_offers
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor

WORKER = SystemActor("agencies")


def lapse(now: datetime) -> int:
    """Bring back the matters whose offers were not answered in time; return how many."""
    return lapse_offers(actor=WORKER, now=now)


PERIODIC = [
    Periodic("agencies.lapse", _("Bring back matters that nobody answered for"), lapse,
             every=timedelta(minutes=15)),
]  # fmt: skip
