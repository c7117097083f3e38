"""What everybody sees of the reach, what the brief says of gaps, and rumours heard taken in."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.factories import NOW, make_user, sign_in
from tests.support.outreach_factories import make_activity
from tests.support.places_factories import make_place

from qalqan.desk.brief.services.outreach import gaps
from qalqan.desk.flashpoints.models import ScanRun
from qalqan.desk.flashpoints.need import needs_of
from qalqan.desk.intake import services as intake
from qalqan.desk.outreach.selectors.published import public_reach
from qalqan.desk.outreach.services import notes
from qalqan.desk.outreach.services.facts import Outcome
from qalqan.desk.outreach.services.publishing import publish_reach
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.rumours.models import Message
from qalqan.errors import ConflictError, RefusedError

pytestmark = pytest.mark.django_db
DESK = SystemActor("tests")


def held(place, young, older):
    outcome = Outcome(
        reach=young + older, reach_is="counted", bands={"14_17": young, "29_44": older}
    )
    make_activity(place_id=place.pk, outcome=outcome, held_on=date(2026, 2, 10))


def test_small_counts_of_the_reach_are_withheld_and_cannot_be_worked_out():
    districts = [make_place(name, kind="district") for name in ("Алға", "Темір", "Шалқар")]
    for place, young, older in zip(districts, (40, 3, 25), (30, 22, 31), strict=True):
        held(place, young, older)
    made = publish_reach(actor=DESK, now=NOW)
    assert made.state == "published"
    assert publish_reach(actor=DESK, now=NOW) is None
    found = public_reach()
    assert found.month == date(2026, 2, 1)
    rows = {row.name: row for row in found.rows}
    assert rows["Темір"].young is None
    # The withheld 3 would follow from its row or its column; others are withheld for its sake.
    assert None in (rows["Темір"].older, rows["Темір"].total)
    assert None in (rows["Алға"].young, rows["Шалқар"].young, found.total.young)
    page = Client().get(reverse("public:reach", args=["en"])).content.decode()
    assert "Темір" in page


def test_without_activities_nothing_is_published_and_the_page_says_so():
    assert publish_reach(actor=DESK, now=NOW) is None
    assert "No month is published yet" in (
        Client().get(reverse("public:reach", args=["en"])).content.decode()
    )
    held(make_place("Алға", kind="district"), 40, 30)
    worker = make_user(Role.GROUP_WORKER)
    with pytest.raises(RefusedError):
        publish_reach(actor=worker, now=NOW)


def test_the_brief_names_districts_without_activities_and_notes_without_answer():
    assert gaps(DESK, NOW) is None
    first, second = (make_place(name, kind="district") for name in ("Алға", "Темір"))
    held(first, 40, 30)
    facts = notes.NoteFacts(
        "rumour", "market", first.pk, NOW - timedelta(hours=1), "Нан қымбаттайды", "kk"
    )
    notes.write_note(actor=make_user(Role.GROUP_WORKER), facts=facts, now=NOW)
    found = gaps(DESK, NOW)
    bare = {place.id for place in found.nothing}
    assert second.pk in bare
    assert first.pk not in bare
    assert (found.bare, found.notes_waiting) == ([], 1)


def test_a_rumour_heard_becomes_a_message_once():
    town = make_place("Алға", parent=make_place("Алға ауданы", kind="district"))
    facts = notes.NoteFacts(
        "rumour", "market", town.pk, NOW - timedelta(hours=1), "Нан екі есе қымбаттайды", "kk"
    )
    note = notes.write_note(actor=make_user(Role.GROUP_WORKER), facts=facts, now=NOW).note
    officer = make_user(Role.DUTY_OFFICER)
    client = sign_in(Client(), officer)
    assert "Нан екі есе" in client.get(reverse("intake:heard")).content.decode()
    receipt = intake.take_heard(actor=officer, note_id=note.pk, now=NOW)
    assert receipt.accepted == 1
    assert Message.objects.get().text == "Нан екі есе қымбаттайды"
    with pytest.raises(ConflictError):
        intake.take_heard(actor=officer, note_id=note.pk, now=NOW)
    client.post(reverse("intake:heard_take", args=[note.pk]))
    assert Message.objects.count() == 1


def test_need_is_observed_over_expected_with_garwoods_interval():
    run = ScanRun(
        pk=1, stream="tips", window_start=date(2026, 1, 1), window_end=date(2026, 3, 1),
        parameters={"max_duration": 21}, by_area=[[7, 10, 5.0], [8, 0, 2.0], [9, 1, 0.0]],
    )  # fmt: skip
    raised, quiet = needs_of(run)
    # Garwood (1936): 10 events, 4.7954 to 18.3904; none, 0 to 3.6889.
    assert (raised.place_id, raised.value) == (7, 2.0)
    assert (raised.low, raised.high) == pytest.approx((4.7954 / 5, 18.3904 / 5), abs=1e-4)
    assert (quiet.value, quiet.low) == (0, 0)
    assert quiet.high == pytest.approx(3.6889 / 2, abs=1e-4)
    assert raised.window == (date(2026, 2, 9), date(2026, 3, 1))
