"""What the queue calls for protection; the services put it there."""

from __future__ import annotations

import time

from django.utils import timezone
from django_tasks import task


@task()
def compute_budget(plan_id: int) -> str:
    """Compute an equipment plan; return how it ended."""
    from qalqan.desk.protection.models import BudgetPlan
    from qalqan.desk.protection.services import budgets

    row = BudgetPlan.objects.filter(pk=plan_id).first()
    if row is None:
        return "gone"
    return str(budgets.compute_budget(plan=row, clock=timezone.now).state)


@task()
def compute_horns(plan_id: int) -> str:
    """Search places for loudspeakers; return how it ended."""
    from qalqan.desk.protection.models import HornPlan
    from qalqan.desk.protection.services import horns

    row = HornPlan.objects.filter(pk=plan_id).first()
    if row is None:
        return "gone"
    found = horns.compute_search(plan=row, clock=timezone.now, seconds=time.monotonic)
    return str(found.state)
