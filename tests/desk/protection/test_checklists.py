"""Checklists: what is shipped, what may be put in use, what stays when a new one comes."""

import dataclasses

import pytest
from tests.support.factories import NOW, make_user

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.protection.checklist_spec import QuestionSpec, problems_of
from qalqan.desk.protection.expressions import asked_codes
from qalqan.desk.protection.models import Checklist, ChecklistVersion, Question, Site
from qalqan.desk.protection.services import checklists, shipped
from qalqan.errors import ConflictError, RefusedError

pytestmark = pytest.mark.django_db
SPECS = shipped.shipped_specs()
TEXTS = {"kk": "Сұрақ", "ru": "Вопрос", "en": "Question"}


def changed(**fields):
    """The first shipped checklist with one question changed."""
    first, *rest = SPECS[0].questions
    return dataclasses.replace(SPECS[0], questions=(dataclasses.replace(first, **fields), *rest))


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.code)
def test_shipped_checklist_is_right(spec):
    assert problems_of(spec, categories=Site.Category.values) == []
    assert any(question.relevant for question in spec.questions)
    assert any(question.pictures_required for question in spec.questions)
    assert {"serious", "minor"} <= {question.severity for question in spec.questions}


def test_three_are_shipped():
    assert [spec.code for spec in SPECS] == [
        "critical_utility", "crowded_place", "general_premises"
    ]  # fmt: skip


def test_a_kazakh_text_is_kazakh():
    # Every shipped text is written three times, not copied.
    for spec in SPECS:
        for question in spec.questions:
            assert len(set(question.texts.values())) == 3


def test_shipped_are_put_in_use_once():
    inspector = make_user(Role.INSPECTOR)
    assert len(shipped.load_shipped(actor=inspector, now=NOW)) == 3
    assert shipped.load_shipped(actor=inspector, now=NOW) == []
    assert ChecklistVersion.objects.filter(state="published").count() == 3
    assert Question.objects.count() == sum(len(spec.questions) for spec in SPECS)
    assert AuditEntry.objects.filter(action="protection.publish_checklist").count() == 3


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.code)
def test_stored_and_read_back(spec):
    version = checklists.store_version(actor=make_user(Role.INSPECTOR), spec=spec, now=NOW)
    assert checklists.spec_of(version) == spec


def test_a_version_in_use_stays_when_the_next_comes():
    inspector = make_user(Role.INSPECTOR)
    first = checklists.store_version(actor=inspector, spec=SPECS[0], now=NOW)
    checklists.publish_version(actor=inspector, version=first, now=NOW)
    second = checklists.store_version(actor=inspector, spec=changed(weight=9), now=NOW)
    checklists.publish_version(actor=inspector, version=second, now=NOW)
    first.refresh_from_db()
    assert (first.state, second.version) == ("retired", 2)
    assert first.questions.first().weight == SPECS[0].questions[0].weight


def test_the_same_again_is_refused():
    inspector = make_user(Role.INSPECTOR)
    checklists.store_version(actor=inspector, spec=SPECS[0], now=NOW)
    with pytest.raises(ConflictError, match="asks the same"):
        checklists.store_version(actor=inspector, spec=SPECS[0], now=NOW)


def test_a_published_version_cannot_be_published_again():
    inspector = make_user(Role.INSPECTOR)
    version = checklists.store_version(actor=inspector, spec=SPECS[0], now=NOW)
    checklists.publish_version(actor=inspector, version=version, now=NOW)
    with pytest.raises(ConflictError):
        checklists.publish_version(actor=inspector, version=version, now=NOW)


def test_an_analyst_writes_no_checklists():
    with pytest.raises(RefusedError):
        checklists.store_version(actor=make_user(Role.ANALYST), spec=SPECS[0], now=NOW)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"code": "Bad Code"}, "name", "is no code"),
        ({"kind": "image"}, "type", "not known"),
        ({"texts": {"kk": "", "ru": "a", "en": "b"}}, "label (kk)", "missing"),
        ({"texts": {**TEXTS, "ru": "x" * 501}}, "text (ru)", "longer"),
        ({"weight": 101}, "weight", "from 0 to 100"),
        ({"pictures_required": 11}, "pictures_required", "from 0 to 10"),
        ({"severity": "fatal"}, "severity", "none, minor, serious"),
        ({"kind": "choice", "choices": ()}, "choices", "at least two"),
        ({"relevant": "${later} ="}, "relevant", "ends too early"),
        ({"relevant": "${nobody} = 'yes'"}, "relevant", "no question"),
        ({"relevant": "${drill_months} > 1"}, "relevant", "asked later"),
        ({"relevant": ". = 'x'"}, "relevant", "no meaning"),
        ({"constraint": "system('x')"}, "constraint", "not known"),
        ({"fails_if": "selected(., 5)"}, "fails_if", "a text stands"),
        ({"code": "drill_months"}, "name", "stands twice"),
    ],
)
def test_what_is_wrong_is_named(fields, field, words):
    found = problems_of(changed(**fields), categories=Site.Category.values)
    assert any(problem.field == field and words in problem.reason for problem in found)
    with pytest.raises(checklists.ChecklistError):
        checklists.store_version(actor=make_user(Role.INSPECTOR), spec=changed(**fields), now=NOW)
    assert not Checklist.objects.exists()


def test_skip_logic_of_the_crowded_place():
    spec = next(spec for spec in SPECS if spec.code == "crowded_place")
    small = asked_codes(spec.questions, {"expected": "150"})
    large = asked_codes(spec.questions, {"expected": "900"})
    assert set(large) - set(small) == {"counted", "screening", "queue_outside", "stewards"}


def test_a_question_knows_its_defaults():
    question = QuestionSpec(code="a", kind="yes_no", texts=TEXTS)
    assert (question.required, question.weight, question.severity) == (True, 1, "minor")
