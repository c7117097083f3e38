"""Where what is printed, told or attached is not what the data say."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from qalqan.verify import paper
from qalqan.verify.pdf import squeezed
from qalqan.verify.refusals import BadReportError
from qalqan.verify.rows import as_rows

MOST_FAULTS = 20
_FOOT = re.compile(r"(?P<page>\d+)/(?P<pages>\d+)$")
_AROUND = 24


def language_of(data: Mapping[str, Any], pages: Sequence[str]) -> str | None:
    """Return in which language the pages are set, judged by their feet and their title."""
    for language in paper.LANGUAGES:
        mark = squeezed(f"{data['report']['code']} · {language} ·")
        if any(mark in page[-80:] for page in pages):
            return language
    for language in paper.LANGUAGES:
        if pages and squeezed(data["words"][language]["title"]) in pages[0]:
            return language
    return None


def without_feet(
    data: Mapping[str, Any], language: str, pages: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Return the pages without their feet, and what is wrong with their order.

    A foot says which page it is of how many.
    """
    bare, faults, count = [], [], len(pages)
    for place, page in enumerate(pages, 1):
        wanted = squeezed(paper.footer(data["report"]["code"], language, place, count))
        if page.endswith(wanted):
            bare.append(page[: -len(wanted)])
            continue
        begin = page.rfind(squeezed(f"{data['report']['code']} · {language} ·"))
        found = _FOOT.search(page)
        if found and int(found["pages"]) != count:
            faults.append(
                f"page {place}: its foot says {found['pages']} pages, the file has {count}"
            )
        elif found:
            faults.append(f"page {place}: its foot says it is page {found['page']}")
        else:
            faults.append(f"page {place}: its foot is missing or changed")
        bare.append(page[:begin] if begin >= 0 else page)
    return bare, faults


def pages_against(lines: Sequence[paper.Line], pages: Sequence[str]) -> list[str]:
    """Return where the pages differ from the lines that the data give, by page and line."""
    text = "".join(pages)
    ends, total = [], 0
    for page in pages:
        total += len(page)
        ends.append(total)

    def page_at(place: int) -> int:
        return next((n for n, end in enumerate(ends, 1) if place < end), len(ends))

    faults: list[str] = []
    at = 0
    for place, line in enumerate(lines):
        wanted = squeezed("".join(line.cells))
        if text.startswith(wanted, at):
            at += len(wanted)
            continue
        follow = _resumed(lines, place, text, at)
        printed = text[at:follow]
        faults.append(f"page {page_at(at)}, {line.name}: {_difference(wanted, printed)}")
        at = follow
        if len(faults) >= MOST_FAULTS:
            return faults
    if at < len(text):
        extra = text[at : at + 2 * _AROUND]
        faults.append(f"page {page_at(at)}: printed beyond what the data say: “{extra}”")
    return faults


def _resumed(lines: Sequence[paper.Line], place: int, text: str, at: int) -> int:
    """Return where the text goes on as the data say after a line that differs."""
    for later in lines[place + 1 : place + 60]:
        wanted = squeezed("".join(later.cells))
        found = text.find(wanted, at)
        if len(wanted) > 3 and found >= 0:
            return found
    return at


def _difference(wanted: str, printed: str) -> str:
    if not printed:
        return "is not printed there"
    same = next(
        (n for n, (one, other) in enumerate(zip(wanted, printed, strict=False)) if one != other),
        min(len(wanted), len(printed)),
    )
    start = max(0, same - _AROUND // 2)
    return (
        f"printed “{printed[start : same + _AROUND]}”, the data say "
        f"“{wanted[start : same + _AROUND]}”"
    )


def data_against(own: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return where a data file differs from the attached one, by figure and field."""
    faults: list[str] = []
    _walk(own, other, "", faults)
    return faults[:MOST_FAULTS]


def _walk(own: Any, other: Any, where: str, faults: list[str]) -> None:
    if isinstance(own, dict) and isinstance(other, dict):
        for key in sorted({*own, *other}):
            here = f"{where}.{key}" if where else key
            if key not in other or key not in own:
                faults.append(f"{here}: only in {'the report' if key in own else 'the data file'}")
            else:
                _walk(own[key], other[key], here, faults)
    elif isinstance(own, list) and isinstance(other, list):
        if len(own) != len(other):
            faults.append(f"{where}: {len(other)} rows in the data file, {len(own)} in the report")
        for place, (one, two) in enumerate(zip(own, other, strict=False)):
            code = one.get("code") if isinstance(one, dict) else None
            _walk(one, two, f"{where}[{code or place + 1}]", faults)
    elif own != other or type(own) is not type(other):
        faults.append(f"{where}: the data file says {other!r:.60}, the report {own!r:.60}")


def table_against(data: Mapping[str, Any], given: bytes, *, file: str) -> list[str]:
    """Return where a CSV file differs from the attached data, by row and column.

    Raises
    ------
    BadReportError
        It is no CSV in UTF-8.
    """
    try:
        text = given.decode("utf-8-sig")
        found = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadReportError(f"neither JSON nor CSV: {error!s:.80}", file=file) from None
    wanted = as_rows(data)
    faults = []
    if len(found) != len(wanted):
        faults.append(f"{len(found) - 1} rows, the report has {len(wanted) - 1}")
    for line, (row, own) in enumerate(zip(found, wanted, strict=False), 1):
        if row == own:
            continue
        cells = zip(own, row, strict=False)
        column = next((n for n, (one, two) in enumerate(cells) if one != two), None)
        if column is None:
            faults.append(f"row {line} ({own[1]}): {len(row)} columns instead of {len(own)}")
        else:
            faults.append(
                f"row {line} ({own[1]}), {wanted[0][column]}: “{row[column][:60]}”, "
                f"the report says “{own[column][:60]}”"
            )
    return faults[:MOST_FAULTS]
