"""An alert as plain data with the specification's own names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qalqan.cap.model import Alert, NamedValue
from qalqan.cap.structure import ALERT, Kind, Part, Slot


def as_plain(alert: Alert) -> dict[str, Any]:
    """Return an alert as dictionaries and lists, empty elements left out.

    Times, polygons, circles and references keep the letters they have in XML.
    """
    return _part(alert, ALERT)


def _part(holder: object, part: Part) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for slot in part.slots:
        value = getattr(holder, slot.field)
        if slot.many or slot.kind in (Kind.WORDS, Kind.REFERENCES):
            values = [_value(one, slot) for one in value]
            if values:
                found[slot.element] = values
        elif value is not None:
            found[slot.element] = _value(value, slot)
    return found


def _value(value: Any, slot: Slot) -> Any:
    if slot.part is not None:
        return _part(value, slot.part)
    if isinstance(value, NamedValue):
        return {"valueName": value.name, "value": value.value}
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, int) else str(value)
