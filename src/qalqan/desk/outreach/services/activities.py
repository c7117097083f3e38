"""Every change of an activity, one act a function."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import Activity, ActivityEvent, QuestionHeard
from qalqan.desk.outreach.services.facts import (
    ActivityFacts,
    Outcome,
    apply_facts,
    apply_outcome,
    outcome_problems,
    plain_facts,
    problems_with,
    require_sound,
    text_problems,
)
from qalqan.desk.outreach.services.summing import Worth, keep, worth_of
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.repeating import told_once
from qalqan.errors import ConflictError, InputError, Location, RefusedError

_Body: Any = Activity._meta.get_field("body").related_model
_Place: Any = Activity._meta.get_field("place").related_model
USABLE_PLACES = ("settlement", "district", "province")


def by_of(actor: Actor) -> Any:
    """Return the account that acts, or nothing for the desk itself."""
    return actor if isinstance(actor, get_user_model()) else None


def own_body_id(actor: Actor) -> int | None:
    """Return the body of the directory that the actor's organisation is."""
    if actor.organisation_id is None:
        return None
    rows = _Body.objects.filter(organisation_id=actor.organisation_id)
    found: int | None = rows.values_list("pk", flat=True).first()
    return found


def check_body(actor: Actor, body_id: int) -> None:
    """Refuse a body that is not there, or not the actor's own where it must be.

    Raises
    ------
    InputError
        There is no such body.
    RefusedError
        The actor may enter activities of their own body only.
    """
    body = _Body.objects.filter(pk=body_id).first()
    if body is None:
        raise InputError(_("There is no such body."), location=Location(field="body"))
    require(actor, ADD, Activity)
    if not _may_hold(actor, body.organisation_id):
        raise RefusedError(_("A group enters its own activities only."))


def _may_hold(actor: Actor, organisation_id: int | None) -> bool:
    from qalqan.desk.platform.policies import policy_of

    probe = Activity(body=_Body(organisation_id=organisation_id))
    return policy_of(Activity).allows(actor, ADD, probe)


def area_of(place_id: int) -> int:
    """Return under which area an activity at a place is summed: its district, or the place.

    Raises
    ------
    InputError
        There is no such place, or it is wider than a province.
    """
    kind = _Place.objects.filter(pk=place_id).values_list("kind", flat=True).first()
    if kind not in USABLE_PLACES:
        raise InputError(_("There is no such place."), location=Location(field="place"))
    return places.district_of(place_id) or place_id


def first_state(facts: ActivityFacts, *, has_outcome: bool, now: datetime) -> str:
    """Return in which state an activity comes to the desk.

    Raises
    ------
    InputError
        It has an outcome and lies ahead.
    """
    today = timezone.localdate(now)
    states = Activity.State
    if has_outcome:
        if facts.held_on > today:
            raise InputError(
                _("An activity that lies ahead has no outcome yet."),
                location=Location(field="held_on"),
            )
        return str(states.REPORTED)
    return str(states.HELD if facts.held_on < today else states.PLANNED)


def add_activity(
    *, actor: Actor, facts: ActivityFacts, now: datetime, outcome: Outcome | None = None,
    client_id: UUID | None = None, origin: str = Activity.Origin.FORM, is_sample: bool = False,
) -> Activity:  # fmt: skip
    """Enter an activity as `enter_activity` does, and return it."""
    row, _is_new = enter_activity(
        actor=actor, facts=facts, now=now, outcome=outcome, client_id=client_id, origin=origin,
        is_sample=is_sample,
    )  # fmt: skip
    return row


@told_once
@transaction.atomic
def enter_activity(
    *, actor: Actor, facts: ActivityFacts, now: datetime, outcome: Outcome | None = None,
    client_id: UUID | None = None, origin: str = Activity.Origin.FORM, is_sample: bool = False,
) -> tuple[Activity, bool]:  # fmt: skip
    """Enter an activity: planned where it lies ahead, held, or with its outcome reported.

    The same ``client_id`` twice is the same activity: the one that is there is returned.

    Parameters
    ----------
    outcome
        What came of it, where that is known already.
    client_id
        Its number where it was written, on a phone without a network.
    origin
        How it came to the desk.

    Returns
    -------
    Activity, bool
        The activity, and whether it is a new one.

    Raises
    ------
    ConflictError
        The number of ``client_id`` belongs to another body's activity.
    InputError
        A fact or the outcome is wrong.
    RefusedError
        The actor may not enter activities of this body.
    """
    require(actor, ADD, Activity)
    check_body(actor, facts.body_id)
    known = _known(client_id, facts.body_id)
    if known is not None:
        return known, False
    require_sound(problems_with(facts, timezone.localdate(now)))
    if outcome is not None:
        require_sound(outcome_problems(outcome))
    row = Activity(
        client_id=client_id or uuid4(), origin=origin, recorded_at=now, changed_at=now,
        recorded_by=by_of(actor), is_sample=is_sample,
        state=first_state(facts, has_outcome=outcome is not None, now=now),
    )  # fmt: skip
    apply_facts(row, facts, district_id=area_of(facts.place_id))
    if outcome is not None:
        apply_outcome(row, outcome)
    row.save(force_insert=True)
    _set_partners(row, facts.partner_ids)
    if outcome is not None and outcome.asked:
        _ask(row, outcome.asked, outcome.answered, now)
    keep(None, worth_of(row))
    audit.record(
        actor=actor, action="outreach.add_activity", subject=row, now=now,
        detail={"state": row.state, "kind": row.kind, "origin": row.origin},
    )  # fmt: skip
    return row, True


