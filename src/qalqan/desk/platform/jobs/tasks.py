"""What the queue calls."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from qalqan.desk.platform.jobs import services


@task()
def run_periodic(name: str) -> None:
    """Run one periodic job and note how it went."""
    services.run_periodic(name=name, clock=timezone.now)
