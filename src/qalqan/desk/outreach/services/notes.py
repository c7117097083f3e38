"""Every act on field notes: write, add a picture, answer, close, take as a message."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.outreach.field_policies import ANSWER
from qalqan.desk.outreach.models import FieldNote, NotePicture
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, VIEW, Actor, require
from qalqan.desk.platform.privacy import sealed_files
from qalqan.desk.platform.privacy.guard import refuse_traces
from qalqan.desk.platform.privacy.observations import refuse_observed
from qalqan.desk.platform.privacy.picture_guard import LONGEST_SIDE, refuse_faces
from qalqan.desk.platform.privacy.pictures import clean_picture
from qalqan.desk.platform.repeating import told_once
from qalqan.errors import ConflictError, InputError, Location, RefusedError

FOLDER = "sealed-notes"
MOST_PICTURES = 3
LATEST_DAYS = 60
_PURPOSE = "outreach.note"
_AHEAD = timedelta(minutes=10)
_LANGUAGES = frozenset({"kk", "ru", "en"})


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """What a worker saw: the theme, the place, when, in words."""

    theme: str
    spot: str
    place_id: int
    seen_at: datetime
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A note that was written, and whether it is a new one."""

    note: FieldNote
    is_new: bool


class OtherNoteError(ConflictError):
    """The desk holds another note under the same number."""

    def __init__(self, note: FieldNote) -> None:
        super().__init__(_("The desk holds something else under this number."))
        self.note = note


def digest_of(facts: NoteFacts) -> str:
    """Return what tells one content from another."""
    said = {**asdict(facts), "seen_at": facts.seen_at.isoformat()}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@told_once
@transaction.atomic
def write_note(
    *, actor: Actor, facts: NoteFacts, now: datetime, client_id: UUID | None = None,
    is_sample: bool = False,
) -> Taken:  # fmt: skip
    """Store what was seen at a place open to the public.

    The same ``client_id`` with the same content twice is one note.

    Raises
    ------
    InputError
        A fact is wrong, or the text tells of a person.
    OtherNoteError
        The number belongs to another content.
    RefusedError
        The actor may not write notes, or belongs to no body.
    """
    require(actor, ADD, FieldNote)
    if actor.organisation_id is None:
        raise RefusedError(_("Only somebody who belongs to a body writes field notes."))
    known = _known(actor, client_id, facts)
    if known is not None:
        return Taken(known, is_new=False)
    district = _checked(facts, now)
    row = FieldNote.objects.create(
        client_id=client_id or uuid4(), theme=facts.theme, spot=facts.spot,
        place_id=facts.place_id, district_id=district, seen_at=facts.seen_at, text=facts.text,
        language=facts.language, body_id=actor.organisation_id, recorded_by=_by(actor),
        recorded_at=now, content_digest=digest_of(facts), is_sample=is_sample,
    )  # fmt: skip
    audit.record(
        actor=actor, action="outreach.write_note", subject=row, now=now,
        detail={"theme": row.theme, "district": district},
    )  # fmt: skip
    return Taken(row, is_new=True)


def _by(actor: Actor) -> Any:
    return actor if isinstance(actor, get_user_model()) else None


def _known(actor: Actor, client_id: UUID | None, facts: NoteFacts) -> FieldNote | None:
    row = FieldNote.objects.filter(client_id=client_id).first() if client_id else None
    if row is None:
        return None
    if row.body_id != actor.organisation_id:
        raise ConflictError(_("Another body has written a note under this number."))
    if row.content_digest != digest_of(facts):
        raise OtherNoteError(row)
    return row


def _checked(facts: NoteFacts, now: datetime) -> int:
    """Return the district of the note, after looking at every fact."""
    if facts.theme not in FieldNote.Theme.values:
        raise InputError(_("This theme is not known."), location=Location(field="theme"))
    if facts.spot not in FieldNote.Spot.values:
        raise InputError(_("This kind of place is not known."), location=Location(field="spot"))
    if facts.language not in _LANGUAGES:
        raise InputError(_("This language is not known."), location=Location(field="language"))
    if not now - timedelta(days=LATEST_DAYS) <= facts.seen_at <= now + _AHEAD:
        raise InputError(
            _("The time lies ahead, or more than %(days)s days back.") % {"days": LATEST_DAYS},
            location=Location(field="seen_at"),
        )
    district = places.district_of(facts.place_id)
    if not district:
        raise InputError(_("Choose a settlement or a district."), location=Location(field="place"))
    text = facts.text.strip()
    if not text or len(text) > 1000:
        raise InputError(
            _("Say in at most 1,000 characters what was seen."), location=Location(field="text")
        )
    _about_no_person(text, "text")
    return district


def _about_no_person(text: str, field: str) -> None:
    try:
        refuse_traces(text)
        refuse_observed(text)
    except ValidationError as error:
        raise InputError(" ".join(error.messages), location=Location(field=field)) from error


