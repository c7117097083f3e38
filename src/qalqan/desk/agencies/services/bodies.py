"""Every change of the directory, one act a function."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.agencies.likeness import Likenesses, Match
from qalqan.desk.agencies.models import Body, BodyEvent, Grant, Registration, Responsibility
from qalqan.desk.agencies.models.matter import HandOver, Matter
from qalqan.desk.agencies.services.facts import (
    AreaWords,
    BodyFacts,
    apply,
    entry_of,
    facts_of,
    problems_with,
    refuse_first,
    text_problems,
)
from qalqan.desk.agencies.services.numbers import next_numbers
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.errors import ConflictError, InputError, Location


class DuplicateBodyError(ConflictError):
    """A body like this is in the directory already."""

    code = "agencies.duplicate"

    def __init__(self, found: list[Body]) -> None:
        names = "; ".join(f"№ {body.number} {body.name}" for body in found[:3])
        super().__init__(
            _("A body like this is in the directory already: %(names)s.") % {"names": names},
            hint=_("If it is another body, say so and enter it again."),
        )
        self.found = found


def by_of(actor: Actor) -> Any:
    """Return the account that acts, or nothing for the desk itself."""
    return actor if isinstance(actor, get_user_model()) else None


def note(actor: Actor, body: Body, kind: str, now: datetime, **detail: Any) -> None:
    """Write a line of a body's history; part of the acts."""
    BodyEvent.objects.create(body=body, at=now, kind=kind, by=by_of(actor), detail=detail)


def locked_body(body: Body) -> Body:
    """Return the row as it is now, locked."""
    row: Body = Body.objects.select_for_update().get(pk=body.pk)
    return row


def likely_doubles(facts: BodyFacts, *, but: int | None = None) -> list[tuple[Body, Match]]:
    """Return the bodies that these facts may mean, in any of three languages, most like first."""
    rows = Body.objects.filter(kind=facts.kind, area_id=facts.area_id).exclude(pk=but or 0)
    known = {row.pk: row for row in rows}
    words = AreaWords()
    index = Likenesses(entry_of(row.pk, facts_of(row), words) for row in known.values())
    return [(known[m.key], m) for m in index.find(entry_of(0, facts, words))]


@transaction.atomic
def add_body(
    *, actor: Actor, facts: BodyFacts, now: datetime, is_another: bool = False,
    is_sample: bool = False,
) -> Body:  # fmt: skip
    """Enter a body into the directory.

    Parameters
    ----------
    is_another
        Whether the actor has seen the bodies like it and says that this is another.

    Raises
    ------
    DuplicateBodyError
        A body like this is there already, and nobody has said that this is another.
    InputError
        A fact is wrong.
    RefusedError
        The actor may not add bodies.
    """
    require(actor, ADD, Body)
    refuse_first(problems_with(facts))
    if not is_another and (found := likely_doubles(facts)):
        raise DuplicateBodyError([body for body, _match in found])
    _free_organisation(facts.organisation_id, None)
    body = Body(
        number=next_numbers("body")[0], recorded_at=now, changed_at=now, is_sample=is_sample
    )
    apply(body, facts)
    body.save(force_insert=True)
    note(actor, body, BodyEvent.Kind.ENTERED, now)
    audit.record(
        actor=actor, action="agencies.add_body", subject=body, now=now,
        detail={"number": body.number, "kind": body.kind, "is_another": is_another},
    )  # fmt: skip
    return body


def _free_organisation(organisation_id: int | None, body_id: int | None) -> None:
    if organisation_id is None:
        return
    taken = Body.objects.filter(organisation_id=organisation_id).exclude(pk=body_id or 0).first()
    if taken is not None:
        raise InputError(
            _("This organisation is № %(number)s %(name)s already.")
            % {"number": taken.number, "name": taken.name},
            location=Location(field="organisation"),
        )


@transaction.atomic
def change_body(*, actor: Actor, body: Body, facts: BodyFacts, now: datetime) -> Body:
    """Correct what is known of a body; its history keeps what stood there before.

    Raises
    ------
    ConflictError
        Nothing is changed.
    InputError
        A fact is wrong.
    RefusedError
        The actor may not change bodies.
    """
    require(actor, CHANGE, Body, body)
    refuse_first(problems_with(facts))
    row = locked_body(body)
    _free_organisation(facts.organisation_id, row.pk)
    changed = apply(row, facts)
    if not changed:
        raise ConflictError(_("Nothing is changed."))
    row.changed_at = now
    row.save()
    note(actor, row, BodyEvent.Kind.CHANGED, now, changed=changed)
    audit.record(
        actor=actor, action="agencies.change_body", subject=row, now=now,
        detail={"changed": sorted(changed)},
    )  # fmt: skip
    return row


