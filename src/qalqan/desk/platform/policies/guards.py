"""Every view says who may call it; a test walks the URLs and fails on one that does not."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url

from qalqan.desk.platform.policies.actors import PUBLIC, Actor
from qalqan.desk.platform.policies.registry import policy_of
from qalqan.errors import RefusedError

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Guard:
    """What a view asks of its caller.

    Parameters
    ----------
    kind
        ``policy``, ``signed_in`` or ``public``.
    model, action
        For ``policy``: what the caller must be allowed to do.
    reason
        For the other kinds: why no policy is asked.
    """

    kind: str
    model: type[models.Model] | None = None
    action: str = ""
    reason: str = ""


def actor_of(request: HttpRequest) -> Actor:
    """Return who makes the request."""
    return cast("Actor", request.user) if request.user.is_authenticated else PUBLIC


def _sign_in(request: HttpRequest) -> HttpResponseBase:
    # Imported late: the auth views need the user model, which needs this package.
    from django.contrib.auth.views import redirect_to_login

    if request.headers.get("HX-Request"):
        # htmx would follow a redirect by itself and put the sign-in page into the part.
        return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL)})
    return redirect_to_login(request.get_full_path())


def _call(
    view: View, request: HttpRequest, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> HttpResponseBase:
    """Call the view; a service that refuses the act answers 403 and says why."""
    try:
        return view(request, *args, **kwargs)
    except RefusedError as error:
        raise PermissionDenied(str(error.message)) from error


def _mark(view: View, guard: Guard) -> View:
    view.policy_guard = guard  # type: ignore[attr-defined]
    return view


def guarded(model: type[models.Model], action: str) -> Callable[[View], View]:
    """Let a view be called only by those whom the model's policy allows the action."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _sign_in(request)
            if not policy_of(model).allows(actor_of(request), action):
                raise PermissionDenied
            return _call(view, request, args, kwargs)

        return _mark(wrapper, Guard("policy", model, action))

    return decorate


def signed_in(reason: str) -> Callable[[View], View]:
    """Let everyone who is signed in call the view, for a stated reason."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _sign_in(request)
            return _call(view, request, args, kwargs)

        return _mark(wrapper, Guard("signed_in", reason=reason))

    return decorate


def public(reason: str) -> Callable[[View], View]:
    """Let anyone call the view, for a stated reason."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return _call(view, request, args, kwargs)

        return _mark(wrapper, Guard("public", reason=reason))

    return decorate
