"""Every change of work: open, accept, hand over, close, remind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.audit.services.recording import subject_label
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.work.ladder import FIRST, step_at
from qalqan.desk.platform.work.models import PAGE_OF_THE_DESK, HandOver, Reminder, WorkItem
from qalqan.errors import ConflictError, InputError

_LONGEST_REASON = 500
_LIVE = (WorkItem.State.OPEN, WorkItem.State.ACCEPTED)


@transaction.atomic
def open_item(
    *,
    actor: Actor,
    kind: str,
    title: str,
    subject: models.Model | str,
    owner: User | None,
    organisation: Organisation | None,
    due_at: datetime,
    now: datetime,
    url: str = "",
    role: str = "",
    is_sample: bool = False,
) -> WorkItem:
    """Put a piece of work on the list of a person, a body, or both; or of all in a role.

    Parameters
    ----------
    kind
        ``room.verb``; see ``kinds.register``.
    title
        What is to be done, in the words of whoever will do it.
    subject
        What it is about; of a model only kind and key are kept.
    due_at
        Until when; may lie in the past where the work is found late.
    url
        The page where the work is done, within the desk.
    role
        Whoever has it may take the work, where neither person nor body is named.

    Raises
    ------
    InputError
        Nobody would owe it, the title is empty or too long, or the address leaves the desk.
    RefusedError
        The actor may not open work.
    """
    require(actor, ADD, WorkItem)
    if owner is None and organisation is None and not role:
        raise InputError(_("Work needs somebody who owes it: a person or a body."))
    if url and not PAGE_OF_THE_DESK.fullmatch(url):
        raise InputError(_("The address of work must be a page of this desk."))
    item = WorkItem.objects.create(
        kind=kind,
        title=_required(title, _("Say what is to be done, in at most 200 characters."), 200),
        subject=subject_label(subject),
        url=url,
        owner=owner,
        organisation=organisation or (owner.organisation if owner else None),
        role="" if owner or organisation else role,
        opened_by=actor if isinstance(actor, get_user_model()) else None,
        opened_at=now,
        due_at=due_at,
        is_sample=is_sample,
    )
    detail = {"kind": kind, "due_at": due_at.isoformat()}
    audit.record(actor=actor, action="work.open_item", subject=item, now=now, detail=detail)
    return item


@transaction.atomic
def accept(*, actor: Actor, item: WorkItem, now: datetime) -> WorkItem:
    """Take a piece of work on oneself.

    Raises
    ------
    ConflictError
        Somebody has accepted or closed it already.
    RefusedError
        It is not the work of the actor's body.
    """
    locked = _locked(actor, item)
    if locked.state != WorkItem.State.OPEN:
        raise ConflictError(_("Somebody has taken or closed this work already."))
    locked.state = WorkItem.State.ACCEPTED
    if isinstance(actor, get_user_model()):
        locked.owner = actor
        locked.organisation = locked.organisation or actor.organisation
    locked.save(update_fields=["state", "owner", "organisation"])
    audit.record(actor=actor, action="work.accept", subject=locked, now=now)
    return locked


@transaction.atomic
def take_many(*, actor: Actor, items: Sequence[WorkItem], now: datetime) -> list[WorkItem]:
    """Take several pieces of work on oneself, all or none.

    Raises
    ------
    ConflictError
        Somebody has accepted or closed one of them already; none is taken.
    RefusedError
        One is not the work of the actor's body.
    """
    return [accept(actor=actor, item=item, now=now) for item in items]


@transaction.atomic
def close_item(
    *, actor: Actor, item: WorkItem, outcome: str, now: datetime, cancelled: bool = False
) -> WorkItem:
    """Say that a piece of work is done, or no longer needed, and what came of it.

    Raises
    ------
    ConflictError
        It is closed already.
    InputError
        The outcome is missing or too long.
    RefusedError
        It is not the work of the actor's body.
    """
    locked = _locked(actor, item)
    locked.outcome = _required(outcome, _("Say what came of it, in at most 500 characters."))
    locked.state = WorkItem.State.CANCELLED if cancelled else WorkItem.State.DONE
    locked.closed_at = now
    locked.save(update_fields=["outcome", "state", "closed_at"])
    locked.hand_overs.filter(state=HandOver.State.OFFERED).update(
        state=HandOver.State.REFUSED, answered_at=now, reason=_("The work was closed.")
    )
    detail = {"state": str(locked.state)}
    audit.record(actor=actor, action="work.close_item", subject=locked, now=now, detail=detail)
    return locked


@transaction.atomic
def hand_over(
    *, actor: Actor, item: WorkItem, organisation: Organisation, reason: str, now: datetime
) -> HandOver:
    """Offer a piece of work to another body; it stays where it is until the other accepts.

    Raises
    ------
    ConflictError
        It is closed, or offered to a body that has not answered yet.
    InputError
        The reason is missing, or the body is the same.
    RefusedError
        It is not the work of the actor's body.
    """
    locked = _locked(actor, item)
    if locked.hand_overs.filter(state=HandOver.State.OFFERED).exists():
        raise ConflictError(_("This work is offered to a body that has not answered yet."))
    if locked.organisation is None or locked.organisation == organisation:
        raise InputError(_("Work can be handed over only from one body to another."))
    offer = HandOver.objects.create(
        item=locked,
        from_organisation=locked.organisation,
        to_organisation=organisation,
        offered_at=now,
        reason=_required(reason, _("Say why, in at most 500 characters.")),
    )
    detail = {"to": organisation.pk}
    audit.record(actor=actor, action="work.hand_over", subject=locked, now=now, detail=detail)
    return offer


@transaction.atomic
def accept_hand_over(*, actor: Actor, offer: HandOver, now: datetime) -> WorkItem:
    """Take over work that another body offers; from now on this body owes it.

    Raises
    ------
    ConflictError
        The offer is answered already.
    RefusedError
        The work is not offered to the actor's body.
    """
    locked = _locked_offer(actor, offer)
    locked.state, locked.answered_at = HandOver.State.ACCEPTED, now
    locked.save(update_fields=["state", "answered_at"])
    item = WorkItem.objects.select_for_update().get(pk=locked.item_id)
    item.organisation, item.owner = locked.to_organisation, None
    item.state = WorkItem.State.OPEN
    item.save(update_fields=["organisation", "owner", "state"])
    audit.record(actor=actor, action="work.accept_hand_over", subject=item, now=now)
    return item


@transaction.atomic
def refuse_hand_over(*, actor: Actor, offer: HandOver, reason: str, now: datetime) -> HandOver:
    """Refuse work that another body offers, with a reason; it stays where it is.

    Raises
    ------
    ConflictError
        The offer is answered already.
    InputError
        The reason is missing.
    RefusedError
        The work is not offered to the actor's body.
    """
    locked = _locked_offer(actor, offer)
    locked.reason = _required(reason, _("Say why, in at most 500 characters."))
    locked.state, locked.answered_at = HandOver.State.REFUSED, now
    locked.save(update_fields=["reason", "state", "answered_at"])
    audit.record(actor=actor, action="work.refuse_hand_over", subject=locked.item, now=now)
    return locked


def send_due_reminders(*, actor: Actor, now: datetime) -> int:
    """Take the step of the ladder that each piece of work has reached; return how many.

    A step is taken once, whatever often this runs; steps that were missed while the desk was
    off are not made up for one by one, only the highest is taken.
    """
    due = WorkItem.objects.filter(state__in=_LIVE, due_at__lte=now - FIRST).order_by("due_at")
    return sum(_remind(actor, pk, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _remind(actor: Actor, item_id: int, now: datetime) -> bool:
    item = WorkItem.objects.select_for_update().get(pk=item_id)
    step = step_at(item.due_at, now)
    if step is None or item.state not in _LIVE:
        return False
    if item.reminders.filter(step__gte=step.number).exists():
        return False
    Reminder.objects.create(item=item, step=step.number, audience=step.audience, sent_at=now)
    if step.level > item.escalation_level:
        item.escalation_level = step.level
        item.save(update_fields=["escalation_level"])
    detail = {"step": step.number, "audience": str(step.audience)}
    audit.record(actor=actor, action="work.remind", subject=item, now=now, detail=detail)
    return True


def _locked(actor: Actor, item: WorkItem) -> WorkItem:
    """Return the row as it is now, locked, if the actor may change it and it is still owed."""
    locked: WorkItem = WorkItem.objects.select_for_update().get(pk=item.pk)
    require(actor, CHANGE, WorkItem, locked)
    if locked.state not in _LIVE:
        raise ConflictError(_("This work is closed."))
    return locked


def _locked_offer(actor: Actor, offer: HandOver) -> HandOver:
    locked: HandOver = HandOver.objects.select_for_update().get(pk=offer.pk)
    require(actor, CHANGE, HandOver, locked)
    if locked.state != HandOver.State.OFFERED:
        raise ConflictError(_("This offer is answered already."))
    return locked


def _required(text: str, complaint: Any, longest: int = _LONGEST_REASON) -> str:
    clean = screen(" ".join(text.split())).text
    if not clean or len(clean) > longest:
        raise InputError(complaint)
    return clean
