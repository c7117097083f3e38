"""What the room learns from signing out: the phone that did forgets its plan."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.utils import timezone

from qalqan.desk.protection.services.field import note_signed_out

_BY_HAND = "account_logout"


@receiver(user_logged_out)
def _signed_out(request: Any, **_kwargs: Any) -> None:
    match = getattr(request, "resolver_match", None)
    key = getattr(getattr(request, "session", None), "session_key", None)
    if match is not None and match.url_name == _BY_HAND and key:
        note_signed_out(session_key=key, now=timezone.now())
