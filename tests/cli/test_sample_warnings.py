"""The demo's warnings: labelled, in every state, written by one account and approved by another."""

import pytest
from tests.support.alerts_factories import make_district
from tests.support.factories import NOW

from qalqan.cli.sample_warnings import send_sample_warnings
from qalqan.desk.alerts import selectors
from qalqan.desk.alerts.models import Alert, AlertVersion
from qalqan.desk.platform.accounts.services import create_demo_users
from qalqan.desk.platform.policies import SystemActor

pytestmark = pytest.mark.django_db


def test_the_sample_warnings_are_written_once_and_say_that_they_are_samples(settings, tmp_path):
    settings.DEMO, settings.HOME = True, tmp_path
    create_demo_users(actor=SystemActor("demo"), now=NOW, language="kk")
    make_district()
    assert send_sample_warnings(NOW) == 4
    assert send_sample_warnings(NOW) == 0
    assert Alert.objects.filter(is_sample=False).count() == 0
    for actual in AlertVersion.objects.filter(alert__status="Actual"):
        assert actual.headline_kk.startswith("Үлгі: ")
        assert actual.headline_ru.startswith("Образец: ")
    assert [row.stage for row in selectors.warnings("kk", now=NOW)] == ["expired"]
    assert [row.stage for row in selectors.warnings("kk", now=NOW, status="Test")] == ["live"]
    stages = [row.stage for row in selectors.warnings("kk", now=NOW, status="Exercise")]
    assert stages == ["cancelled"]
    assert selectors.waiting(SystemActor("demo")).count() == 1
