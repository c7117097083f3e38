"""What the record and the session learn from allauth."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.utils import timezone

from qalqan.desk.platform.accounts import STRONG_FACTORS, services


@receiver(user_logged_in)
def _signed_in(request: Any, user: Any, **_kwargs: Any) -> None:
    from allauth.usersessions.models import UserSession

    services.note_own_act(user=user, act="sign_in", now=timezone.now())
    # allauth lists only its own sign-ins; the one-time log-in belongs on the list too.
    if "REMOTE_ADDR" in request.META:
        UserSession.objects.create_from_request(request)


@receiver(user_logged_out)
def _signed_out(request: Any, user: Any, **_kwargs: Any) -> None:
    if user is not None:
        services.note_own_act(user=user, act="sign_out", now=timezone.now())


@receiver(password_changed)
def _password_changed(request: Any, user: Any, **_kwargs: Any) -> None:
    services.finish_password_change(user=user, now=timezone.now())


@receiver(authenticator_added)
def _factor_added(request: Any, user: Any, authenticator: Any, **_kwargs: Any) -> None:
    from allauth.account.internal.flows.login import record_authentication

    services.note_own_act(
        user=user,
        act="add_second_factor",
        now=timezone.now(),
        detail={"type": authenticator.type},
    )
    if authenticator.type in STRONG_FACTORS:
        # To add it, the user has just shown it.
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=authenticator.type, added=True
        )


@receiver(authenticator_removed)
def _factor_removed(request: Any, user: Any, authenticator: Any, **_kwargs: Any) -> None:
    services.note_own_act(
        user=user,
        act="remove_second_factor",
        now=timezone.now(),
        detail={"type": authenticator.type},
    )


@receiver(user_locked_out)
def _locked_out(username: str | None, **_kwargs: Any) -> None:
    services.note_lock_out(username=username or "", now=timezone.now())
