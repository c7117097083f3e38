"""What every import of a table shares: the walk over rows, the count, reasons, words of cells."""

from __future__ import annotations

import difflib
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qalqan.desk.platform.places.fold import fold_name
from qalqan.desk.platform.sources.tables import BadFieldError, Problem, Reject, Row, Table
from qalqan.errors import InputError, Location

SHOWN = 20
"""How many reasons a report names."""
COUNTS = ("read", "stored", "changed", "known", "rejected")

Progress = Callable[[int], None]
Good = TypeVar("Good")
Result = TypeVar("Result")


@dataclass(slots=True)
class Taken:
    """What became of the rows of a file.

    Parameters
    ----------
    read
        Rows in the file.
    stored
        Rows that are new at the desk.
    changed
        Rows that corrected what was there.
    known
        Rows that said nothing new.
    rejected
        Rows that could not be taken and were left out.
    problems
        The first of the reasons.
    """

    read: int = 0
    stored: int = 0
    changed: int = 0
    known: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)

    def refuse(self, row: Row, problem: Problem, reject: Reject) -> None:
        """Count a row that is left out, and hand it to whoever collects such rows."""
        self.rejected += 1
        if len(self.problems) < SHOWN:
            self.problems.append(problem)
        reject(row, problem)

    def told(self, file: str) -> dict[str, Any]:
        """Return what the record of the act tells."""
        return {"file": file[:120], **{name: getattr(self, name) for name in COUNTS}}


class BadRowsError(InputError):
    """Rows of a file cannot be taken; nothing of it was stored."""

    code = "import.bad_rows"

    def __init__(self, file: str, report: Taken) -> None:
        first = report.problems[0]
        more = report.rejected - 1
        hint = ngettext(
            "%(count)s more row is bad; nothing was stored; --keep-good stores the rest",
            "%(count)s more rows are bad; nothing was stored; --keep-good stores the rest",
            more,
        ) % {"count": more}
        super().__init__(first.reason, location=Location(file, first.line, first.field), hint=hint)
        self.report = report


def read_rows(
    table: Table, read: Callable[[Row], Good], report: Taken, reject: Reject, *, most: int,
    progress: Progress | None = None,
) -> list[Good]:  # fmt: skip
    """Return the rows that are understood; count the others with their reasons.

    Parameters
    ----------
    read
        Understands one row, or raises `BadFieldError`.
    most
        How many rows a file may have.
    progress
        Called with the number of rows read so far, every 500.

    Raises
    ------
    InputError
        The file has too many rows.
    """
    good: list[Good] = []
    for row in table.rows:
        report.read += 1
        if report.read > most:
            raise InputError(
                _("The file has more than %(most)s rows.") % {"most": most},
                location=Location(table.file, row.line),
            )
        try:
            good.append(read(row))
        except BadFieldError as error:
            report.refuse(row, Problem(row.line, error.field, error.reason), reject)
        if progress and report.read % 500 == 0:
            progress(report.read)
    return good


def require_taken(report: Taken, *, file: str, keep_good: bool) -> None:
    """Refuse a file with bad rows, unless the good ones are kept, and one without any row.

    Raises
    ------
    BadRowsError
        Rows are bad, and all or nothing was asked.
    InputError
        There is no row.
    """
    if report.rejected and not keep_good:
        raise BadRowsError(file, report)
    if not report.read:
        raise InputError(_("The file has a header but no rows."), location=Location(file))


def cells_of(row: Row) -> dict[str, str]:
    """Return a row's cells without the marks of exports.

    Raises
    ------
    BadFieldError
        The row itself is broken.
    """
    if row.problem is not None:
        raise BadFieldError(row.problem.field, row.problem.reason)
    return {name: plain(cell) for name, cell in row.cells.items()}


def plain(text: str) -> str:
    """Take off the mark that an export sets before what a spreadsheet would compute.

    >>> plain("'=1+1"), plain("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def words_of(choices: Iterable[tuple[str, Any]]) -> dict[str, str]:
    """Return codes by code and by what they are called in each language."""
    known = tuple(choices)
    words = {code: code for code, _label in known}
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            for code, label in known:
                words.setdefault(fold_name(str(label)), code)
    return words


@lru_cache(maxsize=32)
def _words(of: type[TextChoices]) -> dict[str, str]:
    return words_of(of.choices)


def choice(column: str, text: str, of: type[TextChoices]) -> str:
    """Return the code of a word among choices, as `meant` does."""
    return meant(column, text, _words(of))


def meant(column: str, text: str, words: Mapping[str, str]) -> str:
    """Return the code of a word: the code itself, or what it is called in any language.

    Raises
    ------
    BadFieldError
        Naming the nearest code, or all of them.
    """
    found = words.get(text) or words.get(text.strip().lower().replace(" ", "_"))
    found = found or words.get(fold_name(text))
    if found is None:
        codes = list(dict.fromkeys(words.values()))
        near = difflib.get_close_matches(text.strip().lower(), codes, n=1)
        raise BadFieldError(column, unknown(text, near or codes))
    return found


def unknown(text: str, known: Iterable[str]) -> str:
    """Say that a word is not known, and which are."""
    words = {"text": text[:40], "known": ", ".join(known)}
    return _("“%(text)s” is not known; use %(known)s") % words


class Remembered:
    """Looks up each text of a file once, and remembers what was wrong with it."""

    def __init__(self, find: Callable[[str], Any]) -> None:
        self._find = find
        self._found: dict[str, Any] = {}

    def __call__(self, text: str) -> Any:
        """Return what was found, or raise again what was wrong."""
        if text not in self._found:
            try:
                self._found[text] = self._find(text)
            except BadFieldError as error:
                self._found[text] = error
        found = self._found[text]
        if isinstance(found, BadFieldError):
            raise found
        return found


def take_upload(
    upload: Any, take: Callable[[Path, Path], Result], *, name: str
) -> tuple[Result, str]:
    """Put an uploaded file where an import reads it; return its report and the rows left out.

    Parameters
    ----------
    upload
        The file as the form holds it.
    take
        Told the file, and where the rows go that are left out.
    name
        What the file is called where it bears no name.
    """
    with tempfile.TemporaryDirectory(prefix="qalqan-taken-") as folder:
        # The name is for the person who reads an error; the folder is ours.
        path = Path(folder, "taken", Path(str(upload.name)).name or name)
        # Beside no name that the file itself may bear.
        rejects = Path(folder, "left-out", "rejects.csv")
        for one in (path, rejects):
            one.parent.mkdir()
        with path.open("wb") as stream:
            for chunk in upload.chunks():
                stream.write(chunk)
        report = take(path, rejects)
        return report, rejects.read_text(encoding="utf-8") if rejects.exists() else ""
