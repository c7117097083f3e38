"""What a body's own staff keep on its page: mandate, languages, offices, expertise."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.agencies.models import Body, BodyEvent, Expertise, Office
from qalqan.desk.agencies.policies import KEEP_PAGE
from qalqan.desk.agencies.services.bodies import locked_body, note
from qalqan.desk.agencies.services.facts import (
    LANGUAGES,
    OfficeFacts,
    expertise_problems,
    office_problems,
    refuse_first,
    text_problems,
    unknown,
)
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import Actor, require
from qalqan.errors import ConflictError, InputError, Location


@transaction.atomic
def keep_page(
    *, actor: Actor, body: Body, mandate: str, languages: tuple[str, ...], now: datetime
) -> Body:
    """Write a body's mandate and languages.

    Raises
    ------
    InputError
        A text is too long or gives a person away, or a language is unknown.
    RefusedError
        It is not the actor's own body, or the actor has no right to its page.
    """
    require(actor, KEEP_PAGE, Body, body)
    refuse_first(text_problems("mandate", mandate, 2000))
    for code in languages:
        if code not in LANGUAGES:
            raise InputError(unknown(code, LANGUAGES), location=Location(field="languages"))
    row = locked_body(body)
    changed = {}
    for name, value in (("mandate", mandate), ("languages", list(languages))):
        if getattr(row, name) != value:
            changed[name] = [getattr(row, name), value]
            setattr(row, name, value)
    if not changed:
        raise ConflictError(_("Nothing is changed."))
    row.changed_at = now
    row.save(update_fields=["mandate", "languages", "changed_at"])
    note(actor, row, BodyEvent.Kind.CHANGED, now, changed=changed)
    audit.record(
        actor=actor, action="agencies.keep_page", subject=row, now=now,
        detail={"changed": sorted(changed)},
    )  # fmt: skip
    return row


@transaction.atomic
def add_office(*, actor: Actor, body: Body, facts: OfficeFacts, now: datetime) -> Office:
    """Enter an office of a body, with contacts of the office only.

    Raises
    ------
    InputError
        A fact is wrong.
    RefusedError
        The actor may not keep this page.
    """
    require(actor, KEEP_PAGE, Body, body)
    refuse_first(office_problems(facts))
    office = Office.objects.create(body=body, **asdict(facts))
    note(actor, body, BodyEvent.Kind.OFFICE, now, added=office.title)
    audit.record(actor=actor, action="agencies.add_office", subject=body, now=now)
    return office


@transaction.atomic
def remove_office(*, actor: Actor, office: Office, now: datetime) -> Office:
    """Take an office off a body's page.

    Raises
    ------
    ConflictError
        It is off already.
    RefusedError
        The actor may not keep this page.
    """
    require(actor, KEEP_PAGE, Body, office.body)
    row = Office.objects.select_for_update().get(pk=office.pk)
    if row.removed_at is not None:
        raise ConflictError(_("This is taken off already."))
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    note(actor, row.body, BodyEvent.Kind.OFFICE, now, removed=row.title)
    audit.record(actor=actor, action="agencies.remove_office", subject=row.body, now=now)
    return row


@transaction.atomic
def add_expertise(
    *, actor: Actor, body: Body, field: str, role: str, languages: tuple[str, ...] = (),
    now: datetime,
) -> Expertise:  # fmt: skip
    """Enter a field in which a body can help, and in which role; never who.

    Raises
    ------
    InputError
        The field is unknown, or the role is missing or gives a person away.
    RefusedError
        The actor may not keep this page.
    """
    require(actor, KEEP_PAGE, Body, body)
    refuse_first(expertise_problems(field, role))
    made = Expertise.objects.create(body=body, field=field, role=role, languages=list(languages))
    note(actor, body, BodyEvent.Kind.EXPERTISE, now, added=str(made)[:200])
    audit.record(actor=actor, action="agencies.add_expertise", subject=body, now=now)
    return made


@transaction.atomic
def remove_expertise(*, actor: Actor, expertise: Expertise, now: datetime) -> Expertise:
    """Take a field of expertise off a body's page.

    Raises
    ------
    ConflictError
        It is off already.
    RefusedError
        The actor may not keep this page.
    """
    require(actor, KEEP_PAGE, Body, expertise.body)
    row = Expertise.objects.select_for_update().get(pk=expertise.pk)
    if row.removed_at is not None:
        raise ConflictError(_("This is taken off already."))
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    note(actor, row.body, BodyEvent.Kind.EXPERTISE, now, removed=str(row)[:200])
    audit.record(actor=actor, action="agencies.remove_expertise", subject=row.body, now=now)
    return row
