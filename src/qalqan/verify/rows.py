"""The report's figures as CSV, one row a figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

COLUMNS = (
    "section", "code", "label_kk", "label_ru", "label_en", "value", "unit_en", "low", "high",
    "level", "n", "withheld", "from", "until", "source_en", "method_en",
)  # fmt: skip


def as_rows(data: Mapping[str, Any]) -> list[list[str]]:
    """Return the head and one row a figure."""
    found = [list(COLUMNS)]
    for section in data["sections"]:
        for figure in section["figures"]:
            found.append([
                section["code"], figure["code"],
                *(figure["label"][code] for code in ("kk", "ru", "en")),
                _cell(figure["value"]), figure["unit"]["en"], _cell(figure["low"]),
                _cell(figure["high"]), _cell(figure["level"]), _cell(figure["n"]),
                figure["withheld"], figure["from"], figure["until"],
                figure["source"]["en"], figure["method"]["en"],
            ])  # fmt: skip
    return found


def as_csv(data: Mapping[str, Any]) -> bytes:
    """Return the figures as CSV in UTF-8 with a byte order mark, for spreadsheets."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(as_rows(data))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(value: float | None) -> str:
    return "" if value is None else repr(value)
