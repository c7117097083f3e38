"""What the worker does for the queue; `jobs` lists it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.rumours.services import measuring, proposing, ranking

WORKER = SystemActor("worker")


def rank(now: datetime) -> int:
    """Rank what changed, and give threats to the duty officer at once."""
    done = ranking.rank_claims(actor=WORKER, now=now)
    ranking.tell_duty_officer(actor=WORKER, now=now)
    return done


def compare(now: datetime) -> int:
    """Look for earlier answers and for claims that say the same."""
    matched = proposing.match_claims(actor=WORKER, now=now)
    return matched + proposing.propose(actor=WORKER, now=now)["compared"]


def measure(now: datetime) -> None:
    """Compute how long answers take."""
    measuring.measure(actor=WORKER, now=now)


QUEUE = [
    Periodic("rumours.rank", _("Order the queue of rumours"), rank, timedelta(minutes=1)),
    Periodic(
        "rumours.compare", _("Compare rumours with each other and with answers"), compare,
        timedelta(minutes=2),
    ),
    Periodic(
        "rumours.measure", _("Measure how long answers take"), measure, timedelta(hours=1)
    ),
]  # fmt: skip
