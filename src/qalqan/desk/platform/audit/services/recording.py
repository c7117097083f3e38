"""Writing an entry, inside the act that it reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, router, transaction

from qalqan.desk.platform.audit.chain import LONGEST_TEXT, canonical_detail, entry_hash
from qalqan.desk.platform.audit.models import AuditEntry, AuditHead
from qalqan.desk.platform.policies import Actor


def record(
    *,
    actor: Actor,
    action: str,
    subject: models.Model | str,
    now: datetime,
    detail: Mapping[str, Any] | None = None,
) -> AuditEntry:
    """Write one entry at the end of the chain.

    Call it last in the act's transaction: from here to the end of the transaction no other
    act can write its entry.

    Parameters
    ----------
    action
        ``room.verb``, e.g. ``rumours.answer_claim``.
    subject
        What the act was done to; of a model only its kind and key are kept.
    detail
        Small facts about the act. No personal data, no text over 200 characters.

    Raises
    ------
    TransactionManagementError
        There is no transaction; an entry must stand or fall with its act.
    ValueError
        The time has no zone, or the details cannot be written.
    """
    using = router.db_for_write(AuditEntry)
    if not transaction.get_connection(using).in_atomic_block:
        raise transaction.TransactionManagementError("record() belongs inside the act")
    if now.tzinfo is None:
        raise ValueError("the time of an audit entry needs a zone")
    detail_json = canonical_detail(detail)
    head, _created = AuditHead.objects.select_for_update().get_or_create(pk=1)
    sequence = head.sequence + 1
    label = subject_label(subject)
    entry = AuditEntry(
        sequence=sequence,
        written_at=now,
        actor_label=actor.actor_label,
        role=actor.role,
        action=action,
        subject=label,
        detail_json=detail_json,
        previous_hash=head.hash,
        entry_hash=entry_hash(
            sequence, now, actor.actor_label, str(actor.role), action, label, detail_json, head.hash
        ),
    )
    entry.save(force_insert=True)
    head.sequence, head.hash, head.written_at = sequence, entry.entry_hash, now
    head.save(update_fields=["sequence", "hash", "written_at"])
    return entry


@transaction.atomic
def record_read(*, actor: Actor, subject: models.Model | str, now: datetime) -> AuditEntry:
    """Write that sealed data was read; the reading view calls it before it shows anything."""
    room = subject if isinstance(subject, str) else subject._meta.app_label
    return record(actor=actor, action=f"{room.split(':')[0]}.read", subject=subject, now=now)


@transaction.atomic
def note_export(*, actor: Actor, now: datetime, bounds: Mapping[str, Any]) -> AuditEntry:
    """Write that entries were handed out, and which."""
    detail = {key: str(value) for key, value in bounds.items() if value}
    return record(actor=actor, action="audit.export", subject="audit", now=now, detail=detail)


def subject_label(subject: models.Model | str) -> str:
    """Name what an act was done to: ``app.model:key``, or the text given.

    >>> subject_label("settings")
    'settings'

    Raises
    ------
    ValueError
        The text is longer than 200 characters.
    """
    if not isinstance(subject, str):
        return f"{subject._meta.label_lower}:{subject.pk}"
    if len(subject) > LONGEST_TEXT:
        raise ValueError(f"an audit subject has at most {LONGEST_TEXT} characters")
    return subject
