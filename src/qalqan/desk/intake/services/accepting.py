"""Messages that come through the web: accepted at once, stored by the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qalqan.desk.intake.models import Waiting
from qalqan.desk.intake.pipeline import Pipeline
from qalqan.desk.intake.readers import Record
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import Actor, SystemActor
from qalqan.desk.platform.sources.models import Source
from qalqan.desk.rumours import selectors as rumour_reads
from qalqan.desk.rumours import services as rumours
from qalqan.desk.rumours.batch import NewMessage

_DESK = SystemActor("intake")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of messages handed in.

    Parameters
    ----------
    accepted
        New messages.
    known
        Messages that were there already.
    reference
        The number by which the sender of the first message looks its answer up, where one was
        asked for; it is kept only as a hash.
    """

    accepted: int
    known: int
    reference: str


@transaction.atomic
def accept_records(
    *,
    actor: Actor,
    records: Sequence[Record],
    channel: str,
    kind: str,
    now: datetime,
    is_sample: bool = False,
    source: Source | None = None,
    with_reference: bool = False,
) -> Receipt:
    """Screen messages and keep them until they are stored with their claims.

    Handing in the same messages again changes nothing.

    Parameters
    ----------
    actor
        The public for the hotline; the desk in the name of a token for the API.
    records
        What the form or the API read.
    channel, kind
        Of records that name none.
    source
        Whose records all of them are; for a program's key, its own source with its own grade.
    with_reference
        Whether the sender gets a number to look the answer up with.
    """
    pipeline = Pipeline(_DESK, now, channel, kind=kind, is_sample=is_sample,
                        source_id=source.pk if source else None)  # fmt: skip
    messages = pipeline.process(records)
    once = {m.content_id: m for m in reversed(messages)}
    there = rumour_reads.stored_identities(list(once))
    there |= {
        bytes(known)
        for known in Waiting.objects.filter(content_id__in=list(once)).values_list(
            "content_id", flat=True
        )
    }
    fresh = [m for key, m in once.items() if key not in there]
    Waiting.objects.bulk_create(
        [_row(message, now) for message in fresh], ignore_conflicts=True, batch_size=500
    )
    record(
        actor=actor, action="intake.accept_messages", subject="intake", now=now,
        detail={"accepted": len(fresh), "known": len(messages) - len(fresh), "kind": kind},
    )  # fmt: skip
    if fresh:
        _see_to_storing(now)
    reference = ""
    if with_reference and messages:
        reference = rumours.give_reference(actor=actor, content_id=messages[0].content_id, now=now)
    return Receipt(len(fresh), len(messages) - len(fresh), reference)


def _see_to_storing(now: datetime) -> None:
    """Store what waits: right away on a small desk, else by the worker."""
    if rumours.can_store_now():
        drain_waiting(actor=_DESK, now=now)
    else:
        from qalqan.desk.intake.tasks import store_waiting_messages

        store_waiting_messages.enqueue()


def _row(message: NewMessage, now: datetime) -> Waiting:
    return Waiting(
        content_id=message.content_id,
        kind=message.kind,
        source_id=message.source_id,
        text=message.text,
        language=message.language,
        published_at=message.published_at,
        place_id=message.place_id,
        accepted_at=now,
        is_sample=message.is_sample,
    )


@transaction.atomic
def drain_waiting(*, actor: Actor, now: datetime, most: int = 5_000) -> int:
    """Store messages that wait, in the order of their arrival; return how many.

    Parameters
    ----------
    most
        Messages taken in one transaction.
    """
    rows = list(Waiting.objects.select_for_update().order_by("pk")[:most])
    if not rows:
        return 0
    batch = [
        NewMessage(
            bytes(row.content_id), row.kind, row.source_id, row.text, row.language,
            row.published_at, row.place_id, row.is_sample,
        )
        for row in rows
    ]  # fmt: skip
    rumours.store_messages(actor=actor, batch=batch, run="intake:waiting", now=now)
    # By key: on PostgreSQL a smaller key may be committed after these were read.
    Waiting.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
