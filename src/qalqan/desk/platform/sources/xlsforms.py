"""What every reader and writer of XLSForm needs: sheets, languages, lists of choices, groups.

A room says which kinds of questions it takes; this part knows how the standard writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.sources.tables import Row, Table
from qalqan.desk.platform.sources.workbooks import table_of
from qalqan.errors import InputError, Location

LANGUAGES = ("kk", "ru", "en")
NAMES = {"kk": "Қазақша (kk)", "ru": "Русский (ru)", "en": "English (en)"}
SKIPPED = {"start", "end", "today", "note"}
PERSONAL = {
    "username", "phonenumber", "phone number", "email", "deviceid", "subscriberid", "simserial",
}  # fmt: skip
"""Questions of the standard that tell who a person is; no room takes them."""
_LABEL = re.compile(r"(label|hint|form_title)\s*::?\s*(.+)")
_LANGUAGE_WORDS = {
    "kk": "kk", "kazakh": "kk", "қазақша": "kk", "қазақ": "kk", "казахский": "kk",
    "ru": "ru", "russian": "ru", "русский": "ru", "орысша": "ru",
    "en": "en", "english": "en", "английский": "en", "ағылшынша": "en",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the sheet ``choices``."""

    code: str
    texts: Mapping[str, str]


@dataclass(slots=True)
class Groups:
    """The headings of the groups that are open, and the language of plain labels."""

    default: str = ""
    open: list[dict[str, str]] = field(default_factory=list)

    @property
    def heading(self) -> dict[str, str]:
        """The texts of the innermost group that has some."""
        return next((texts for texts in reversed(self.open) if texts), {})

    def takes(self, row: Row, kind: str, file: str) -> bool:
        """Open or close a group where the row says so; tell whether it did.

        Raises
        ------
        InputError
            A group has a condition of its own, or is closed without being open.
        """
        if kind in ("begin group", "begin_group"):
            if row.cells.get("relevant"):
                raise bad(file, row.line, "survey: relevant",
                          _("a condition stands at each question, not at a group"))  # fmt: skip
            self.open.append(texts_of(row.cells, "label", self.default))
            return True
        if kind in ("end group", "end_group"):
            if not self.open:
                raise bad(file, row.line, "survey: type", _("no group is open here"))
            self.open.pop()
            return True
        return False


def bad(file: str, line: int | None, name: str, reason: str) -> InputError:
    """Return the error for a place in the workbook."""
    return InputError(reason, location=Location(file, line, name))


def sheets_of(book: Any, file: str) -> dict[str, Any]:
    """Return the sheets by name, small letters.

    Raises
    ------
    InputError
        There is no sheet ``survey``.
    """
    sheets = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
    if "survey" not in sheets:
        raise bad(file, None, "survey", _("The workbook has no sheet “survey”."))
    return sheets


def survey_of(sheets: Mapping[str, Any], file: str) -> Table:
    """Return the sheet of questions.

    Raises
    ------
    InputError
        It has no column ``type`` or ``name``.
    """
    survey = table_of(sheets["survey"], file)
    for name in ("type", "name"):
        if name not in survey.columns:
            raise bad(file, 1, f"survey: {name}", _("This column is missing."))
    return survey


def settings_of(sheet: Any, file: str) -> dict[str, str]:
    """Return the settings.

    Raises
    ------
    InputError
        There is no such sheet.
    """
    if sheet is None:
        raise bad(file, None, "settings", _("The workbook has no sheet “settings”."))
    row = next(table_of(sheet, file).rows, None)
    return dict(row.cells) if row else {}


def texts_of(cells: Mapping[str, str], name: str, default: str = "") -> dict[str, str]:
    """Return a text by language from columns like ``label::Русский (ru)``."""
    found = {}
    for column, text in cells.items():
        match = _LABEL.fullmatch(column)
        language = language_of(match[2]) if match and match[1] == name else ""
        if language and text:
            found[language] = text
    plain, language = cells.get(name, ""), language_of(default)
    if plain and language:
        found.setdefault(language, plain)
    return found


def language_of(text: str) -> str:
    """Return the language that a column names: ``Русский (ru)``, ``ru`` or ``russian``."""
    word = text.strip().lower()
    if word.endswith(")") and "(" in word:
        word = word[word.rindex("(") + 1 : -1]
    return _LANGUAGE_WORDS.get(word, "")


def append(sheet: Any, values: list[Any]) -> None:
    """Add a row in which a text that begins like a formula stays a text."""
    sheet.append(values)
    for cell in sheet[sheet.max_row]:
        if cell.data_type == "f":
            cell.data_type = "s"


def choices_of(sheet: Any, file: str, default: str) -> dict[str, list[Choice]]:
    """Return the lists of choices by the name of the list.

    Raises
    ------
    InputError
        A column is missing or a row broken.
    """
    lists: dict[str, list[Choice]] = {}
    if sheet is None:
        return lists
    table = table_of(sheet, file)
    key = "list name" if "list name" in table.columns else "list_name"
    for name in (key, "name"):
        if name not in table.columns:
            raise bad(file, 1, f"choices: {name}", _("This column is missing."))
    for row in whole_rows(table, file, "choices"):
        cells = row.cells
        lists.setdefault(cells[key], []).append(
            Choice(cells["name"], texts_of(cells, "label", default))
        )
    return lists


def list_named(
    choices: Mapping[str, list[Choice]], name: str, file: str, line: int
) -> list[Choice]:
    """Return the list that a question names.

    Raises
    ------
    InputError
        There is no such list.
    """
    for known, rows in choices.items():
        if known.lower() == name.lower():
            return rows
    reason = _("there is no list “%(name)s” in the sheet choices")
    raise bad(file, line, "survey: type", reason % {"name": name[:40]})


def whole_rows(table: Table, file: str, sheet: str) -> Iterator[Row]:
    """Yield the rows of a sheet.

    Raises
    ------
    InputError
        A row is broken.
    """
    for row in table.rows:
        if row.problem is not None:
            name = f"{sheet}: {row.problem.field}" if row.problem.field else sheet
            raise bad(file, row.line, name, row.problem.reason)
        yield row


def flag(text: str, file: str, line: int) -> bool:
    """Read yes or no.

    Raises
    ------
    InputError
        It is neither.
    """
    word = text.strip().lower()
    if word in ("yes", "true", "true()", "1"):
        return True
    if word in ("", "no", "false", "false()", "0"):
        return False
    raise bad(file, line, "survey: required", _("one of yes, no is needed"))


def three(texts: Mapping[str, str]) -> list[str]:
    """Return the texts in the order of the columns that are written."""
    return [texts.get(code, "") for code in LANGUAGES]
