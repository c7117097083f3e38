"""A message as plain data, under the names of the specification."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any

from qalqan.cap.model import Alert, NamedValue
from qalqan.cap.structure import ALERT, Kind, Part


def as_dict(alert: Alert) -> dict[str, Any]:
    """Return the message as dictionaries and lists that JSON can carry.

    Elements that are absent are left out; those that may repeat are lists. Signatures are left
    out: they prove something about the original bytes only.

    Examples
    --------
    >>> from qalqan.cap.model import CapTime, MsgType, Scope, Status
    >>> as_dict(Alert(identifier="1", sender="a@b.kz", status=Status.TEST,
    ...     sent=CapTime("2026-11-22T07:30:00+05:00"), msg_type=MsgType.ALERT,
    ...     scope=Scope.PUBLIC))["msgType"]
    'Alert'
    """
    return _part(alert, ALERT)


def _part(value: Any, part: Part) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for slot in part.slots:
        entry = getattr(value, slot.field)
        if entry is None or entry == ():
            continue
        below = slot.part
        if below is not None:
            found[slot.element] = [_part(one, below) for one in entry]
        elif slot.many or slot.kind in (Kind.WORDS, Kind.REFERENCES):
            found[slot.element] = [_value(one) for one in entry]
        else:
            found[slot.element] = _value(entry)
    return found


def _value(value: Any) -> Any:
    if isinstance(value, NamedValue):
        return {"valueName": value.name, "value": value.value}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if isinstance(value, str | int) else str(value)
