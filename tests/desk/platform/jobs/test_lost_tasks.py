"""A worker that is killed loses no task, and two workers never share a desk's folder."""

from __future__ import annotations

import fcntl
import os

import pytest
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from tests.support.factories import NOW

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.jobs import tasks, worker
from qalqan.errors import ConflictError

# The worker drops its connection between tasks, which a test inside a transaction cannot bear.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def claim_and_die(name: str) -> DBTaskResult:
    """Leave a task as a worker leaves it that was killed with it in hand."""
    queued = tasks.run_periodic.enqueue("no such job")
    row = DBTaskResult.objects.get(id=queued.id)
    row.claim(f"{name}-00ff")
    return row


def test_a_task_of_a_killed_worker_runs_again():
    with worker._only_worker() as name:
        row = claim_and_die(name)
    worker.run_worker(once=True, clock=lambda: NOW)
    row.refresh_from_db()
    assert row.status == TaskResultStatus.FAILED, "it ran: there is no job of that name"
    assert len(row.worker_ids) == 2
    entry = AuditEntry.objects.get(action="jobs.requeue_lost")
    assert entry.detail["count"] == 1


def test_a_task_in_the_hands_of_another_desk_is_left_alone():
    row = claim_and_die("another")
    worker.run_worker(once=True, clock=lambda: NOW)
    row.refresh_from_db()
    assert row.status == TaskResultStatus.RUNNING


def test_a_second_worker_is_refused(home):
    held = os.open(home / "worker.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_EX)
    with pytest.raises(ConflictError):
        worker.run_worker(once=True, clock=lambda: NOW)
    os.close(held)
    worker.run_worker(once=True, clock=lambda: NOW)
