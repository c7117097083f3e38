"""What the queue calls for warnings; the services put it there."""

from __future__ import annotations

from django_tasks import task


@task(priority=100)
def tell_of_break_glass(version_id: int) -> int:
    """Write to the others that one person sent a warning alone; return to how many."""
    from qalqan.desk.alerts.services.telling import tell_of_break_glass as tell

    return tell(version_id)
