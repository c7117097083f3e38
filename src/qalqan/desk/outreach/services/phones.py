"""Phones that keep activities and notes: met, told to forget, and what they send taken in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import (
    BAND_FIELDS,
    Activity,
    DeviceReceipt,
    FieldNote,
    OutreachDevice,
)
from qalqan.desk.outreach.services.activities import add_activity, by_of, own_body_id
from qalqan.desk.outreach.services.facts import ActivityFacts, Outcome
from qalqan.desk.outreach.services.notes import NoteFacts, Taken, write_note
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, PUBLIC, Actor, policy_of, require
from qalqan.desk.platform.repeating import told_once
from qalqan.errors import ConflictError, InputError, Location

LARGEST_BODY = 40_000
_COUNTS = ("reach", "cost")
_LARGEST_KEY = 2**31


@dataclass(frozen=True, slots=True)
class Met:
    """What the desk tells a phone that it meets."""

    may_write: bool
    wipe: bool


class OtherActivityError(ConflictError):
    """The desk holds another activity under the same number."""

    def __init__(self, activity: Activity) -> None:
        super().__init__(_("The desk holds something else under this number."))
        self.activity = activity


@told_once
@transaction.atomic
def meet_device(*, actor: Actor, device_id: UUID, now: datetime) -> Met:
    """Note that a phone met the desk, and tell it whether it must forget everything.

    A phone must forget when the desk was told so, or when the account that used it last was
    closed; nobody needs to be signed in for that.
    """
    rows = OutreachDevice.objects.select_for_update(of=("self",)).select_related("user")
    row = rows.filter(device_id=device_id).first()
    user = by_of(actor)
    may = user is not None and policy_of(FieldNote).allows(actor, ADD)
    if row is None:
        if may:
            row = OutreachDevice.objects.create(
                device_id=device_id, user=user, first_seen_at=now, last_seen_at=now
            )
            record(actor=actor, action="outreach.new_device", subject=row, now=now)
        return Met(may, wipe=False)
    wipe = row.wiped_at is None and (row.wipe_asked_at is not None or not row.user.is_active)
    if may and not wipe:
        if row.user_id != user.pk:
            row.user = user
            record(actor=actor, action="outreach.device_handed_over", subject=row, now=now)
        row.last_seen_at = now
        # A phone that has forgotten begins anew with whoever signs in on it.
        row.wipe_asked_at = row.wiped_at = None
        row.save(update_fields=["user", "last_seen_at", "wipe_asked_at", "wiped_at"])
    return Met(may, wipe)


@transaction.atomic
def ask_wipe(*, actor: Actor, device: OutreachDevice, now: datetime) -> OutreachDevice:
    """Have a phone forget everything when it next meets the desk.

    Raises
    ------
    ConflictError
        It is told already.
    RefusedError
        The actor may not.
    """
    require(actor, CHANGE, OutreachDevice, device)
    rows = OutreachDevice.objects.visible_to(actor).select_for_update(of=("self",))
    row: OutreachDevice = rows.get(pk=device.pk)
    if row.wipe_asked_at is not None:
        raise ConflictError(_("This phone is told to forget already."))
    row.wipe_asked_at = now
    row.save(update_fields=["wipe_asked_at"])
    record(actor=actor, action="outreach.ask_wipe", subject=row, now=now)
    return row


@transaction.atomic
def note_wiped(*, device_id: UUID, now: datetime) -> bool:
    """Note that a phone says it has forgotten everything."""
    rows = OutreachDevice.objects.select_for_update(of=("self",)).select_related("user")
    row = rows.filter(device_id=device_id, wiped_at__isnull=True).first()
    if row is None or (row.wipe_asked_at is None and row.user.is_active):
        return False
    row.wiped_at = now
    row.save(update_fields=["wiped_at"])
    record(actor=PUBLIC, action="outreach.wiped", subject=row, now=now)
    return True


def read_sent(body: bytes) -> dict[str, Any]:
    """Return what a phone sent.

    Raises
    ------
    InputError
        It is too long, no JSON object, or holds something else than words and numbers.
    """
    if len(body) > LARGEST_BODY:
        raise InputError(_("What the phone sent is too long."))
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError(_("What the phone sent is no JSON.")) from error
    if not isinstance(said, dict) or not all(
        isinstance(value, str | int) for value in said.values()
    ):
        raise InputError(_("What the phone sent is no JSON."))
    return {name: _whole_text(value, name) for name, value in said.items()}


def _whole_text(value: str | int, name: str) -> str | int:
    """Return a text that the store takes; a phone may cut a picture sign in two."""
    if not isinstance(value, str):
        return value
    if "\x00" in value:
        raise InputError(
            _("a character that no text has (a control character)"), location=_at(name)
        )
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def uuid_of(said: Mapping[str, Any], name: str = "id") -> UUID:
    """Return the number of an entry.

    Raises
    ------
    InputError
        There is none.
    """
    try:
        return UUID(str(said.get(name, "")))
    except ValueError as error:
        raise InputError(_("The number of the entry is missing."), location=_at(name)) from error


def _at(name: str) -> Location:
    return Location(field=name)


def take_note(*, actor: Actor, said: Mapping[str, Any], now: datetime) -> Taken:
    """Take one field note in; the same one twice is one.

    Raises
    ------
    InputError
        A fact is missing or wrong.
    OtherNoteError
        Another content stands under its number.
    """
    facts = NoteFacts(
        theme=_word(said, "theme"), spot=_word(said, "spot"), place_id=_key(said, "place"),
        seen_at=_moment(said, "seen_at"), text=_word(said, "text"),
        language=_word(said, "language") or "kk",
    )  # fmt: skip
    return write_note(actor=actor, facts=facts, now=now, client_id=uuid_of(said))


@told_once
@transaction.atomic
def take_activity(*, actor: Actor, said: Mapping[str, Any], now: datetime) -> tuple[Activity, bool]:
    """Take one activity in; the same one twice is one, whatever was corrected since.

    Returns
    -------
    Activity, bool
        The activity, and whether it is a new one.

    Raises
    ------
    InputError
        A fact is missing or wrong.
    OtherActivityError
        Another content came in under its number.
    """
    require(actor, ADD, Activity)
    number = uuid_of(said)
    digest = _digest(said)
    facts, outcome = _facts(actor, said), _outcome(said)
    held = Activity.objects.visible_to(actor).filter(client_id=number).first()
    receipt = DeviceReceipt.objects.filter(client_id=number).first()
    if held is not None and (receipt is None or receipt.digest != digest):
        raise OtherActivityError(held)
    row = add_activity(
        actor=actor, facts=facts, outcome=outcome, now=now, client_id=number,
        origin=Activity.Origin.PHONE,
    )  # fmt: skip
    if held is None:
        DeviceReceipt.objects.create(client_id=number, digest=digest, received_at=now)
    return row, held is None


def _digest(said: Mapping[str, Any]) -> str:
    # The language is that of the page and no part of what was said.
    kept = {key: str(value) for key, value in said.items() if key != "language" and value != ""}
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def _facts(actor: Actor, said: Mapping[str, Any]) -> ActivityFacts:
    body = _key(said, "body") if said.get("body") else own_body_id(actor)
    if body is None:
        raise InputError(
            _("Your body is not in the directory; ask the desk to enter it."), location=_at("body")
        )
    return ActivityFacts(
        title=" ".join(_word(said, "title").split()), kind=_word(said, "activity_kind"),
        theme=_word(said, "activity_theme"), place_id=_key(said, "place"), body_id=body,
        held_on=_day(said, "held_on"), language=_word(said, "spoken") or "kk",
    )  # fmt: skip


def _outcome(said: Mapping[str, Any]) -> Outcome | None:
    counts = {name: _count(said, name) for name in _COUNTS}
    bands = {
        band: count for band in BAND_FIELDS if (count := _count(said, f"band_{band}")) is not None
    }
    texts = {name: _word(said, name).strip() for name in ("outcome", "asked", "answered")}
    if not bands and not any(texts.values()) and all(one is None for one in counts.values()):
        return None
    reach = counts["reach"]
    return Outcome(
        reach=reach, reach_is=_word(said, "reach_is") if reach is not None else "", bands=bands,
        cost=counts["cost"], text=texts["outcome"], asked=texts["asked"],
        answered=texts["answered"],
    )  # fmt: skip


def _word(said: Mapping[str, Any], name: str) -> str:
    return str(said.get(name, ""))


def _key(said: Mapping[str, Any], name: str) -> int:
    value = _count(said, name)
    if value is None or value >= _LARGEST_KEY:
        raise InputError(_("Choose from the list."), location=_at(name))
    return value


def _count(said: Mapping[str, Any], name: str) -> int | None:
    text = _word(said, name).strip()
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 12:
        raise InputError(_("A whole number is needed."), location=_at(name))
    return int(text)


def _day(said: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(_word(said, name))
    except ValueError as error:
        raise InputError(_("A day is needed."), location=_at(name)) from error


def _moment(said: Mapping[str, Any], name: str) -> datetime:
    try:
        at = datetime.fromisoformat(_word(said, name))
    except ValueError as error:
        raise InputError(_("A time is needed."), location=_at(name)) from error
    return at if at.tzinfo else timezone.make_aware(at, timezone.get_default_timezone())
