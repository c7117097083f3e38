"""Which reader a file needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path

from django.utils.translation import gettext as _

from qalqan.desk.intake.readers import delimited, feed, jsonl, telegram
from qalqan.desk.intake.readers.records import Record, Rejected
from qalqan.desk.intake.readers.survey import Survey
from qalqan.errors import InputError, Location

_BY_SUFFIX = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".rss": "feed", ".atom": "feed", ".xml": "feed",
}  # fmt: skip
_SAME = {"rss": "feed", "atom": "feed", "json": "telegram"}
FORMATS = ("csv", "tsv", "jsonl", "telegram", "feed")


def guess_format(path: Path, stated: str | None = None) -> str:
    """Return the format of a file: as stated, by its name, or by how it begins.

    Raises
    ------
    InputError
        The stated format is not known.
    """
    if stated:
        name = _SAME.get(stated.lower(), stated.lower())
        if name not in FORMATS:
            raise InputError(
                _("“%(format)s” is no known format.") % {"format": stated[:20]},
                location=Location(path.name),
                hint=_("Known formats: %(names)s.") % {"names": ", ".join(FORMATS)},
            )
        return name
    if known := _BY_SUFFIX.get(path.suffix.lower()):
        return known
    with path.open("rb") as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return "feed"
    if start.startswith(b"{"):
        return "telegram" if b'"messages"' in start or path.suffix == ".json" else "jsonl"
    return "csv"


def read_records(
    path: Path, format_name: str, found: Survey, zone: tzinfo
) -> Iterator[Record | Rejected]:
    """Stream the records of a file."""
    if format_name in ("csv", "tsv"):
        return delimited.read_table(path, found, zone, tabs=format_name == "tsv")
    if format_name == "jsonl":
        return jsonl.read_lines(path, found, zone)
    if format_name == "telegram":
        return telegram.read_export(path, zone)
    return feed.read_feed(path, zone)
