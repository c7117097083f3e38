"""Checklists as XLSForm: read from a workbook, written to one, and the same both ways.

The sheets are those of the standard: ``survey``, ``choices``, ``settings``. What the standard
has no column for stands in columns of ours that other programs leave alone: ``weight``,
``pictures``, ``fails_if``, ``severity``, ``legal_ground``, ``days_to_mend``.
"""

from __future__ import annotations

import io
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
from qalqan.desk.protection.checklist_spec import (
    LANGUAGES,
    ChecklistSpec,
    ChoiceSpec,
    QuestionSpec,
)

LARGEST = 4 * 1024 * 1024
_SIMPLE = {"integer": "integer", "decimal": "decimal", "text": "text", "string": "text",
           "date": "date"}  # fmt: skip
_YES_NO = {"yes": ("Иә", "Да", "Yes"), "no": ("Жоқ", "Нет", "No")}
_LIST_MARK = "qalqan_list_"


def read_form(path: Path) -> ChecklistSpec:
    """Read a checklist from XLSForm; what is wrong inside is for `problems_of` to say.

    Raises
    ------
    InputError
        It is no workbook, a sheet or column is missing, or it asks for what no checklist may.
    """
    with open_workbook(path) as book:
        sheets = sheets_of(book, path.name)
        settings = settings_of(sheets.get("settings"), path.name)
        default = settings.get("default_language", "")
        choices = choices_of(sheets.get("choices"), path.name, default)
        survey = survey_of(sheets, path.name)
        groups = Groups(default)
        questions = tuple(_questions(survey, choices, path.name, groups))
    return ChecklistSpec(
        code=settings.get("form_id", ""),
        names=texts_of(settings, "form_title", settings.get("default_language", "")),
        questions=questions,
        categories=tuple(settings.get("categories", "").split()),
        days_after={
            name: _number(settings, f"days_after_{name}", default, path.name, 2)
            for name, default in (("pass", 365), ("minor", 180), ("serious", 30))
        },
        source_note=settings.get("source_note", ""),
    )


def _questions(
    survey: Table, choices: Mapping[str, list[Choice]], file: str, groups: Groups
) -> Iterator[QuestionSpec]:
    for row in whole_rows(survey, file, "survey"):
        cells = row.cells
        kind = " ".join(cells["type"].lower().split())
        if not groups.takes(row, kind, file) and kind not in SKIPPED:
            yield _question(row, kind, groups, choices, file)
    if groups.open:
        raise bad(file, None, "survey", _("a group is not closed"))


def _question(
    row: Row, kind: str, groups: Groups, choices: Mapping[str, list[Choice]],
    file: str,
) -> QuestionSpec:  # fmt: skip
    cells, line = row.cells, row.line
    made, given = _kind(kind, choices, file, line)
    return QuestionSpec(
        code=cells["name"], kind=made, texts=texts_of(cells, "label", groups.default),
        hints=texts_of(cells, "hint", groups.default), sections=groups.heading, choices=given,
        required=flag(cells.get("required", ""), file, line),
        weight=_number(cells, "weight", 1, file, line),
        pictures_required=_number(cells, "pictures", 0, file, line),
        relevant=cells.get("relevant", ""), constraint=cells.get("constraint", ""),
        fails_if=cells.get("fails_if", ""), severity=cells.get("severity", "") or "minor",
        legal_ground=cells.get("legal_ground", ""),
        days_to_mend=_number(cells, "days_to_mend", 30, file, line), line=line,
    )  # fmt: skip


def _kind(
    kind: str, choices: Mapping[str, list[Choice]], file: str, line: int
) -> tuple[str, tuple[ChoiceSpec, ...]]:
    word, _space, name = kind.partition(" ")
    if kind in _SIMPLE:
        return _SIMPLE[kind], ()
    if kind in PERSONAL:
        reason = _("“%(kind)s” tells who a person is; no checklist asks that")
        raise bad(file, line, "survey: type", reason % {"kind": kind})
    if word == "select_one" and name:
        given = list_named(choices, name, file, line)
        if {choice.code for choice in given} == set(_YES_NO):
            return "yes_no", ()
        return "choice", tuple(ChoiceSpec(choice.code, choice.texts) for choice in given)
    hint = _("“%(kind)s” is not read; use select_one, integer, decimal, text or date")
    if kind in ("image", "photo"):
        hint = _("“%(kind)s” is not read; say in the column “pictures” how many are needed")
    raise bad(file, line, "survey: type", hint % {"kind": kind[:40]})


def _number(cells: Mapping[str, str], name: str, default: int, file: str, line: int) -> int:
    text = cells.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise bad(file, line, name, _("“%(text)s” is not a whole number from %(least)s")
                   % {"text": text[:40], "least": 0})  # fmt: skip
    return int(text)


_SURVEY = (
    "type", "name", *(f"label::{name}" for name in NAMES.values()),
    *(f"hint::{name}" for name in NAMES.values()), "required", "relevant", "constraint",
    "weight", "pictures", "fails_if", "severity", "legal_ground", "days_to_mend",
)  # fmt: skip


def write_form(spec: ChecklistSpec, *, version: int) -> bytes:
    """Write a checklist as XLSForm."""
    from openpyxl import Workbook

    book = Workbook()
    survey: Any = book.active
    survey.title = "survey"
    append(survey, list(_SURVEY))
    choices: Any = book.create_sheet("choices")
    append(choices, ["list_name", "name", *(f"label::{name}" for name in NAMES.values())])
    for code, texts in _YES_NO.items():
        append(choices, ["yes_no", code, *texts])
    heading: Mapping[str, str] = {}
    for number, question in enumerate(spec.questions, start=1):
        if dict(question.sections) != dict(heading):
            _close_group(survey, heading)
            heading = question.sections
            if heading:
                append(survey, ["begin_group", f"section_{number}", *three(heading)])
        append(survey, _survey_row(question))
        for choice in question.choices:
            append(choices, [_LIST_MARK + question.code, choice.code, *three(choice.texts)])
    _close_group(survey, heading)
    settings: Any = book.create_sheet("settings")
    days = {f"days_after_{name}": value for name, value in spec.days_after.items()}
    titles = {f"form_title::{NAMES[code]}": spec.names[code] for code in LANGUAGES}
    values = {
        "form_id": spec.code, "version": version, "default_language": NAMES["kk"],
        "form_title": spec.names["kk"], **titles, "categories": " ".join(spec.categories),
        **days, "source_note": spec.source_note,
    }  # fmt: skip
    append(settings, list(values))
    append(settings, list(values.values()))
    for sheet in (survey, choices, settings):
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _close_group(survey: Any, heading: Mapping[str, str]) -> None:
    if heading:
        append(survey, ["end_group"])


def _survey_row(question: QuestionSpec) -> list[Any]:
    kinds = {"yes_no": "select_one yes_no", "choice": f"select_one {_LIST_MARK}{question.code}"}
    return [
        kinds.get(question.kind, question.kind), question.code, *three(question.texts),
        *three(question.hints), "yes" if question.required else "no",
        question.relevant, question.constraint, question.weight,
        question.pictures_required, question.fails_if, question.severity,
        question.legal_ground, question.days_to_mend,
    ]  # fmt: skip
