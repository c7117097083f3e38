"""What a report prints, line by line, computed from its data alone.

The desk sets these lines in type; the check compares the pages with them. Both use this module,
and neither adds a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

LANGUAGES = ("kk", "ru", "en")
_NARROW = "\u202f"


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of the paper.

    Parameters
    ----------
    kind
        ``lead``, ``sample``, ``title``, ``fact``, ``heading``, ``head``, ``figure``, ``note``.
    cells
        Its texts in the order in which they are set.
    name
        What a person calls it.
    """

    kind: str
    cells: tuple[str, ...]
    name: str


def number(value: float | None, decimals: int, language: str) -> str:
    """Write a number as readers of a language do.

    >>> number(12345.678, 1, "en"), number(-0.5, 2, "kk")
    ('12,345.7', '−0,50')
    """
    if value is None:
        return "–"
    text = f"{abs(value):,.{decimals}f}"
    if language != "en":
        text = text.replace(",", _NARROW).replace(".", ",")
    return f"−{text}" if value < 0 and any(c in "123456789" for c in text) else text


def value_text(figure: Mapping[str, Any], language: str, words: Mapping[str, str]) -> str:
    """Write a figure's value with its unit, or why there is none."""
    if figure["value"] is None:
        return words[f"none_{figure['withheld'] or 'absent'}"]
    written = number(figure["value"], figure["decimals"], language)
    unit = figure["unit"][language]
    return f"{written} {unit}" if unit else written


def interval_text(figure: Mapping[str, Any], language: str, words: Mapping[str, str]) -> str:
    """Write the interval and on how many cases a figure rests; why there is none otherwise."""
    parts = []
    if figure["low"] is not None and figure["high"] is not None:
        low, high = (number(figure[end], figure["decimals"], language) for end in ("low", "high"))
        level = number(100 * figure["level"], 0, language)
        parts.append(f"{low}–{high} ({level} %)")
    elif figure["value"] is not None and figure["exact"]:
        parts.append(words["full_count"])
    elif figure["value"] is not None:
        parts.append(words["no_interval"])
    if figure["n"] is not None:
        parts.append(f"n = {number(figure['n'], 0, language)}")
    return "; ".join(parts) or "–"


def basis_text(figure: Mapping[str, Any], language: str, words: Mapping[str, str]) -> str:
    """Write where a figure comes from, how it was got, and what time it is about."""
    return (
        f"{words['source']}: {figure['source'][language]}. "
        f"{words['method']}: {figure['method'][language]}. "
        f"{words['window']}: {figure['from']} – {figure['until']}."
    )


def moment_text(moment: str) -> str:
    """Write a moment of the data as it stands on paper.

    >>> moment_text("2026-10-05T04:00:00+00:00")
    '2026-10-05 04:00:00 UTC'
    """
    return moment.replace("T", " ").replace("+00:00", " UTC")


def footer(code: str, language: str, page: int, pages: int) -> str:
    """Write the foot of a page."""
    return f"{code} · {language} · {page} / {pages}"


def lines(data: Mapping[str, Any], language: str, sha256: str) -> list[Line]:
    """Return everything that the paper prints between its feet, in order.

    Parameters
    ----------
    data
        The report's data.
    language
        ``kk``, ``ru`` or ``en``.
    sha256
        Of the data file.
    """
    return [*_front(data, language), *_sections(data, language), *_proof(data, language, sha256)]


def _front(data: Mapping[str, Any], language: str) -> Iterator[Line]:
    words, report = data["words"][language], data["report"]
    yield Line("lead", (report["publisher"],), "the publisher's name")
    if report["is_sample"]:
        yield Line("sample", (words["sample"],), "the mark of sample data")
    yield Line("title", (words["title"],), "the title")
    period = f"{report['from']} – {report['until']}"
    yield Line("fact", (words["period"], period), "the period")
    yield Line("fact", (words["version"], str(report["version"])), "the version")
    yield Line("fact", (words["locked"], moment_text(report["locked_at"])), "the time of locking")
    yield Line("note", (words["lead"],), "the first words")
    if report["corrects"] is not None:
        yield from _correction(report["corrects"], language, words)


def _correction(
    corrects: Mapping[str, Any], language: str, words: Mapping[str, str]
) -> Iterator[Line]:
    yield Line("heading", (words["correction"],), "the heading of the correction")
    yield Line("fact", (words["corrects"], str(corrects["version"])), "the corrected version")
    yield Line("fact", (words["reason"], corrects["reason"][language]), "the reason")
    if not corrects["changes"]:
        yield Line("note", (words["no_changes"],), "the words on changes")
        return
    yield Line("head", (words["figure"], words["before"], words["after"]), "a head of a table")
    for change in corrects["changes"]:
        cells = [change["label"][language], ""]
        for side in ("before", "after"):
            figure = change[side]
            cells.append(value_text(figure, language, words) if figure else "–")
        yield Line("figure", tuple(cells), f"the change of {change['code']}")


def _sections(data: Mapping[str, Any], language: str) -> Iterator[Line]:
    words = data["words"][language]
    for section in data["sections"]:
        yield Line("heading", (section["title"][language],), f"the heading of {section['code']}")
        if section["figures"]:
            yield Line(
                "head", (words["figure"], words["value"], words["interval"]), "a head of a table"
            )
        for figure in section["figures"]:
            cells = (
                figure["label"][language], basis_text(figure, language, words),
                value_text(figure, language, words), interval_text(figure, language, words),
            )  # fmt: skip
            yield Line("figure", cells, f"figure {figure['code']}")
        for place, note in enumerate(section["notes"], 1):
            yield Line("note", (note[language],), f"note {place} of {section['code']}")


def _proof(data: Mapping[str, Any], language: str, sha256: str) -> Iterator[Line]:
    words, chain = data["words"][language], data["chain"]
    yield Line("heading", (words["proof"],), "the heading of the proof")
    yield Line("note", (words["how"],), "the words on checking")
    yield Line("fact", (words["data_sha256"], sha256), "the hash of the data")
    yield Line("fact", (words["entry"], str(chain["sequence"])), "the number of the audit entry")
    yield Line("fact", (words["entry_hash"], chain["entry_hash"]), "the hash of the audit entry")
    yield Line("fact", (words["link"], chain["link"]), "the chain's link")
    fingerprint = data["certificate"]["sha256"]
    yield Line("fact", (words["certificate"], fingerprint), "the certificate's fingerprint")
    if data["certificate"]["next"]:
        following = data["certificate"]["next"]
        yield Line("fact", (words["next"], following), "the next certificate's fingerprint")
