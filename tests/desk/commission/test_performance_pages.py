"""Pages of performance: what they tell, who may act, what they export, how many queries."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from tests.desk.query_budgets import BUDGETS
from tests.support.commission_factories import make_secretary
from tests.support.factories import make_organisation, make_user, sign_in
from tests.support.performance_factories import (
    MARCH,
    SYSTEM,
    delay_inputs,
    figure_of,
    indicator,
    lock,
    share_inputs,
)
from tests.support.places_factories import make_place

from qalqan.cli.sample_performance import load_sample_performance
from qalqan.desk.commission.models import FigureComment, LockedFigure
from qalqan.desk.commission.selectors import performance as selectors
from qalqan.desk.commission.selectors.formulas import Month
from qalqan.desk.platform.places.models import Population
from qalqan.desk.platform.policies import PUBLIC, Role
from qalqan.desk.platform.sources.services import get_or_create_source

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary():
    return make_secretary()


@pytest.fixture
def desk(secretary):
    return sign_in(Client(), secretary)


def page(client, name, *arguments, **query):
    response = client.get(reverse(f"commission:{name}", args=arguments), query)
    assert response.status_code == 200
    return response.content.decode()


def make_year(secretary):
    """Lock the sample's year over twelve districts."""
    now = timezone.now()
    source = get_or_create_source(actor=SYSTEM, name="Census", kind="agency", now=now)
    for number in range(12):
        place = make_place(f"Аудан {number:02}", "district", kato=f"15{number:07}")
        Population.objects.create(
            place=place, year=2025, count=20_000 + 7_000 * number, source=source
        )
    duty = make_user(Role.DUTY_OFFICER)
    made = load_sample_performance(secretary=secretary, duty=duty, now=now, seed=7)
    return made, duty


def test_the_sample_is_a_year_with_a_change_a_signal_and_a_correction(desk, secretary):
    made, duty = make_year(secretary)
    # Eight indicators, twelve months, and three months of two definitions.
    assert made == 8 * 12 + 3
    assert load_sample_performance(secretary=secretary, duty=duty, now=timezone.now(), seed=7) == 0
    assert LockedFigure.objects.filter(is_sample=False).count() == 0
    assert LockedFigure.objects.filter(number=2).count() == 1
    text = page(desk, "performance")
    assert "sample data" in text
    assert text.count('scope="row"') == 8
    told = page(desk, "indicator", "findings_in_time")
    assert "definition 2" in told
    assert told.count('<svg class="chart"') == 2
    assert "Extensions do not count" in told
    overdue = page(desk, "indicator", "sites_overdue")
    assert "There are signals" in overdue
    assert "flood" in overdue
    assert "Last 12 months" not in overdue
    for span in ("1", "12", "x"):
        assert "In alphabetical order; no ranks" in page(
            desk, "indicator", "answer_delay", span=span
        )
    for code in ("alert_approval", "alert_delivery", "reach_per_head", "question_wait"):
        assert '<svg class="chart"' in page(desk, "indicator", code)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_pages_speak_the_readers_language(secretary, language):
    lock(answer_delay=delay_inputs(*range(1, 12)))
    secretary.language = language
    secretary.save(update_fields=["language"])
    client = sign_in(Client(), secretary)
    with translation.override(language):
        name = "Қауесет" if language == "kk" else "слух"
        assert name in page(client, "performance")
        assert name in page(client, "indicator", "answer_delay")
        assert "Kaplan and Meier" not in page(client, "figure", figure_of("answer_delay").pk)


def test_the_secretary_looks_at_a_month_and_locks_it(desk):
    first = Month(timezone.localdate().replace(day=1)).before().first
    text = page(desk, "lock")
    assert "No indicator is entered yet" in text
    address = reverse("commission:lock")
    answer = desk.post(address, {"month": f"{first:%Y-%m}"})
    assert answer.status_code == 302
    assert LockedFigure.objects.filter(period_from=first).count() == 8
    again = desk.post(address, {"month": f"{first:%Y-%m}"})
    assert again.status_code == 422
    assert desk.post(address, {"month": "nonsense"}).status_code == 422
    assert "no cases" in page(desk, "performance")
    before = Month(first).before().first
    assert "as it would be locked now" in page(desk, "lock", month=f"{before:%Y-%m}")


def test_a_comment_and_a_correction_from_the_page(desk, secretary):
    indicator(responsible=secretary.organisation)
    body = make_organisation()
    lock(decisions_in_time=share_inputs((body.pk, 6, 8)))
    row = figure_of("decisions_in_time")
    assert "agrees with its digest" in page(desk, "figure", row.pk)
    address = reverse("commission:figure_comment", args=[row.pk])
    assert desk.post(address, {"t-text": ""}).status_code == 422
    assert desk.post(address, {"t-text": "Two were late"}).status_code == 302
    assert FigureComment.objects.get().organisation == secretary.organisation
    correct = reverse("commission:figure_correct", args=[row.pk])
    assert desk.post(correct, {"c-reason": ""}).status_code == 422
    # Counted from the room itself there are no decisions at all in March.
    assert desk.post(correct, {"c-reason": "Entered by mistake"}).status_code == 302
    made = figure_of("decisions_in_time")
    assert (made.number, made.n) == (2, 0)
    text = page(desk, "figure", row.pk)
    assert "replaced by a later version" in text
    assert "Entered by mistake" in text


