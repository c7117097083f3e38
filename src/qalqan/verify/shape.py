"""Is a data file shaped as a report's is? The same is said in ``report.schema.json``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qalqan.verify.canonical import canonical
from qalqan.verify.paper import LANGUAGES
from qalqan.verify.refusals import BadReportError

SCHEMA = "qalqan-report-1"
WORDS = (
    "title", "lead", "sample", "period", "version", "locked", "correction", "corrects", "reason",
    "no_changes", "figure", "before", "after", "value", "interval", "source", "method", "window",
    "none_small", "none_absent", "none_refused", "full_count", "no_interval", "proof", "how",
    "data_sha256", "entry", "entry_hash", "link", "certificate", "next",
)  # fmt: skip
"""The words that a report carries in each language."""

_NUMBER = (int, float)
_MOST = 1e15
_HEX = re.compile(r"[0-9a-f]{64}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def refuse_misshapen(data: Mapping[str, Any], *, file: str) -> None:
    """Refuse data that are not shaped as a report's.

    Raises
    ------
    BadReportError
        A part is missing or of another kind; it is named.
    """
    where = [""]
    try:
        canonical(data)  # infinite numbers and halves of letters cannot be written as data
        _report(data, where)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadReportError(
            "the data are not shaped as a report's", file=file, field=where[0] or None
        ) from None


def _need(ok: bool) -> None:
    if not ok:
        raise ValueError


def _report(data: Mapping[str, Any], where: list[str]) -> None:
    where[0] = "schema"
    _need(data["schema"] == SCHEMA)
    where[0] = "report"
    report = data["report"]
    _need(all(isinstance(report[key], str) for key in ("name", "code", "publisher", "locked_at")))
    where[0] = "report.locked_at"
    _need(datetime.fromisoformat(report["locked_at"]).tzinfo is not None)
    where[0] = "report"
    _need(isinstance(report["version"], int) and isinstance(report["is_sample"], bool))
    _need(all(_DAY.fullmatch(report[key]) is not None for key in ("from", "until")))
    where[0] = "words"
    for language in LANGUAGES:
        _need(all(isinstance(data["words"][language][word], str) for word in WORDS))
    where[0] = "chain"
    chain = data["chain"]
    _need(isinstance(chain["sequence"], int) and isinstance(chain["start"]["sequence"], int))
    hashes = (chain["entry_hash"], chain["link"], chain["start"]["link"])
    _need(all(_HEX.fullmatch(one) is not None for one in hashes))
    where[0] = "certificate"
    certificate = data["certificate"]
    _need(_HEX.fullmatch(certificate["sha256"]) is not None)
    _need(certificate["next"] == "" or _HEX.fullmatch(certificate["next"]) is not None)
    for section in data["sections"]:
        where[0] = f"sections.{section['code']}"
        _texts(section["title"])
        for note in section["notes"]:
            _texts(note)
        for figure in section["figures"]:
            where[0] = f"figure {figure['code']}"
            _figure(figure)
    where[0] = "report.corrects"
    if report["corrects"] is not None:
        _correction(report["corrects"])


def _correction(corrects: Mapping[str, Any]) -> None:
    _need(isinstance(corrects["version"], int))
    _texts(corrects["reason"])
    for change in corrects["changes"]:
        _need(isinstance(change["code"], str))
        _texts(change["label"])
        for figure in (change["before"], change["after"]):
            if figure is not None:
                _figure(figure)


def _texts(texts: Mapping[str, Any]) -> None:
    _need(set(texts) == set(LANGUAGES) and all(isinstance(one, str) for one in texts.values()))


def _is_number(found: Any) -> bool:
    return isinstance(found, _NUMBER) and not isinstance(found, bool) and abs(found) < _MOST


def _figure(figure: Mapping[str, Any]) -> None:
    _need(isinstance(figure["code"], str))
    for name in ("label", "unit", "source", "method"):
        _texts(figure[name])
    for name in ("value", "low", "high", "level", "n"):
        number = figure[name]
        _need(number is None or _is_number(number))
    _need(type(figure["decimals"]) is int and 0 <= figure["decimals"] <= 6)
    _need(figure["withheld"] in ("", "small", "absent", "refused"))
    _need((figure["low"] is None) == (figure["high"] is None))
    _need(figure["low"] is None or figure["level"] is not None)
    _need(isinstance(figure["exact"], bool))
    _need(all(_DAY.fullmatch(figure[key]) is not None for key in ("from", "until")))
