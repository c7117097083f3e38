"""Session limits, the user's language, and the gate that asks for password and second factor."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts import DEMO_FACTOR, STRONG_FACTORS
from qalqan.desk.platform.accounts.loopback import is_loopback

Respond = Callable[[HttpRequest], HttpResponse]
STARTED, SEEN = "qalqan_started", "qalqan_seen"
SEEN_EVERY_SECONDS = 60

ALWAYS = frozenset(
    {"account_login", "account_logout", "account_reauthenticate", "ui:language", "ui:theme"}
)
"""Pages that neither a missing second factor nor an old password closes."""
NEW_PASSWORD = ALWAYS | {"account_change_password"}
NEW_FACTOR = NEW_PASSWORD | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
}


def _go(request: HttpRequest, url_name: str, *, come_back: bool = False) -> HttpResponse:
    url = reverse(url_name)
    if come_back and request.method == "GET":
        url += "?" + urlencode({"next": request.get_full_path()})
    if request.headers.get("HX-Request"):
        # htmx would swap the page of a redirect into the part it asked for.
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _url_name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""


class SessionLimits:
    """End a session after half an hour without a request, and after eight hours anyway.

    Parameters
    ----------
    clock
        Returns the present time; tests hand in their own.
    """

    def __init__(self, respond: Respond, clock: Callable[[], datetime] = timezone.now) -> None:
        self.respond = respond
        self.clock = clock

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or send to the sign-in page somebody whose time is over."""
        if not request.user.is_authenticated:
            return self.respond(request)
        now = self.clock().timestamp()
        session = request.session
        started, seen = session.get(STARTED, now), session.get(SEEN, now)
        if (
            now - seen > settings.IDLE_LIMIT_MINUTES * 60
            or now - started > settings.ABSOLUTE_LIMIT_HOURS * 3600
        ):
            logout(request)
            messages.info(request, _("You were signed out because your session had run its time."))
            return _go(request, "account_login", come_back=True)
        if STARTED not in session:
            session[STARTED] = started
        # Not on every request, or every page view would write to the database.
        if SEEN not in session or now - seen >= SEEN_EVERY_SECONDS:
            session[SEEN] = now
        return self.respond(request)


class UserLanguage:
    """Show pages in the language of the account; the cookie counts only for the public."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Switch to the user's language before the page is made."""
        if request.user.is_authenticated:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.respond(request)


class StaffGate:
    """Let nobody go on without a password of their own and a second factor."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, or lead to what is missing."""
        user: Any = request.user
        if not user.is_authenticated:
            return self.respond(request)
        if user.must_change_password:
            return self._only(request, NEW_PASSWORD, "account_change_password")
        if has_second_factor(request):
            return _unstored(self.respond(request))
        if _factor_set_up(user):
            return self._only(request, ALWAYS | _CONFIRM, "mfa_reauthenticate")
        return self._only(request, NEW_FACTOR, "mfa_index")

    def _only(self, request: HttpRequest, allowed: frozenset[str], then: str) -> HttpResponse:
        if _url_name(request) in allowed or request.path.startswith(_static_path()):
            return self.respond(request)
        return _go(request, then, come_back=then == "mfa_reauthenticate")


def _unstored(response: HttpResponse) -> HttpResponse:
    """Keep pages of staff out of caches, so that "back" shows nothing after signing out."""
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-store"
    return response


_CONFIRM = frozenset({"mfa_reauthenticate", "mfa_reauthenticate_webauthn"})


def _static_path() -> str:
    url = settings.STATIC_URL
    return url if url.startswith("/") else f"/{url}"


def _factor_set_up(user: Any) -> bool:
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user=user, type__in=STRONG_FACTORS).exists()


def has_second_factor(request: HttpRequest) -> bool:
    """Tell whether a second factor was shown in this session."""
    from allauth.account.internal.flows.login import get_authentication_records

    if request.session.get(DEMO_FACTOR) and settings.DEMO and is_loopback(request):
        return True
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)
