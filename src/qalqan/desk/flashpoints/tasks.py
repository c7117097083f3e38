"""What the queue calls for flash-points; the services put it there."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task


@task()
def compute_what_if(what_if_id: int) -> str:
    """Compute a what-if scan; return how it ended."""
    from qalqan.desk.flashpoints import services
    from qalqan.desk.flashpoints.models import WhatIf

    row = WhatIf.objects.filter(pk=what_if_id).first()
    if row is None:
        return "gone"
    return str(services.compute_what_if(what_if=row, clock=timezone.now).state)


@task()
def compute_forecasts() -> int:
    """Compute what is missing of the coming week's forecasts; return how many those were."""
    from qalqan.desk.flashpoints.services.forecasting import forecast_missing
    from qalqan.desk.platform.policies import SystemActor

    return len(forecast_missing(actor=SystemActor("flashpoints"), now=timezone.now()))
