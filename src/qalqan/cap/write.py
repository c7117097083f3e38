"""A message as canonical XML: the same message always gives the same bytes."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from qalqan.cap.document import parse
from qalqan.cap.errors import CapError, XmlRefused
from qalqan.cap.model import DSIG, NAMESPACE, Alert, NamedValue
from qalqan.cap.structure import ALERT, Kind, Part, Slot
from qalqan.cap.values import join_words
from qalqan.errors import Location

LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INDENT = "  "


def write(alert: Alert) -> bytes:
    """Return the message as UTF-8, schema-valid XML ending in a line feed.

    Parameters
    ----------
    alert
        The message.

    Raises
    ------
    CapError
        XML or the schema has no way to say it, with the name of the field.

    Examples
    --------
    >>> from qalqan.cap.model import CapTime, MsgType, Scope, Status
    >>> print(write(Alert(identifier="1", sender="a@b.kz", status=Status.TEST,
    ...     sent=CapTime("2026-11-22T07:30:00+05:00"), msg_type=MsgType.ALERT,
    ...     scope=Scope.PUBLIC)).decode().splitlines()[2])
      <identifier>1</identifier>
    """
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<alert xmlns="{NAMESPACE}">']
    _slots(lines, alert, ALERT, 1)
    lines.extend(_INDENT + _signature(text) for text in alert.signatures)
    lines.extend(("</alert>", ""))
    return "\n".join(lines).encode("utf-8")


def _slots(lines: list[str], holder: object, part: Part, depth: int) -> None:
    for slot in part.slots:
        value = getattr(holder, slot.field)
        entries = value if slot.many else () if value is None else (value,)
        if slot.required and not entries:
            raise _error(part, slot, "is required")
        for entry in entries:
            _element(lines, entry, part, slot, depth)


def _element(lines: list[str], value: Any, part: Part, slot: Slot, depth: int) -> None:
    pad = _INDENT * depth
    name = slot.element
    if slot.kind is Kind.PART and slot.part is not None:
        lines.append(f"{pad}<{name}>")
        _slots(lines, value, slot.part, depth + 1)
        lines.append(f"{pad}</{name}>")
    elif isinstance(value, NamedValue):
        lines.append(f"{pad}<{name}>")
        lines.append(f"{pad}{_INDENT}<valueName>{_escape(value.name, part, slot)}</valueName>")
        lines.append(f"{pad}{_INDENT}<value>{_escape(value.value, part, slot)}</value>")
        lines.append(f"{pad}</{name}>")
    else:
        text = _lexical(value, part, slot)
        if text is not None:
            lines.append(f"{pad}<{name}>{_escape(text, part, slot)}</{name}>")


def _lexical(value: Any, part: Part, slot: Slot) -> str | None:
    if slot.kind is Kind.WORDS:
        return join_words(value) if value else None
    if slot.kind is Kind.REFERENCES:
        return " ".join(map(str, value)) if value else None
    if slot.kind is Kind.DECIMAL:
        if not isinstance(value, Decimal) or not value.is_finite():
            raise _error(part, slot, "must be a finite Decimal")
        return format(value, "f")
    if slot.kind is Kind.LANGUAGE and not LANGUAGE.fullmatch(str(value)):
        raise _error(part, slot, f"{value!r} is no language code")
    if slot.kind is Kind.ENUM and slot.values is not None:
        return str(slot.values(value).value)
    return str(value)


def _escape(text: str, part: Part, slot: Slot) -> str:
    if not isinstance(text, str):
        raise _error(part, slot, "must be text")
    if _FORBIDDEN.search(text):
        raise _error(part, slot, "has a character that XML cannot carry")
    # A carriage return would come back as a line feed unless it is written as a number.
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\r", "&#13;")


def _signature(text: str) -> str:
    try:
        root = parse(text.encode("utf-8"))
    except (XmlRefused, UnicodeError) as error:
        raise CapError(f"a signature is no XML: {error}") from error
    if not str(root.tag).startswith(f"{{{DSIG}}}"):
        raise CapError("only elements of XML signatures may follow the message")
    return text


def _error(part: Part, slot: Slot, text: str) -> CapError:
    field = f"{part.element}/{slot.element}"
    return CapError(f"{field} {text}", location=Location(field=field))
