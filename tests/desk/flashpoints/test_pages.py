"""The pages about flash-points say the same in words, on the map and in the table."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.support.factories import NOW, make_user, sign_in
from tests.support.incidents_factories import make_districts, make_incident

from qalqan.desk.flashpoints import services
from qalqan.desk.flashpoints.models import ScanRun
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    districts = make_districts(5)
    for n in range(60):
        make_incident(at=NOW - timedelta(days=n), district=districts[n % 5])
    for n in range(12):
        make_incident(at=NOW - timedelta(days=n % 3), district=districts[1], title_en=f"Fire {n}")
    return services.run_scan(
        actor=SystemActor("test"), stream="incidents", now=NOW, seed=1, replicates=199
    )


@pytest.fixture
def analyst(client):
    return sign_in(client, make_user(Role.ANALYST, language="en"))


def test_the_overview_names_the_place_and_its_chance_of_error(analyst, run):
    page = analyst.get(reverse("flashpoints:overview")).content.decode()
    assert run.verdict == ScanRun.Verdict.FOUND
    assert "Мұғалжар" in page
    assert "<svg" in page
    assert "The same as a table" in page
    # 365.25 daily scans at p up to 0.01.
    assert "3.7 times a year" in page


def test_before_the_first_scan_it_says_what_to_do(analyst):
    page = analyst.get(reverse("flashpoints:overview")).content.decode()
    assert "Nothing was scanned yet" in page


def test_too_little_data_is_said(analyst):
    services.run_scan(actor=SystemActor("test"), stream="incidents", now=NOW, seed=1)
    page = analyst.get(reverse("flashpoints:overview")).content.decode()
    assert "Not enough data to say anything." in page


def test_a_finding_shows_its_incidents_and_what_else_may_explain_it(analyst, run):
    finding = run.findings.get(rank=1)
    page = analyst.get(finding.get_absolute_url()).content.decode()
    assert "Fire 3" in page
    assert "More reports because more people report" in page
    assert str(finding.observed) in page


def test_a_run_shows_what_is_needed_to_run_it_again(analyst, run):
    page = analyst.get(run.get_absolute_url()).content.decode()
    assert run.data_hash in page
    assert "199" in page


def test_the_history_lists_runs(analyst, run):
    page = analyst.get(reverse("flashpoints:runs")).content.decode()
    assert run.get_absolute_url() in page


def test_the_running_day_is_called_so_and_left_out_of_what_was_expected(analyst, run):
    finding = run.findings.get(rank=1)
    observed, expected = analyst.get(finding.get_absolute_url()).context["charts"]
    assert [str(point.label).endswith(", so far") for point in observed.points[-2:]] == [
        False,
        True,
    ]
    assert "until" in str(observed.title)
    assert expected.points[-1].value is None
    assert None not in [point.value for point in expected.points[:-1]]
    assert len(observed.points) == len(expected.points)


def test_the_overview_needs_as_many_queries_for_many_findings_as_for_one(analyst, run):
    address = reverse("flashpoints:overview")
    analyst.get(address)
    with CaptureQueriesContext(connection) as before:
        analyst.get(address)
    finding = run.findings.get(rank=1)
    areas = [area.place for area in finding.areas.all()]
    for rank in range(10, 15):
        finding.pk, finding.rank = None, rank
        finding._state.adding = True
        finding.save()
        for place in areas:
            finding.areas.create(place=place, order=0)
    with CaptureQueriesContext(connection) as after:
        analyst.get(address)
    assert len(after) == len(before)


def test_exports_carry_method_and_data_and_are_recorded(analyst, run):
    text = analyst.get(reverse("flashpoints:run_csv", args=[run.pk])).content.decode()
    assert run.data_hash in text
    shapes = json.loads(analyst.get(reverse("flashpoints:run_geojson", args=[run.pk])).content)
    first = shapes["features"][0]
    assert first["geometry"]["type"] == "Polygon"
    assert first["properties"]["observed"] == run.findings.get(rank=1).observed
    assert AuditEntry.objects.filter(action="flashpoints.export").count() == 2


@pytest.mark.parametrize("role", [Role.GROUP_WORKER, Role.SITE_OWNER, Role.SUPPORT_WORKER])
def test_outsiders_are_refused_everywhere(client, role, run):
    outsider = sign_in(client, make_user(role))
    finding = run.findings.get(rank=1)
    for address in (
        reverse("flashpoints:overview"),
        reverse("flashpoints:runs"),
        run.get_absolute_url(),
        finding.get_absolute_url(),
        reverse("flashpoints:run_csv", args=[run.pk]),
        reverse("flashpoints:run_geojson", args=[run.pk]),
    ):
        assert outsider.get(address).status_code == 403


def test_a_reader_who_may_not_export_is_refused_the_files(client, run):
    reader = sign_in(client, make_user(Role.PRESS_OFFICER))
    assert reader.get(reverse("flashpoints:overview")).status_code == 200
    assert reader.get(reverse("flashpoints:run_csv", args=[run.pk])).status_code == 403
