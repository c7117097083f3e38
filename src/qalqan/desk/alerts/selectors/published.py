"""Warnings as everyone reads them: what was signed and sent, nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qalqan.desk.alerts import geometry
from qalqan.desk.alerts.build import KATO, SPOKEN
from qalqan.desk.alerts.models import Alert, AlertVersion
from qalqan.desk.alerts.selectors.warnings import OUT
from qalqan.desk.platform.policies import PUBLIC

if TYPE_CHECKING:
    from qalqan.cap.model import Alert as Message
    from qalqan.cap.model import Area, Info

LIVE = "live"
EXPIRED = "expired"
CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicWarning:
    """One warning in one language, as its newest message says it.

    ``stage`` is ``live``, ``expired`` or ``cancelled``; ``number`` stays the same through
    updates and the cancelling, ``identifier`` is the message's.
    """

    number: int
    identifier: str
    language: str
    status: str
    msg_type: str
    stage: str
    event: str
    headline: str
    description: str
    instruction: str
    spoken: str
    sender_name: str
    contact: str
    severity: str
    urgency: str
    certainty: str
    sent_at: datetime
    expires_at: datetime
    first_sent_at: datetime
    areas: tuple[str, ...]
    codes: tuple[str, ...]
    geometry: dict[str, Any] | None
    is_sample: bool
    message: Message = field(repr=False, compare=False)

    @property
    def is_actual(self) -> bool:
        """Whether something has happened; exercises and tests are shown apart."""
        return self.status == Alert.Status.ACTUAL


def warnings(
    language: str, *, now: datetime, status: str = "Actual", most: int = 50
) -> list[PublicWarning]:
    """Return what holds now, the gravest first, then what ended, newest first.

    Parameters
    ----------
    status
        ``Actual``, ``Exercise`` or ``Test``; never two of them together.
    most
        At most so many that ended; all that hold are told.
    """
    rows = Alert.objects.visible_to(PUBLIC).filter(status=status)
    standing = list(rows.filter(state=Alert.State.LIVE, expires_at__gt=now))
    kept = {one.pk for one in standing}
    ended = [one for one in rows.order_by("-expires_at", "-pk")[: most + len(kept)]
             if one.pk not in kept][:most]  # fmt: skip
    found = _shown([*standing, *ended], language, now)
    order = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
    head = sorted(
        (one for one in found if one.stage == LIVE),
        key=lambda one: (order.index(one.severity), -one.sent_at.timestamp()),
    )
    tail = [one for one in found if one.stage != LIVE]
    return [*head, *sorted(tail, key=lambda one: one.sent_at, reverse=True)]


def warning(number: int, language: str, *, now: datetime) -> PublicWarning | None:
    """Return one warning; nothing where there is none or nothing was sent."""
    rows = Alert.objects.visible_to(PUBLIC).filter(pk=number)
    return next(iter(_shown(list(rows), language, now)), None)


def message_bytes(identifier: str) -> tuple[bytes, str] | None:
    """Return a message exactly as it was signed, and its hash; nothing where none was sent."""
    rows = AlertVersion.objects.visible_to(PUBLIC).filter(identifier=identifier, state__in=OUT)
    found = rows.values_list("signed_xml", "xml_sha256").first()
    return (bytes(found[0]), found[1]) if found else None


def message_history(number: int) -> list[AlertVersion]:
    """Return the messages of one warning that were sent, newest first, without their bytes."""
    rows = AlertVersion.objects.visible_to(PUBLIC).filter(alert=number, state__in=OUT)
    return list(rows.defer("xml", "signed_xml").order_by("-number"))


def _shown(alerts: Sequence[Alert], language: str, now: datetime) -> list[PublicWarning]:
    versions = AlertVersion.objects.visible_to(PUBLIC).filter(
        alert__in=[one.pk for one in alerts], state__in=OUT
    )
    newest: dict[int, AlertVersion] = {}
    first: dict[int, AlertVersion] = {}
    for row in versions.defer("signed_xml").order_by("alert_id", "number"):
        newest[row.alert_id] = row
        first.setdefault(row.alert_id, row)
    return [
        in_language(newest[one.pk], one, language, now=now, first=first[one.pk])
        for one in alerts
        if one.pk in newest
    ]


@lru_cache(maxsize=256)
def _read(data: bytes) -> Message:
    """Read a message that left the desk; its bytes never change again."""
    from qalqan.cap.read import read

    return read(data)


def in_language(
    row: AlertVersion,
    alert: Alert,
    language: str,
    *,
    now: datetime,
    first: AlertVersion | None = None,
) -> PublicWarning:
    """Return what a message says in a language, read from its own bytes."""
    message = _read(bytes(row.xml or b""))
    info = next((one for one in message.infos if one.language == language), message.infos[0])
    expires_at = info.expires.moment if info.expires else message.sent.moment
    stage = CANCELLED if row.msg_type == AlertVersion.MsgType.CANCEL else LIVE
    if stage == LIVE and expires_at <= now:
        stage = EXPIRED
    before = _read(bytes(first.xml or b"")) if first and first.pk != row.pk else message
    return PublicWarning(
        number=alert.pk, identifier=message.identifier, language=info.language or language,
        status=str(message.status), msg_type=str(message.msg_type), stage=stage,
        event=info.event, headline=info.headline or info.event,
        description=info.description or "", instruction=info.instruction or "",
        spoken=next((p.value for p in info.parameters if p.name == SPOKEN), ""),
        sender_name=info.sender_name or "", contact=info.contact or "",
        severity=str(info.severity), urgency=str(info.urgency), certainty=str(info.certainty),
        sent_at=message.sent.moment, expires_at=expires_at, first_sent_at=before.sent.moment,
        areas=tuple(area.area_desc for area in info.areas), codes=_codes(info),
        geometry=geometry.geojson_of(rings_of(info.areas)), is_sample=alert.is_sample,
        message=message,
    )  # fmt: skip


def _codes(info: Info) -> tuple[str, ...]:
    return tuple(code.value for area in info.areas for code in area.geocodes if code.name == KATO)


def rings_of(areas: Sequence[Area]) -> list[geometry.Ring]:
    """Return every ring of some areas of a message, circles as rings of corners."""
    rings = [list(polygon.points) for area in areas for polygon in area.polygons]
    rings += [
        geometry.circle_ring(*circle.centre, circle.radius_km)
        for area in areas
        for circle in area.circles
    ]
    return rings
