"""What people do with their own account."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import LoginLink, User
from qalqan.desk.platform.audit.selectors import written_since
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import CHANGE, PUBLIC, Actor, require
from qalqan.errors import InputError, Location


@transaction.atomic
def change_own_language(*, actor: User, language: str, now: datetime) -> User:
    """Keep the language in which the user reads the desk.

    Raises
    ------
    InputError
        The desk does not speak it.
    """
    if language not in User.Language.values:
        raise InputError(
            _("The desk does not speak this language."), location=Location(field="language")
        )
    if actor.language != language:
        actor.language = language
        actor.save(update_fields=["language"])
        record(
            actor=actor,
            action="accounts.change_own_language",
            subject=actor,
            now=now,
            detail={"language": language},
        )
    return actor


@transaction.atomic
def finish_password_change(*, user: User, now: datetime) -> None:
    """Note that the user has a password of their own now."""
    if user.must_change_password:
        user.must_change_password = False
        user.save(update_fields=["must_change_password"])
    record(actor=user, action="accounts.change_own_password", subject=user, now=now)


@transaction.atomic
def note_own_act(
    *, user: User, act: str, now: datetime, detail: Mapping[str, Any] | None = None
) -> None:
    """Record what a user did to the own account in pages that are not the desk's."""
    record(actor=user, action=f"accounts.{act}", subject=user, now=now, detail=detail)


@transaction.atomic
def note_lock_out(*, username: str, now: datetime) -> None:
    """Record that an account was locked for a while, once for the whole while.

    A name that is no account's is not kept: people type passwords into the wrong field.
    """
    user = User.objects.filter(username__iexact=username).first()
    subject = f"accounts.user:{user.pk}" if user else "accounts.user:unknown"
    since = now - timedelta(hours=float(settings.AXES_COOLOFF_TIME))
    if not written_since(action="accounts.lock_out", subject=subject, since=since):
        record(actor=PUBLIC, action="accounts.lock_out", subject=subject, now=now)


KEEP_FAILURES = timedelta(days=30)


@transaction.atomic
def forget_old_sign_ins(*, actor: Actor, now: datetime) -> int:
    """Drop sessions and one-time log-ins that have run out, and failures of a month ago.

    Returns
    -------
    int
        How many rows were dropped; the record of the acts themselves stays.
    """
    from allauth.usersessions.models import UserSession
    from axes.models import AccessAttempt
    from django.contrib.sessions.models import Session

    require(actor, CHANGE, User)
    old = (
        Session.objects.filter(expire_date__lt=now),
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")),
        LoginLink.objects.filter(expires_at__lt=now),
        AccessAttempt.objects.filter(attempt_time__lt=now - KEEP_FAILURES),
    )
    count = sum(rows.delete()[0] for rows in old)
    if count:
        record(
            actor=actor,
            action="accounts.forget_old_sign_ins",
            subject="sessions",
            now=now,
            detail={"dropped": count},
        )
    return count
