"""What phones send: each thing once, conflicts told, a lost phone forgets."""

import io
import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from tests.support.factories import make_user, sign_in
from tests.support.outreach_factories import make_group_worker
from tests.support.places_factories import make_place

from qalqan.desk.outreach.models import Activity, FieldNote, NotePicture, OutreachDevice
from qalqan.desk.outreach.services import activities
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def town():
    return make_place("Шалқар", parent=make_place("Шалқар ауданы", kind="district"))


def an_activity(town, **changes):
    return {
        "id": str(uuid.uuid4()), "kind": "activity", "language": "kk",
        "title": "Құқық туралы әңгіме",
        "activity_kind": "talk", "activity_theme": "rights", "place": str(town.pk),
        "held_on": timezone.localdate().isoformat(), "spoken": "kk", "reach": "40",
        "reach_is": "counted", "band_14_17": "25", "asked": "Кімге барамыз?", **changes,
    }  # fmt: skip


def a_note(town, **changes):
    seen = timezone.localtime() - timedelta(minutes=5)
    return {
        "id": str(uuid.uuid4()), "kind": "note", "language": "kk", "theme": "need",
        "spot": "market", "place": str(town.pk), "seen_at": seen.strftime("%Y-%m-%dT%H:%M"),
        "text": "Су жоқ", **changes,
    }  # fmt: skip


def send(client, said):
    body = said if isinstance(said, str) else json.dumps(said)
    answer = client.post(reverse("outreach:phone_send"), body, content_type="application/json")
    return answer.status_code, answer.json()


def test_an_activity_sent_twice_is_there_once_and_summed_once(town):
    worker, body = make_group_worker()
    client, said = sign_in(Client(), worker), an_activity(town)
    assert send(client, said)[1]["status"] == "stored"
    assert send(client, {**said, "language": "ru"})[1]["status"] == "known"
    row = Activity.objects.get()
    assert (row.body_id, row.origin, row.state, row.reach) == (body.pk, "phone", "reported", 40)
    assert row.bands == {"14_17": 25}
    assert row.questions.get().asked == "Кімге барамыз?"


def test_sending_again_after_a_correction_at_the_desk_is_no_conflict(town):
    worker, _body = make_group_worker()
    client, said = sign_in(Client(), worker), an_activity(town)
    send(client, said)
    row = Activity.objects.get()
    row.title = "Corrected"
    activities.correct(
        actor=worker, activity=row, now=timezone.now(),
        correction=activities.Correction(
            activities.ActivityFacts(
                title="Corrected", kind="talk", theme="rights", place_id=town.pk,
                body_id=row.body_id, held_on=row.held_on, language="kk",
            ), None, "typing slip",
        ),
    )  # fmt: skip
    assert send(client, said)[1]["status"] == "known"
    assert Activity.objects.get().title == "Corrected"


