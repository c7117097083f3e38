"""Rumours that workers heard in the field, taken in as messages."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.intake.models import ImportRun, MessageKind
from qalqan.desk.intake.readers import Record
from qalqan.desk.intake.services.accepting import Receipt, accept_records
from qalqan.desk.outreach.selectors import notes as heard
from qalqan.desk.outreach.services.notes import mark_taken
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.errors import InputError

CHANNEL = "Field notes"


@transaction.atomic
def take_heard(*, actor: Actor, note_id: int, now: datetime) -> Receipt:
    """Take one rumour heard in as a message: its words, its time and place, and no body.

    Raises
    ------
    ConflictError
        It was taken in already.
    InputError
        There is no such note.
    RefusedError
        The actor may not bring messages in, or not weigh notes.
    """
    require(actor, ADD, ImportRun)
    note = heard.note_for(actor, note_id)
    if note is None:
        raise InputError(_("There is no such note."))
    mark_taken(actor=actor, note=note, now=now)
    return accept_records(
        actor=actor,
        records=[
            Record(note.text, note.seen_at, kind=MessageKind.HOTLINE, place=note.place.name_kk)
        ],
        channel=CHANNEL,
        kind=MessageKind.HOTLINE,
        now=now,
        is_sample=note.is_sample,
    )
