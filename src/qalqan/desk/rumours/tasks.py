"""What the queue calls for rumours; the services put it there."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from qalqan.desk.platform.policies import SystemActor


@task()
def send_deliveries() -> int:
    """Send what is due; return how many were delivered."""
    from qalqan.desk.rumours import services

    return services.deliver_due(actor=SystemActor("worker"), now=timezone.now())
