"""Signals: acknowledged, closed, marked false, passed up when nobody answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from qalqan.desk.alerts.models import Signal
from qalqan.desk.alerts.services.common import account_of
from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import CHANGE, Actor, Role, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.work import services as work
from qalqan.errors import ConflictError, InputError, Location

ANSWER_WITHIN = timedelta(seconds=60)
"""After this long without an answer a signal is passed up."""
_OPEN = (Signal.State.NEW, Signal.State.ACKNOWLEDGED)


@transaction.atomic
def acknowledge(*, actor: Actor, signal: Signal, now: datetime) -> Signal:
    """Say that one has seen a signal and sees to it.

    Raises
    ------
    ConflictError
        Somebody has answered it already.
    RefusedError
        The actor does not answer signals.
    """
    locked = _locked(actor, signal)
    if locked.state != Signal.State.NEW:
        raise ConflictError(_("Somebody has answered this signal already."))
    locked.state, locked.changed_at = Signal.State.ACKNOWLEDGED, now
    locked.acknowledged_by, locked.acknowledged_at = account_of(actor), now
    locked.save(update_fields=["state", "changed_at", "acknowledged_by", "acknowledged_at"])
    _close_work(actor, locked, _("The signal was acknowledged."), now)
    waited = (now - locked.received_at).total_seconds()
    audit.record(
        actor=actor,
        action="alerts.acknowledge_signal",
        subject=locked,
        now=now,
        detail={"seconds": round(waited, 1)},
    )
    return locked


@transaction.atomic
def close_signal(
    *, actor: Actor, signal: Signal, outcome: str, is_false_alarm: bool, now: datetime
) -> Signal:
    """Say what came of a signal, or that it was a false alarm.

    Raises
    ------
    ConflictError
        It is closed already.
    InputError
        The outcome is missing.
    RefusedError
        The actor does not answer signals.
    """
    locked = _locked(actor, signal)
    if locked.state not in _OPEN:
        raise ConflictError(_("This signal is closed already."))
    text = screen(" ".join(outcome.split())).text[:200]
    if not text:
        raise InputError(_("Say what came of it."), location=Location(field="outcome"))
    state = Signal.State.FALSE_ALARM if is_false_alarm else Signal.State.CLOSED
    locked.state, locked.outcome, locked.changed_at = state, text, now
    locked.closed_by, locked.closed_at = account_of(actor), now
    locked.save(update_fields=["state", "outcome", "changed_at", "closed_by", "closed_at"])
    _close_work(actor, locked, text, now)
    detail = {"state": str(state)}
    audit.record(actor=actor, action="alerts.close_signal", subject=locked, now=now, detail=detail)
    return locked


def escalate_unanswered(*, actor: Actor, now: datetime) -> int:
    """Pass up every signal that nobody answered in time; return how many.

    A piece of work is opened for the body of the duty officers, so that it also stands where
    overdue work is seen. Exercises are passed up as well: that is what they are to show.
    """
    due = Signal.objects.filter(
        state=Signal.State.NEW, escalated_at__isnull=True, received_at__lte=now - ANSWER_WITHIN
    ).order_by("id")
    return sum(_escalate(actor, pk, now) for pk in list(due.values_list("pk", flat=True)[:500]))


@transaction.atomic
def _escalate(actor: Actor, signal_id: int, now: datetime) -> bool:
    signal: Signal = Signal.objects.select_for_update().get(pk=signal_id)
    if signal.state != Signal.State.NEW or signal.escalated_at is not None:
        return False
    signal.escalated_at = signal.changed_at = now
    body = _duty_body()
    if body is not None:
        title = _("Nobody answers a signal: %(where)s") % {"where": signal.device.site}
        signal.work_item = work.open_item(
            actor=actor,
            kind="alerts.signal",
            title=title,
            subject=signal,
            owner=None,
            organisation=body,
            due_at=now,
            now=now,
            url=reverse("alerts:signals"),
            is_sample=signal.is_sample,
        )
    signal.save(update_fields=["escalated_at", "changed_at", "work_item"])
    audit.record(actor=actor, action="alerts.escalate_signal", subject=signal, now=now)
    return True


def _duty_body() -> Organisation | None:
    """Return the body that keeps the desk: that of the first duty officer, or administrator."""
    for role in (Role.DUTY_OFFICER, Role.ADMINISTRATOR):
        people = get_user_model().objects.filter(role=role, is_active=True)
        first = people.exclude(organisation=None).order_by("pk").values("organisation")[:1]
        body: Organisation | None = Organisation.objects.filter(pk__in=first).first()
        if body is not None:
            return body
    return None


def _close_work(actor: Actor, signal: Signal, outcome: str, now: datetime) -> None:
    item = signal.work_item
    if item is not None and item.state in ("open", "accepted"):
        work.close_item(actor=actor, item=item, outcome=outcome, now=now)


def _locked(actor: Actor, signal: Signal) -> Signal:
    require(actor, CHANGE, Signal)
    locked: Signal = Signal.objects.select_for_update(of=("self",)).get(pk=signal.pk)
    return locked
