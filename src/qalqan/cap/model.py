"""A CAP 1.2 message as immutable, typed values; the names are those of the specification."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

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
from qalqan.cap.values import CapTime, Circle, Polygon, Reference

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
DSIG = "http://www.w3.org/2000/09/xmldsig#"
DEFAULT_LANGUAGE = "en-US"

__all__ = [
    "DEFAULT_LANGUAGE",
    "DSIG",
    "NAMESPACE",
    "Alert",
    "Area",
    "CapTime",
    "Category",
    "Certainty",
    "Circle",
    "Info",
    "MsgType",
    "NamedValue",
    "Polygon",
    "Reference",
    "Resource",
    "ResponseType",
    "Scope",
    "Severity",
    "Status",
    "Urgency",
]


@dataclass(frozen=True, slots=True)
class NamedValue:
    """A code or parameter of a system outside CAP (eventCode, parameter, geocode)."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A file that belongs to the message (3.2.3)."""

    resource_desc: str
    mime_type: str
    size: int | None = None
    uri: str | None = None
    deref_uri: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where the message holds (3.2.4); heights are feet above mean sea level."""

    area_desc: str
    polygons: tuple[Polygon, ...] = ()
    circles: tuple[Circle, ...] = ()
    geocodes: tuple[NamedValue, ...] = ()
    altitude: Decimal | None = None
    ceiling: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Info:
    """What is said, in one language (3.2.2)."""

    categories: tuple[Category, ...]
    event: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    language: str | None = None
    response_types: tuple[ResponseType, ...] = ()
    audience: str | None = None
    event_codes: tuple[NamedValue, ...] = ()
    effective: CapTime | None = None
    onset: CapTime | None = None
    expires: CapTime | None = None
    sender_name: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    web: str | None = None
    contact: str | None = None
    parameters: tuple[NamedValue, ...] = ()
    resources: tuple[Resource, ...] = ()
    areas: tuple[Area, ...] = ()

    @property
    def spoken_language(self) -> str:
        """The language, ``en-US`` where none is named (3.2.2)."""
        return self.language or DEFAULT_LANGUAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One CAP message (3.2.1).

    ``signatures`` are the elements that XML signatures leave behind, as text; writing a message
    that was read keeps them, though only the original bytes prove anything.
    """

    identifier: str
    sender: str
    sent: CapTime
    status: Status
    msg_type: MsgType
    scope: Scope
    source: str | None = None
    restriction: str | None = None
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str | None = None
    references: tuple[Reference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[Info, ...] = ()
    signatures: tuple[str, ...] = field(default=(), repr=False)

    @property
    def reference(self) -> Reference:
        """How later messages name this one."""
        return Reference.of(sender=self.sender, identifier=self.identifier, sent=self.sent)
