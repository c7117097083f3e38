"""The worker's own door: a phrase opens the key for half an hour, in this browser only.

The seed lies in the session, sealed with a key that is in the browser's cookie and nowhere at
the desk. Neither the session table nor the phone alone opens anything, and both end at once
when the session is ended.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded
from qalqan.desk.platform.privacy.limits import RateLimit
from qalqan.desk.support import crypto
from qalqan.desk.support.forms import EnquiryForm, MakeForm, OpenForm
from qalqan.desk.support.models import Case, EnquiryCount, Helper
from qalqan.desk.support.selectors import counts
from qalqan.desk.support.selectors.people import helper_of
from qalqan.desk.support.services import cases, keys
from qalqan.errors import ConflictError, InputError, IntegrityError, SettingsError

COOKIE = "qalqan_support"
_SEALED, _UNTIL = "support_sealed", "support_until"
OPEN_FOR = timedelta(minutes=30)
TRIES = RateLimit(10, timedelta(minutes=15))
"""Phrases that one worker may try."""


def user_of(request: HttpRequest) -> User:
    """Return the worker; the guard has let nobody else in."""
    return cast("User", request.user)


def _bound(request: HttpRequest) -> str:
    user = user_of(request)
    return f"support door|{user.pk}|{user.session_epoch}|{request.session.session_key}"


def keys_of(request: HttpRequest) -> crypto.Keys | None:
    """Return the worker's keys while the door is open."""
    sealed, until = request.session.get(_SEALED), request.session.get(_UNTIL, 0)
    if not sealed or timezone.now().timestamp() > until:
        return None
    try:
        key = base64.urlsafe_b64decode(request.COOKIES.get(COOKIE, ""))
        raw = base64.b64decode(sealed)
        found = crypto.Keys(crypto.open_for_visit(raw, key, bound=_bound(request)))
    except (IntegrityError, ValueError, binascii.Error):
        return None
    helper = helper_of(user_of(request))
    # A key made anew, or taken away, shuts every door that the old one opened.
    return found if helper is not None and bytes(helper.public_key) == found.public else None


def with_keys(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the worker's keys to a view; lead to the door where it is shut, and from a ruin."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = keys_of(request)
        if found is None:
            return redirect("support:home")
        try:
            return view(request, *args, keys=found, **kwargs)
        except (ConflictError, IntegrityError, SettingsError) as error:
            messages.error(request, str(error.message))
            return redirect("support:home")

    return wrapper


@guarded(Case, VIEW)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the worker's cases, or the door."""
    return _home(request)


def _home(
    request: HttpRequest, form: Any = None, status: int = 200, enquiry: Any = None
) -> HttpResponse:
    user, found = user_of(request), keys_of(request)
    context: dict[str, Any] = {
        "form": form,
        "has_key": helper_of(user) is not None,
        "is_open": found is not None,
        "enquiry": enquiry or _enquiry_form(request),
        "enquiries": counts.enquiries_this_month(user, today=timezone.localdate()),
    }
    if found is not None:
        context["cases"] = cases.list_own(actor=user, keys=found, now=timezone.now())
    elif form is None:
        context["form"] = OpenForm() if context["has_key"] else MakeForm()
    return render(request, "support/home.html", context, status=status)


def _enquiry_form(request: HttpRequest) -> EnquiryForm:
    districts = places.districts(actor_of(request)).defer("boundary")
    return EnquiryForm(request.POST or None, districts=districts)


@sensitive_post_parameters()
@guarded(Helper, CHANGE)
@require_POST
def unlock(request: HttpRequest) -> HttpResponse:
    """Open the worker's key for this visit."""
    form, user, now = OpenForm(request.POST), user_of(request), timezone.now()
    if not TRIES.allows(str(user.pk), now=now):
        form.add_error(None, _("Too many tries. Wait a quarter of an hour."))
        return _home(request, form, 429)
    if not form.is_valid():
        return _home(request, form, 422)
    try:
        found = keys.open_key(actor=user, phrase=form.cleaned_data["phrase"], now=now)
    except InputError as error:
        form.add_error("phrase", str(error.message))
        return _home(request, form, 422)
    except ConflictError:
        return redirect("support:home")
    return _open(request, found)


def _open(request: HttpRequest, found: crypto.Keys) -> HttpResponse:
    key = crypto.new_key()
    sealed = crypto.seal_for_visit(found.seed, key, bound=_bound(request))
    request.session[_SEALED] = base64.b64encode(sealed).decode()
    request.session[_UNTIL] = (timezone.now() + OPEN_FOR).timestamp()
    response = redirect("support:home")
    response.set_cookie(
        COOKIE, base64.urlsafe_b64encode(key).decode(), max_age=int(OPEN_FOR.total_seconds()),
        httponly=True, samesite="Strict", secure=settings.SESSION_COOKIE_SECURE, path="/support/",
    )  # fmt: skip
    return response


@guarded(Case, CHANGE)
@require_POST
def shut(request: HttpRequest) -> HttpResponse:
    """Shut the door; what was open is forgotten."""
    request.session.pop(_SEALED, None)
    request.session.pop(_UNTIL, None)
    response = redirect("support:home")
    response.delete_cookie(COOKIE, path="/support/", samesite="Strict")
    return response


@sensitive_post_parameters()
@guarded(Helper, ADD)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make the worker's key."""
    form = MakeForm(request.POST)
    if not form.is_valid():
        return _home(request, form, 422)
    user, phrase, now = user_of(request), form.cleaned_data["phrase"], timezone.now()
    try:
        keys.make_key(actor=user, phrase=phrase, now=now)
    except InputError as error:
        form.add_error("phrase", str(error.message))
        return _home(request, form, 422)
    messages.success(request, _("Your key is made. Let a colleague compare it with you."))
    return _open(request, keys.open_key(actor=user, phrase=phrase, now=now))


@guarded(EnquiryCount, ADD)
@require_POST
def enquiry(request: HttpRequest) -> HttpResponse:
    """Count that somebody asked."""
    form = _enquiry_form(request)
    if not form.is_valid():
        return _home(request, None, 422, form)
    cases.count_enquiry(
        actor=actor_of(request), district=form.cleaned_data["district"], now=timezone.now()
    )
    messages.success(request, _("The enquiry is counted. Nothing else was kept."))
    return redirect("support:home")