@transaction.atomic
def set_registration(
    *, actor: Actor, body: Body, status: str, since: date, source: str, now: datetime
) -> Registration:
    """Say how a body is registered from a day on; the registration before it ends that day.

    Raises
    ------
    InputError
        The status is unknown, the paper is not named, or the day is not after the last one.
    RefusedError
        The actor may not change registrations.
    """
    require(actor, CHANGE, Registration)
    if status not in Registration.Status.values:
        raise InputError(_("this status is not known"), location=Location(field="status"))
    if not source:
        raise InputError(_("Name the paper that says so."), location=Location(field="source"))
    refuse_first(text_problems("source", source, 200))
    row = locked_body(body)
    last = row.registrations.order_by("-since").first()
    if last is not None and since <= last.since:
        raise InputError(
            _("A registration since %(day)s is known; a new one begins later.")
            % {"day": last.since.isoformat()},
            location=Location(field="since"),
        )
    if since > timezone.localdate(now):
        raise InputError(_("This day is yet to come."), location=Location(field="since"))
    if last is not None and last.until is None:
        last.until = since
        last.save(update_fields=["until"])
    made: Registration = row.registrations.create(
        status=status, since=since, source=source, recorded_at=now
    )
    note(actor, row, BodyEvent.Kind.REGISTRATION, now, label=str(made))
    audit.record(
        actor=actor, action="agencies.set_registration", subject=row, now=now,
        detail={"status": status, "since": since.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def close_body(*, actor: Actor, body: Body, reason: str, now: datetime) -> Body:
    """Close a body's entry; what it did stays.

    Raises
    ------
    ConflictError
        It is closed, holds or is offered a matter, or still has a part in the matrix.
    InputError
        The reason is missing.
    RefusedError
        The actor may not change bodies.
    """
    require(actor, CHANGE, Body, body)
    row = locked_body(body)
    if row.closed_on is not None:
        raise ConflictError(_("This body is closed already."))
    if Matter.objects.filter(holder=row, state=Matter.State.OPEN).exists():
        raise ConflictError(_("This body holds matters; hand them over first."))
    if HandOver.objects.filter(to_body=row, state=HandOver.State.OFFERED).exists():
        raise ConflictError(_("A matter is offered to this body; let it answer first."))
    if Responsibility.objects.filter(body=row, until__isnull=True).exists():
        raise ConflictError(_("This body has a part in the matrix; end it first."))
    if not reason:
        raise InputError(_("Say why."), location=Location(field="reason"))
    row.closed_on = timezone.localdate(now)
    row.changed_at = now
    row.save(update_fields=["closed_on", "changed_at"])
    note(actor, row, BodyEvent.Kind.CLOSED, now, reason=reason[:500])
    audit.record(actor=actor, action="agencies.close_body", subject=row, now=now)
    return row


@transaction.atomic
def reopen_body(*, actor: Actor, body: Body, reason: str, now: datetime) -> Body:
    """Open a closed entry again.

    Raises
    ------
    ConflictError
        It is open.
    InputError
        The reason is missing.
    RefusedError
        The actor may not change bodies.
    """
    require(actor, CHANGE, Body, body)
    row = locked_body(body)
    if row.closed_on is None:
        raise ConflictError(_("This body is open already."))
    if not reason:
        raise InputError(_("Say why."), location=Location(field="reason"))
    row.closed_on, row.changed_at = None, now
    row.save(update_fields=["closed_on", "changed_at"])
    note(actor, row, BodyEvent.Kind.REOPENED, now, reason=reason[:500])
    audit.record(actor=actor, action="agencies.reopen_body", subject=row, now=now)
    return row


@transaction.atomic
def give_right(*, actor: Actor, body: Body, user: Any, right: str, now: datetime) -> Grant:
    """Give an account a right on its own body's page, beyond what its role allows.

    Raises
    ------
    ConflictError
        It has the right already.
    InputError
        The account belongs to another body, or there is no such right.
    RefusedError
        The actor may not give rights.
    """
    require(actor, ADD, Grant)
    if right not in Grant.Right.values:
        raise InputError(_("this right is not known"), location=Location(field="right"))
    if body.organisation_id is None or user.organisation_id != body.organisation_id:
        raise InputError(
            _("Rights are given only to accounts of the body itself."),
            location=Location(field="user"),
        )
    grant, made = Grant.objects.get_or_create(
        user=user, body=body, right=right, defaults={"given_at": now}
    )
    if not made:
        raise ConflictError(_("This account has the right already."))
    note(actor, body, BodyEvent.Kind.RIGHT, now, added=str(grant.get_right_display()))
    audit.record(
        actor=actor, action="agencies.give_right", subject=body, now=now,
        detail={"user": user.pk, "right": right},
    )  # fmt: skip
    return grant


@transaction.atomic
def take_right(*, actor: Actor, grant: Grant, now: datetime) -> None:
    """Take a right back.

    Raises
    ------
    RefusedError
        The actor may not.
    """
    require(actor, CHANGE, Grant, grant)
    body = grant.body
    note(actor, body, BodyEvent.Kind.RIGHT, now, removed=str(grant.get_right_display()))
    audit.record(
        actor=actor, action="agencies.take_right", subject=body, now=now,
        detail={"user": grant.user_id, "right": grant.right},
    )  # fmt: skip
    grant.delete()
