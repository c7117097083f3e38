"""Every room feeds the brief, and a room that fails is named while the brief appears."""

from datetime import date, timedelta

import pytest
from tests.support.commission_factories import make_decision, make_secretary
from tests.support.devices_factories import make_device
from tests.support.factories import NOW, make_user
from tests.support.places_factories import make_place
from tests.support.polls_factories import make_poll

from qalqan.desk.agencies.models import Return
from qalqan.desk.brief import services
from qalqan.desk.brief.services import computing
from qalqan.desk.brief.services.decisions import owed
from qalqan.desk.brief.services.devices import health_now
from qalqan.desk.brief.services.gaps import not_arrived
from qalqan.desk.intake.models import ImportRun
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.jobs.models import Schedule
from qalqan.desk.platform.policies import Role, SystemActor

pytestmark = pytest.mark.django_db
CLERK = SystemActor("test")


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.HOME = tmp_path


def gaps(moment=NOW):
    return {(gap.kind, gap.name): gap for gap in not_arrived(CLERK, moment)}


def test_decisions_late_or_due_within_a_week_are_told():
    secretary = make_secretary()
    body = secretary.organisation
    late = make_decision(secretary, body, days=1, now=NOW - timedelta(days=5))
    soon = make_decision(secretary, body, days=6)
    make_decision(secretary, body, days=30)
    found = owed(CLERK, NOW)
    assert [one.decision_id for one in found.shown] == [late.pk, soon.pk]
    assert (found.live, found.overdue, found.to_judge) == (3, 1, 0)
    assert owed(CLERK, NOW).shown[0].owner == str(body)


def test_without_decisions_and_devices_nothing_is_said():
    assert owed(CLERK, NOW) is None
    assert health_now(CLERK, NOW) is None


def test_a_device_that_is_not_heard_is_counted():
    make_device(now=NOW - timedelta(days=3))
    found = health_now(CLERK, NOW)
    assert (found.in_use, found.silent, found.unanswered) == (1, 1, 0)


def test_a_job_that_failed_and_a_file_that_was_refused_are_told():
    Schedule.objects.create(
        name="rumours.rank", next_run=NOW, last_outcome="failed", failures=3, last_finished=NOW
    )
    Schedule.objects.create(name="well.done", next_run=NOW, last_outcome="done")
    for state, hours in (("refused", 3), ("refused", 30), ("done", 3)):
        ImportRun.objects.create(
            file_name=f"{state}{hours}.csv", format="csv", source_name="x", state=state,
            rejected=12, started_at=NOW - timedelta(hours=hours), started_by=make_user(),
        )  # fmt: skip
    found = gaps()
    jobs = [key for key in found if key[0] in ("job", "import")]
    assert ("import", "refused3.csv") in jobs
    assert ("import", "refused30.csv") not in jobs
    assert found["import", "refused3.csv"].count == 12


def test_field_work_past_its_last_day_is_told():
    poll = make_poll(code="late", starts_on=date(2026, 2, 1), ends_on=date(2026, 2, 20))
    type(poll).objects.filter(pk=poll.pk).update(state="open", kind="convenience")
    assert gaps()["poll", "late"].number == poll.pk
    assert ("poll", "late") not in gaps(NOW - timedelta(days=20))


def test_a_province_that_returned_before_and_not_now_is_told_after_the_tenth():
    provinces = [make_place(name, kind="province") for name in ("One", "Two")]
    for province, month in ((provinces[0], 1), (provinces[1], 1), (provinces[1], 2)):
        Return.objects.create(
            origin="received", province=province, month=date(2026, month, 1), edition=1,
            issued_at=NOW, stored_at=NOW, document="{}", digest=f"{province.pk}{month}",
            key_id="k", signature="s",
        )  # fmt: skip
    names = {name for kind, name in gaps(NOW + timedelta(days=9)) if kind == "return"}
    assert names == {f"{provinces[0]} 2026-02"}
    assert not [kind for kind, _name in gaps(NOW + timedelta(days=3)) if kind == "return"]


@pytest.mark.parametrize(
    ("broken", "room"),
    [("growing", "rumours"), ("excesses_and_map", "flashpoints"), ("incidents", "incidents"),
     ("overdue", "overdue"), ("holding", "warnings"), ("asked", "questions"),
     ("owed", "decisions"), ("standing", "protection"), ("gaps", "outreach"),
     ("trust_now", "trust"), ("health_now", "devices"), ("not_arrived", "gaps"),
     ("province", "places")],
)  # fmt: skip
def test_a_room_that_fails_is_named_and_the_brief_appears(monkeypatch, broken, room):
    def fail(*_args, **_fields):
        raise KeyError("a name that belongs to nobody here")

    monkeypatch.setattr(computing, broken, fail)
    edition = services.compute_brief(actor=CLERK, now=NOW, replicates=19)
    assert [(one.room, one.error) for one in edition.brief.missing] == [(room, "KeyError")]
    assert AuditEntry.objects.order_by("-sequence").first().detail["missing"] == [room]
    assert "belongs to nobody" not in str(edition.payload)


def test_what_is_missing_is_not_told_as_gone(monkeypatch):
    duty = make_user(Role.DUTY_OFFICER)
    from tests.support.incidents_factories import make_incident

    make_incident(at=NOW)
    services.compute_brief(actor=duty, now=NOW, replicates=19)
    monkeypatch.setattr(computing, "incidents", lambda *_args: 1 / 0)
    later = services.compute_brief(actor=duty, now=NOW + timedelta(hours=20), replicates=19)
    assert [one.room for one in later.brief.missing] == ["incidents"]
    assert not [one for one in later.brief.changes if one.what == "incident"]
