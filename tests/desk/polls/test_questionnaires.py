"""Questionnaires: what they may ask, versions, and XLSForm there and back."""

from dataclasses import replace

import pytest
from tests.support.factories import NOW
from tests.support.polls_factories import DESK, make_version, spec, texts

from qalqan.desk.polls.questionnaire_spec import ChoiceSpec, QuestionSpec, problems_of
from qalqan.desk.polls.services import questionnaires, xlsform
from qalqan.errors import ConflictError, InputError

pytestmark = pytest.mark.django_db


def ask(**changes):
    values = {"code": "q1", "kind": "yes_no", "texts": texts("Q?")}
    return spec(questions=(QuestionSpec(**{**values, **changes}),))


def in_words(kk="Не?", ru="Что?", en="What?"):
    return {"kk": kk, "ru": ru, "en": en}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (ask(code="Q 1"), "name"),
        (ask(code="sex"), "name"),
        (ask(code="religion"), "label"),
        (ask(code="phone"), "label"),
        (ask(texts=in_words(ru="Какой Вы национальности?")), "label"),
        (ask(texts=in_words(kk="Дініңіз қандай?")), "label"),
        (ask(texts=in_words(en="What is your religion?")), "label"),
        (ask(texts=in_words(kk="ЖСН нөміріңіз?")), "label"),
        (ask(texts=in_words(ru="")), "label (ru)"),
        (ask(kind="one"), "choices"),
        (ask(kind="one", choices=(ChoiceSpec("a", texts("A")), ChoiceSpec("a", texts("B")))),
         "choices"),
        (ask(kind="scale"), "parameters"),
        (ask(kind="scale", low=1, high=90), "parameters"),
        (ask(counts=("perhaps",)), "counts"),
        (ask(relevant="${later} = 'yes'"), "relevant"),
        (ask(relevant="${"), "relevant"),
        (spec(questions=()), "survey"),
        (spec(names={"kk": "A", "ru": "B"}), "form_title (en)"),
        (spec(code="Not a code"), "form_id"),
    ],
)  # fmt: skip
def test_what_may_not_be_asked_is_named(wrong, field):
    assert field in {problem.field for problem in problems_of(wrong)}


def test_a_whole_questionnaire_has_no_problem():
    assert problems_of(spec()) == []


def test_versions_are_counted_and_equal_ones_refused():
    make_version()
    with pytest.raises(ConflictError):
        questionnaires.store_version(actor=DESK, spec=spec(), now=NOW)
    second = questionnaires.store_version(
        actor=DESK, spec=spec(names=texts("Media again")), now=NOW
    )
    assert (second.version, second.state) == (2, "draft")


def test_xlsform_is_the_same_both_ways(tmp_path):
    path = tmp_path / "media.xlsx"
    path.write_bytes(xlsform.write_form(spec(), version=1))
    assert xlsform.read_form(path) == spec()
    stored = questionnaires.store_version(actor=DESK, spec=xlsform.read_form(path), now=NOW)
    again = questionnaires.spec_of(stored)
    assert replace(again, questions=()) == replace(spec(), questions=())
    assert again.digest == spec().digest


@pytest.mark.parametrize("kind", ["username", "image", "select_one nowhere", "geopoint"])
def test_a_type_that_no_poll_asks_is_named_by_line(tmp_path, kind):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "survey"
    for row in (["type", "name", "label::kk", "label::ru", "label::en"],
                ["text", "one", "a", "b", "c"], [kind, "two", "a", "b", "c"]):  # fmt: skip
        book.active.append(row)
    settings = book.create_sheet("settings")
    settings.append(["form_id"])
    settings.append(["x"])
    path = tmp_path / "odk.xlsx"
    book.save(path)
    with pytest.raises(InputError) as caught:
        xlsform.read_form(path)
    assert (caught.value.location.line, caught.value.location.field) == (3, "survey: type")
