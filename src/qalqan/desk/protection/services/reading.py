"""What a phone sends, read strictly: every complaint names the field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from qalqan.errors import InputError, Location

MOST_BYTES = 1 << 20
MOST_ANSWERS = 500
MOST_PICTURES = 200
_LONGEST_NOTE = 1000
_LONGEST_VALUE = 500
_LONGEST_SIGNATURE = 20_000
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer as the phone sent it."""

    question: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One inspection as the phone sent it; the times are the phone's."""

    client_id: UUID
    site_id: int
    version_id: int
    started_at: datetime
    finished_at: datetime
    sent_at: datetime
    answers: tuple[Answered, ...]
    pictures: tuple[tuple[UUID, str], ...]
    office: str
    inspector_signature: str
    owner_signature: str
    digest: str


def read_sent(data: bytes) -> Sent:
    """Read an inspection from JSON.

    Raises
    ------
    InputError
        It is too long, or a field is missing or not what it should be.
    """
    if len(data) > MOST_BYTES:
        raise InputError(_("The inspection is longer than 1 MB without its pictures."))
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        raise InputError(_("The inspection is no JSON.")) from None
    if not isinstance(body, dict):
        raise InputError(_("The inspection is no JSON object."))
    signatures = _object(body, "signatures")
    owner = _object(signatures, "owner", "signatures.owner")
    return Sent(
        client_id=_uuid(body, "id"),
        site_id=_whole(body, "site"),
        version_id=_whole(body, "version"),
        started_at=_time(body, "started_at"),
        finished_at=_time(body, "finished_at"),
        sent_at=_time(body, "sent_at"),
        answers=_answers(body),
        pictures=_pictures(body),
        office=_text(owner, "office", 120, "signatures.owner.office"),
        inspector_signature=_signature(signatures, "inspector"),
        owner_signature=_signature(signatures, "owner"),
        digest=_digest(body),
    )


def _digest(body: Mapping[str, Any]) -> str:
    """Hash what was found; when it was sent may differ from try to try."""
    kept = {key: body[key] for key in sorted(body) if key not in ("sent_at", "plan_made_at")}
    return sha256(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _bad(field: str, message: Any) -> InputError:
    return InputError(message, location=Location(field=field))


def _object(body: Mapping[str, Any], key: str, field: str = "") -> Mapping[str, Any]:
    value = body.get(key)
    if not isinstance(value, dict):
        raise _bad(field or key, _("An object is missing here."))
    return value


def _list(body: Mapping[str, Any], key: str, most: int) -> list[Any]:
    value = body.get(key)
    if not isinstance(value, list) or len(value) > most:
        raise _bad(key, _("A list of at most %(most)d is expected here.") % {"most": most})
    return value


def _uuid(body: Mapping[str, Any], key: str, field: str = "") -> UUID:
    value = body.get(key)
    try:
        if not isinstance(value, str) or len(value) != 36:
            raise ValueError
        return UUID(value)
    except ValueError:
        raise _bad(field or key, _("An identity given by the phone is missing here.")) from None


def _whole(body: Mapping[str, Any], key: str) -> int:
    value = body.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 1 << 53:
        raise _bad(key, _("A number is missing here."))
    return value


def _time(body: Mapping[str, Any], key: str) -> datetime:
    value = body.get(key)
    try:
        if not isinstance(value, str) or len(value) > 40:
            raise ValueError
        time = datetime.fromisoformat(value)
        if time.tzinfo is None or not _EARLIEST < time < _LATEST:
            raise ValueError
    except (ValueError, OverflowError):
        raise _bad(key, _("A time with its zone is missing here.")) from None
    return time.astimezone(UTC)


def _text(body: Mapping[str, Any], key: str, longest: int, field: str) -> str:
    value = body.get(key, "")
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise _bad(
            field, _("A text of at most %(most)d characters is expected.") % {"most": longest}
        )
    return value.strip()


def _answers(body: Mapping[str, Any]) -> tuple[Answered, ...]:
    found: dict[str, Answered] = {}
    for place, row in enumerate(_list(body, "answers", MOST_ANSWERS)):
        field = f"answers[{place}]"
        if not isinstance(row, dict) or not isinstance(row.get("question"), str):
            raise _bad(field, _("An answer names its question."))
        code = row["question"]
        if code in found:
            raise _bad(field, _("This question is answered twice."))
        found[code] = Answered(
            code,
            _text(row, "value", _LONGEST_VALUE, f"{field}.value"),
            _text(row, "note", _LONGEST_NOTE, f"{field}.note"),
        )
    return tuple(found.values())


def _pictures(body: Mapping[str, Any]) -> tuple[tuple[UUID, str], ...]:
    found: dict[UUID, str] = {}
    for place, row in enumerate(_list(body, "photos", MOST_PICTURES)):
        field = f"photos[{place}]"
        if not isinstance(row, dict):
            raise _bad(field, _("An object is missing here."))
        found[_uuid(row, "id", field)] = _text(row, "question", 40, f"{field}.question")
    return tuple(found.items())


def _signature(signatures: Mapping[str, Any], side: str) -> str:
    """Return strokes as JSON, or what stands for them, checked point by point.

    A side that cannot draw confirms with a tick; an owner's side may refuse, with a reason.
    """
    field = f"signatures.{side}"
    given = _object(signatures, side, field)
    if strokes := given.get("strokes"):
        text = json.dumps({"strokes": _strokes(strokes, field)}, separators=(",", ":"))
    elif given.get("confirmed") is True:
        text = json.dumps({"confirmed": True})
    elif side == "owner" and (why := _text(given, "refused", 200, f"{field}.refused")):
        text = json.dumps({"refused": why}, ensure_ascii=False)
    else:
        raise _bad(field, _("A signature is missing: drawn, confirmed, or refused with a reason."))
    if len(text) > _LONGEST_SIGNATURE:
        raise _bad(field, _("The signature is too long."))
    return text


def _strokes(strokes: Any, field: str) -> list[list[list[int]]]:
    def is_point(point: Any) -> bool:
        return (
            isinstance(point, list)
            and len(point) == 2
            and all(type(part) is int and 0 <= part <= 1000 for part in point)
        )

    if not isinstance(strokes, list) or not all(
        isinstance(stroke, list) and all(is_point(point) for point in stroke) for stroke in strokes
    ):
        raise _bad(field, _("A signature is a list of strokes, a stroke a list of points."))
    return strokes
