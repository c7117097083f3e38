"""Public warnings that hold stand on the first screen of the brief."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from tests.support.alerts_factories import make_sent, make_submitted
from tests.support.factories import NOW, make_user, sign_in

from qalqan.desk.alerts import services as alerts
from qalqan.desk.brief import services
from qalqan.desk.brief.present.page import present
from qalqan.desk.platform.policies import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.HOME = tmp_path


def page_of(actor):
    edition = services.compute_brief(actor=actor, now=NOW, replicates=19)
    with translation.override("en"):
        return present(edition.brief, digest=edition.digest)


def test_a_day_without_warnings_says_nothing_of_them():
    make_sent(status="Exercise")
    page = page_of(make_user(Role.DUTY_OFFICER))
    assert "warnings" not in [section.key for section in page.sections]


def test_what_holds_and_what_was_sent_alone_come_first():
    duty = make_user(Role.DUTY_OFFICER)
    version = make_submitted(duty)
    alerts.break_glass(
        actor=duty, version=version, shown_hash=version.xml_sha256, reason="Nobody answers",
        now=NOW,
    )  # fmt: skip
    page = page_of(duty)
    assert page.leads[0].text == "Ammonia leak: close your windows"
    assert page.leads[0].note.startswith("public warning, holds until ")
    assert "not looked into: 1" in page.leads[1].text
    assert page.sections[0].lines[0].badges[0].text == "sent alone"


def test_today_tells_what_holds_at_this_moment(client):
    now = timezone.now()
    duty = make_user(Role.DUTY_OFFICER, language="en")
    services.compute_brief(actor=duty, now=now, replicates=19)
    sign_in(client, duty)
    calm = client.get(reverse("brief:today")).text
    assert "hold at this moment" not in calm
    version = make_submitted(duty, now=now)
    assert "wait for a second person: 1" in client.get(reverse("brief:today")).text
    alerts.break_glass(
        actor=duty, version=version, shown_hash=version.xml_sha256, reason="Nobody answers",
        now=timezone.now(),
    )  # fmt: skip
    page = client.get(reverse("brief:today")).text
    assert "Warnings that hold at this moment" in page
    assert reverse("alerts:warning", args=[version.alert_id]) in page
    assert "not looked into: 1" in page
    make_sent(status="Exercise", now=timezone.now())
    assert page.count("alerts/") == client.get(reverse("brief:today")).text.count("alerts/")