@pytest.mark.parametrize(("make", "field"), [(an_activity, "title"), (a_note, "text")])
def test_another_content_under_one_number_is_a_conflict_with_both_shown(town, make, field):
    worker, _body = make_group_worker()
    client, said = sign_in(Client(), worker), make(town)
    send(client, said)
    status, answer = send(client, {**said, field: "Басқа"})
    assert (status, answer["status"]) == (409, "conflict")
    assert answer["stored"][field] == said[field]
    assert Activity.objects.count() + FieldNote.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "x"}, "id"), ({"title": ""}, "title"), ({"activity_kind": "war"}, "kind"),
        ({"activity_theme": ""}, "theme"), ({"place": ""}, "place"),
        ({"place": "99999999999"}, "place"),
        ({"held_on": "yesterday"}, "held_on"), ({"spoken": "xx"}, "language"),
        ({"reach": "-1"}, "reach"), ({"reach": "1e3"}, "reach"), ({"reach_is": ""}, "reach_is"),
        ({"reach": "10"}, "reach"), ({"band_14_17": "many"}, "band_14_17"),
        ({"title": "Звонить 8 701 123 45 67"}, "title"), ({"asked": "", "answered": "x"}, "asked"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_activity_is_named(town, changes, field):
    worker, _body = make_group_worker()
    status, answer = send(sign_in(Client(), worker), an_activity(town, **changes))
    assert status == 422
    assert answer["field"] == field
    assert not Activity.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", '{"id": [1]}', '{"id": null}', "x" * 50_000])
def test_what_is_no_entry_is_refused(town, body):
    worker, _body = make_group_worker()
    assert send(sign_in(Client(), worker), body)[0] == 422


def test_a_note_with_its_picture(town):
    worker, _body = make_group_worker()
    client, said = sign_in(Client(), worker), a_note(town)
    assert send(client, said)[0] == 200
    out = io.BytesIO()
    Image.linear_gradient("L").resize((320, 240)).save(out, "JPEG")
    number = str(uuid.uuid4())
    for status in ("stored", "known"):
        upload = io.BytesIO(out.getvalue())
        upload.name = "a.jpg"
        form = {"note": said["id"], "id": number, "file": upload}
        answer = client.post(reverse("outreach:phone_picture"), form)
        assert answer.json()["status"] == status
    assert NotePicture.objects.count() == 1
    stranger = sign_in(Client(), make_group_worker()[0])
    upload.seek(0)
    answer = stranger.post(
        reverse("outreach:phone_picture"), {**form, "id": str(uuid.uuid4()), "file": upload}
    )
    assert answer.status_code == 422


def test_a_note_about_a_person_stays_on_the_phone_with_the_reason(town):
    worker, _body = make_group_worker()
    status, answer = send(
        sign_in(Client(), worker), a_note(town, text="Көлік 123 ABC 05 базар жанында")
    )
    assert (status, answer["field"]) == (422, "text")
    assert "123 ABC 05" in answer["message"]


def test_a_lost_phone_forgets_whoever_is_signed_in_or_nobody(town):
    worker, _body = make_group_worker()
    client, number = sign_in(Client(), worker), str(uuid.uuid4())
    address = reverse("outreach:phone_hello")
    assert client.get(address).status_code == 422
    met = client.get(address, headers={"Qalqan-Device": number}).json()
    assert (met["signed_in"], met["wipe"], met["user"]) == (True, False, str(worker.pk))
    device = OutreachDevice.objects.get()
    admin = sign_in(Client(), make_user(Role.ADMINISTRATOR))
    assert str(device) in admin.get(reverse("outreach:devices")).content.decode()
    admin.post(reverse("outreach:device_wipe", args=[device.pk]))
    nobody = Client()
    assert nobody.get(address, headers={"Qalqan-Device": number}).json()["wipe"] is True
    told = nobody.post(reverse("outreach:phone_wiped"), headers={"Qalqan-Device": number}).json()
    assert told == {"status": "noted"}
    assert nobody.get(address, headers={"Qalqan-Device": number}).json()["wipe"] is False
    done = list(AuditEntry.objects.values_list("action", flat=True))
    assert {"outreach.new_device", "outreach.ask_wipe", "outreach.wiped"} <= set(done)


def test_the_page_and_its_parts(town):
    worker, body = make_group_worker()
    client = sign_in(Client(), worker)
    assert 'id="words"' in client.get(reverse("outreach:phone")).content.decode()
    program = Client().get(reverse("outreach:phone_worker")).content.decode()
    assert 'const PREFIX = "qalqan-outreach-";' in program
    assert "/static/ui/offline/words.js" in program
    shown = Client().get(reverse("outreach:phone_manifest", args=["kk"])).json()
    assert shown["start_url"] == reverse("outreach:phone")
    choices = client.get(reverse("outreach:phone_choices")).json()
    assert [one[0] for one in choices["bodies"]] == [body.pk]
    assert [town.pk, town.name] in [one for row in choices["places"] for one in row[2]]
