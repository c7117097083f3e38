"""What the administrator does with accounts and organisations."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, Role, require
from qalqan.errors import ConflictError, InputError, Location

# Letters and digits that nobody takes for one another on paper.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def initial_password() -> str:
    """Return sixteen random letters and digits in four groups: 79 bits."""
    return "-".join("".join(secrets.choice(_READABLE) for _i in range(4)) for _j in range(4))


def _clean(instance: models.Model) -> None:
    """Check a row, and say in words which field is wrong.

    Raises
    ------
    InputError
        The first field that is wrong, with the reason.
    """
    try:
        instance.full_clean(exclude=["password"])
    except ValidationError as error:
        field, reasons = next(iter(error.message_dict.items()))
        raise InputError(reasons[0], location=Location(field=field)) from error


@transaction.atomic
def create_organisation(
    *, actor: Actor, name: str, kind: str, now: datetime, short_name: str = ""
) -> Organisation:
    """Enter a state body (``agency``) or a civil-society body (``group``).

    Raises
    ------
    RefusedError
        Only the administrator may.
    InputError
        The name is taken or too long, or there is no such kind.
    """
    require(actor, ADD, Organisation)
    body = Organisation(name=name.strip(), kind=kind, short_name=short_name.strip())
    _clean(body)
    body.save(force_insert=True)
    record(
        actor=actor,
        action="accounts.create_organisation",
        subject=body,
        now=now,
        detail={"kind": kind},
    )
    return body


@transaction.atomic
def get_or_create_organisation(
    *, actor: Actor, name: str, kind: str, now: datetime
) -> Organisation:
    """Return the organisation of that name, entering it if it is new."""
    body: Organisation | None = Organisation.objects.filter(name=name.strip()).first()
    return body or create_organisation(actor=actor, name=name, kind=kind, now=now)


@transaction.atomic
def create_user(
    *,
    actor: Actor,
    username: str,
    role: str,
    organisation: Organisation,
    now: datetime,
    language: str = User.Language.KAZAKH,
    display_name: str = "",
    email: str = "",
) -> tuple[User, str]:
    """Open an account and return it with a password to be shown once.

    The password must be changed, and a second factor set up, at the first sign-in.

    Raises
    ------
    RefusedError
        Only the administrator may.
    InputError
        The user name is taken or has other characters than ASCII letters, digits and ``@.+-_``.
    """
    password = initial_password()
    user = User(
        username=User.normalize_username(username.strip()),
        role=role,
        organisation=organisation,
        language=language,
        display_name=display_name.strip(),
        email=email.strip(),
        must_change_password=True,
    )
    return store_user(actor=actor, user=user, password=password, now=now), password


def store_user(*, actor: Actor, user: User, password: str, now: datetime) -> User:
    """Check and store a new account; part of the acts that open accounts."""
    require(actor, ADD, User)
    _clean(user)
    # After the checks, because hashing is slow on purpose.
    user.set_password(password)
    user.save(force_insert=True)
    record(
        actor=actor,
        action="accounts.create_user",
        subject=user,
        now=now,
        detail={"role": user.role, "organisation": user.organisation_id},
    )
    return user


def _locked(user: User) -> User:
    # Two administrators may be at work; the second must see what the first has done.
    row: User = User.objects.select_for_update().get(pk=user.pk)
    return row


def _keep_an_administrator(user: User) -> None:
    others = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True).exclude(pk=user.pk)
    if user.role == Role.ADMINISTRATOR and user.is_active and not others.exists():
        raise ConflictError(
            _("This is the last administrator."),
            hint=_("Make somebody else administrator first."),
        )


_CHANGEABLE = ("role", "organisation", "language", "display_name", "email")


@transaction.atomic
def change_user(
    *,
    actor: Actor,
    user: User,
    now: datetime,
    role: str | None = None,
    organisation: Organisation | None = None,
    language: str | None = None,
    display_name: str | None = None,
    email: str | None = None,
) -> User:
    """Change what is given; a new role or body ends the user's sessions.

    Raises
    ------
    RefusedError
        Only the administrator may.
    ConflictError
        The desk would be left without an administrator.
    """
    require(actor, CHANGE, User, user)
    row = _locked(user)
    given = (role, organisation, language, display_name, email)
    new: dict[str, Any] = {
        field: value
        for field, value in zip(_CHANGEABLE, given, strict=True)
        if value is not None and value != getattr(row, field)
    }
    if "role" in new:
        _keep_an_administrator(row)
    for field, value in new.items():
        setattr(row, field, value)
    _clean(row)
    row.save(update_fields=[*new])
    if {"role", "organisation"} & new.keys():
        end_sessions(user=row)
    record(
        actor=actor,
        action="accounts.change_user",
        subject=row,
        now=now,
        detail={"changed": sorted(new), **({"role": role} if "role" in new else {})},
    )
    return row


@transaction.atomic
def deactivate_user(*, actor: Actor, user: User, now: datetime) -> User:
    """Close an account and end its sessions; what it did stays in the record.

    Raises
    ------
    ConflictError
        It is closed already, or it is the last administrator.
    """
    require(actor, CHANGE, User, user)
    row = _locked(user)
    if not row.is_active:
        raise ConflictError(_("This account is closed already."))
    _keep_an_administrator(row)
    row.is_active = False
    row.save(update_fields=["is_active"])
    end_sessions(user=row)
    record(actor=actor, action="accounts.deactivate_user", subject=row, now=now)
    return row


@transaction.atomic
def reactivate_user(*, actor: Actor, user: User, now: datetime) -> User:
    """Open a closed account again."""
    require(actor, CHANGE, User, user)
    row = _locked(user)
    if row.is_active:
        raise ConflictError(_("This account is open already."))
    row.is_active = True
    row.save(update_fields=["is_active"])
    record(actor=actor, action="accounts.reactivate_user", subject=row, now=now)
    return row


@transaction.atomic
def reset_password(*, actor: Actor, user: User, now: datetime) -> str:
    """Give a new password to be shown once; also lifts a lock-out and ends sessions."""
    from axes.utils import reset

    require(actor, CHANGE, User, user)
    row = _locked(user)
    password = initial_password()
    row.set_password(password)
    row.must_change_password = True
    row.save(update_fields=["password", "must_change_password"])
    reset(username=row.username.lower())
    end_sessions(user=row)
    record(actor=actor, action="accounts.reset_password", subject=row, now=now)
    return password


@transaction.atomic
def reset_second_factor(*, actor: Actor, user: User, now: datetime) -> int:
    """Remove every second factor of a user who lost them, and end the user's sessions.

    Returns
    -------
    int
        How many factors were removed; a new one must be set up at the next sign-in.
    """
    from allauth.mfa.models import Authenticator

    require(actor, CHANGE, User, user)
    factors = Authenticator.objects.filter(user=user)
    count: int = factors.count()
    factors.delete()
    end_sessions(user=user)
    record(
        actor=actor,
        action="accounts.reset_second_factor",
        subject=user,
        now=now,
        detail={"removed": count},
    )
    return count


def end_sessions(*, user: User) -> None:
    """Sign the user out everywhere; part of the acts above, which record it."""
    from allauth.usersessions.models import UserSession

    User.objects.filter(pk=user.pk).update(session_epoch=models.F("session_epoch") + 1)
    for session in UserSession.objects.filter(user=user):
        session.end()
