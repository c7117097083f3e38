"""Pages without an account on which people ask to be warned, confirm, and leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from qalqan.desk.alerts.forms_delivery import LANGUAGES, CodeForm, SubscribeForm
from qalqan.desk.alerts.models import Subscriber
from qalqan.desk.alerts.services import subscribers as services
from qalqan.desk.platform.accounts.loopback import sender_of
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import PUBLIC, public
from qalqan.desk.platform.privacy.limits import RateLimit
from qalqan.errors import ConflictError, InputError

ASK = RateLimit(5, timedelta(hours=1))
"""Questions to an address, from one sender in an hour."""
TRY = RateLimit(20, timedelta(hours=1))
"""Codes that one sender may try in an hour."""
PAGE = ["GET", "HEAD", "POST"]


def _in_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer in the language that stands in the address."""

    @wraps(view)
    def wrapper(request: HttpRequest, language: str, **kwargs: Any) -> HttpResponse:
        if language not in dict(LANGUAGES):
            raise Http404
        with override(language):
            response = view(request, language, **kwargs)
        response["Content-Language"] = language
        return response

    return wrapper


def _page(
    request: HttpRequest, language: str, stage: str, status: int = 200, **more: Any
) -> HttpResponse:
    others = [
        {
            "code": code, "name": name, "is_current": code == language,
            "url": reverse("alerts:subscribe", args=[code]),
        }
        for code, name in LANGUAGES
    ]  # fmt: skip
    context = {"stage": stage, "language": language, "languages": others, **more}
    response = render(request, "alerts/subscribe.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@public("Leads to the same page in the reader's language.")
@require_safe
def subscribe_any(request: HttpRequest) -> HttpResponse:
    """Lead to the page in the reader's language."""
    return redirect("alerts:subscribe", get_language() or LANGUAGES[0][0])


@public("Anyone may ask to be warned; the answer is the same for every address.")
@require_http_methods(PAGE)
@_in_language
def subscribe(request: HttpRequest, language: str) -> HttpResponse:
    """Take an address, and ask its owner to confirm."""
    ways = services.ways()
    if not ways:
        return _page(request, language, "off")
    districts = places.districts(PUBLIC).defer("boundary")
    form = SubscribeForm(request.POST or None, districts=districts, ways=ways)
    if request.method != "POST":
        return _page(request, language, "ask", form=form)
    if not form.is_valid():
        return _page(request, language, "ask", 422, form=form)
    now = timezone.now()
    if not ASK.allows(sender_of(request), now=now):
        form.add_error(None, _("Too many requests from here. Try again later."))
        return _page(request, language, "ask", 429, form=form)
    try:
        services.ask(actor=PUBLIC, language=language, now=now, **form.cleaned_data)
    except (InputError, ConflictError) as error:
        form.add_error("address", str(error.message))
        return _page(request, language, "ask", 422, form=form)
    if form.cleaned_data["channel"] == Subscriber.Channel.SMS:
        code = CodeForm(initial={"address": form.cleaned_data["address"]})
        return _page(request, language, "code", form=code)
    return _page(request, language, "sent")


@public("Whoever got the code may confirm with it, or leave.")
@require_http_methods(PAGE)
@_in_language
def code(request: HttpRequest, language: str) -> HttpResponse:
    """Begin to warn a telephone, or erase it."""
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, language, "code", 422 if request.POST else 200, form=form)
    now = timezone.now()
    if not TRY.allows(sender_of(request), now=now):
        form.add_error(None, _("Too many requests from here. Try again later."))
        return _page(request, language, "code", 429, form=form)
    leaves = "leave" in request.POST
    act = services.leave_by_code if leaves else services.confirm_by_code
    if not act(actor=PUBLIC, now=now, **form.cleaned_data):
        form.add_error("code", _("This code is not right, or too old."))
        return _page(request, language, "code", 422, form=form)
    return _page(request, language, "left" if leaves else "confirmed")


@public("Whoever got the mail may confirm; the link is signed.")
@require_http_methods(PAGE)
@_in_language
def confirm(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Begin to warn, after a button: programs that try links must not confirm."""
    if request.method != "POST":
        return _page(request, language, "confirm")
    is_good = services.confirm_by_link(actor=PUBLIC, token=token, now=timezone.now())
    return _page(request, language, "confirmed" if is_good else "old", 200 if is_good else 410)


@csrf_exempt
@public("Whoever was warned may leave; the link is signed, and mail programs press it, too.")
@require_http_methods(PAGE)
@_in_language
def leave(request: HttpRequest, language: str, token: str) -> HttpResponse:
    """Erase the address, after a button or a mail program's one click (RFC 8058)."""
    if request.method != "POST":
        return _page(request, language, "leave")
    is_good = services.leave(actor=PUBLIC, token=token, now=timezone.now())
    return _page(request, language, "left" if is_good else "old", 200 if is_good else 410)
