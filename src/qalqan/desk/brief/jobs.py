"""What the worker does for the brief."""

from __future__ import annotations

from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from qalqan.desk.brief import services
from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import SystemActor


def compute(now: datetime) -> BriefEdition:
    """Compute the brief of the morning."""
    # The full hour: windows are counted in whole hours, and the briefs of two mornings must meet.
    as_of = now.replace(minute=0, second=0, microsecond=0)
    return services.compute_brief(actor=SystemActor("brief"), now=now, as_of=as_of)


def forget(now: datetime) -> int:
    """Delete looks and votes that are older than ninety days; return how many rows."""
    return services.forget(actor=SystemActor("brief"), now=now)


PERIODIC = [
    Periodic("brief.compute", _("Compute the morning brief"), compute, at=time(6)),
    Periodic("brief.forget", _("Forget who looked at the brief, after 90 days"), forget,
             at=time(3, 20)),
]  # fmt: skip
