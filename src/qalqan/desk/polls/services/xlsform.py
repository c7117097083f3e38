"""Questionnaires as XLSForm: read from a workbook, written to one, and the same both ways.

The column ``counts`` is ours; other programs leave it alone.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.sources.tables import Row, Table
from qalqan.desk.platform.sources.workbooks import open_workbook
from qalqan.desk.platform.sources.xlsforms import (
    NAMES,
    PERSONAL,
    SKIPPED,
    Choice,
    Groups,
    append,
    bad,
    choices_of,
    flag,
    list_named,
    settings_of,
    sheets_of,
    survey_of,
    texts_of,
    three,
    whole_rows,
)
from qalqan.desk.polls.questionnaire_spec import (
    LANGUAGES,
    RESERVED,
    ChoiceSpec,
    QuestionnaireSpec,
    QuestionSpec,
)

LARGEST = 4 * 1024 * 1024
_SIMPLE = {"integer": "integer", "decimal": "decimal", "text": "text", "string": "text"}
_YES_NO = {"yes": ("Иә", "Да", "Yes"), "no": ("Жоқ", "Нет", "No")}
_PARAMETER = re.compile(r"\b(start|end)\s*=\s*(-?\d{1,4})\b")
_SURVEY = (
    "type", "name", *(f"label::{name}" for name in NAMES.values()), "required", "relevant",
    "parameters", "counts",
)  # fmt: skip


def read_form(path: Path) -> QuestionnaireSpec:
    """Read a questionnaire from XLSForm; what is wrong inside is for `problems_of` to say.

    Raises
    ------
    InputError
        It is no workbook, a sheet or column is missing, or it asks for what no poll may.
    """
    with open_workbook(path) as book:
        sheets = sheets_of(book, path.name)
        settings = settings_of(sheets.get("settings"), path.name)
        default = settings.get("default_language", "")
        choices = choices_of(sheets.get("choices"), path.name, default)
        survey = survey_of(sheets, path.name)
        questions = tuple(_questions(survey, choices, path.name, Groups(default)))
    return QuestionnaireSpec(
        settings.get("form_id", ""), texts_of(settings, "form_title", default), questions
    )


def _questions(
    survey: Table, choices: Mapping[str, list[Choice]], file: str, groups: Groups
) -> Iterator[QuestionSpec]:
    for row in whole_rows(survey, file, "survey"):
        kind = " ".join(row.cells["type"].lower().split())
        if groups.takes(row, kind, file) or kind in SKIPPED:
            continue
        # What stands beside the answers in a submission is no question of the poll.
        if row.cells["name"] not in RESERVED:
            yield _question(row, kind, groups, choices, file)
    if groups.open:
        raise bad(file, None, "survey", _("a group is not closed"))


def _question(
    row: Row, kind: str, groups: Groups, choices: Mapping[str, list[Choice]], file: str
) -> QuestionSpec:
    cells = row.cells
    made, given = _kind(kind, choices, file, row.line)
    ends = dict(_PARAMETER.findall(cells.get("parameters", "")))
    return QuestionSpec(
        code=cells["name"], kind=made, texts=texts_of(cells, "label", groups.default),
        choices=given, required=flag(cells.get("required", ""), file, row.line),
        low=int(ends["start"]) if made == "scale" and "start" in ends else None,
        high=int(ends["end"]) if made == "scale" and "end" in ends else None,
        relevant=cells.get("relevant", ""), counts=tuple(cells.get("counts", "").split()),
        line=row.line,
    )  # fmt: skip


def _kind(
    kind: str, choices: Mapping[str, list[Choice]], file: str, line: int
) -> tuple[str, tuple[ChoiceSpec, ...]]:
    word, _space, name = kind.partition(" ")
    if kind in _SIMPLE:
        return _SIMPLE[kind], ()
    if kind == "range":
        return "scale", ()
    if kind in PERSONAL:
        reason = _("“%(kind)s” tells who a person is; no poll asks that")
        raise bad(file, line, "survey: type", reason % {"kind": kind})
    if word in ("select_one", "select_multiple") and name:
        given = list_named(choices, name, file, line)
        if word == "select_one" and {choice.code for choice in given} == set(_YES_NO):
            return "yes_no", ()
        rows = tuple(ChoiceSpec(choice.code, choice.texts) for choice in given)
        return ("one" if word == "select_one" else "many"), rows
    hint = _(
        "“%(kind)s” is not read; use select_one, select_multiple, range, integer, decimal or text"
    )
    raise bad(file, line, "survey: type", hint % {"kind": kind[:40]})


def write_form(spec: QuestionnaireSpec, *, version: int) -> bytes:
    """Write a questionnaire as XLSForm."""
    from openpyxl import Workbook

    book = Workbook()
    survey: Any = book.active
    survey.title = "survey"
    append(survey, list(_SURVEY))
    choices: Any = book.create_sheet("choices")
    append(choices, ["list_name", "name", *(f"label::{name}" for name in NAMES.values())])
    for code, texts in _YES_NO.items():
        append(choices, ["yes_no", code, *texts])
    for question in spec.questions:
        append(survey, _survey_row(question))
        for choice in question.choices:
            append(choices, [f"list_{question.code}", choice.code, *three(choice.texts)])
    settings: Any = book.create_sheet("settings")
    titles = {f"form_title::{NAMES[code]}": spec.names[code] for code in LANGUAGES}
    values = {
        "form_id": spec.code, "version": version, "default_language": NAMES["kk"],
        "form_title": spec.names["kk"], **titles,
    }  # fmt: skip
    append(settings, list(values))
    append(settings, list(values.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _survey_row(question: QuestionSpec) -> list[Any]:
    kinds = {
        "yes_no": "select_one yes_no", "one": f"select_one list_{question.code}",
        "many": f"select_multiple list_{question.code}", "scale": "range",
    }  # fmt: skip
    ends = f"start={question.low} end={question.high} step=1" if question.kind == "scale" else ""
    return [
        kinds.get(question.kind, question.kind), question.code, *three(question.texts),
        "yes" if question.required else "no", question.relevant, ends, " ".join(question.counts),
    ]  # fmt: skip
