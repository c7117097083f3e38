"""Accounts for tests, and a client that is signed in the way allauth leaves it."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.policies import Role

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""The fixed clock of the tests: nine in the morning in Aktobe, a Monday."""

PASSWORD = "correct-horse-battery-7"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

_numbers = itertools.count(1)


def make_organisation(
    *, name: str | None = None, kind: str = Organisation.Kind.AGENCY, **fields: Any
) -> Organisation:
    """Store an agency, or a group where ``kind`` says so."""
    return Organisation.objects.create(name=name or f"Agency {next(_numbers)}", kind=kind, **fields)


def make_user(role: str = Role.DUTY_OFFICER, **fields: Any) -> User:
    """Store an active account with the password ``PASSWORD``."""
    fields.setdefault("username", f"{role}{next(_numbers)}")
    fields.setdefault("language", "en")
    if not fields.keys() & {"organisation", "organisation_id"}:
        fields["organisation"] = make_organisation()
    return User.objects.create_user(password=fields.pop("password", PASSWORD), role=role, **fields)


def add_totp(user: User, secret: str = TOTP_SECRET) -> None:
    """Give an account an app with codes and recovery codes, unless it has an app."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.totp.internal.auth import TOTP

    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, secret)
        RecoveryCodes.activate(user)


def sign_in(client: Client, user: User) -> Client:
    """Sign the user in with password and second factor, without walking through the pages."""
    from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
    from allauth.usersessions.models import UserSession

    add_totp(user)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    at = time.time()
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": at, "username": user.username},
        {"method": "mfa", "at": at, "type": "totp"},
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    UserSession.objects.get_or_create(
        session_key=session.session_key,
        defaults={"user": user, "ip": "127.0.0.1", "user_agent": "tests"},
    )
    return client
