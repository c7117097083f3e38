"""The same entry sent twice at the same instant is one entry, on a database server too."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone
from tests.support.factories import NOW, make_user
from tests.support.outreach_factories import make_body, make_group_worker
from tests.support.places_factories import make_place

from qalqan.desk.outreach.models import Activity, FieldNote, OutreachDevice
from qalqan.desk.outreach.services import phones, planning
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.repeating import told_once


def at_once(act, number=4):
    """Do an act in threads that start together; return what each returned."""
    gate = Barrier(number)

    def run(_number):
        gate.wait(30)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number), timeout=60))


@pytest.mark.django_db(transaction=True)
def test_the_same_number_at_the_same_instant_is_one():
    if connection.vendor == "sqlite":
        pytest.skip("the test database lives in memory, where threads cannot write together")
    district = make_place("Алға ауданы", kind="district")
    town = make_place("Алға", parent=district)
    worker, _body = make_group_worker()
    officer, other = make_user(Role.DUTY_OFFICER), make_body()
    today = timezone.localdate(NOW)
    for _turn in range(3):
        said = {
            "id": str(uuid4()), "title": "Talk", "activity_kind": "talk", "place": town.pk,
            "activity_theme": "rights", "held_on": today.isoformat(), "spoken": "kk",
        }  # fmt: skip
        found = at_once(lambda said=said: phones.take_activity(actor=worker, said=said, now=NOW))
        assert sorted(is_new for _row, is_new in found) == [False, False, False, True]
        note = {
            "id": str(uuid4()), "theme": FieldNote.Theme.values[0], "place": town.pk,
            "spot": FieldNote.Spot.values[0], "text": "The hall leaks",
            "seen_at": timezone.localtime(NOW).strftime("%Y-%m-%dT%H:%M"),
        }  # fmt: skip
        taken = at_once(lambda note=note: phones.take_note(actor=worker, said=note, now=NOW))
        assert sorted(one.is_new for one in taken) == [False, False, False, True]
        device = uuid4()
        at_once(lambda device=device: phones.meet_device(actor=worker, device_id=device, now=NOW))
        plan, picks = uuid4(), [planning.Pick(district.pk, "rights", "kk", "18_24")]
        made = at_once(
            lambda plan=plan, picks=picks: planning.accept_plan(
                actor=officer, plan_id=plan, picks=picks, body_id=other.pk, first_day=today,
                every_days=7, now=NOW,
            )
        )  # fmt: skip
        assert sorted(map(len, made)) == [0, 0, 0, 1]
    assert Activity.objects.count() == 6
    assert FieldNote.objects.count() == 3
    assert OutreachDevice.objects.count() == 3
    assert AuditEntry.objects.filter(action="outreach.write_note").count() == 3


def test_what_the_database_refuses_is_done_once_more_and_no_third_time():
    tries = []

    @told_once
    def act(*, other_rule):
        tries.append(other_rule)
        if other_rule or len(tries) == 1:
            raise IntegrityError("unique")
        return "the row of the other"

    assert act(other_rule=False) == "the row of the other"
    assert len(tries) == 2
    tries.clear()
    with pytest.raises(IntegrityError):
        act(other_rule=True)
    assert len(tries) == 2
