"""What everyone reads of warnings: signed bytes, feeds that belong together, nothing unapproved."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from lxml import etree
from tests.support.alerts_factories import (
    SAID,
    make_content,
    make_district,
    make_sent,
    make_submitted,
)
from tests.support.factories import make_user

from qalqan.cap.feed import read_feed
from qalqan.cap.trust import load_trust
from qalqan.cap.validate import validate
from qalqan.cap.verify import verify
from qalqan.desk.alerts import services
from qalqan.desk.alerts.content import MARKS
from qalqan.desk.platform.policies import Role

pytestmark = pytest.mark.django_db
FORMS = ("atom", "rss", "json", "geojson")
KINDS = {"warnings": "Actual", "exercises": "Exercise", "tests": "Test"}


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.HOME = tmp_path


def feed(client, form, kind="warnings", language="ru", **headers):
    return client.get(reverse("public:warning_feed", args=[language, kind, form]), headers=headers)


def test_what_is_not_approved_is_nowhere(client):
    waiting = make_submitted(now=timezone.now())
    for form in FORMS:
        assert SAID["ru"].headline not in feed(client, form).content.decode()
    page = client.get(reverse("public:warnings", args=["ru", "warnings"])).content.decode()
    assert SAID["ru"].headline not in page
    for name, args in (
        ("public:warning", ["ru", waiting.alert_id]),
        ("public:cap_message", [waiting.identifier]),
    ):
        assert client.get(reverse(name, args=args)).status_code == 404


def test_the_signed_bytes_are_sent_as_they_are_and_verify(client):
    version = make_sent(now=timezone.now())
    answer = client.get(reverse("public:cap_message", args=[version.identifier]))
    assert answer.content == bytes(version.signed_xml)
    assert answer["Content-Type"] == "application/cap+xml"
    pem = client.get(reverse("public:certificate")).content
    trust = load_trust(pem)
    assert verify(answer.content, trust=trust, at=timezone.now()).alert.identifier
    report = validate(answer.content, profile="qalqan", trust=trust, at=timezone.now())
    assert report.valid
    again = client.get(
        reverse("public:cap_message", args=[version.identifier]),
        headers={"If-None-Match": answer["ETag"]},
    )
    assert again.status_code == 304


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_feeds_lead_to_the_signed_message(client, form):
    version = make_sent(now=timezone.now())
    answer = feed(client, form)
    etree.fromstring(answer.content)
    (entry,) = read_feed(answer.content).entries
    assert entry.title == SAID["ru"].headline
    path = entry.link.split("localhost:8000")[-1]
    assert client.get(path).content == bytes(version.signed_xml)


def test_the_geojson_feed_has_the_area(client):
    make_sent(now=timezone.now())
    found = json.loads(feed(client, "geojson").content)
    assert found["type"] == "FeatureCollection"
    assert found["features"][0]["geometry"]["type"] in ("Polygon", "MultiPolygon")
    assert json.loads(feed(client, "json").content)


def test_exercises_and_tests_stand_in_feeds_of_their_own(client):
    second, district = make_user(Role.SECRETARY), make_district()
    for status in KINDS.values():
        content = make_content(district)
        make_sent(approver=second, status=status, content=content, now=timezone.now())
    for kind, status in KINDS.items():
        for form in ("atom", "rss"):
            (entry,) = read_feed(feed(client, form, kind).content).entries
            mark = MARKS.get(status, {}).get("ru", "Утечка")
            assert entry.title.startswith(mark)
        page = client.get(reverse("public:warnings", args=["ru", kind])).content.decode()
        for other, marks in MARKS.items():
            assert (f"{marks['ru']}. Утечка" in page) == (other == status)


def test_a_feed_changes_with_every_act_and_by_time_alone(client, monkeypatch):
    writer, second = make_user(Role.DUTY_OFFICER), make_user(Role.SECRETARY)
    now = timezone.now()
    empty = feed(client, "atom")["ETag"]
    version = make_sent(writer, second, now=now)
    first = feed(client, "atom")
    assert first["ETag"] != empty
    assert feed(client, "atom", If_None_Match=first["ETag"]).status_code == 304
    assert feed(client, "atom", language="kk")["ETag"] != first["ETag"]
    with monkeypatch.context() as later:
        later.setattr(timezone, "now", lambda: now + timedelta(hours=3))
        over = feed(client, "atom")
        assert over["ETag"] != first["ETag"]
        page = client.get(reverse("public:warnings", args=["en", "warnings"])).content.decode()
        assert "Expired" in page
    ending = services.prepare_cancel(actor=writer, alert=version.alert, why="over", now=now)
    services.approve(actor=second, version=ending, shown_hash=ending.xml_sha256, now=now)
    cancelled = feed(client, "atom", If_None_Match=first["ETag"])
    assert cancelled.status_code == 200
    assert "Отменено" in cancelled.content.decode()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_page_says_what_to_do_before_what_is_known(client, language):
    version = make_sent(now=timezone.now())
    page = client.get(reverse("public:warning", args=[language, version.alert_id]))
    text = page.content.decode()
    said = SAID[language]
    assert text.index(said.instruction.split(".")[0]) < text.index(said.description.split(".")[0])
    assert f'lang="{language}"' in text
    assert page["Cache-Control"] == "public, max-age=15"


def test_the_first_page_for_everyone_shows_what_holds(client):
    make_sent(now=timezone.now())
    assert (
        SAID["kk"].headline
        in client.get(reverse("public:start"), headers={"Accept-Language": "kk"}).content.decode()
    )
