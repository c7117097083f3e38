"""Proofs that violations are mended: handed in by owners, checked by another person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, Actor, SystemActor, require
from qalqan.desk.platform.policies.roles import PUBLIC_ROLE
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.work import services as work
from qalqan.desk.protection.models import (
    Notice,
    NoticeItem,
    NoticeStep,
    OwnerLink,
    Remedy,
    RemedyFile,
    Violation,
)
from qalqan.desk.protection.services.files import keep_file
from qalqan.desk.protection.services.notices import (
    CHECKING,
    account_of,
    add_step,
    close_work,
    locked,
    reason_of,
)
from qalqan.errors import ConflictError, InputError, Location, RefusedError

CHECK = "check"
MOST_FILES = 10
TO_CHECK = timedelta(days=5)
"""A proof is checked within so much; it is a piece of work like any other."""
_LONGEST_TEXT = 1000


@transaction.atomic
def hand_in(
    *,
    actor: Actor,
    item: NoticeItem,
    text: str,
    files: Sequence[tuple[str, bytes]],
    now: datetime,
    link: OwnerLink | None = None,
) -> Remedy:
    """Hand in the proof that one violation of a notice is mended.

    Parameters
    ----------
    files
        Names and contents of pictures.
    link
        The opened link of an owner who has no account.

    Raises
    ------
    ConflictError
        The notice is closed, the violation verified, or a proof waits already.
    InputError
        Nothing is said, or there are too many files.
    PictureError
        A file is no picture that the desk takes.
    RefusedError
        The actor may not hand in proofs for this site.
    """
    _may_hand_in(actor, item, link, now)
    notice = locked(item.notice)
    row = NoticeItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    clean = screen(" ".join(text.split())).text
    if not clean or len(clean) > _LONGEST_TEXT:
        message = _("Say what was done, in at most 1,000 characters.")
        raise InputError(message, location=Location(field="text"))
    if len(files) > MOST_FILES:
        raise InputError(
            _("A proof has at most %(most)d files.") % {"most": MOST_FILES},
            location=Location(field="pictures"),
        )
    if row.verified_at is not None:
        raise ConflictError(_("This violation is verified already."))
    if row.remedies.filter(state=Remedy.State.WAITING).exists():
        raise ConflictError(_("A proof for this violation waits for its check already."))
    by = account_of(actor)
    remedy = Remedy.objects.create(
        item=row, text=clean, handed_in_at=now, handed_in_by=by, is_sample=notice.is_sample
    )
    for name, data in files:
        stored = keep_file(
            data=data, name=name, now=now, field="pictures", is_sample=notice.is_sample
        )
        RemedyFile.objects.create(remedy=remedy, file=stored)
    Violation.objects.filter(pk=row.violation_id).update(state=Violation.State.REMEDIED)
    _wait_for_check(notice, now)
    add_step(notice, NoticeStep.Kind.PROOF, now, by, text=row.text)
    record(
        actor=actor, action="protection.hand_in_proof", subject=remedy, now=now,
        detail={"notice": notice.reference, "files": len(files)},
    )  # fmt: skip
    return remedy


def _may_hand_in(actor: Actor, item: NoticeItem, link: OwnerLink | None, now: datetime) -> None:
    if actor.role == PUBLIC_ROLE:
        is_open = (
            link is not None
            and link.notice_id == item.notice_id
            and link.opened_at is not None
            and link.revoked_at is None
            and link.expires_at > now
        )
        if not is_open:
            raise RefusedError(_("This link is not open."))
        return
    require(actor, ADD, Remedy)
    if not NoticeItem.objects.visible_to(actor).filter(pk=item.pk).exists():
        raise RefusedError(_("This notice is to another body."))


def _wait_for_check(notice: Notice, now: datetime) -> None:
    notice.state = Notice.State.ANSWERED
    body = notice.issued_by.organisation if notice.issued_by else None
    if body is not None and (notice.checking is None or not notice.checking.is_live):
        with override(notice.language):
            title = _("Check the proof for notice %(number)s") % {"number": notice.reference}
        notice.checking = work.open_item(
            actor=SystemActor("protection"), kind=CHECKING, title=title, subject=notice,
            owner=None, organisation=body, due_at=now + TO_CHECK, now=now,
            url=notice.get_absolute_url(), is_sample=notice.is_sample,
        )  # fmt: skip
    notice.save(update_fields=["state", "checking"])


@transaction.atomic
def decide_remedy(
    *, actor: Actor, remedy: Remedy, accepted: bool, reason: str, now: datetime
) -> Remedy:
    """Say whether a proof shows that the violation is mended; another person than before says it.

    Raises
    ------
    ConflictError
        The proof is decided on, or an inspection found the violation again since.
    InputError
        A proof is returned without a reason.
    RefusedError
        The actor may not check proofs, handed it in, or issued the notice.
    """
    require(actor, CHECK, Remedy, remedy)
    notice = locked(remedy.item.notice)
    row = Remedy.objects.select_for_update(of=("self",)).select_related("item").get(pk=remedy.pk)
    violation = Violation.objects.select_for_update(of=("self",)).get(pk=row.item.violation_id)
    by = account_of(actor)
    if row.state != Remedy.State.WAITING:
        raise ConflictError(_("This proof is decided on already."))
    if by is not None and by.pk in (row.handed_in_by_id, notice.issued_by_id):
        raise RefusedError(
            _("Whoever issued the notice or entered the proof does not check it. Ask another.")
        )
    if accepted and violation.last_found_at > row.handed_in_at:
        raise ConflictError(_("An inspection found this again after the proof was handed in."))
    row.reason = reason_of(reason) if reason.strip() or not accepted else ""
    row.state = Remedy.State.ACCEPTED if accepted else Remedy.State.RETURNED
    row.decided_by, row.decided_at = by, now
    row.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    if accepted:
        _verify(row, violation, now)
    else:
        Violation.objects.filter(pk=violation.pk).update(state=Violation.State.NOTIFIED)
    kind = NoticeStep.Kind.ACCEPTED if accepted else NoticeStep.Kind.RETURNED
    add_step(notice, kind, now, by, text=row.reason or row.item.text)
    _settle(notice, now)
    record(
        actor=actor, action="protection.check_proof", subject=row, now=now,
        detail={"notice": notice.reference, "accepted": accepted, "state": str(notice.state)},
    )  # fmt: skip
    return row


def _verify(remedy: Remedy, violation: Violation, now: datetime) -> None:
    violation.state, violation.verified_at = Violation.State.VERIFIED, now
    violation.save(update_fields=["state", "verified_at"])
    remedy.item.verified_at = now
    remedy.item.save(update_fields=["verified_at"])


def _settle(notice: Notice, now: datetime) -> None:
    """Put the notice into the state that its proofs make; close it where all is verified."""
    proofs = Remedy.objects.filter(item__notice=notice)
    waits = proofs.filter(state=Remedy.State.WAITING).exists()
    is_mended = not notice.items.filter(verified_at__isnull=True).exists()
    if is_mended:
        newest = proofs.filter(state=Remedy.State.ACCEPTED).order_by("-handed_in_at").first()
        notice.state, notice.closed_at = Notice.State.MENDED, now
        notice.mended_on = timezone.localdate(newest.handed_in_at) if newest else None
        OwnerLink.objects.filter(notice=notice, revoked_at__isnull=True).update(revoked_at=now)
        close_work(notice.owed, _("Mended and verified."), now, cancelled=False)
        add_step(notice, NoticeStep.Kind.MENDED, now, None)
    else:
        notice.state = Notice.State.ANSWERED if waits else Notice.State.ISSUED
    if not waits:
        close_work(notice.checking, _("The proof was checked."), now, cancelled=False)
    notice.save(update_fields=["state", "closed_at", "mended_on"])
