"""A matter's way from body to body; at each instant exactly one holds it.

Every act locks the matter's row first, so that two bodies that act at once act one after the
other. While an offer is open the sender holds; a refusal, an unanswered offer and an offer taken
back leave it with the sender, who is told to find another body by a piece of work with a clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.agencies import matters
from qalqan.desk.agencies.models import Body, HandOver, Holding, Matter
from qalqan.desk.agencies.policies import TAKE, may_act_for
from qalqan.desk.agencies.selectors.matrix import Responsible, responsible
from qalqan.desk.agencies.services.bodies import by_of, locked_body
from qalqan.desk.agencies.services.clocks import (
    ANSWER,
    FIND,
    SEE_TO,
    SYSTEM,
    close_work,
    open_work,
    said,
)
from qalqan.desk.agencies.services.numbers import next_numbers
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.errors import ConflictError, InputError, Location, RefusedError

ANSWER_WITHIN = timedelta(days=3)
"""How long a body has to answer an offer, unless the sender says otherwise."""
FIND_WITHIN = timedelta(days=1)
"""How long the holder has to find another body once an offer has failed."""
_INSTANT = timedelta(microseconds=1)
_State = HandOver.State


@transaction.atomic
def open_matter(
    *, actor: Actor, kind: str, title: str, area: Any, due_at: datetime, now: datetime,
    holder: Body | None = None, text: str = "", subject: str = "", url: str = "",
    is_sample: bool = False,
) -> Matter:  # fmt: skip
    """Open a matter in the hands of a body.

    Parameters
    ----------
    holder
        Who holds it first; by default whoever leads by the matrix.

    Raises
    ------
    InputError
        The kind is unknown, a text is missing, or nobody or several lead and no holder is named.
    RefusedError
        The actor may not open matters.
    """
    require(actor, ADD, Matter)
    if kind not in dict(matters.known()):
        raise InputError(_("this kind of matter is not known"), location=Location(field="kind"))
    if holder is None:
        holder = _lead(kind, area, now)
    matter = Matter.objects.create(
        number=next_numbers("matter")[0], kind=kind, title=said(title, "title", 200),
        text=screen(text.strip()).text[:2000], subject=subject, url=url, area=area,
        holder=_open_body(holder), opened_at=now, due_at=due_at, is_sample=is_sample,
    )  # fmt: skip
    Holding.objects.create(matter=matter, place_in_line=1, body=holder, since=now)
    open_work(actor, matter, SEE_TO, holder, due_at, now)
    audit.record(
        actor=actor, action="agencies.open_matter", subject=matter, now=now,
        detail={"number": matter.number, "kind": kind, "holder": holder.pk},
    )  # fmt: skip
    return matter


def _lead(kind: str, area: Any, now: datetime) -> Body:
    named = responsible(SYSTEM, matter=kind, place=area, on=timezone.localdate(now))
    if named.lead is None:
        why = (
            _("Nobody leads here in such matters; name the body, or fill the gap in the matrix.")
            if named.is_gap
            else _("Several bodies lead here in such matters; name one of them.")
        )
        raise InputError(why, location=Location(field="holder"))
    return named.lead


def _open_body(body: Body) -> Body:
    # Locked, so that it is not closed meanwhile; before the record is, as closing does it, too.
    row = locked_body(body)
    if row.closed_on is not None:
        raise ConflictError(_("This body is closed."))
    return row


@transaction.atomic
def hand_over(
    *, actor: Actor, matter: Matter, to_body: Body, reason: str, now: datetime,
    answer_by: datetime | None = None,
) -> HandOver:  # fmt: skip
    """Offer a matter to another body; its holder keeps it until the other accepts.

    Raises
    ------
    ConflictError
        It is closed, offered already, or the other body is closed.
    InputError
        The reason is missing, the body is the holder, or the clock does not lie ahead.
    RefusedError
        The actor may not act for the body that holds it.
    """
    row = _locked(matter)
    require(actor, CHANGE, Matter, row)
    return _offer(actor, row, to_body, said(reason, "reason"), now, answer_by)


def _offer(
    actor: Actor, matter: Matter, to_body: Body, reason: str, now: datetime,
    answer_by: datetime | None,
) -> HandOver:  # fmt: skip
    if matter.hand_overs.filter(state=_State.OFFERED).exists():
        raise ConflictError(_("This matter is offered to a body that has not answered yet."))
    if to_body.pk == matter.holder_id:
        raise InputError(_("This body holds the matter."), location=Location(field="to_body"))
    due = answer_by or now + ANSWER_WITHIN
    if due <= now:
        raise InputError(_("The clock must lie ahead."), location=Location(field="answer_by"))
    offer = HandOver.objects.create(
        matter=matter, from_body=matter.holder, to_body=_open_body(to_body), reason=reason,
        offered_at=now, answer_by=due, offered_by=by_of(actor),
    )  # fmt: skip
    close_work(matter, FIND, _("Offered to %(body)s.") % {"body": to_body.name}, now)
    _set_sought(matter, sought=False)
    open_work(actor, matter, ANSWER, to_body, due, now)
    audit.record(
        actor=actor, action="agencies.hand_over", subject=matter, now=now,
        detail={"to": to_body.pk, "answer_by": due.isoformat()},
    )  # fmt: skip
    return offer


@transaction.atomic
def accept(*, actor: Actor, offer: HandOver, now: datetime) -> Matter:
    """Take over a matter that is offered; from this instant this body holds it.

    Raises
    ------
    ConflictError
        The offer is answered, or its clock has run out.
    RefusedError
        The actor may not answer for the body.
    """
    matter, row = _locked_offer(actor, offer)
    if now > row.answer_by:
        raise ConflictError(
            _("The time to answer has run out; the matter is with its sender."),
            hint=_("Take the matter instead."),
        )
    body = _open_body(row.to_body)
    _answered(row, _State.ACCEPTED, "", actor, now)
    _move(actor, matter, body, now)
    audit.record(
        actor=actor, action="agencies.accept", subject=matter, now=now,
        detail={"body": row.to_body_id},
    )  # fmt: skip
    return matter


@transaction.atomic
def refuse(
    *, actor: Actor, offer: HandOver, reason: str, now: datetime, onward: bool = False
) -> HandOver | None:
    """Refuse an offered matter, with a reason: back to the sender, or on to the next body.

    Parameters
    ----------
    onward
        Offer it at once to the next body in line by the matrix that has not refused it; where
        there is none it goes back.

    Returns
    -------
    HandOver or None
        The onward offer, if there is one.

    Raises
    ------
    ConflictError
        The offer is answered already.
    InputError
        The reason is missing.
    RefusedError
        The actor may not answer for the body.
    """
    matter, row = _locked_offer(actor, offer)
    why = said(reason, "reason")
    following = next_in_line(matter, now=now) if onward else None
    if following is not None:
        following = _open_body(following)
    _answered(row, _State.REFUSED, why, actor, now)
    audit.record(
        actor=actor, action="agencies.refuse", subject=matter, now=now,
        detail={"body": row.to_body_id, "onward": following.pk if following else None},
    )  # fmt: skip
    if following is None:
        _back(actor, matter, now)
        return None
    return _offer(SYSTEM, matter, following, row.reason, now, None)


def next_in_line(matter: Matter, *, now: datetime) -> Body | None:
    """Return the body to offer a matter to next: who leads, then who helps, nearest first.

    Bodies that hold it, have been offered it before, or are closed are passed over.
    """
    named = responsible(SYSTEM, matter=matter.kind, place=matter.area_id,
                        on=timezone.localdate(now))  # fmt: skip
    asked = set(matter.hand_overs.values_list("to_body_id", flat=True)) | {matter.holder_id}
    line = [one.body for one in (*named.leads, *named.helps)]
    return next((b for b in line if b.pk not in asked and b.closed_on is None), None)


@transaction.atomic
def take_back(*, actor: Actor, offer: HandOver, reason: str, now: datetime) -> Matter:
    """Withdraw an offer that is not answered; its sender keeps the matter.

    Raises
    ------
    ConflictError
        The offer is answered already.
    InputError
        The reason is missing.
    RefusedError
        The actor may not act for the sender.
    """
    matter = _locked(offer.matter)
    require(actor, CHANGE, Matter, matter)
    row = _open_offer(offer)
    _answered(row, _State.RETURNED, said(reason, "reason"), actor, now)
    audit.record(
        actor=actor, action="agencies.take_back", subject=matter, now=now,
        detail={"body": row.to_body_id},
    )  # fmt: skip
    return matter


def may_take(matter: Matter, body: Body, *, on: datetime) -> bool:
    """Tell whether a body leads or helps by the matrix where the matter lies."""
    named: Responsible = responsible(
        SYSTEM, matter=matter.kind, place=matter.area_id, on=timezone.localdate(on)
    )
    return body.pk in {one.body.pk for one in (*named.leads, *named.helps)}


@transaction.atomic
def take(*, actor: Actor, matter: Matter, body: Body, reason: str, now: datetime) -> Matter:
    """Take a matter for a body that was not offered it, while it seeks a body or is on offer.

    An offer that another body has not answered ends with this.

    Raises
    ------
    ConflictError
        It is closed, seeks no body, or this body holds it.
    InputError
        The reason is missing.
    RefusedError
        The actor may not act for the body, or the body neither leads nor helps there.
    """
    row = _locked(matter)
    require(actor, TAKE, Matter)
    if not may_act_for(actor, body):
        raise RefusedError(_("Only this body's own staff may answer for it."))
    if body.pk == row.holder_id:
        raise ConflictError(_("This body holds the matter."))
    if not may_take(row, body, on=now):
        raise RefusedError(_("By the matrix this body neither leads nor helps in such matters."))
    offer = row.hand_overs.filter(state=_State.OFFERED).first()
    if offer is None and not row.seeks_body:
        raise ConflictError(_("This matter seeks no other body."))
    why, body = said(reason, "reason"), _open_body(body)
    if offer is not None:
        state = _State.ACCEPTED if offer.to_body_id == body.pk else _State.RETURNED
        _answered(offer, state, _("Taken by %(body)s.") % {"body": body.name}, actor, now)
    if offer is None or offer.to_body_id != body.pk:
        HandOver.objects.create(
            matter=row, from_body=row.holder, to_body=body, state=_State.TAKEN,
            reason=why, offered_at=now, answer_by=now, answered_at=now, answered_by=by_of(actor),
        )  # fmt: skip
    _move(actor, row, body, now)
    audit.record(
        actor=actor, action="agencies.take", subject=row, now=now, detail={"body": body.pk}
    )
    return row


@transaction.atomic
def close_matter(*, actor: Actor, matter: Matter, outcome: str, now: datetime) -> Matter:
    """Close a matter and say what came of it; an open offer ends with it.

    Raises
    ------
    ConflictError
        It is closed already.
    InputError
        The outcome is missing.
    RefusedError
        The actor may not act for the body that holds it.
    """
    row = _locked(matter)
    require(actor, CHANGE, Matter, row)
    row.outcome = said(outcome, "outcome")
    row.state, row.closed_at, row.seeks_body = Matter.State.CLOSED, now, False
    row.save(update_fields=["outcome", "state", "closed_at", "seeks_body"])
    for offer in row.hand_overs.filter(state=_State.OFFERED):
        _answered(offer, _State.RETURNED, _("The matter was closed."), actor, now)
    for kind in (SEE_TO, FIND):
        close_work(row, kind, row.outcome, now)
    audit.record(actor=actor, action="agencies.close_matter", subject=row, now=now)
    return row


def lapse_offers(*, actor: Actor, now: datetime) -> int:
    """Bring back to their senders the matters whose offers were not answered in time."""
    due = HandOver.objects.filter(state=_State.OFFERED, answer_by__lt=now).order_by("pk")
    return sum(_lapse(actor, pk, now) for pk in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _lapse(actor: Actor, offer_id: int, now: datetime) -> bool:
    offer = HandOver.objects.select_related("matter").get(pk=offer_id)
    matter = Matter.objects.select_for_update().get(pk=offer.matter_id)
    row = HandOver.objects.select_for_update().get(pk=offer_id)
    if row.state != _State.OFFERED:
        return False
    _answered(row, _State.LAPSED, "", actor, now)
    _back(actor, matter, now)
    audit.record(
        actor=actor, action="agencies.lapse", subject=matter, now=now,
        detail={"body": row.to_body_id},
    )  # fmt: skip
    return True


def _locked(matter: Matter) -> Matter:
    # Not joined with its holder: PostgreSQL drops a joined row whose holder changed meanwhile.
    row: Matter = Matter.objects.select_for_update().get(pk=matter.pk)
    if row.state != Matter.State.OPEN:
        raise ConflictError(_("This matter is closed."))
    return row


def _open_offer(offer: HandOver) -> HandOver:
    row: HandOver = HandOver.objects.select_for_update().get(pk=offer.pk)
    if row.state != _State.OFFERED:
        raise ConflictError(_("This offer is answered already."))
    return row


def _locked_offer(actor: Actor, offer: HandOver) -> tuple[Matter, HandOver]:
    matter = _locked(offer.matter)
    row = _open_offer(offer)
    require(actor, TAKE, Matter)
    if not may_act_for(actor, row.to_body):
        raise RefusedError(_("Only this body's own staff may answer for it."))
    return matter, row


def _answered(row: HandOver, state: str, answer: str, actor: Actor, now: datetime) -> None:
    row.state, row.answer, row.answered_at = state, answer[:500], now
    row.answered_by = by_of(actor)
    row.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    close_work(row.matter, ANSWER, str(row.get_state_display()), now)


def _move(actor: Actor, matter: Matter, body: Body, now: datetime) -> None:
    """Let another body hold the matter from this instant on."""
    last = matter.holdings.order_by("-place_in_line").first()
    # Two hand-overs within one tick of the clock still have an order.
    since = now if last is None or now > last.since else last.since + _INSTANT
    Holding.objects.create(
        matter=matter, place_in_line=(last.place_in_line if last else 0) + 1, body=body,
        since=since,
    )  # fmt: skip
    matter.holder, matter.seeks_body = body, False
    matter.save(update_fields=["holder", "seeks_body"])
    for kind in (SEE_TO, FIND):
        close_work(matter, kind, _("Handed over to %(body)s.") % {"body": body.name}, now)
    open_work(actor, matter, SEE_TO, body, matter.due_at, now)


def _back(actor: Actor, matter: Matter, now: datetime) -> None:
    """Leave the matter with its holder, who is told to find another body."""
    _set_sought(matter, sought=True)
    open_work(actor, matter, FIND, matter.holder, now + FIND_WITHIN, now)


def _set_sought(matter: Matter, *, sought: bool) -> None:
    matter.seeks_body = sought
    matter.save(update_fields=["seeks_body"])