@told_once
@transaction.atomic
def add_picture(
    *, actor: Actor, note: FieldNote, data: bytes, name: str, now: datetime,
    client_id: UUID | None = None,
) -> tuple[NotePicture, bool]:  # fmt: skip
    """Put a picture to a note: written anew, without faces and plates as far as can be told.

    Returns
    -------
    NotePicture, bool
        The picture, and whether it is a new one.

    Raises
    ------
    InputError
        The note has too many pictures.
    PictureError
        It is no picture that the desk takes, or seems to show a face or a number plate.
    RefusedError
        The actor may not add pictures to this note.
    """
    require(actor, ADD, NotePicture)
    row: FieldNote = (
        FieldNote.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=note.pk)
    )
    if row.body_id != actor.organisation_id:
        raise RefusedError(_("Only the body that wrote a note adds pictures to it."))
    held = NotePicture.objects.filter(client_id=client_id).first() if client_id else None
    if held is not None:
        if held.note_id != row.pk:
            raise ConflictError(_("Another note has a picture under this number."))
        return held, False
    if row.pictures.count() >= MOST_PICTURES:
        raise InputError(
            _("A note has at most %(most)s pictures.") % {"most": MOST_PICTURES},
            location=Location(field="picture"),
        )
    # Kept no larger than it is looked at: a face too small to be found is too small to be known.
    picture = clean_picture(data, name=name, field="picture", longest=LONGEST_SIDE)
    refuse_faces(picture.data, name=name, field="picture")
    key = sealed_files.keep(picture.data, folder=FOLDER, purpose=_PURPOSE)
    stored = NotePicture.objects.create(
        note=row, client_id=client_id or uuid4(), key=key, content_type=picture.content_type,
        size=len(picture.data), width=picture.width, height=picture.height,
        sha256=hashlib.sha256(picture.data).hexdigest(), added_at=now,
    )  # fmt: skip
    audit.record(
        actor=actor, action="outreach.add_picture", subject=stored, now=now,
        detail={"note": row.pk, "size": stored.size},
    )  # fmt: skip
    return stored, True


@transaction.atomic
def read_picture(*, actor: Actor, picture: NotePicture, now: datetime) -> bytes:
    """Return the bytes of a picture and note that it was read.

    Raises
    ------
    IntegrityError
        The file in the store is gone or damaged.
    RefusedError
        The actor may not see pictures.
    """
    require(actor, VIEW, NotePicture, picture)
    data = sealed_files.content(picture.key, folder=FOLDER, purpose=_PURPOSE, sha256=picture.sha256)
    audit.record_read(actor=actor, subject=picture, now=now)
    return data


def _locked(actor: Actor, note: FieldNote) -> FieldNote:
    require(actor, ANSWER, FieldNote, note)
    rows = FieldNote.objects.visible_to(actor).select_for_update(of=("self",))
    found: FieldNote = rows.get(pk=note.pk)
    return found


@transaction.atomic
def answer_note(*, actor: Actor, note: FieldNote, text: str, now: datetime) -> FieldNote:
    """Answer the body that wrote a note; a later answer takes the place of an earlier one.

    Raises
    ------
    ConflictError
        The note is closed.
    InputError
        There is no answer, it is too long, or it tells of a person.
    RefusedError
        The actor may not answer notes.
    """
    row = _locked(actor, note)
    if row.state == FieldNote.State.CLOSED:
        raise ConflictError(_("This note is closed."))
    said = text.strip()
    if not said or len(said) > 1000:
        raise InputError(
            _("Answer in at most 1,000 characters."), location=Location(field="answer")
        )
    _about_no_person(said, "answer")
    row.answer, row.answered_at, row.answered_by = said, now, _by(actor)
    row.state = FieldNote.State.ANSWERED
    row.save(update_fields=["answer", "answered_at", "answered_by", "state"])
    audit.record(actor=actor, action="outreach.answer_note", subject=row, now=now)
    return row


@transaction.atomic
def close_note(*, actor: Actor, note: FieldNote, now: datetime) -> FieldNote:
    """Close a note that needs nothing more.

    Raises
    ------
    ConflictError
        It is closed already.
    RefusedError
        The actor may not close notes.
    """
    row = _locked(actor, note)
    if row.state == FieldNote.State.CLOSED:
        raise ConflictError(_("This note is closed."))
    row.state = FieldNote.State.CLOSED
    row.save(update_fields=["state"])
    audit.record(actor=actor, action="outreach.close_note", subject=row, now=now)
    return row


@transaction.atomic
def mark_taken(*, actor: Actor, note: FieldNote, now: datetime) -> FieldNote:
    """Note that intake has taken a rumour heard in as a message; call inside that act.

    Raises
    ------
    ConflictError
        It is no rumour, or was taken in already.
    RefusedError
        The actor may not weigh notes.
    """
    row = _locked(actor, note)
    if row.theme != FieldNote.Theme.RUMOUR:
        raise ConflictError(_("Only a rumour heard is taken in as a message."))
    if row.taken_as_message_at is not None:
        raise ConflictError(_("This note was taken in already."))
    row.taken_as_message_at = now
    row.save(update_fields=["taken_as_message_at"])
    audit.record(actor=actor, action="outreach.take_note_as_message", subject=row, now=now)
    return row


def sweep_orphans(*, now: datetime) -> int:
    """Delete pictures that no row names, left by acts that did not come to their end."""
    return sealed_files.sweep(FOLDER, known=_named, now=now)


def _named(keys: Collection[str]) -> set[str]:
    return set(NotePicture.objects.filter(key__in=keys).values_list("key", flat=True))
