"""Sources and their grades: history, refusals, and what a grade never touches."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from tests.support.factories import make_user

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import PUBLIC, Role, SystemActor
from qalqan.desk.platform.sources import selectors
from qalqan.desk.platform.sources.models import Credibility, Reliability, Source, SourceGrade
from qalqan.desk.platform.sources.services import get_or_create_source, grade_source
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
DESK = SystemActor("tests")


def make_source(name: str = "Sample channel", kind: str = "channel") -> Source:
    return get_or_create_source(actor=DESK, name=name, kind=kind, now=NOW)


def test_a_source_is_stored_once_with_grade_f() -> None:
    one, two = make_source(), make_source("  Sample   channel ")
    assert one == two
    assert one.reliability == "F"
    assert [grade.reliability for grade in one.grades.all()] == ["F"]
    assert AuditEntry.objects.filter(action="sources.source_added").count() == 1
    assert make_source(kind="site") != one


@pytest.mark.parametrize(("name", "kind"), [("", "channel"), ("x" * 201, "channel"), ("x", "me")])
def test_bad_sources_are_refused(name: str, kind: str) -> None:
    with pytest.raises(InputError):
        make_source(name, kind)
    assert Source.objects.count() == 0


def test_an_address_of_a_person_does_not_become_a_name() -> None:
    assert "example.kz" not in make_source("news by someone@example.kz").name


def test_the_public_adds_no_sources() -> None:
    with pytest.raises(RefusedError):
        get_or_create_source(actor=PUBLIC, name="New", kind="hotline", now=NOW)


def test_every_grade_stays_in_the_history() -> None:
    analyst, source = make_user(Role.ANALYST), make_source()
    for days, letter in ((1, "B"), (2, "D")):
        grade_source(
            actor=analyst, source=source, reliability=letter, reason="Record of a month",
            now=NOW + timedelta(days=days),
        )  # fmt: skip
    source.refresh_from_db()
    assert source.reliability == "D"
    assert [grade.reliability for grade in selectors.grades(DESK, source)] == ["D", "B", "F"]
    halfway = NOW + timedelta(days=1, hours=5)
    assert selectors.reliability_at(DESK, source, halfway) == "B"
    assert selectors.reliability_at(DESK, source, NOW - timedelta(days=1)) is None
    entry = AuditEntry.objects.filter(action="sources.source_graded").first()
    assert entry.detail == {"from": "B", "to": "D"}
    assert entry.actor_label == analyst.actor_label


def test_grades_are_neither_changed_nor_deleted() -> None:
    source = make_source()
    with pytest.raises(ConflictError):
        SourceGrade.objects.update(reliability="A")
    with pytest.raises(ConflictError):
        SourceGrade.objects.all().delete()
    with pytest.raises(models.ProtectedError):
        source.delete()


@pytest.mark.parametrize(
    ("letter", "reason"), [("G", "x"), ("a", "x"), ("A", " "), ("A", "x" * 501)]
)
def test_bad_grades_are_refused_and_change_nothing(letter: str, reason: str) -> None:
    source = make_source()
    with pytest.raises(InputError):
        grade_source(actor=DESK, source=source, reliability=letter, reason=reason, now=NOW)
    assert source.grades.count() == 1


@pytest.mark.parametrize("role", sorted(set(Role.values) - {"analyst", "duty_officer"}))
def test_only_analysts_and_duty_officers_grade(role: str) -> None:
    with pytest.raises(RefusedError):
        grade_source(
            actor=make_user(role), source=make_source(), reliability="A", reason="x", now=NOW
        )


def test_the_database_keeps_grades_within_a_to_f() -> None:
    source = make_source()
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(reliability="Z")


def test_reliability_and_credibility_are_never_blended() -> None:
    """No number is made of the two grades, and no value belongs to both.

    A record may hold both side by side, as an item of evidence does with the grade that its
    source had then: a letter and a figure, each in a field of its own.
    """
    assert not set(Reliability.values) & set(Credibility.values)
    for model in apps.get_models():
        names = {field.name for field in model._meta.get_fields()}
        if {"reliability", "credibility"} <= names:
            assert isinstance(model._meta.get_field("reliability"), models.CharField), model
            assert model._meta.get_field("reliability").max_length == 1, model
        assert not names & {"trust", "trust_score", "admiralty_score", "source_score"}, model
    holders = [m for m in apps.get_models() if "credibility" in {f.name for f in m._meta.fields}]
    assert all(isinstance(m._meta.get_field("credibility"), models.IntegerField) for m in holders)
    assert isinstance(Source._meta.get_field("reliability"), models.CharField)


def test_a_new_grade_of_the_source_leaves_the_credibility_of_its_items() -> None:
    from qalqan.desk.incidents.models import Incident, Report

    source = make_source("District reports", "agency")
    incident = Incident.objects.create(
        identity="1", kind="other", occurred_from=NOW, occurred_to=NOW, time_precision="day",
        place_precision="country", recorded_at=NOW,
    )  # fmt: skip
    item = Report.objects.create(
        incident=incident, source=source, credibility=2, recorded_at=NOW, first_recorded_at=NOW
    )
    grade_source(actor=DESK, source=source, reliability="E", reason="Wrong twice", now=NOW)
    item.refresh_from_db()
    assert item.credibility == 2
    assert Source.objects.get(pk=source.pk).reliability == "E"
