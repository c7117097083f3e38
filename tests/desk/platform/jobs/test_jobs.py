"""Periodic jobs run when due, once, and a failure is seen."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from tests.support.factories import NOW, make_user, sign_in

from qalqan.desk.platform.jobs import periodic, selectors, services, worker
from qalqan.desk.platform.jobs.models import Schedule
from qalqan.desk.platform.jobs.periodic import Periodic
from qalqan.desk.platform.policies import Role
from qalqan.errors import RefusedError

# The worker drops its connection between tasks, which a test inside a transaction cannot bear.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def runs(monkeypatch):
    """Return the moments at which the one periodic job of this test ran."""
    seen = []
    job = Periodic("test.job", "Test job", seen.append, timedelta(minutes=5))
    for module in (services, selectors):
        monkeypatch.setattr(module, "periodic_jobs", lambda: {job.name: job})
    return seen


def fail(_now):
    raise OSError("the disk is full")


def test_a_job_runs_when_it_is_due_and_not_before(runs):
    clock = [NOW]
    for minutes in (0, 1, 4, 5, 9, 10):
        clock[0] = NOW + timedelta(minutes=minutes)
        worker.run_worker(once=True, clock=lambda: clock[0])
    assert len(runs) == 3
    assert Schedule.objects.get().last_outcome == Schedule.Outcome.DONE


def test_a_job_that_waits_is_not_queued_again(runs):
    services.run_due(NOW)
    services.run_due(NOW + timedelta(minutes=6))
    assert DBTaskResult.objects.count() == 1


def test_a_job_whose_worker_was_killed_is_queued_again_later(runs):
    services.run_due(NOW)
    services.run_due(NOW + timedelta(minutes=20))
    assert DBTaskResult.objects.count() == 2


def test_a_failure_is_noted_and_the_next_run_comes(monkeypatch):
    job = Periodic("test.job", "Test job", fail, timedelta(minutes=5))
    monkeypatch.setattr(services, "periodic_jobs", lambda: {job.name: job})
    worker.run_worker(once=True, clock=lambda: NOW)
    row = Schedule.objects.get()
    assert (row.last_outcome, row.last_error, row.failures) == ("failed", "OSError", 1)
    assert row.next_run == NOW + timedelta(minutes=5)


def test_a_nightly_job_waits_for_its_night(monkeypatch):
    job = Periodic("test.job", "Test job", fail, at=time(3, 30))
    monkeypatch.setattr(services, "periodic_jobs", lambda: {job.name: job})
    assert services.run_due(NOW) == []
    # Half past three in Aktobe is 22:30 of the day before in UTC.
    assert Schedule.objects.get().next_run == datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    assert services.run_due(datetime(2026, 3, 2, 22, 30, tzinfo=UTC)) == ["test.job"]


def test_every_room_names_its_jobs_once():
    jobs = periodic.periodic_jobs()
    assert {"work.remind", "flashpoints.scan"} <= set(jobs)
    assert all(str(job.label) for job in jobs.values())


def test_the_administrator_sees_failures_and_runs_a_job_soon(client, runs):
    services.run_due(NOW)
    admin = make_user(Role.ADMINISTRATOR, language="en")
    sign_in(client, admin)
    page = client.get(reverse("jobs:overview")).content.decode()
    assert "Test job" in page
    schedule = Schedule.objects.get()
    client.post(reverse("jobs:run_soon", args=[schedule.pk]))
    schedule.refresh_from_db()
    assert schedule.next_run > NOW + timedelta(minutes=5)


def test_others_are_refused(client, runs):
    services.run_due(NOW)
    officer = make_user(Role.DUTY_OFFICER)
    sign_in(client, officer)
    assert client.get(reverse("jobs:overview")).status_code == 403
    with pytest.raises(RefusedError):
        services.run_soon(actor=officer, schedule=Schedule.objects.get(), now=NOW)
