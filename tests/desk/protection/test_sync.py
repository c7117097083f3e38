"""Inspections from phones: each once, none overwritten, whatever the phone's clock says."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.factories import NOW, make_user, sign_in
from tests.support.protection_factories import make_site, picture_bytes

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.protection.models import (
    Checklist,
    ChecklistVersion,
    FieldDevice,
    Inspection,
    InspectionPicture,
    Question,
    Violation,
)
from qalqan.desk.protection.selectors import inspecting as selectors
from qalqan.desk.protection.services import field, inspecting
from qalqan.desk.protection.services.reading import read_sent
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db


def short_version(**fields):
    checklist = Checklist.objects.create(
        code="short", name_kk="Қысқа", name_ru="Короткий", name_en="Short"
    )
    version = ChecklistVersion.objects.create(
        checklist=checklist, version=1, state="published", digest="0", created_at=NOW, **fields
    )
    rows = [
        ("exits", "yes_no", "", 0, "serious"),
        ("guards", "integer", "", 0, "minor"),
        ("alarm", "yes_no", "${guards} > 0", 0, "minor"),
        ("door", "yes_no", "", 1, "minor"),
    ]
    for order, (code, kind, relevant, pictures, severity) in enumerate(rows, start=1):
        Question.objects.create(
            version=version, order=order, code=code, kind=kind, relevant=relevant,
            pictures_required=pictures, severity=severity, text_kk=code, text_ru=code,
            text_en=code, legal_ground="Rule 7",
        )  # fmt: skip
    return version


def payload(site, version, *, at=NOW, **changes):
    body = {
        "id": str(uuid.uuid4()),
        "site": site.pk,
        "version": version.pk,
        "started_at": (at - timedelta(minutes=40)).isoformat(),
        "finished_at": (at - timedelta(minutes=10)).isoformat(),
        "sent_at": at.isoformat(),
        "plan_made_at": at.isoformat(),
        "answers": [
            {"question": "exits", "value": "yes", "note": ""},
            {"question": "guards", "value": "0", "note": ""},
            {"question": "door", "value": "yes", "note": ""},
        ],
        "photos": [{"id": str(uuid.uuid4()), "question": "door"}],
        "signatures": {
            "inspector": {"strokes": [[[0, 0], [1000, 1000]]]},
            "owner": {"office": "Reception", "confirmed": True},
        },
    }
    return {**body, **changes}


def answered(**values):
    return [{"question": code, "value": value, "note": ""} for code, value in values.items()]


def take(actor, body, now=NOW):
    sent = read_sent(json.dumps(body).encode())
    return inspecting.take_inspection(actor=actor, sent=sent, now=now)


@pytest.fixture
def inspector():
    return make_user(Role.INSPECTOR)


def test_an_inspection_is_stored_with_its_answers_and_the_next_due_date(inspector):
    site, version = make_site(), short_version(days_after_serious=14)
    taken = take(inspector, payload(site, version, answers=answered(
        exits="no", guards="2", alarm="yes", door="yes"
    )))  # fmt: skip
    row = taken.inspection
    assert taken.is_new
    assert (row.result, row.failed_count) == ("serious", 1)
    # Weights are one each; guards cannot fail: two of three judged questions passed.
    assert row.score == pytest.approx(2 / 3)
    assert row.next_due_on == row.finished_at.date() + timedelta(days=14)
    site.refresh_from_db()
    assert (site.last_result, site.next_due_on) == ("serious", row.next_due_on)
    violation = Violation.objects.get()
    assert (violation.code, violation.severity, violation.state) == ("exits", "serious", "open")
    assert AuditEntry.objects.filter(action="protection.inspect").count() == 1


def test_sending_again_stores_nothing_and_answers_the_same(inspector):
    body = payload(make_site(), short_version())
    first = take(inspector, body)
    again = take(inspector, {**body, "sent_at": (NOW + timedelta(hours=5)).isoformat()})
    assert (first.is_new, again.is_new) == (True, False)
    assert again.inspection == first.inspection
    assert Inspection.objects.count() == 1
    assert AuditEntry.objects.filter(action="protection.inspect").count() == 1


def test_another_content_under_the_same_number_is_a_conflict_and_changes_nothing(inspector):
    body = payload(make_site(), short_version())
    stored = take(inspector, body).inspection
    other = {**body, "answers": answered(exits="no", guards="0", door="yes")}
    with pytest.raises(inspecting.OtherContentError) as caught:
        take(inspector, other)
    assert caught.value.inspection == stored
    assert stored.given.get(question__code="exits").value == "yes"
    assert not Violation.objects.exists()


def test_nobody_learns_of_or_overwrites_the_inspection_of_another(inspector):
    body = payload(make_site(), short_version())
    take(inspector, body)
    with pytest.raises(RefusedError):
        take(make_user(Role.INSPECTOR), body)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "no"}, "id"),
        ({"site": True}, "site"),
        ({"site": 10**9}, "site"),
        ({"version": 10**9}, "version"),
        ({"started_at": "2026-03-02T04:00:00"}, "started_at"),
        ({"finished_at": "now"}, "finished_at"),
        ({"sent_at": "9999-12-31T23:59:59-23:59"}, "sent_at"),
        ({"answers": {}}, "answers"),
        ({"answers": [{"value": "yes"}]}, "answers[0]"),
        ({"answers": [*answered(exits="yes"), *answered(exits="no")]}, "answers[1]"),
        ({"answers": answered(roof="yes")}, "answers[0].question"),
        ({"answers": answered(exits="maybe", guards="0", door="yes")}, "exits"),
        ({"answers": answered(exits="yes", guards="two", door="yes")}, "guards"),
        ({"answers": answered(exits="yes", door="yes")}, "guards"),
        ({"photos": []}, "door"),
        ({"photos": [{"id": "x"}]}, "photos[0]"),
        ({"signatures": {}}, "signatures.owner"),
        ({"signatures": {"inspector": {}, "owner": {"confirmed": True}}}, "signatures.inspector"),
        ({"signatures": {"inspector": {"strokes": [[[0, 2000]]]}, "owner": {"confirmed": True}}},
         "signatures.inspector"),
        ({"signatures": {"inspector": {"confirmed": True}, "owner": {"office": "x" * 121}}},
         "signatures.owner.office"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_field_and_stores_nothing(inspector, changes, field):
    body = payload(make_site(), short_version()) | changes
    with pytest.raises(InputError) as caught:
        take(inspector, body)
    assert caught.value.location.field == field
    assert not Inspection.objects.exists()


@pytest.mark.parametrize("data", [b"", b"[", b"[]", b"null", b"[" * 100_000, b" " * (1 << 21)])
def test_what_is_no_inspection_is_refused(data):
    with pytest.raises(InputError):
        read_sent(data)


@settings(max_examples=60)
@given(skew=st.integers(-40 * 86400, 40 * 86400), away=st.integers(0, 72 * 3600))
def test_times_are_told_by_the_desks_clock_whatever_the_phone_says(skew, away):
    """The phone is wrong by `skew` and sends `away` seconds after the end."""
    end = NOW
    now = end + timedelta(seconds=away)
    wrong = timedelta(seconds=skew)
    sent = read_sent(
        json.dumps({
            "id": str(uuid.uuid4()), "site": 1, "version": 1,
            "started_at": (end - timedelta(minutes=30) + wrong).isoformat(),
            "finished_at": (end + wrong).isoformat(), "sent_at": (now + wrong).isoformat(),
            "answers": [], "photos": [],
            "signatures": {"inspector": {"confirmed": True}, "owner": {"confirmed": True}},
        }).encode()
    )  # fmt: skip
    started, finished, offset = inspecting._corrected(sent, now)
    assert offset == skew
    assert started <= finished <= now
    assert abs(finished - end) <= inspecting.CLOCK_TOLERANCE


def test_an_inspection_that_comes_late_does_not_hide_a_newer_one(inspector):
    site, version = make_site(), short_version()
    take(inspector, payload(site, version))
    late = payload(site, version, at=NOW - timedelta(days=3),
                   answers=answered(exits="no", guards="0", door="yes"))  # fmt: skip
    late["sent_at"] = NOW.isoformat()
    taken = take(inspector, late)
    site.refresh_from_db()
    assert site.last_result == "pass"
    assert taken.inspection.result == "serious"


def test_two_inspections_of_one_day_are_both_kept_and_pointed_out(inspector):
    site, version = make_site(), short_version()
    take(inspector, payload(site, version))
    taken = take(make_user(Role.INSPECTOR), payload(site, version))
    assert taken.is_new
    assert any("within a day" in note for note in taken.notes)


def test_pictures_are_stored_once_and_cleaned(inspector):
    body = payload(make_site(), short_version())
    take(inspector, body)
    parent, picture = uuid.UUID(body["id"]), uuid.UUID(body["photos"][0]["id"])
    given = {"actor": inspector, "inspection": parent, "client_id": picture, "code": "door",
             "data": picture_bytes(), "now": NOW}  # fmt: skip
    assert inspecting.take_picture(**given)[1] is True
    assert inspecting.take_picture(**given)[1] is False
    assert InspectionPicture.objects.get().question.code == "door"
    with pytest.raises(RefusedError):
        inspecting.take_picture(**{**given, "actor": make_user(Role.INSPECTOR)})
    with pytest.raises(InputError):
        inspecting.take_picture(**{**given, "client_id": uuid.uuid4(), "data": b"GIF89a no"})


def test_free_text_from_a_phone_passes_the_guard(inspector):
    body = payload(make_site(), short_version())
    body["answers"][0]["note"] = "call +7 701 123 45 67"
    row = take(inspector, body).inspection
    assert "701" not in row.given.get(question__code="exits").note


def test_the_plan_holds_only_what_the_inspector_takes_along(inspector):
    mine, _other = make_site(), make_site()
    short_version()
    field.take_along(actor=inspector, site=mine, until=NOW.date(), now=NOW)
    plan = selectors.plan_for(inspector, NOW)
    assert [site["id"] for site in plan["sites"]] == [mine.pk]
    assert plan["checklists"][0]["questions"][0]["code"] == "exits"
    assert selectors.plan_for(make_user(Role.INSPECTOR), NOW)["sites"] == []
    later = selectors.plan_for(inspector, NOW + timedelta(days=2))
    assert later["sites"] == []
    assert later["checklists"] == []


def hello(client, device):
    url = reverse("protection:inspect_hello")
    return client.get(url, headers={"Qalqan-Device": str(device)}).json()


def test_a_lost_phone_is_told_to_forget_even_when_nobody_is_signed_in(inspector):
    device, client = uuid.uuid4(), sign_in(Client(), inspector)
    assert hello(client, device)["wipe"] is False
    row = FieldDevice.objects.get()
    field.ask_wipe(actor=make_user(Role.ADMINISTRATOR), device=row, now=NOW)
    thief = Client()
    assert hello(thief, device) | {"csrf": "", "now": ""} == {
        "signed_in": False, "user": "", "wipe": True, "forget_plan": False, "csrf": "", "now": "",
    }  # fmt: skip
    told = thief.post(
        reverse("protection:inspect_wiped"), headers={"Qalqan-Device": str(device)}
    ).json()
    assert told["status"] == "noted"
    row.refresh_from_db()
    assert row.wiped_at is not None
    assert hello(thief, device)["wipe"] is False


def test_a_closed_account_has_its_phones_forget(inspector):
    device = uuid.uuid4()
    hello(sign_in(Client(), inspector), device)
    inspector.is_active = False
    inspector.save()
    assert hello(Client(), device)["wipe"] is True


def test_signing_out_has_the_phone_forget_its_plan_and_running_out_does_not(inspector):
    device, client = uuid.uuid4(), sign_in(Client(), inspector)
    hello(client, device)
    assert hello(Client(), device)["forget_plan"] is False
    client.post(reverse("account_logout"))
    assert hello(client, device)["forget_plan"] is True
    again = sign_in(Client(), inspector)
    assert hello(again, device)["forget_plan"] is False


def test_an_inspector_wipes_only_their_own_phones(inspector):
    device = uuid.uuid4()
    hello(sign_in(Client(), inspector), device)
    row = FieldDevice.objects.get()
    other = sign_in(Client(), make_user(Role.INSPECTOR))
    assert other.post(reverse("protection:device_wipe", args=[row.pk])).status_code == 404
    mine = sign_in(Client(), inspector)
    mine.post(reverse("protection:device_wipe", args=[row.pk]))
    row.refresh_from_db()
    assert row.wipe_asked_at is not None


def test_the_api_answers_in_json_and_says_what_is_wrong(inspector):
    site, version = make_site(), short_version()
    client = sign_in(Client(), inspector)
    url = reverse("protection:inspect_sync")
    body = payload(site, version)
    send = {"data": json.dumps(body), "content_type": "application/json"}
    assert client.post(url, **send).json()["status"] == "stored"
    assert client.post(url, **send).json()["status"] == "known"
    body["answers"][0]["value"] = "no"
    conflict = client.post(url, data=json.dumps(body), content_type="application/json")
    assert conflict.status_code == 409
    assert conflict.json()["stored"]["answers"][0] == {
        "question": "exits", "value": "yes", "note": "",
    }  # fmt: skip
    assert AuditEntry.objects.filter(action="protection.read").count() == 1
    bad = client.post(url, data=b"{", content_type="application/json")
    assert (bad.status_code, bad.json()["code"]) == (422, "input.invalid")
    assert bad["Cache-Control"] == "no-store"


def test_the_page_holds_nothing_about_sites_and_the_plan_is_logged(inspector):
    make_site(name_en="Secret place")
    client = sign_in(Client(), inspector)
    page = client.get(reverse("protection:inspect")).content.decode()
    assert "Secret place" not in page
    client.get(reverse("protection:inspect_plan"))
    assert AuditEntry.objects.filter(action="protection.take_plan").exists()
