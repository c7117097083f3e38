"""Tables of counts as people keep them: long lists and cross-tables, with marks for the hidden."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from qalqan.cli.tables import csv_rows, read_text
from qalqan.errors import InputError, Location

TOTAL = "total"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TOTAL_WORDS = _words(
    "total totals tot sum all барлығы барлыгы жиыны жиынтығы итого всего итог сумма ∑ σ"
)
COUNT_WORDS = _words(
    "count counts n freq frequency number value cases obs саны сан число количество "
    "частота жиілік мәні значение"
)
STATUS_WORDS = _words("status state статус күйі мәртебе")
FLAG_WORDS = _words(
    "suppressed is_suppressed suppress hidden is_hidden withheld confidential flag "
    "скрыто скрыт жасырын жасырылған"
)
"""Names of columns that say yes or no: is this count hidden?"""
EDITION_WORDS = _words("edition release выпуск издание басылым шығарылым")
TABLE_WORDS = _words("table таблица кесте")
MARKS = _words("x х * ** .. ... … : c с s · • ? na n/a n.a. nan null none supp suppressed hidden #")
"""What stands in a table where a count is hidden; Latin and Cyrillic letters alike. A dash is not
among them: elsewhere it means zero."""

HIDDEN_STATUS = _words(
    "suppressed hidden withheld primary secondary complementary confidential p m s c x "
    "скрыто жасырын"
)
SHOWN_STATUS = _words("published public safe shown zero rounded ok v опубликовано жарияланған")
YES = _words("1 1.0 true t yes y + иә ия да")
NO = _words("0 0.0 false f no n - жоқ нет")
MOST_BYTES = 200_000_000
_DASHES = ("-", "--", "\N{EN DASH}", "\N{EM DASH}", "\N{MINUS SIGN}")
_NUMBER = re.compile(r"[+-]?(\d+([   ]\d{3})*)(\.\d+)?([eE][+-]?\d+)?")
_LESS = re.compile(r"<\s*(\d+)|≤\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of text with their lines."""

    path: Path
    header: list[str]
    header_line: int
    rows: list[tuple[int, list[str]]]

    def wrong(self, message: str, line: int | None, field: str | None = None) -> InputError:
        """Return the error that says what is wrong where."""
        return InputError(message, location=Location(str(self.path), line, field))


@dataclass(frozen=True, slots=True)
class Entry:
    """What a cell says: a count, or a mark and perhaps what it tells."""

    value: float
    hidden: bool
    at_most: float = math.inf


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file in UTF-8 with commas, semicolons or tabs.

    Raises
    ------
    InputError
        The file is missing, too large, no text, no CSV, or has no rows.
    """
    rows = csv_rows(path, read_text(path, most=MOST_BYTES))
    return _checked(path, [(line, [field.strip() for field in row]) for line, row in rows])


def _checked(path: Path, rows: list[tuple[int, list[str]]]) -> Sheet:
    line, header = rows[0]
    sheet = Sheet(path, header, line, rows[1:])
    if len(header) < 2:
        raise sheet.wrong("a table has at least two columns", line)
    for place, name in enumerate(header):
        if place and not name:
            raise sheet.wrong(f"column {place + 1} has no name", line)
        if name.lower() in [other.lower() for other in header[:place]]:
            raise sheet.wrong(f"there are two columns {name!r}", line, name)
    if not sheet.rows:
        raise sheet.wrong("there are no rows under the names of the columns", None)
    for line, row in sheet.rows:
        if len(row) != len(header):
            raise sheet.wrong(f"{len(row)} values under {len(header)} names", line)
    return sheet


def is_total(label: str) -> bool:
    """Tell whether a label means a whole dimension.

    >>> is_total("Итого:"), is_total("Aktobe")
    (True, False)
    """
    return label.strip().strip(":").lower() in TOTAL_WORDS


def level_of(label: str) -> str:
    """Return a label, every word for a total as one."""
    return TOTAL if is_total(label) else label


def looks_like_figure(text: str) -> bool:
    """Tell whether a cell could be a count or a mark for a hidden one."""
    return (
        text == ""
        or text.lower() in MARKS
        or bool(_NUMBER.fullmatch(text) or _LESS.fullmatch(text))
    )


def told_by_flag(text: str) -> str:
    """Return the status that a column of yes and no tells; other words as they are.

    >>> told_by_flag("TRUE"), told_by_flag("0"), told_by_flag("c")
    ('suppressed', '', 'c')
    """
    word = text.strip().lower()
    if word in YES:
        return "suppressed"
    return "" if word in NO else text


def entry(sheet: Sheet, line: int, field: str, text: str, status: str = "") -> Entry:
    """Read one figure with its status.

    Raises
    ------
    InputError
        It is neither a count nor a known mark, or the status is unknown.
    """
    word = status.strip().lower()
    if word and word not in HIDDEN_STATUS and word not in SHOWN_STATUS:
        raise sheet.wrong(
            f"{status[:40]!r} is no status: published, suppressed, primary, complementary or zero",
            line, "status",
        )  # fmt: skip
    hidden = word in HIDDEN_STATUS
    less = _LESS.fullmatch(text)
    if less:
        most = float(less[1]) - 1 if less[1] else float(less[2])
        return Entry(math.nan, True, most)
    if text == "" or text.lower() in MARKS:
        if word in SHOWN_STATUS:
            raise sheet.wrong("this cell is said to be published, but has no count", line, field)
        return Entry(math.nan, True)
    return Entry(_number(sheet, line, field, text), hidden)


def _number(sheet: Sheet, line: int, field: str, text: str) -> float:
    if text.lower() in ("inf", "-inf", "infinity", "+inf"):
        raise sheet.wrong(f"{text} is not a finite number", line, field)
    if not _NUMBER.fullmatch(text):
        dash = "; a dash may mean zero or hidden: write 0 or x" if text in _DASHES else ""
        raise sheet.wrong(
            f"{text[:40]!r} is neither a count nor a mark such as x or <5{dash}", line, field
        )
    value = float(re.sub(r"[   ]", "", text))
    if not math.isfinite(value):
        raise sheet.wrong(f"{text[:40]} is not a finite number", line, field)
    if value < 0:
        raise sheet.wrong(f"{text} is below 0", line, field)
    return value