def test_a_member_of_another_body_sees_no_form_and_is_refused():
    lock()
    row = figure_of("sites_overdue")
    client = sign_in(Client(), make_user(Role.INSPECTOR))
    text = page(client, "figure", row.pk)
    assert "t-text" not in text
    assert "c-reason" not in text
    address = reverse("commission:figure_comment", args=[row.pk])
    assert client.post(address, {"t-text": "Ours"}).status_code == 403


def test_targets_bodies_and_definitions_are_set_on_pages_of_their_own(desk, secretary):
    row = indicator("findings_in_time")
    send = {"value": "0.8", "since": "2026-01-01", "reason": "Plan"}
    url = reverse("commission:indicator_target", args=[row.code])
    assert desk.post(url, {**send, "value": "80"}).status_code == 422
    assert desk.post(url, send).status_code == 302
    url = reverse("commission:indicator_responsible", args=[row.code])
    assert desk.post(url, {"organisation": secretary.organisation_id}).status_code == 302
    url = reverse("commission:indicator_define", args=[row.code])
    form = {f"{field}_{c}": "Words" for field in ("name", "definition") for c in ("kk", "ru", "en")}
    form |= {"formula": "findings_in_time.2", "valid_from": "2031-01-01", "reason": "Fairer"}
    assert desk.post(url, {**form, "formula": "answer_delay.1"}).status_code == 422
    assert desk.post(url, form).status_code == 302
    text = page(desk, "indicator", row.code)
    assert "Fairer" in text
    assert secretary.organisation.name in text


def test_the_file_holds_every_version_and_withholds_small_numbers(desk):
    body = make_organisation()
    lock(decisions_in_time=share_inputs((body.pk, 3, 4)), answer_delay=delay_inputs(*range(1, 9)))
    response = desk.get(reverse("commission:figures_export"))
    text = response.content.decode("utf-8-sig")
    rows = {row["indicator"]: row for row in csv.DictReader(io.StringIO(text))}
    assert len(rows) == 8
    small = rows["decisions_in_time"]
    # A digest of so few cases would tell them: all that they could be are soon tried.
    assert [small[name] for name in ("value", "n", "digest")] == ["", "", ""]
    assert rows["answer_delay"]["value"] == "4.5"
    assert len(rows["answer_delay"]["digest"]) == 64
    narrow = desk.get(reverse("commission:figures_export"), {"indicator": "answer_delay"})
    assert narrow.content.decode("utf-8-sig").count("\r\n") == 2


def test_small_figures_show_no_counts_on_their_page(desk):
    body = make_organisation()
    lock(decisions_in_time=share_inputs((body.pk, 3, 4)))
    text = page(desk, "figure", figure_of("decisions_in_time").pk)
    assert "fewer than 5 cases" in text
    assert "withheld" in text


@pytest.mark.parametrize("name", ["indicator", "figure", "indicator_target"])
def test_what_is_not_there_is_said(desk, name):
    argument = 987654 if name == "figure" else "nothing"
    assert desk.get(reverse(f"commission:{name}", args=[argument])).status_code == 404


def fill(month_from, count):
    bodies = [make_organisation() for _n in range(6)]
    for index in range(month_from, month_from + count):
        month = Month(date(2024 + index // 12, index % 12 + 1, 1))
        lock(month, decisions_in_time=share_inputs(*[(body.pk, 6, 9) for body in bodies]))


@pytest.mark.parametrize("name", ["performance", "indicator", "figure", "lock"])
def test_a_page_keeps_its_budget(desk, name):
    fill(0, 2)
    row = LockedFigure.objects.filter(definition__indicator__code="decisions_in_time").first()
    arguments = {"indicator": ["decisions_in_time"], "figure": [row.pk]}.get(name, [])
    address = reverse(f"commission:{name}", args=arguments)
    desk.get(address)
    counts = []
    for start, more in ((2, 0), (2, 9)):
        fill(start, more)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[1] <= counts[0] + (1 if name == "lock" else 0)
    assert counts[1] <= BUDGETS[f"commission:{name}"]


def test_nobody_without_an_account_reads_the_pages_and_nothing_is_told_by_guessing(client):
    lock()
    for name, arguments in (("performance", []), ("indicator", ["answer_delay"]),
                            ("figure", [figure_of("answer_delay").pk]), ("lock", [])):  # fmt: skip
        response = client.get(reverse(f"commission:{name}", args=arguments))
        assert response.status_code == 302
        assert "sign-in" in response["Location"]
    assert len(selectors.published(PUBLIC)) == 8
    assert MARCH.end_at - timedelta(days=31) == MARCH.start_at
