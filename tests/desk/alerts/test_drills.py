"""Exercises: begun as Exercise and nothing else, reported by what the receipts say."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.alert_delivery import make_target, make_version
from tests.support.factories import NOW, make_user

from qalqan.desk.alerts.models import Delivery, Drill, Receipt
from qalqan.desk.alerts.selectors.drills import drill_report
from qalqan.desk.alerts.services import drills
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
SYSTEM = SystemActor("tests")


def _running(targets: int, reached: int) -> Drill:
    version = make_version(now=NOW, status="Exercise")
    version.submitted_at = NOW - timedelta(seconds=42)
    version.save()
    drill = Drill.objects.create(
        title="Flood", planned_at=NOW, state="running", alert=version.alert, begun_at=NOW
    )
    for number in range(targets):
        kind = "mqtt" if number % 2 else "webhook"
        target = make_target(f"t{number:02}", "https://x.example", kind)
        row = Delivery.objects.create(
            version=version, target=target, lane=target.lanes.get(), channel=kind, language="kk",
            priority=1, written_at=NOW, state="accepted" if number < reached else "failed",
            last_error="" if number < reached else "no answer",
        )  # fmt: skip
        if number < reached:
            at = NOW + timedelta(seconds=1 + number)
            Receipt.objects.create(delivery=row, attempt=1, event="accepted", at=at)
            later = at + timedelta(minutes=5)
            Receipt.objects.create(delivery=row, attempt=1, event="played", at=later)
        else:
            Receipt.objects.create(delivery=row, attempt=1, event="failed", at=NOW)
    return drill


def test_the_report_reckons_with_the_first_receipt_of_each() -> None:
    report = drill_report(SYSTEM, _running(20, 19))
    assert (report.to_approve, report.to_first, report.to_95) == (42.0, 1.0, 19.0)
    assert (report.reached, report.intended) == (19, 20)
    assert report.by_channel == {"webhook": [10, 10], "mqtt": [9, 10]}
    assert [(one.target, one.why) for one in report.failures] == [("t19", "no answer")]


def test_95_in_100_that_were_not_reached_have_no_time() -> None:
    report = drill_report(SYSTEM, _running(20, 18))
    assert report.to_95 is None
    assert len(report.failures) == 2


def test_an_exercise_nobody_received() -> None:
    report = drill_report(SYSTEM, _running(0, 0))
    assert (report.to_first, report.to_95, report.intended) == (None, None, 0)


def test_an_exercise_is_begun_once_and_ended_once() -> None:
    officer = make_user()
    drill = drills.plan_drill(actor=officer, title=" Flood  plain ", planned_at=NOW, now=NOW)
    assert drill.title == "Flood plain"
    with pytest.raises(ConflictError):
        drills.end_drill(actor=officer, drill=drill, lessons="x", now=NOW)
    begun = drills.begin_drill(actor=officer, drill=drill, now=NOW)
    assert begun.alert is not None
    assert begun.alert.status == "Exercise"
    with pytest.raises(ConflictError):
        drills.begin_drill(actor=officer, drill=drill, now=NOW)
    with pytest.raises(InputError):
        drills.end_drill(actor=officer, drill=drill, lessons=" ", now=NOW)
    done = drills.end_drill(actor=officer, drill=drill, lessons="Keys", now=NOW)
    assert (done.state, done.report["intended"]) == ("done", 0)


def test_who_may_plan() -> None:
    with pytest.raises(RefusedError):
        drills.plan_drill(actor=make_user(role=Role.INSPECTOR), title="x", planned_at=NOW, now=NOW)
    with pytest.raises(InputError):
        drills.plan_drill(actor=make_user(), title=" ", planned_at=NOW, now=NOW)
