"""The export of a public Telegram channel (``result.json``), read as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.intake.readers.build import build, rejected
from qalqan.desk.intake.readers.records import Record, Rejected
from qalqan.errors import InputError, Location

_PUBLIC = frozenset({"public_channel", "public_supergroup"})
_PERSON = "mention_name"


def _head(path: Path) -> dict[str, str]:
    """Return the name and type of the exported chat."""
    import ijson

    head: dict[str, str] = {}
    try:
        with path.open("rb") as file:
            for prefix, event, value in ijson.parse(file, use_float=True):
                if prefix in ("name", "type") and event == "string":
                    head[prefix] = value
                if len(head) == 2:
                    break
    except (ijson.JSONError, UnicodeDecodeError, OSError):
        # The reader of the messages meets the same fault and says where.
        return head
    return head


def channel_name(path: Path) -> str:
    """Return the name of the exported channel; empty where the file gives none.

    Raises
    ------
    InputError
        The export is of a private talk.
    """
    head = _head(path)
    kind = head.get("type", "public_channel")
    if kind not in _PUBLIC:
        raise InputError(
            _("This is the export of a private talk (%(type)s), not of a public channel.")
            % {"type": kind[:40]},
            location=Location(path.name, None, "type"),
        )
    return head.get("name", "")[:200]


def read_export(path: Path, zone: tzinfo) -> Iterator[Record | Rejected]:
    """Read the messages of an export one by one.

    Service notes ("pinned a message") and messages without words are passed over; names of
    senders, forwarders and mentioned persons are not read.

    Parameters
    ----------
    path
        The file.
    zone
        Of times without one.
    """
    import ijson

    channel = channel_name(path)
    at = -1
    try:
        with path.open("rb") as file:
            for at, item in enumerate(ijson.items(file, "messages.item", use_float=True)):
                if not isinstance(item, dict):
                    yield rejected(path.name, None, f"messages[{at}]", _("An object is needed."))
                    continue
                if item.get("type", "message") != "message":
                    continue
                record = _record(path.name, at, item, channel, zone)
                if record is not None:
                    yield record
    except (ijson.JSONError, UnicodeDecodeError) as error:
        where = f"messages[{at + 1}]"
        reason = str(error).splitlines()[0][:80]
        yield rejected(
            path.name, None, where, _("No JSON from here on: %(why)s.") % {"why": reason}
        )
        return
    if at < 0:
        yield rejected(path.name, None, "messages", _("The export has no messages."))


def _record(
    file: str, at: int, item: dict[str, Any], channel: str, zone: tzinfo
) -> Record | Rejected | None:
    prefix = f"messages[{at}]."
    try:
        text = plain_text(item.get("text", ""))
    except TypeError:
        return rejected(file, None, prefix + "text", _("A text or a list of parts is needed."))
    if not text.strip():
        return None
    time = item.get("date_unixtime") or item.get("date") or ""
    number = item.get("id", "")
    return build(
        file, None, zone, {"time": "date"}, str(time), text, channel,
        str(number) if isinstance(number, int | str) else "", "", "", prefix,
    )  # fmt: skip


def plain_text(text: Any) -> str:
    """Join the parts of a text; a mentioned person becomes ``[person]``.

    >>> plain_text(["Су ", {"type": "bold", "text": "жоқ"}])
    'Су жоқ'

    Raises
    ------
    TypeError
        It is neither a text nor a list of texts and parts.
    """
    if isinstance(text, str):
        return text
    if not isinstance(text, list):
        raise TypeError
    parts: list[str] = []
    for part in text:
        words = part
        if isinstance(part, dict):
            words = "[person]" if part.get("type") == _PERSON else part.get("text", "")
        if not isinstance(words, str):
            raise TypeError
        parts.append(words)
    return "".join(parts)
