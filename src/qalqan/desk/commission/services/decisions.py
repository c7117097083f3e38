"""Decisions: made, owed, shown to be done, judged by another person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.commission.models import Agenda, Decision, DecisionStep, Evidence, Meeting
from qalqan.desk.commission.services.checks import address, next_number, words
from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, SystemActor, require
from qalqan.desk.platform.work import services as work
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, Location, RefusedError

CARRY_OUT = "commission.carry_out"
JUDGE = "commission.judge_evidence"
DESK = SystemActor("commission")
_What = DecisionStep.What
_TO_JUDGE_WITHIN_DAYS = 7


@transaction.atomic
def decide(
    *, actor: Actor, item: Agenda, texts: Mapping[str, str], legal_basis: str,
    owner: Organisation, due_on: date, now: datetime, is_sample: bool = False,
) -> Decision:  # fmt: skip
    """Enter a decision on an item of a meeting that is under way; its owner is told at once.

    Parameters
    ----------
    texts
        Its text by ``kk``, ``ru`` and ``en``; at least one.
    owner
        The body that owes it.

    Raises
    ------
    ConflictError
        The meeting is not under way.
    InputError
        There are no words, or the date lies before the meeting.
    """
    require(actor, ADD, Decision)
    meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    if meeting.state != Meeting.State.OPEN:
        raise ConflictError(_("Decisions are made while the meeting is under way."))
    given = {
        f"text_{code}": words(texts.get(code, ""), f"text_{code}", 4000, needed=False)
        for code in ("kk", "ru", "en")
    }
    if not any(given.values()):
        raise InputError(
            _("Write the decision in at least one language."), location=Location(field="text_kk")
        )
    _check_due(due_on, now)
    year = timezone.localdate(now).year
    made = Decision.objects.create(
        year=year, number=next_number(f"decision.{year}"), item=item, owner=owner, due_on=due_on,
        legal_basis=words(legal_basis, "legal_basis", 300), decided_at=now, is_sample=is_sample,
        **given,
    )  # fmt: skip
    made.work = _owed(made, now)
    made.save(update_fields=["work"])
    Agenda.objects.filter(pk=item.pk).update(outcome=Agenda.Outcome.DECIDED)
    _step(made, _What.DECIDED, owner.name, now)
    audit.record(
        actor=actor, action="commission.decide", subject=made, now=now,
        detail={"owner": owner.pk, "due_on": due_on.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def show_evidence(
    *, actor: Actor, decision: Decision, text: str, now: datetime, url: str = ""
) -> Evidence:
    """Show what was done; the decision stays open until another person accepts it.

    Raises
    ------
    ConflictError
        It is closed, or evidence waits to be judged.
    RefusedError
        Another body owes it.
    """
    locked = _live(decision)
    require(actor, ADD, Evidence, locked)
    if not isinstance(actor, User):
        raise RefusedError(_("Evidence is shown by a person."))
    if locked.state == Decision.State.SHOWN:
        raise ConflictError(_("Evidence waits to be judged already."))
    made = Evidence.objects.create(
        decision=locked, text=words(text, "text", 4000), url=address(url), given_by=actor,
        given_at=now,
    )  # fmt: skip
    locked.state = Decision.State.SHOWN
    locked.save(update_fields=["state"])
    _step(locked, _What.SHOWN, "", now)
    _to_judge(locked, now)
    audit.record(actor=actor, action="commission.show_evidence", subject=locked, now=now)
    return made


@transaction.atomic
def judge(
    *, actor: Actor, evidence: Evidence, accepted: bool, reason: str, now: datetime
) -> Decision:
    """Accept evidence, which closes the decision, or refuse it with a reason.

    Raises
    ------
    ConflictError
        It is judged already.
    InputError
        It is refused without a reason.
    RefusedError
        The actor showed it, or may not judge.
    """
    locked = _live(evidence.decision)
    require(actor, CHANGE, Evidence)
    shown = Evidence.objects.select_for_update().get(pk=evidence.pk)
    if shown.state != Evidence.State.WAITING:
        raise ConflictError(_("This evidence is judged already."))
    if not isinstance(actor, User) or actor.pk == shown.given_by_id:
        raise RefusedError(_("Whoever showed the evidence does not judge it."))
    shown.reason = words(reason, "reason", 500, needed=not accepted)
    shown.state = Evidence.State.ACCEPTED if accepted else Evidence.State.REFUSED
    shown.judged_by, shown.judged_at = actor, now
    shown.save(update_fields=["state", "judged_by", "judged_at", "reason"])
    if accepted:
        _end(locked, Decision.State.CLOSED, now)
        _close_work(locked, _("The evidence was accepted."), now)
    else:
        locked.state = Decision.State.OPEN
        locked.save(update_fields=["state"])
    _close_judging(locked, now)
    _step(locked, _What.ACCEPTED if accepted else _What.REFUSED, shown.reason, now)
    detail = {"accepted": accepted}
    audit.record(actor=actor, action="commission.judge", subject=locked, now=now, detail=detail)
    return locked


@transaction.atomic
def postpone(
    *, actor: Actor, decision: Decision, due_on: date, reason: str, now: datetime
) -> Decision:
    """Give a decision another date, with a reason; the ladder begins anew.

    Raises
    ------
    InputError
        The date is not later, or there is no reason.
    """
    require(actor, CHANGE, Decision, decision)
    locked = _live(decision)
    if due_on <= locked.due_on:
        raise InputError(_("The new date is not later."), location=Location(field="due_on"))
    _check_due(due_on, now)
    why = words(reason, "reason", 500)
    locked.due_on = due_on
    _close_work(locked, _("The date was moved."), now)
    locked.work = _owed(locked, now)
    locked.save(update_fields=["due_on", "work"])
    _step(locked, _What.POSTPONED, f"{due_on:%Y-%m-%d}: {why}"[:500], now)
    detail = {"due_on": due_on.isoformat()}
    audit.record(actor=actor, action="commission.postpone", subject=locked, now=now, detail=detail)
    return locked


@transaction.atomic
def cancel(*, actor: Actor, decision: Decision, reason: str, now: datetime) -> Decision:
    """Cancel a decision, with a reason; it stays in the record.

    Raises
    ------
    InputError
        There is no reason.
    """
    require(actor, CHANGE, Decision, decision)
    locked = _live(decision)
    why = words(reason, "reason", 500)
    _end(locked, Decision.State.CANCELLED, now)
    waiting = locked.evidence.filter(state=Evidence.State.WAITING)
    # Nobody judged what nobody needs any more: it goes, and the step says so.
    waiting.delete()
    _close_work(locked, _("The decision was cancelled."), now)
    _close_judging(locked, now)
    _step(locked, _What.CANCELLED, why, now)
    audit.record(actor=actor, action="commission.cancel", subject=locked, now=now)
    return locked


@transaction.atomic
def replace(
    *, actor: Actor, decision: Decision, by: Decision, reason: str, now: datetime
) -> Decision:
    """Say that a later decision takes the place of this one.

    Raises
    ------
    InputError
        It would replace itself, or an older one would replace it.
    """
    require(actor, CHANGE, Decision, decision)
    locked = _live(decision)
    if (by.year, by.number) <= (locked.year, locked.number):
        raise InputError(_("Only a later decision can replace it."), location=Location(field="by"))
    why = words(reason, "reason", 500)
    locked.replaced_by = by
    _end(locked, Decision.State.REPLACED, now)
    locked.evidence.filter(state=Evidence.State.WAITING).delete()
    _close_work(locked, _("A later decision replaced it."), now)
    _close_judging(locked, now)
    _step(locked, _What.REPLACED, f"{by.reference}: {why}"[:500], now)
    detail = {"by": by.pk}
    audit.record(actor=actor, action="commission.replace", subject=locked, now=now, detail=detail)
    return locked


def _live(decision: Decision) -> Decision:
    locked: Decision = (
        Decision.objects.select_related("owner").select_for_update(of=("self",)).get(pk=decision.pk)
    )
    if not locked.is_live:
        raise ConflictError(_("This decision is closed."))
    return locked


def _end(decision: Decision, state: str, now: datetime) -> None:
    decision.state, decision.closed_at = state, now
    decision.save(update_fields=["state", "closed_at", "replaced_by"])


def _check_due(due_on: date, now: datetime) -> None:
    if due_on < timezone.localdate(now):
        raise InputError(_("The date lies in the past."), location=Location(field="due_on"))


def _step(decision: Decision, what: str, said: str, now: datetime) -> None:
    DecisionStep.objects.create(decision=decision, what=what, words=said[:500], at=now)


def _owed(decision: Decision, now: datetime) -> WorkItem:
    due = timezone.make_aware(datetime.combine(decision.due_on, time(18)))
    return work.open_item(
        actor=DESK, kind=CARRY_OUT,
        title=_("Decision %(number)s: carry it out and show the evidence")
        % {"number": decision.reference},
        subject=decision, owner=None, organisation=decision.owner, due_at=due, now=now,
        url=reverse("commission:decision", args=[decision.pk]), is_sample=decision.is_sample,
    )  # fmt: skip


def _to_judge(decision: Decision, now: datetime) -> None:
    body = decision.item.meeting.commission.seats.filter(
        part="secretary", until__isnull=True, organisation__isnull=False
    ).first()
    if body is None:
        return
    work.open_item(
        actor=DESK, kind=JUDGE,
        title=_("Decision %(number)s: judge the evidence") % {"number": decision.reference},
        subject=decision, owner=None, organisation=body.organisation,
        due_at=now + timedelta(days=_TO_JUDGE_WITHIN_DAYS), now=now,
        url=reverse("commission:decision", args=[decision.pk]), is_sample=decision.is_sample,
    )  # fmt: skip


def _close_judging(decision: Decision, now: datetime) -> None:
    url = reverse("commission:decision", args=[decision.pk])
    rows = WorkItem.objects.filter(kind=JUDGE, url=url, state__in=["open", "accepted"])
    for row in rows:
        work.close_item(actor=DESK, item=row, outcome=_("The evidence was judged."), now=now)


def _close_work(decision: Decision, outcome: str, now: datetime) -> None:
    if decision.work_id is not None:
        row = WorkItem.objects.get(pk=decision.work_id)
        if row.is_live:
            work.close_item(actor=DESK, item=row, outcome=outcome, now=now)
