"""The pages about sources."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from tests.support.factories import make_user, sign_in

from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.sources.models import Source
from qalqan.desk.platform.sources.services import get_or_create_source

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def source() -> Source:
    return get_or_create_source(
        actor=SystemActor("tests"), name="Steppe herald", kind="press", now=NOW
    )


def test_the_list_filters_by_name_kind_and_grade(client: Client, source: Source) -> None:
    reader = sign_in(client, make_user())
    page = reverse("sources:source_list")
    for asked, there in (
        ({}, True), ({"q": "steppe"}, True), ({"q": "ocean"}, False), ({"kind": "press"}, True),
        ({"kind": "site"}, False), ({"reliability": "F"}, True), ({"reliability": "A"}, False),
    ):  # fmt: skip
        shown = reader.get(page, asked).content.decode()
        assert ("Steppe herald" in shown) is there, asked


def test_a_duty_officer_grades_and_sees_the_history(client: Client, source: Source) -> None:
    reader = sign_in(client, make_user(Role.DUTY_OFFICER))
    address = reverse("sources:source_grade", args=[source.pk])
    bad = reader.post(address, {"reliability": "B", "reason": ""})
    assert bad.status_code == 422
    good = reader.post(address, {"reliability": "B", "reason": "Right for a year"}, follow=True)
    page = good.content.decode()
    assert "Right for a year" in page
    assert "B: usually reliable" in page
    assert "First met; not yet judged." in page


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PRESS_OFFICER])
def test_readers_see_no_form_and_cannot_post(client: Client, source: Source, role: str) -> None:
    reader = sign_in(client, make_user(role))
    page = reader.get(reverse("sources:source_detail", args=[source.pk]))
    assert page.status_code == 200
    assert "<textarea" not in page.content.decode()
    address = reverse("sources:source_grade", args=[source.pk])
    assert reader.post(address, {"reliability": "A", "reason": "x"}).status_code == 403
    source.refresh_from_db()
    assert source.reliability == "F"


@pytest.mark.parametrize("role", [Role.SITE_OWNER, Role.GROUP_WORKER, Role.SUPPORT_WORKER])
def test_others_do_not_see_sources(client: Client, source: Source, role: str) -> None:
    reader = sign_in(client, make_user(role))
    assert reader.get(reverse("sources:source_list")).status_code == 403
    assert reader.get(reverse("sources:source_detail", args=[source.pk])).status_code == 403


def test_an_absent_source(client: Client) -> None:
    reader = sign_in(client, make_user())
    assert reader.get(reverse("sources:source_detail", args=[999])).status_code == 404
