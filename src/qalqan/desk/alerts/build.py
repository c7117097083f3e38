"""From what was filled in to the CAP message that two persons stand behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qalqan.cap.model import (
    Alert,
    Area,
    CapTime,
    Category,
    Certainty,
    Circle,
    Info,
    MsgType,
    NamedValue,
    Polygon,
    Reference,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from qalqan.desk.alerts.content import LANGUAGES, MARKS, Content, marked

SPOKEN = "qalqan:spokenText"
SIREN = "qalqan:sirenSignal"
"""Names of the parameters that loudspeakers and sirens read."""
KATO = "KATO"


@dataclass(frozen=True, slots=True)
class AreaPart:
    """One area as the message says it.

    Parameters
    ----------
    names
        By language.
    polygons, circles
        As CAP writes them.
    kato
        State code of the place; empty for what was drawn.
    """

    names: Mapping[str, str]
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    kato: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a message says of itself.

    Parameters
    ----------
    sent
        In the zone in which the message shall write its times.
    references
        The messages it takes the place of.
    sender_names
        Who warns, by language.
    """

    identifier: str
    sender: str
    sent: datetime
    status: str
    msg_type: str
    references: Sequence[str] = ()
    sender_names: Mapping[str, str]
    web: str = ""
    expires: datetime | None = None


def build(content: Content, areas: Sequence[AreaPart], envelope: Envelope) -> Alert:
    """Return the message: one info a language, each with the same areas.

    Where nothing has happened every text bears its mark, and the note says so, too.

    Raises
    ------
    CapError
        A value cannot stand in a message.
    """
    expires = envelope.expires or envelope.sent + timedelta(minutes=content.minutes)
    return Alert(
        identifier=envelope.identifier,
        sender=envelope.sender,
        sent=CapTime.of(envelope.sent),
        status=Status(envelope.status),
        msg_type=MsgType(envelope.msg_type),
        scope=Scope.PUBLIC,
        note=_note(content, envelope.status),
        references=tuple(Reference(text) for text in envelope.references),
        infos=tuple(
            _info(content, areas, envelope, code, expires)
            for code in LANGUAGES
            if code in content.said
        ),
    )


def _note(content: Content, status: str) -> str | None:
    if status not in MARKS:
        return None
    return f"{' / '.join(MARKS[status].values())}. {content.note}".strip()


def _info(
    content: Content,
    areas: Sequence[AreaPart],
    envelope: Envelope,
    code: str,
    expires: datetime,
) -> Info:
    said = marked(content.in_language(code), status=envelope.status, language=code)
    parameters = (NamedValue(SPOKEN, said.aloud), NamedValue(SIREN, content.siren))
    codes = (NamedValue("qalqan:event", content.event_code),) if content.event_code else ()
    return Info(
        language=code,
        categories=(Category(content.category),),
        event=said.event,
        response_types=tuple(ResponseType(one) for one in content.response_types),
        urgency=Urgency(content.urgency),
        severity=Severity(content.severity),
        certainty=Certainty(content.certainty),
        event_codes=codes,
        effective=CapTime.of(envelope.sent),
        expires=CapTime.of(expires),
        sender_name=envelope.sender_names[code],
        headline=said.headline or None,
        description=said.description or None,
        instruction=said.instruction or None,
        web=envelope.web or None,
        contact=content.contact or None,
        parameters=parameters,
        areas=tuple(
            Area(
                area_desc=part.names[code],
                polygons=tuple(Polygon(text) for text in part.polygons),
                circles=tuple(Circle(text) for text in part.circles),
                geocodes=(NamedValue(KATO, part.kato),) if part.kato else (),
            )
            for part in areas
        ),
    )
