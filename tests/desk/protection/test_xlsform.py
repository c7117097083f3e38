"""Checklists as XLSForm: the same both ways, and what is wrong is named by line and column."""

import io

import pytest
from openpyxl import Workbook, load_workbook

from qalqan.desk.protection.checklist_spec import problems_of
from qalqan.desk.protection.models import Site
from qalqan.desk.protection.services import xlsform
from qalqan.desk.protection.services.shipped import shipped_specs
from qalqan.errors import InputError

SPECS = shipped_specs()
LABELS = ["label::Қазақша (kk)", "label::Russian", "label::en"]
SETTINGS = [
    ["form_id", "default_language", "form_title::kk", "form_title::ru", "form_title::en"],
    ["my_form", "Kazakh", "Атау", "Название", "Title"],
]
CHOICES = [
    ["list_name", "name", *LABELS], ["yes_no", "yes", "Иә", "Да", "Yes"],
    ["yes_no", "no", "Жоқ", "Нет", "No"], ["gate", "open", "А", "О", "Open"],
    ["gate", "shut", "Ж", "З", "Shut"],
]  # fmt: skip
HEAD = ["type", "name", *LABELS, "required", "relevant", "weight"]
ROW = ["select_one yes_no", "a", "С", "В", "Q", "yes", None, 3]


def book(survey=(HEAD, ROW), choices=CHOICES, settings=SETTINGS):
    made = Workbook()
    made.remove(made.active)
    for title, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
        if rows is not None:
            page = made.create_sheet(title)
            for row in rows:
                page.append(list(row))
    if not made.worksheets:
        made.create_sheet("other")
    return made


def read(tmp_path, made):
    path = tmp_path / "form.xlsx"
    if isinstance(made, bytes):
        path.write_bytes(made)
    else:
        made.save(path)
    return xlsform.read_form(path)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.code)
def test_out_and_in_again_is_the_same(tmp_path, spec):
    again = read(tmp_path, xlsform.write_form(spec, version=2))
    assert again == spec
    assert again.digest == spec.digest


def test_the_standards_sheets_and_columns_are_there(tmp_path):
    made = load_workbook(io.BytesIO(xlsform.write_form(SPECS[0], version=1)))
    assert made.sheetnames == ["survey", "choices", "settings"]
    head = [cell.value for cell in made["survey"][1]]
    assert head[:5] == ["type", "name", "label::Қазақша (kk)", "label::Русский (ru)",
                        "label::English (en)"]  # fmt: skip
    kinds = {row[0].value for row in made["survey"].iter_rows(min_row=2)}
    assert {"begin_group", "end_group", "select_one yes_no", "integer"} <= kinds


def test_languages_are_known_by_code_or_name(tmp_path):
    spec = read(tmp_path, book())
    assert problems_of(spec, categories=Site.Category.values) == []
    (question,) = spec.questions
    assert question.texts == {"kk": "С", "ru": "В", "en": "Q"}
    assert (question.kind, question.weight, question.required) == ("yes_no", 3, True)
    assert spec.names["ru"] == "Название"


def test_a_plain_label_is_in_the_default_language(tmp_path):
    head = ["type", "name", "label", "label::ru", "label::en"]
    spec = read(tmp_path, book([head, ["text", "a", "С", "В", "Q"]]))
    assert spec.questions[0].texts["kk"] == "С"


def test_other_kinds_groups_and_lists(tmp_path):
    survey = [
        HEAD,
        ["start", "start", *[None] * 6],
        ["begin group", "g", "Т", "Р", "S", None, None, None],
        ["select_one gate", "b", "С", "В", "Q", "no", None, None],
        ["decimal", "c", "С", "В", "Q", "true()", "${b} = 'open'", None],
        ["end group", None, *[None] * 6],
        ["date", "d", "С", "В", "Q", None, None, None],
    ]
    spec = read(tmp_path, book(survey))
    assert [question.kind for question in spec.questions] == ["choice", "decimal", "date"]
    assert spec.questions[0].sections["en"] == "S"
    assert spec.questions[2].sections == {}
    assert [choice.code for choice in spec.questions[0].choices] == ["open", "shut"]
    assert problems_of(spec, categories=Site.Category.values) == []


def with_row(*cells):
    return book([HEAD, ROW, list(cells) + [None] * (len(HEAD) - len(cells))])


BROKEN = {
    "no survey": (lambda: book(survey=None), None, "survey"),
    "no settings": (lambda: book(settings=None), None, "settings"),
    "no column type": (lambda: book([HEAD[1:], ROW[1:]]), 1, "survey: type"),
    "no column list_name": (lambda: book(choices=[["name"], ["yes"]]), 1, "choices: list_name"),
    "unknown list": (lambda: with_row("select_one colour", "b"), 3, "survey: type"),
    "several choices": (lambda: with_row("select_multiple gate", "b"), 3, "survey: type"),
    "picture question": (lambda: with_row("image", "b"), 3, "survey: type"),
    "telephone": (lambda: with_row("phonenumber", "b"), 3, "survey: type"),
    "repeat": (lambda: with_row("begin repeat", "b"), 3, "survey: type"),
    "group not open": (lambda: with_row("end group"), 3, "survey: type"),
    "group not closed": (lambda: with_row("begin group", "g"), None, "survey"),
    "required unclear": (
        lambda: with_row("text", "b", "С", "В", "Q", "perhaps"), 3, "survey: required"
    ),
    "weight a word": (lambda: with_row("text", "b", "С", "В", "Q", "", "", "heavy"), 3, "weight"),
    "cell outside": (
        lambda: book([HEAD, ROW, [*ROW, "more"]]), 3, "survey"
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_form_is_refused(tmp_path, kind):
    make, line, field = BROKEN[kind]
    with pytest.raises(InputError) as caught:
        read(tmp_path, make())
    where = caught.value.location
    assert (where.file, where.line, where.field) == ("form.xlsx", line, field)


def test_a_text_that_begins_like_a_formula_stays_a_text(tmp_path):
    survey = [HEAD, ["text", "a", "x", "x", "x", None, None, None]]
    spec = read(tmp_path, book(survey))
    from dataclasses import replace

    texts = {"kk": "=1+1", "ru": "=A1", "en": "-x"}
    wanted = replace(spec, questions=(replace(spec.questions[0], texts=texts),))
    assert read(tmp_path, xlsform.write_form(wanted, version=1)) == wanted
