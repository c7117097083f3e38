"""What the worker does for this room."""

from __future__ import annotations

from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from qalqan.desk.flashpoints import services
from qalqan.desk.flashpoints.models import Stream
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor


def scan(now: datetime) -> None:
    """Scan every stream."""
    for stream in Stream.values:
        services.run_scan(actor=SystemActor("flashpoints"), stream=stream, now=now)


PERIODIC = [Periodic("flashpoints.scan", _("Scan for flash-points"), scan, at=time(3, 30))]
