"""What allauth and axes do differently at a desk for staff."""

from __future__ import annotations

import base64
import os
import time
from functools import lru_cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.accounts import STRONG_FACTORS
from qalqan.desk.platform.accounts.loopback import sender_of

JUST_SIGNED_IN_SECONDS = 300


def address_that_counts(request: HttpRequest) -> str | None:
    """Return the address under which failures are counted: the caller's, not the proxy's."""
    return sender_of(request) or None


def name_that_counts(request: HttpRequest, credentials: Any = None) -> str:
    """Return the user name under which failures are counted.

    Sign-in takes a name in any case, so the count must too.

    >>> name_that_counts(HttpRequest(), {"username": " Aizhan "})
    'aizhan'
    """
    name = (credentials or {}).get("username") or request.POST.get("login") or ""
    return str(name).strip().lower()


_VERSION = "v1:"


class StaffAccountAdapter(DefaultAccountAdapter):
    """Accounts come from the administrator; failed passwords are counted by axes alone."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The user name or the password is wrong."),
        "too_many_login_attempts": _("Too many wrong codes. Wait five minutes."),
        "incorrect_code": _("The code is wrong, or was used already."),
        "incorrect_password": _("The password is wrong."),
        "enter_current_password": _("This is not your present password."),
        "rate_limited": _("Too many attempts. Wait a minute."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: nobody signs up by themselves."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check the password without allauth's own count of failures."""
        return authenticate(request, **credentials)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Spare those who signed in or confirmed their password in the last five minutes."""
        request = context.request
        records = get_authentication_records(request, request.user)
        latest = max((record.get("at", 0) for record in records), default=0)
        return time.time() - latest > JUST_SIGNED_IN_SECONDS

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go on to Today; the gate leads to what is still missing."""
        return "/"


@lru_cache(maxsize=4)
def _secrets_key(secret_key: str) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"qalqan second factors 1")
    return kdf.derive(secret_key.encode())


class StaffMFAAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted, and the last factor cannot be given up."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "A second factor is required here. Add another one before you remove this one."
        ),
        "incorrect_code": _("The code is wrong, or was used already."),
    }

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.username)

    def _get_site_name(self) -> str:
        return "Qalqan"

    def encrypt(self, text: str) -> str:
        """Encrypt with AES-256-GCM, under a key derived from the desk's secret key."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = os.urandom(12)
        sealed = AESGCM(_secrets_key(settings.SECRET_KEY)).encrypt(nonce, text.encode(), b"mfa")
        return _VERSION + base64.b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Undo ``encrypt``."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        raw = base64.b64decode(encrypted_text.removeprefix(_VERSION))
        key = AESGCM(_secrets_key(settings.SECRET_KEY))
        return key.decrypt(raw[:12], raw[12:], b"mfa").decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Allow it only while another generator or security key is left."""
        from allauth.mfa.models import Authenticator

        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=STRONG_FACTORS)
        return others.exclude(pk=authenticator.pk).exists()


def locked_out(
    request: HttpRequest, credentials: dict[str, Any] | None = None, *args: Any, **kwargs: Any
) -> HttpResponse:
    """Say in plain words that the account is locked for a while, and what to do."""
    minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
    response = render(request, "account/locked_out.html", {"minutes": minutes}, status=429)
    response["Retry-After"] = str(minutes * 60)
    response["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    return response
