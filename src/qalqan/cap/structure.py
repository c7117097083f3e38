"""The elements of CAP 1.2 in their order: read by the reader, the writer and the checks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from qalqan.cap import model
from qalqan.cap.enums import (
    Category,
    Certainty,
    MsgType,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)


class Kind(Enum):
    """How the text of an element is understood."""

    TEXT = "text"
    TIME = "time"
    LANGUAGE = "language"
    URI = "uri"
    INTEGER = "integer"
    DECIMAL = "decimal"
    ENUM = "enum"
    WORDS = "words"
    REFERENCES = "references"
    POLYGON = "polygon"
    CIRCLE = "circle"
    NAMED = "named"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Slot:
    """One element of a part: its name, the field that holds it, and how often it may stand."""

    element: str
    field: str
    kind: Kind = Kind.TEXT
    required: bool = False
    many: bool = False
    values: type[StrEnum] | None = None
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """An element that holds others, and the class that stands for it."""

    element: str
    build: type[Any]
    slots: tuple[Slot, ...]


def _enum(element: str, field: str, values: type[StrEnum], *, many: bool = False) -> Slot:
    required = values is not ResponseType
    return Slot(element, field, Kind.ENUM, required, many, values)


def _named(element: str, field: str) -> Slot:
    return Slot(element, field, Kind.NAMED, many=True)


RESOURCE = Part(
    "resource",
    model.Resource,
    (
        Slot("resourceDesc", "resource_desc", required=True),
        Slot("mimeType", "mime_type", required=True),
        Slot("size", "size", Kind.INTEGER),
        Slot("uri", "uri", Kind.URI),
        Slot("derefUri", "deref_uri"),
        Slot("digest", "digest"),
    ),
)
AREA = Part(
    "area",
    model.Area,
    (
        Slot("areaDesc", "area_desc", required=True),
        Slot("polygon", "polygons", Kind.POLYGON, many=True),
        Slot("circle", "circles", Kind.CIRCLE, many=True),
        _named("geocode", "geocodes"),
        Slot("altitude", "altitude", Kind.DECIMAL),
        Slot("ceiling", "ceiling", Kind.DECIMAL),
    ),
)
INFO = Part(
    "info",
    model.Info,
    (
        Slot("language", "language", Kind.LANGUAGE),
        _enum("category", "categories", Category, many=True),
        Slot("event", "event", required=True),
        _enum("responseType", "response_types", ResponseType, many=True),
        _enum("urgency", "urgency", Urgency),
        _enum("severity", "severity", Severity),
        _enum("certainty", "certainty", Certainty),
        Slot("audience", "audience"),
        _named("eventCode", "event_codes"),
        Slot("effective", "effective", Kind.TIME),
        Slot("onset", "onset", Kind.TIME),
        Slot("expires", "expires", Kind.TIME),
        Slot("senderName", "sender_name"),
        Slot("headline", "headline"),
        Slot("description", "description"),
        Slot("instruction", "instruction"),
        Slot("web", "web", Kind.URI),
        Slot("contact", "contact"),
        _named("parameter", "parameters"),
        Slot("resource", "resources", Kind.PART, many=True, part=RESOURCE),
        Slot("area", "areas", Kind.PART, many=True, part=AREA),
    ),
)
ALERT = Part(
    "alert",
    model.Alert,
    (
        Slot("identifier", "identifier", required=True),
        Slot("sender", "sender", required=True),
        Slot("sent", "sent", Kind.TIME, required=True),
        _enum("status", "status", Status),
        _enum("msgType", "msg_type", MsgType),
        Slot("source", "source"),
        _enum("scope", "scope", Scope),
        Slot("restriction", "restriction"),
        Slot("addresses", "addresses", Kind.WORDS),
        Slot("code", "codes", many=True),
        Slot("note", "note"),
        Slot("references", "references", Kind.REFERENCES),
        Slot("incidents", "incidents", Kind.WORDS),
        Slot("info", "infos", Kind.PART, many=True, part=INFO),
    ),
)
