"""The embedded demo desk: one account a role, and a one-time log-in for who started it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import LoginLink, Organisation, User
from qalqan.desk.platform.accounts.services.users import (
    get_or_create_organisation,
    initial_password,
    store_user,
)
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, Actor, Role, require
from qalqan.errors import RefusedError

LOGIN_LINK_MINUTES = 15
AGENCY_NAME = "Aktobe regional task force (sample)"
GROUP_NAME = "Aktobe civic group (sample)"
_GROUP_ROLES = frozenset({Role.GROUP_WORKER, Role.SUPPORT_WORKER, Role.SITE_OWNER})


@dataclass(frozen=True, slots=True)
class DemoUser:
    """What somebody needs to sign in as one of the demo accounts."""

    username: str
    role: str
    password: str
    totp_secret: str


def _demo_only() -> None:
    if not settings.DEMO:
        raise RefusedError(_("Only the embedded demo desk does this."))


@transaction.atomic
def create_demo_users(
    *, actor: Actor, now: datetime, language: str = User.Language.ENGLISH
) -> list[DemoUser]:
    """Open one account a role, with password and second factor; those there are left alone.

    Returns
    -------
    list of DemoUser
        The accounts opened now, with the secrets that are stored nowhere in the clear.

    Raises
    ------
    RefusedError
        This is not the embedded demo desk.
    """
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    _demo_only()
    bodies = {
        kind: get_or_create_organisation(actor=actor, name=name, kind=kind, now=now)
        for kind, name in (
            (Organisation.Kind.AGENCY, AGENCY_NAME),
            (Organisation.Kind.GROUP, GROUP_NAME),
        )
    }
    made = []
    taken = set(User.objects.filter(username__in=Role.values).values_list("username", flat=True))
    for role in Role:
        if role.value in taken:
            continue
        kind = Organisation.Kind.GROUP if role in _GROUP_ROLES else Organisation.Kind.AGENCY
        password, secret = initial_password(), generate_totp_secret()
        user = User(
            username=role.value, role=role.value, organisation=bodies[kind], language=language
        )
        store_user(actor=actor, user=user, password=password, now=now)
        TOTP.activate(user, secret)
        RecoveryCodes.activate(user)
        made.append(DemoUser(role.value, role.value, password, secret))
    if made:
        record(
            actor=actor,
            action="accounts.create_demo_users",
            subject="demo",
            now=now,
            detail={"count": len(made)},
        )
    return made


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def create_login_link(*, actor: Actor, user: User, now: datetime) -> str:
    """Return a token that signs in once, within fifteen minutes, from this machine only.

    Only its hash is stored. Put it into ``reverse("accounts:enter", args=[token])``.

    Raises
    ------
    RefusedError
        This is not the embedded demo desk, or the actor may not open accounts.
    """
    _demo_only()
    require(actor, ADD, User)
    token = secrets.token_urlsafe(32)
    link = LoginLink.objects.create(
        token_hash=_hash(token),
        user=user,
        created_at=now,
        expires_at=now + timedelta(minutes=LOGIN_LINK_MINUTES),
    )
    record(actor=actor, action="accounts.create_login_link", subject=link, now=now)
    return token


@transaction.atomic
def use_login_link(*, token: str, from_this_machine: bool, now: datetime) -> User:
    """Use up a one-time log-in and return whom it signs in.

    Raises
    ------
    RefusedError
        It is unknown, used, too old, from another machine, or this is no demo desk. Which of
        these is not told.
    """
    link = None
    if settings.DEMO and from_this_machine:
        link = (
            LoginLink.objects.select_for_update()
            .filter(
                token_hash=_hash(token),
                used_at=None,
                expires_at__gt=now,
                user__is_active=True,
            )
            .first()
        )
    if link is None:
        raise RefusedError(
            _("This one-time log-in cannot be used (any more)."),
            hint=_("Start the demo desk again to get a new one."),
        )
    link.used_at = now
    link.save(update_fields=["used_at"])
    user: User = link.user
    record(actor=user, action="accounts.use_login_link", subject=link, now=now)
    return user
