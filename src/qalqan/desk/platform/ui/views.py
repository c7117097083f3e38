"""Switches of language and theme, search over all rooms, help, and the page of components."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.accounts.services import change_own_language
from qalqan.desk.platform.policies import actor_of, public, signed_in
from qalqan.desk.platform.ui import navigation, showcase, theme

_YEAR = 365 * 24 * 3600


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """Return to the page the form stood on, never to another site."""
    target = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else "/")


def _remember(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure()
    )


@public("Everyone chooses the language to read in.")
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language with the account and in a cookie, and go back."""
    response = _back(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        if isinstance(request.user, User) and request.user.language != chosen:
            change_own_language(actor=request.user, language=chosen, now=timezone.now())
        _remember(request, response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@public("Everyone chooses light or dark.")
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen theme in a cookie and go back."""
    response = _back(request)
    chosen = request.POST.get("theme", "")
    if chosen in theme.THEMES:
        _remember(request, response, theme.COOKIE, chosen)
    return response


@signed_in("Each room's search shows only what the actor may see.")
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show what all rooms find for a text."""
    text = request.GET.get("q", "")[:200]
    hits = navigation.search(actor_of(request), text)
    return render(request, "ui/search.html", {"text": text, "hits": hits})


@signed_in("It describes the keys and the words of the desk, no data.")
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """Show keys and words, for those who read without JavaScript."""
    return render(request, "ui/help.html")


@signed_in("It shows the parts pages are made of, with made-up content.")
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """Show every component with made-up content."""
    page = request.GET.get("page", "3")
    shown = showcase.context(now=timezone.now(), page=int(page) if page.isdecimal() else 1)
    return render(request, "ui/components.html", shown)
