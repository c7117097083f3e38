"""Checklists as XLSForm: read from a workbook, written to one, and the same both ways.

The sheets are those of the standard: ``survey``, ``choices``, ``settings``. What the standard
has no column for stands in columns of ours that other programs leave alone: ``weight``,
``pictures``, ``fails_if``, ``severity``, ``legal_ground``, ``days_to_mend``.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.sources.tables import Row, Table
from qalqan.desk.platform.sources.workbooks import open_workbook, table_of
from qalqan.desk.protection.checklist_spec import (
    LANGUAGES,
    ChecklistSpec,
    ChoiceSpec,
    QuestionSpec,
)
from qalqan.errors import InputError, Location

LARGEST = 4 * 1024 * 1024
_NAMES = {"kk": "Қазақша (kk)", "ru": "Русский (ru)", "en": "English (en)"}
_LABEL = re.compile(r"(label|hint|form_title)\s*::?\s*(.+)")
_LANGUAGE_WORDS = {
    "kk": "kk", "kazakh": "kk", "қазақша": "kk", "қазақ": "kk", "казахский": "kk",
    "ru": "ru", "russian": "ru", "русский": "ru", "орысша": "ru",
    "en": "en", "english": "en", "английский": "en", "ағылшынша": "en",
}  # fmt: skip
_SIMPLE = {"integer": "integer", "decimal": "decimal", "text": "text", "string": "text",
           "date": "date"}  # fmt: skip
_SKIPPED = {"start", "end", "today", "note"}
_YES_NO = {"yes": ("Иә", "Да", "Yes"), "no": ("Жоқ", "Нет", "No")}
_PERSONAL = {"username", "phonenumber", "phone number", "email", "deviceid", "subscriberid",
             "simserial"}  # fmt: skip
_LIST_MARK = "qalqan_list_"


def _bad(file: str, line: int | None, name: str, reason: str) -> InputError:
    return InputError(reason, location=Location(file, line, name))


@dataclass(slots=True)
class _Groups:
    """The headings of the groups that are open, and the language of plain labels."""

    default: str = ""
    open: list[dict[str, str]] = field(default_factory=list)

    @property
    def heading(self) -> dict[str, str]:
        return next((texts for texts in reversed(self.open) if texts), {})


def read_form(path: Path) -> ChecklistSpec:
    """Read a checklist from XLSForm; what is wrong inside is for `problems_of` to say.

    Raises
    ------
    InputError
        It is no workbook, a sheet or column is missing, or it asks for what no checklist may.
    """
    with open_workbook(path) as book:
        sheets = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
        if "survey" not in sheets:
            raise _bad(path.name, None, "survey", _("The workbook has no sheet “survey”."))
        settings = _settings(sheets.get("settings"), path.name)
        default = settings.get("default_language", "")
        choices = _choices(sheets.get("choices"), path.name, default)
        survey = table_of(sheets["survey"], path.name)
        for name in ("type", "name"):
            if name not in survey.columns:
                raise _bad(path.name, 1, f"survey: {name}", _("This column is missing."))
        groups = _Groups(default)
        questions = tuple(_questions(survey, choices, path.name, groups))
    return ChecklistSpec(
        code=settings.get("form_id", ""),
        names=_texts(settings, "form_title", settings.get("default_language", "")),
        questions=questions,
        categories=tuple(settings.get("categories", "").split()),
        days_after={
            name: _number(settings, f"days_after_{name}", default, path.name, 2)
            for name, default in (("pass", 365), ("minor", 180), ("serious", 30))
        },
        source_note=settings.get("source_note", ""),
    )


def _settings(sheet: Any, file: str) -> dict[str, str]:
    if sheet is None:
        raise _bad(file, None, "settings", _("The workbook has no sheet “settings”."))
    row = next(table_of(sheet, file).rows, None)
    return dict(row.cells) if row else {}


def _texts(cells: Mapping[str, str], name: str, default: str = "") -> dict[str, str]:
    """Return a text by language from columns like ``label::Русский (ru)``."""
    found = {}
    for column, text in cells.items():
        match = _LABEL.fullmatch(column)
        language = _language(match[2]) if match and match[1] == name else ""
        if language and text:
            found[language] = text
    plain, language = cells.get(name, ""), _language(default)
    if plain and language:
        found.setdefault(language, plain)
    return found


def _language(text: str) -> str:
    """Return the language that a column names: ``Русский (ru)``, ``ru`` or ``russian``."""
    word = text.strip().lower()
    if word.endswith(")") and "(" in word:
        word = word[word.rindex("(") + 1 : -1]
    return _LANGUAGE_WORDS.get(word, "")


def _append(sheet: Any, values: list[Any]) -> None:
    """Add a row in which a text that begins like a formula stays a text."""
    sheet.append(values)
    for cell in sheet[sheet.max_row]:
        if cell.data_type == "f":
            cell.data_type = "s"


def _choices(sheet: Any, file: str, default: str) -> dict[str, list[ChoiceSpec]]:
    lists: dict[str, list[ChoiceSpec]] = {}
    if sheet is None:
        return lists
    table = table_of(sheet, file)
    key = "list name" if "list name" in table.columns else "list_name"
    for name in (key, "name"):
        if name not in table.columns:
            raise _bad(file, 1, f"choices: {name}", _("This column is missing."))
    for row in _whole_rows(table, file, "choices"):
        cells = row.cells
        lists.setdefault(cells[key], []).append(
            ChoiceSpec(cells["name"], _texts(cells, "label", default))
        )
    return lists


def _whole_rows(table: Table, file: str, sheet: str) -> Iterator[Row]:
    for row in table.rows:
        if row.problem is not None:
            name = f"{sheet}: {row.problem.field}" if row.problem.field else sheet
            raise _bad(file, row.line, name, row.problem.reason)
        yield row


def _questions(
    survey: Table, choices: Mapping[str, list[ChoiceSpec]], file: str, groups: _Groups
) -> Iterator[QuestionSpec]:
    for row in _whole_rows(survey, file, "survey"):
        cells = row.cells
        kind = " ".join(cells["type"].lower().split())
        if kind in ("begin group", "begin_group"):
            if cells.get("relevant"):
                raise _bad(file, row.line, "survey: relevant",
                           _("a condition stands at each question, not at a group"))  # fmt: skip
            groups.open.append(_texts(cells, "label", groups.default))
        elif kind in ("end group", "end_group"):
            if not groups.open:
                raise _bad(file, row.line, "survey: type", _("no group is open here"))
            groups.open.pop()
        elif kind not in _SKIPPED:
            yield _question(row, kind, groups, choices, file)
    if groups.open:
        raise _bad(file, None, "survey", _("a group is not closed"))


def _question(
    row: Row, kind: str, groups: _Groups, choices: Mapping[str, list[ChoiceSpec]],
    file: str,
) -> QuestionSpec:  # fmt: skip
    cells, line = row.cells, row.line
    made, given = _kind(kind, choices, file, line)
    return QuestionSpec(
        code=cells["name"], kind=made, texts=_texts(cells, "label", groups.default),
        hints=_texts(cells, "hint", groups.default), sections=groups.heading, choices=given,
        required=_flag(cells.get("required", ""), file, line),
        weight=_number(cells, "weight", 1, file, line),
        pictures_required=_number(cells, "pictures", 0, file, line),
        relevant=cells.get("relevant", ""), constraint=cells.get("constraint", ""),
        fails_if=cells.get("fails_if", ""), severity=cells.get("severity", "") or "minor",
        legal_ground=cells.get("legal_ground", ""),
        days_to_mend=_number(cells, "days_to_mend", 30, file, line), line=line,
    )  # fmt: skip


def _kind(
    kind: str, choices: Mapping[str, list[ChoiceSpec]], file: str, line: int
) -> tuple[str, tuple[ChoiceSpec, ...]]:
    word, _space, name = kind.partition(" ")
    if kind in _SIMPLE:
        return _SIMPLE[kind], ()
    if kind in _PERSONAL:
        reason = _("“%(kind)s” tells who a person is; no checklist asks that")
        raise _bad(file, line, "survey: type", reason % {"kind": kind})
    if word == "select_one" and name:
        if name not in {known.lower() for known in choices}:
            reason = _("there is no list “%(name)s” in the sheet choices")
            raise _bad(file, line, "survey: type", reason % {"name": name[:40]})
        given = next(rows for known, rows in choices.items() if known.lower() == name)
        if {choice.code for choice in given} == set(_YES_NO):
            return "yes_no", ()
        return "choice", tuple(given)
    hint = _("“%(kind)s” is not read; use select_one, integer, decimal, text or date")
    if kind in ("image", "photo"):
        hint = _("“%(kind)s” is not read; say in the column “pictures” how many are needed")
    raise _bad(file, line, "survey: type", hint % {"kind": kind[:40]})


def _flag(text: str, file: str, line: int) -> bool:
    word = text.strip().lower()
    if word in ("yes", "true", "true()", "1"):
        return True
    if word in ("", "no", "false", "false()", "0"):
        return False
    raise _bad(file, line, "survey: required", _("one of yes, no is needed"))


def _number(cells: Mapping[str, str], name: str, default: int, file: str, line: int) -> int:
    text = cells.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise _bad(file, line, name, _("“%(text)s” is not a whole number from %(least)s")
                   % {"text": text[:40], "least": 0})  # fmt: skip
    return int(text)


_SURVEY = (
    "type", "name", *(f"label::{name}" for name in _NAMES.values()),
    *(f"hint::{name}" for name in _NAMES.values()), "required", "relevant", "constraint",
    "weight", "pictures", "fails_if", "severity", "legal_ground", "days_to_mend",
)  # fmt: skip


def write_form(spec: ChecklistSpec, *, version: int) -> bytes:
    """Write a checklist as XLSForm."""
    from openpyxl import Workbook

    book = Workbook()
    survey: Any = book.active
    survey.title = "survey"
    _append(survey, list(_SURVEY))
    choices: Any = book.create_sheet("choices")
    _append(choices, ["list_name", "name", *(f"label::{name}" for name in _NAMES.values())])
    for code, texts in _YES_NO.items():
        _append(choices, ["yes_no", code, *texts])
    heading: Mapping[str, str] = {}
    for number, question in enumerate(spec.questions, start=1):
        if dict(question.sections) != dict(heading):
            _close_group(survey, heading)
            heading = question.sections
            if heading:
                _append(survey, ["begin_group", f"section_{number}", *_three(heading)])
        _append(survey, _survey_row(question))
        for choice in question.choices:
            _append(choices, [_LIST_MARK + question.code, choice.code, *_three(choice.texts)])
    _close_group(survey, heading)
    settings: Any = book.create_sheet("settings")
    days = {f"days_after_{name}": value for name, value in spec.days_after.items()}
    titles = {f"form_title::{_NAMES[code]}": spec.names[code] for code in LANGUAGES}
    values = {
        "form_id": spec.code, "version": version, "default_language": _NAMES["kk"],
        "form_title": spec.names["kk"], **titles, "categories": " ".join(spec.categories),
        **days, "source_note": spec.source_note,
    }  # fmt: skip
    _append(settings, list(values))
    _append(settings, list(values.values()))
    for sheet in (survey, choices, settings):
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _close_group(survey: Any, heading: Mapping[str, str]) -> None:
    if heading:
        _append(survey, ["end_group"])


def _three(texts: Mapping[str, str]) -> list[str]:
    return [texts.get(code, "") for code in LANGUAGES]


def _survey_row(question: QuestionSpec) -> list[Any]:
    kinds = {"yes_no": "select_one yes_no", "choice": f"select_one {_LIST_MARK}{question.code}"}
    return [
        kinds.get(question.kind, question.kind), question.code, *_three(question.texts),
        *_three(question.hints), "yes" if question.required else "no",
        question.relevant, question.constraint, question.weight,
        question.pictures_required, question.fails_if, question.severity,
        question.legal_ground, question.days_to_mend,
    ]  # fmt: skip