def _known(client_id: UUID | None, body_id: int) -> Activity | None:
    if client_id is None:
        return None
    row: Activity | None = Activity.objects.filter(client_id=client_id).first()
    if row is not None and row.body_id != body_id:
        raise ConflictError(_("Another body has entered an activity under this number."))
    return row


def _set_partners(row: Activity, partner_ids: tuple[int, ...]) -> None:
    wanted = set(partner_ids)
    if wanted - set(_Body.objects.filter(pk__in=wanted).values_list("pk", flat=True)):
        raise InputError(_("There is no such body."), location=Location(field="partners"))
    row.partners.set(wanted)


def _locked(actor: Actor, activity: Activity) -> tuple[Activity, Worth]:
    """Return the row as it is now, locked, if the actor may change it; and its worth."""
    row: Activity = (
        Activity.objects.select_for_update(of=("self",)).select_related("body").get(pk=activity.pk)
    )
    require(actor, CHANGE, Activity, row)
    return row, worth_of(row)


def _finish(
    actor: Actor, row: Activity, before: Worth, kind: str, now: datetime, **detail: Any
) -> Activity:
    row.changed_at = now
    row.save()
    keep(before, worth_of(row))
    ActivityEvent.objects.create(activity=row, at=now, kind=kind, by=by_of(actor), detail=detail)
    return row


@transaction.atomic
def mark_held(*, actor: Actor, activity: Activity, now: datetime) -> Activity:
    """Say that a planned activity was held; its report may come later.

    Raises
    ------
    ConflictError
        It is not planned, or lies ahead.
    RefusedError
        The actor may not change it.
    """
    row, before = _locked(actor, activity)
    if row.state != Activity.State.PLANNED:
        raise ConflictError(_("Only a planned activity can be marked as held."))
    _not_ahead(row, now)
    row.state = Activity.State.HELD
    _finish(actor, row, before, ActivityEvent.Kind.HELD, now)
    audit.record(actor=actor, action="outreach.mark_held", subject=row, now=now)
    return row


def _not_ahead(row: Activity, now: datetime) -> None:
    if row.held_on > timezone.localdate(now):
        raise ConflictError(_("This activity lies ahead; correct its day, or wait for it."))


@transaction.atomic
def report(*, actor: Actor, activity: Activity, outcome: Outcome, now: datetime) -> Activity:
    """Report what came of an activity that is planned or held.

    Raises
    ------
    ConflictError
        It is reported or cancelled already, or lies ahead.
    InputError
        The outcome is wrong.
    RefusedError
        The actor may not change it.
    """
    row, before = _locked(actor, activity)
    if row.state not in (Activity.State.PLANNED, Activity.State.HELD):
        raise ConflictError(_("This activity is reported or cancelled already."))
    _not_ahead(row, now)
    require_sound(outcome_problems(outcome))
    apply_outcome(row, outcome)
    row.state = Activity.State.REPORTED
    _finish(actor, row, before, ActivityEvent.Kind.REPORTED, now)
    if outcome.asked:
        _ask(row, outcome.asked, outcome.answered, now)
    audit.record(
        actor=actor, action="outreach.report", subject=row, now=now,
        detail={"reach": row.reach, "reach_is": row.reach_is},
    )  # fmt: skip
    return row


@dataclass(frozen=True, slots=True)
class Correction:
    """What an activity is after a correction, and why it is corrected.

    Parameters
    ----------
    seen
        When the activity had last been changed as its writer saw it; none where nobody looked.
    """

    facts: ActivityFacts
    outcome: Outcome | None
    reason: str
    seen: datetime | None = None


