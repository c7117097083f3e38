"""The second person: approving what was shown, sending it back; one person alone in need."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qalqan.desk.alerts.models import Alert, AlertVersion
from qalqan.desk.alerts.policies import APPROVE, BREAK_GLASS
from qalqan.desk.alerts.services import live, outbox, signing
from qalqan.desk.alerts.services.common import account_of, both, reason_of, waiting
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import Actor, SystemActor, require
from qalqan.desk.platform.work import selectors as work
from qalqan.desk.platform.work import services as work_services
from qalqan.errors import ConflictError, IntegrityError, RefusedError

S = AlertVersion.State
REVIEW = "alerts.review_break_glass"
REVIEW_WITHIN = timedelta(hours=24)


@transaction.atomic
def approve(*, actor: Actor, version: AlertVersion, shown_hash: str, now: datetime) -> AlertVersion:
    """Sign exactly the bytes that were shown, and let them leave, in one act.

    What is to be sent to whom is written in the same transaction; the senders take it up when
    it ends.

    Parameters
    ----------
    shown_hash
        SHA-256 of the message that was read, in hexadecimal digits.

    Raises
    ------
    ConflictError
        It does not wait, was written anew since it was shown, has ended, or what it changes is
        over.
    RefusedError
        The actor wrote it, or may not approve warnings.
    SettingsError
        The key that signs cannot be used.
    """
    require(actor, APPROVE, AlertVersion, version)
    alert, row = both(version)
    waiting(row, shown_hash)
    account = account_of(actor)
    if account is None or row.drafted_by_id is None or account.pk == row.drafted_by_id:
        raise RefusedError(_("A second person approves a warning, never its writer."))
    row.approved_by = account
    return _release(actor, alert, row, "alerts.approve", now)


@transaction.atomic
def break_glass(
    *, actor: Actor, version: AlertVersion, shown_hash: str, reason: str, now: datetime
) -> AlertVersion:
    """Send without a second person, in need; the others are told in the same act.

    Raises
    ------
    ConflictError
        It does not wait, was written anew since it was shown, has ended, or what it changes is
        over; or it is an exercise or a test, which can wait for a second person.
    InputError
        No reason was given.
    RefusedError
        The actor is not the duty officer.
    """
    require(actor, BREAK_GLASS, Alert)
    alert, row = both(version)
    waiting(row, shown_hash)
    if alert.status != Alert.Status.ACTUAL:
        raise ConflictError(_("An exercise or a test waits for a second person."))
    account = account_of(actor)
    if account is None or row.drafted_by_id != account.pk:
        raise ConflictError(_("Somebody else wrote this message, so you can approve it."))
    row.is_break_glass, row.break_glass_reason = True, reason_of(reason)
    _open_review(actor, row, now)
    from qalqan.desk.alerts.tasks import tell_of_break_glass

    sent = _release(actor, alert, row, "alerts.break_glass", now)
    # Written with the act itself: a crash just after it must not leave the others untold.
    tell_of_break_glass.enqueue(row.pk)
    return sent


@transaction.atomic
def reject(
    *, actor: Actor, version: AlertVersion, shown_hash: str, reason: str, now: datetime
) -> AlertVersion:
    """Give a message back to its writer; a copy of it is the next draft.

    Raises
    ------
    ConflictError
        It does not wait, or was written anew since it was shown.
    InputError
        No reason was given.
    """
    require(actor, APPROVE, AlertVersion, version)
    alert, row = both(version)
    waiting(row, shown_hash)
    row.state, row.rejected_by, row.rejected_reason = (
        S.REJECTED,
        account_of(actor),
        reason_of(reason),
    )
    row.save(update_fields=["state", "rejected_by", "rejected_reason"])
    AlertVersion.objects.create(
        alert=alert, number=row.number + 1, msg_type=row.msg_type, content=row.content,
        severity=row.severity, urgency=row.urgency, certainty=row.certainty,
        headline_kk=row.headline_kk, headline_ru=row.headline_ru, headline_en=row.headline_en,
        drafted_by=row.drafted_by, drafted_at=row.drafted_at,
    )  # fmt: skip
    record(
        actor=actor, action="alerts.reject", subject=alert, now=now,
        detail={"version": row.number, "reason": row.rejected_reason, "sha256": row.xml_sha256},
    )  # fmt: skip
    return row


@transaction.atomic
def review(*, actor: Actor, version: AlertVersion, outcome: str, now: datetime) -> AlertVersion:
    """Say what came of looking into a message that one person sent alone.

    Raises
    ------
    ConflictError
        It was not sent alone, or was looked into.
    InputError
        No outcome was given.
    RefusedError
        The actor sent it, or may not approve warnings.
    """
    require(actor, APPROVE, AlertVersion, version)
    alert, row = both(version)
    if not row.is_break_glass or row.approved_at is None or row.reviewed_at is not None:
        raise ConflictError(_("There is nothing to look into."))
    account = account_of(actor)
    if account is None or account.pk == row.drafted_by_id:
        raise RefusedError(_("Another person looks into it, never the one who sent it."))
    row.reviewed_by, row.reviewed_at = account, now
    row.review_outcome = reason_of(outcome, longest=500)
    row.save(update_fields=["reviewed_by", "reviewed_at", "review_outcome"])
    _close_review(row, now)
    record(actor=actor, action="alerts.review_break_glass", subject=alert, now=now,
           detail={"version": row.number, "outcome": row.review_outcome[:200]})  # fmt: skip
    return row


def _release(
    actor: Actor, alert: Alert, row: AlertVersion, action: str, now: datetime
) -> AlertVersion:
    """Sign a locked message, put it among what leaves, and write who did it."""
    data = bytes(row.xml or b"")
    if hashlib.sha256(data).hexdigest() != row.xml_sha256:
        raise IntegrityError(_("The message is not what it was when it was written."))
    if row.expires_at is None or row.expires_at <= now:
        raise ConflictError(_("The message has ended before it was approved; write it anew."))
    if row.msg_type != AlertVersion.MsgType.ALERT:
        standing = live.required_references(alert, now)
        missing = standing - set(row.references_text.split())
        if missing or not standing or not alert.is_live(now):
            raise ConflictError(_("The warning has changed since; write the message anew."))
    row.signed_xml = signing.sign(data, now=now)
    row.state, row.approved_at = S.APPROVED, now
    row.save()
    is_cancel = row.msg_type == AlertVersion.MsgType.CANCEL
    alert.state = Alert.State.CANCELLED if is_cancel else Alert.State.LIVE
    alert.expires_at = row.expires_at
    alert.save(update_fields=["state", "expires_at"])
    intents = outbox.enqueue(version=row, now=now)
    record(
        actor=actor, action=action, subject=alert, now=now,
        detail={
            "version": row.number, "identifier": row.identifier, "msg_type": row.msg_type,
            "status": alert.status, "sha256": row.xml_sha256, "intents": intents,
            "reason": row.break_glass_reason,
        },
    )  # fmt: skip
    return row


def _open_review(actor: Actor, row: AlertVersion, now: datetime) -> None:
    account = account_of(actor)
    work_services.open_item(
        actor=actor, kind=REVIEW,
        title=_("Look into a warning that one person sent alone: %(number)d")
        % {"number": row.alert_id},
        subject=row, owner=None, organisation=account.organisation if account else None,
        due_at=now + REVIEW_WITHIN, now=now, url=reverse("alerts:message", args=[row.pk]),
    )  # fmt: skip


def _close_review(row: AlertVersion, now: datetime) -> None:
    """Close the work; the desk does it, as whoever looked into it may belong to another body."""
    subject, desk = f"{row._meta.label_lower}:{row.pk}", SystemActor("alerts")
    for item in work.items(desk, kind=REVIEW).filter(subject=subject):
        work_services.close_item(actor=desk, item=item, outcome=row.review_outcome, now=now)
