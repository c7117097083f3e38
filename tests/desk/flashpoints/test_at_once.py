"""Scans and people at the same moment: one flash-point, one step, nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from tests.support.factories import NOW, make_user
from tests.support.flashpoints_factories import make_flash_point, plant, scan, spread
from tests.support.incidents_factories import make_districts

from qalqan.desk.flashpoints import services
from qalqan.desk.flashpoints.models import Finding, FlashPoint, FlashPointStep, ScanRun
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.audit.services import verify
from qalqan.desk.platform.policies import Role
from qalqan.errors import ConflictError

pytestmark = pytest.mark.django_db(transaction=True)
TOMORROW = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _server():
    if connection.vendor == "sqlite":
        pytest.skip("the test database lives in memory, where threads cannot write together")


def at_once(*acts):
    """Do the acts in threads that start together; return what each returned or raised."""
    gate = Barrier(len(acts))

    def run(act):
        gate.wait(30)
        try:
            return act()
        except ConflictError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def planted():
    districts = make_districts(5)
    spread(districts)
    plant(districts[1])


def test_the_same_scan_at_once_is_stored_once():
    planted()
    runs = at_once(scan, scan, scan)
    assert len({run.pk for run in runs}) == 1
    assert (ScanRun.objects.count(), FlashPoint.objects.count()) == (1, 1)
    assert AuditEntry.objects.filter(action="flashpoints.run_scan").count() == 1


def test_different_scans_at_once_open_one_flash_point():
    planted()
    at_once(*(lambda seed=seed: scan(seed=seed) for seed in range(4)))
    flash_point = FlashPoint.objects.get()
    assert ScanRun.objects.count() == 4
    assert flash_point.sightings.count() == 4
    assert not Finding.objects.filter(p_value__lte=0.01, flash_point=None).exists()
    assert [step.kind for step in flash_point.steps.all()] == ["opened"]
    assert verify().ok


def test_of_two_reviewers_at_once_one_is_told_so():
    flash_point = make_flash_point()
    people = [make_user(Role.ANALYST), make_user(Role.DUTY_OFFICER)]

    def review(actor, judgement):
        return services.review(
            actor=actor, flash_point=flash_point, judgement=judgement, reason="Looked.",
            now=NOW, after_step=1, seen=flash_point.newest_id,
        )  # fmt: skip

    ended = at_once(
        lambda: review(people[0], "real"), lambda: review(people[1], "artefact")
    )  # fmt: skip
    assert sorted(type(one).__name__ for one in ended) == ["ConflictError", "FlashPoint"]
    assert FlashPointStep.objects.filter(kind="reviewed").count() == 1
    assert AuditEntry.objects.filter(action="flashpoints.review").count() == 1


def test_a_decision_and_a_closing_at_once_make_one_step_and_no_orphan_of_work():
    from qalqan.desk.platform.work.models import WorkItem

    flash_point = make_flash_point()
    duty, secretary = make_user(Role.DUTY_OFFICER), make_user(Role.SECRETARY)
    services.review(
        actor=duty, flash_point=flash_point, judgement="real", reason="Looked.", now=NOW
    )  # fmt: skip
    decided, closed = at_once(
        lambda: services.decide(
            actor=secretary, flash_point=flash_point, decision="Patrols.", title="Patrols",
            owner=secretary, organisation=None, due_at=TOMORROW, now=NOW, after_step=2,
        ),
        lambda: services.close(
            actor=duty, flash_point=flash_point, reason="Quiet.", now=NOW, after_step=2
        ),
    )  # fmt: skip
    flash_point.refresh_from_db()
    assert flash_point.steps_taken == 3
    assert isinstance(decided, ConflictError) != isinstance(closed, ConflictError)
    assert WorkItem.objects.count() == (0 if isinstance(decided, ConflictError) else 1)


def test_a_review_while_the_night_scans_loses_neither():
    flash_point = make_flash_point()
    read = flash_point.newest
    plant(read.areas.get().place, 6, until=TOMORROW)
    duty = make_user(Role.DUTY_OFFICER)
    at_once(
        lambda: scan(now=TOMORROW),
        lambda: services.review(
            actor=duty, flash_point=flash_point, judgement="real", reason="Looked.", now=NOW,
            after_step=1, seen=read.pk,
        ),
    )  # fmt: skip
    flash_point.refresh_from_db()
    assert (flash_point.state, flash_point.judged) == ("reviewed", read)
    assert flash_point.newest != read
    assert flash_point.sightings.count() == 2