@transaction.atomic
def correct(*, actor: Actor, activity: Activity, correction: Correction, now: datetime) -> Activity:
    """Correct what is known of an activity; its history keeps what stood there before.

    Parameters
    ----------
    correction
        New facts, the new outcome where it is reported, and the reason.

    Raises
    ------
    ConflictError
        It is cancelled, nothing is changed, or somebody changed it meanwhile.
    InputError
        A fact, the outcome or the reason is wrong.
    RefusedError
        The actor may not change it, or not give it to that body.
    """
    row, before = _locked(actor, activity)
    if row.state == Activity.State.CANCELLED:
        raise ConflictError(_("This activity is cancelled."))
    if correction.seen is not None and correction.seen != row.changed_at:
        raise ConflictError(_("Somebody has taken a step meanwhile; look at it again."))
    reason = _reason(correction.reason)
    facts = correction.facts
    check_body(actor, facts.body_id)
    require_sound(problems_with(facts, timezone.localdate(now)))
    old, old_partners = plain_facts(row), sorted(row.partners.values_list("pk", flat=True))
    apply_facts(row, facts, district_id=area_of(facts.place_id))
    if row.state == Activity.State.REPORTED and correction.outcome is not None:
        require_sound(outcome_problems(correction.outcome))
        apply_outcome(row, replace(correction.outcome, asked="", answered=""))
    if row.state != Activity.State.PLANNED:
        _not_ahead(row, now)
    _set_partners(row, facts.partner_ids)
    changed = {
        name: [_written(old[name]), _written(value)]
        for name, value in plain_facts(row).items()
        if old[name] != value
    }
    if old_partners != sorted(set(facts.partner_ids)):
        changed["partners"] = [old_partners, sorted(set(facts.partner_ids))]
    if not changed:
        raise ConflictError(_("Nothing is changed."))
    _finish(actor, row, before, ActivityEvent.Kind.CORRECTED, now, changed=changed, reason=reason)
    audit.record(
        actor=actor, action="outreach.correct", subject=row, now=now,
        detail={"fields": sorted(changed)},
    )  # fmt: skip
    return row


def _written(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _reason(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        raise InputError(_("Give a reason."), location=Location(field="reason"))
    require_sound(text_problems("reason", words, 500))
    return words


@transaction.atomic
def cancel(*, actor: Actor, activity: Activity, reason: str, now: datetime) -> Activity:
    """Cancel an activity that was not reported, with a reason.

    Raises
    ------
    ConflictError
        It is reported or cancelled already.
    InputError
        There is no reason.
    RefusedError
        The actor may not change it.
    """
    row, before = _locked(actor, activity)
    if row.state not in (Activity.State.PLANNED, Activity.State.HELD):
        raise ConflictError(_("This activity is reported or cancelled already."))
    words = _reason(reason)
    row.state, row.cancel_reason = Activity.State.CANCELLED, words
    _finish(actor, row, before, ActivityEvent.Kind.CANCELLED, now, reason=words)
    audit.record(actor=actor, action="outreach.cancel", subject=row, now=now)
    return row


@transaction.atomic
def restore(*, actor: Actor, activity: Activity, reason: str, now: datetime) -> Activity:
    """Plan a cancelled activity again, with a reason.

    Raises
    ------
    ConflictError
        It is not cancelled.
    InputError
        There is no reason.
    RefusedError
        The actor may not change it.
    """
    row, before = _locked(actor, activity)
    if row.state != Activity.State.CANCELLED:
        raise ConflictError(_("This activity is not cancelled."))
    words = _reason(reason)
    row.state, row.cancel_reason = Activity.State.PLANNED, ""
    _finish(actor, row, before, ActivityEvent.Kind.RESTORED, now, reason=words)
    audit.record(actor=actor, action="outreach.restore", subject=row, now=now)
    return row


@transaction.atomic
def note_question(
    *, actor: Actor, activity: Activity, asked: str, answered: str, now: datetime
) -> QuestionHeard:
    """Note what the audience asked, and what was answered; never who asked.

    Raises
    ------
    ConflictError
        The activity is cancelled.
    InputError
        The question is missing, or a text gives somebody away.
    RefusedError
        The actor may not change the activity.
    """
    row, _before = _locked(actor, activity)
    if row.state == Activity.State.CANCELLED:
        raise ConflictError(_("This activity is cancelled."))
    question = _ask(row, " ".join(asked.split()), " ".join(answered.split()), now)
    ActivityEvent.objects.create(
        activity=row, at=now, kind=ActivityEvent.Kind.QUESTION, by=by_of(actor)
    )
    audit.record(actor=actor, action="outreach.note_question", subject=question, now=now)
    return question


def _ask(row: Activity, asked: str, answered: str, now: datetime) -> QuestionHeard:
    if not asked:
        raise InputError(_("Say what was asked."), location=Location(field="asked"))
    require_sound(text_problems("asked", asked, 500))
    require_sound(text_problems("answered", answered, 1000))
    return QuestionHeard.objects.create(activity=row, asked=asked, answered=answered, heard_at=now)
