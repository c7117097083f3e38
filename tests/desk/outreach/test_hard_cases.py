"""What happens seldom: two people at one activity, lost accounts, cut characters, odd dates."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from tests.desk.outreach.test_import_activities import HEAD, row
from tests.desk.outreach.test_notes import facts as note_facts
from tests.desk.outreach.test_phone import a_note, an_activity, send
from tests.support.factories import NOW, make_organisation, make_user, sign_in
from tests.support.outreach_factories import (
    OUTCOME,
    SYSTEM,
    facts,
    make_activity,
    make_body,
    make_group_worker,
)
from tests.support.places_factories import make_place

from qalqan.desk.outreach.models import Activity, ActivityFeed, FieldNote
from qalqan.desk.outreach.selectors import totals
from qalqan.desk.outreach.selectors.activities import ActivityFilter
from qalqan.desk.outreach.services import activities as services
from qalqan.desk.outreach.services import notes
from qalqan.desk.outreach.services.facts import facts_of
from qalqan.desk.outreach.services.publishing import publish_reach
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.privacy.picture_guard import LONGEST_SIDE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def town():
    return make_place("Шалқар", parent=make_place("Шалқар ауданы", kind="district"))


def test_a_correction_does_not_undo_one_that_its_writer_never_saw():
    client = sign_in(Client(), make_user(Role.DUTY_OFFICER))
    activity = make_activity(title="Before")
    address = reverse("outreach:activity_correct", args=[activity.pk])
    form = client.get(address).context["form"]
    seen = {name: form[name].value() or "" for name in form.fields}
    seen |= {"held_on": activity.held_on.isoformat(), "reason": "a slip", "partners": []}
    assert client.post(address, seen | {"title": "First"}).status_code == 302
    second = client.post(address, seen | {"venue": "Hall"})
    assert second.status_code == 400
    assert "look at it again" in second.content.decode()
    activity.refresh_from_db()
    assert (activity.title, activity.venue) == ("First", "")


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.AUDITOR}, "moved"])
def test_a_calendar_ends_with_the_right_of_who_made_it(change):
    worker, body = make_group_worker()
    client = sign_in(Client(), worker)
    path = client.post("/outreach/calendars/").context["address"].removeprefix("http://testserver")
    assert Client().get(path).status_code == 200
    fields = {"organisation": make_organisation(kind="group")} if change == "moved" else change
    for name, value in fields.items():
        setattr(worker, name, value)
    worker.save()
    assert Client().get(path).status_code == 404
    assert ActivityFeed.objects.get().body == body


@pytest.mark.parametrize("make", [an_activity, a_note])
@pytest.mark.parametrize("said", ["Су жоқ \ud83d", "Су \x00 жоқ"])
def test_a_cut_character_never_makes_the_phone_wait_for_ever(town, make, said):
    worker, _body = make_group_worker()
    field = "title" if make is an_activity else "text"
    status, answer = send(sign_in(Client(), worker), make(town, **{field: said}))
    stored = Activity.objects.count() + FieldNote.objects.count()
    assert (status, stored) == ((422, 0) if "\x00" in said else (200, 1)), answer


def test_nothing_is_kept_of_a_picture_that_was_not_looked_at(town):
    worker = make_user(Role.GROUP_WORKER)
    note = notes.write_note(actor=worker, facts=note_facts(town), now=NOW).note
    out = io.BytesIO()
    Image.linear_gradient("L").resize((3000, 1500)).convert("RGB").save(out, "JPEG")
    kept, _new = notes.add_picture(
        actor=worker, note=note, data=out.getvalue(), name="a.jpg", now=NOW
    )
    assert (kept.width, kept.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)


@pytest.mark.parametrize(
    "query",
    [
        "start=9999-12-05&end=9999-12-30",
        "start=9999-12-31",
        "end=9999-12-31",
        "end=0001-01-01",
        "start=0001-01-01&end=0001-01-01",
        "start=2026-05-01&end=2026-04-01",
    ],
)
@pytest.mark.parametrize("name", ["activities", "totals"])
def test_no_date_in_the_address_breaks_a_page(name, query):
    make_activity()
    client = sign_in(Client(), make_user(Role.DUTY_OFFICER))
    assert client.get(f"{reverse(f'outreach:{name}')}?{query}").status_code == 200


@pytest.mark.parametrize("name", ["rejects.csv", "b.rejects.csv", "a/../b.csv"])
def test_a_file_of_any_name_is_taken_in(name):
    client = sign_in(Client(), make_user(Role.DUTY_OFFICER))
    make_place("Алға", kato="KZ1")
    lines = [",".join(HEAD), row(body=str(make_body().number)), row(theme="x")]
    upload = SimpleUploadedFile(name, "\n".join(lines).encode())
    answer = client.post(
        reverse("outreach:activity_import"), {"file": upload, "body": "", "keep_good": "on"}
    )
    assert answer.status_code == 200
    assert answer.context["report"].rejected == 1
    assert "reason" in answer.context["left_out"].splitlines()[0]


def test_what_is_published_of_sample_activities_says_so():
    place = make_place("Алға", kind="district")
    month = (timezone.localdate(NOW).replace(day=1) - timedelta(days=3)).replace(day=10)
    services.add_activity(
        actor=SYSTEM, outcome=OUTCOME, now=NOW, is_sample=True,
        facts=facts(place_id=place.pk, held_on=month),
    )  # fmt: skip
    assert publish_reach(actor=SYSTEM, now=NOW).is_sample


def test_months_of_one_body_are_counted_with_its_other_sums():
    body = make_body()
    for days in (0, 1, 40, 41, 400):
        make_activity(body_id=body.pk, held_on=NOW.date() - timedelta(days=days + 1))
    make_activity()
    wanted = ActivityFilter(body_id=body.pk)
    cells, months = totals.with_months(SYSTEM, wanted)
    assert months == totals.held_by_month(SYSTEM, wanted)
    assert (sum(months.values()), cells["kind"]["talk"].activities) == (5, 5)


def test_corrections_of_body_day_and_place_leave_sums_that_equal_a_recount(town):
    from qalqan.desk.outreach.models import BodyMonth

    one, two = make_body(), make_body()
    activity = make_activity(body_id=one.pk, outcome=OUTCOME)
    moved = services.Correction(
        facts(body_id=two.pk, place_id=town.pk, held_on=activity.held_on - timedelta(days=400)),
        OUTCOME, "entered for another",
    )  # fmt: skip
    services.correct(actor=SYSTEM, activity=activity, correction=moved, now=timezone.now())
    activity.refresh_from_db()
    assert facts_of(activity) == moved.facts
    assert [line.body_id for line in BodyMonth.objects.all()] == [two.pk]
    found = totals.by(SYSTEM, ActivityFilter(), "district_id")
    assert {key: sums.reached for key, sums in found.items()} == {town.parent_id: 40}
