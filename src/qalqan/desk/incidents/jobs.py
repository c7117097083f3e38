"""What the worker does for the ledger."""

from __future__ import annotations

from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from qalqan.desk.incidents.services import linking
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor


def search_series(now: datetime) -> int:
    """Compare incidents; return how many series are suggested."""
    return len(linking.search_series(actor=SystemActor("worker"), now=now))


PERIODIC = [
    Periodic("incidents.series", _("Compare incidents"), search_series, at=time(2, 30)),
]
