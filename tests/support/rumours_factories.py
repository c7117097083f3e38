"""Messages for tests, stored the way the desk stores them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from tests.support.factories import NOW

from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.sources.services import get_or_create_source
from qalqan.desk.rumours.batch import NewMessage, content_identity
from qalqan.desk.rumours.models import (
    Claim,
    ClaimHour,
    ClaimLanguage,
    ClaimPlace,
    Message,
    Tally,
)
from qalqan.desk.rumours.services import Stored, store_messages

ACTOR = SystemActor("test")


def new_message(
    text: str,
    *,
    at: datetime = NOW,
    kind: str = "post",
    language: str = "ru",
    place_id: int | None = None,
    channel: str = "Channel",
    number: str = "",
) -> NewMessage:
    """Make a message that may be stored."""
    source = get_or_create_source(actor=ACTOR, name=channel, kind="channel", now=NOW)
    identity = content_identity(channel, number, at, text)
    return NewMessage(identity, kind, source.pk, text, language, at, place_id)


def store(batch: Sequence[NewMessage]) -> Stored:
    """Store messages."""
    return store_messages(actor=ACTOR, batch=batch, run="test", now=NOW)


def store_claim(text: str, copies: int, *, until: datetime = NOW, **fields) -> None:
    """Store a claim with so many copies, one a minute, the last at ``until``."""
    name = f"{text[:20]} {until.isoformat()}"
    store(
        [
            new_message(
                text, at=until - timedelta(minutes=copies - 1 - n), number=f"{name} {n}", **fields
            )
            for n in range(copies)
        ]
    )


def wipe() -> None:
    """Leave the store of messages as it was before the first of them."""
    for model in (ClaimHour, ClaimLanguage, ClaimPlace, Claim, Message, Tally):
        model.objects.all().delete()
    with connection.cursor() as cursor:
        for table in ("rumours_message_search", "rumours_claim_search"):
            if connection.vendor == "sqlite":
                cursor.execute(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
            else:
                cursor.execute(f"DELETE FROM {table}")
