"""The few attributes that may stand in a CAP message: those that XML Schema puts everywhere."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from qalqan.cap.structure import ALERT, Kind, Part

if TYPE_CHECKING:
    from lxml import etree

SCHEMA_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA: Final = "http://www.w3.org/2001/XMLSchema"
_HINTS: Final = frozenset(
    f"{{{SCHEMA_INSTANCE}}}{name}" for name in ("schemaLocation", "noNamespaceSchemaLocation")
)
_TYPE: Final = f"{{{SCHEMA_INSTANCE}}}type"
_NAMES: Final = {
    Kind.URI: "anyURI",
    Kind.LANGUAGE: "language",
    Kind.INTEGER: "integer",
    Kind.DECIMAL: "decimal",
}
_OWN_TYPES: Final = frozenset((Kind.ENUM, Kind.TIME, Kind.NAMED, Kind.PART))


def may_stand(element: etree._Element, name: str, value: str) -> bool:
    """Whether the schema of 3.4 lets an attribute stand.

    Hints where a schema lies may stand anywhere, ``xsi:type`` only where it repeats the built-in
    type that the element has; ``xsi:nil`` nowhere, since no element of CAP is nillable.
    """
    if name in _HINTS:
        return True
    if name != _TYPE:
        return False
    prefix, _, local = value.strip(" \t\r\n").rpartition(":")
    declared = _types().get(str(element.tag).rpartition("}")[2])
    return local == declared and element.nsmap.get(prefix or None) == _SCHEMA


@lru_cache(maxsize=1)
def _types() -> dict[str, str]:
    found = {"valueName": "string", "value": "string"}
    _collect(ALERT, found)
    return found


def _collect(part: Part, found: dict[str, str]) -> None:
    for slot in part.slots:
        if slot.part is not None:
            _collect(slot.part, found)
        elif slot.kind not in _OWN_TYPES:
            found[slot.element] = _NAMES.get(slot.kind, "string")
