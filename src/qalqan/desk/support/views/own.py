"""Pages without an account: the own case by code, and certificates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.accounts.loopback import sender_of
from qalqan.desk.platform.policies import PUBLIC, public
from qalqan.desk.platform.privacy.limits import RateLimit
from qalqan.desk.support import certificates
from qalqan.desk.support.forms import LANGUAGES, CertificateForm, CodeForm
from qalqan.desk.support.models import Entry
from qalqan.desk.support.selectors import sheets
from qalqan.desk.support.selectors.opening import Opened, pages
from qalqan.desk.support.services import ending
from qalqan.errors import ConflictError, IntegrityError

TRIES = RateLimit(20, timedelta(minutes=15))
"""Codes that one sender may try."""
PAGE = ["GET", "HEAD", "POST"]
_TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "support" / "certificate.typ"


def _in_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer in the language that stands in the address, and let nobody keep the answer."""

    @wraps(view)
    def wrapper(request: HttpRequest, language: str, **kwargs: Any) -> HttpResponse:
        if language not in dict(LANGUAGES):
            raise Http404
        with override(language):
            response = view(request, language, **kwargs)
        response["Content-Language"] = language
        response["Cache-Control"] = "private, no-store"
        return response

    return wrapper


def _languages(name: str, language: str) -> list[dict[str, Any]]:
    return [
        {"code": code, "name": label, "is_current": code == language,
         "url": reverse(name, args=[code])}
        for code, label in LANGUAGES
    ]  # fmt: skip


@public("Leads to the same page in the reader's language.")
@require_safe
def own_any(request: HttpRequest) -> HttpResponse:
    """Lead to the page in the reader's language."""
    return redirect("support:own", get_language() or LANGUAGES[0][0])


@sensitive_post_parameters()
@public("Whoever holds the code of a case is the one who is helped; it cannot be guessed.")
@require_http_methods(PAGE)
@_in_language
def own(request: HttpRequest, language: str) -> HttpResponse:
    """Show the own case to whoever holds its code; withdraw and erase."""
    form = CodeForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _own(request, language, 422 if request.POST else 200, form=form)
    if not TRIES.allows(sender_of(request), now=timezone.now()):
        form.add_error(None, _("Too many requests from here. Try again later."))
        return _own(request, language, 429, form=form)
    opened = ending.look_own(code=form.cleaned_data["code"], now=timezone.now())
    if opened is None:
        form.add_error("code", _("No case opens with this code. An erased case opens with none."))
        return _own(request, language, 422, form=form)
    return _act(request, language, opened)


def _act(request: HttpRequest, language: str, opened: Opened) -> HttpResponse:
    now, told = timezone.now(), ""
    try:
        if "erase" in request.POST and request.POST.get("sure"):
            return certificate_page(
                request, ending.erase(actor=PUBLIC, opened=opened, now=now), language
            )
        if "erase" in request.POST:
            told = _("Tick that it is wanted; an erased case cannot come back.")
        elif (service := request.POST.get("withdraw", "")).isdecimal():
            found = ending.withdraw(actor=PUBLIC, opened=opened, service_id=int(service), now=now)
            if found is not None:
                return certificate_page(request, found, language)
            told = _("The consent has ended. Nobody of that service can open your case any more.")
    except ConflictError as error:
        told = str(error.message)
    return _own(request, language, 200, told=told, **_shown(opened))


def _shown(opened: Opened) -> dict[str, Any]:
    return {
        "opened": opened.case,
        "pseudonym": pages(opened, Entry.Field.PSEUDONYM)[0].data["text"],
        "recipients": sheets.recipients(opened),
        "lines": sheets.seen(opened, today=timezone.localdate()),
    }


def _own(request: HttpRequest, language: str, status: int, **more: Any) -> HttpResponse:
    context = {
        "language": language,
        "languages": _languages("support:own", language),
        "code": request.POST.get("code", ""),
        **more,
    }
    return render(request, "support/own.html", context, status=status)


def _address(language: str) -> str:
    base = str(settings.QALQAN_PUBLIC_URL).rstrip("/")
    return base + reverse("support:certificate", args=[language])


def certificate_page(
    request: HttpRequest,
    found: certificates.Certificate,
    language: str = "",
    status: int = 200,
) -> HttpResponse:
    """Show a certificate, to print or to take along as a PDF."""
    language = language or get_language() or LANGUAGES[0][0]
    context = {
        "certificate": found,
        "paper": certificates.on_paper(found, _address(language)),
        "language": language,
        "languages": _languages("support:certificate", language),
    }
    response = render(request, "support/certificate.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


@public("Leads to the same page in the reader's language.")
@require_safe
def certificate_any(request: HttpRequest) -> HttpResponse:
    """Lead to the page in the reader's language."""
    return redirect("support:certificate", get_language() or LANGUAGES[0][0])


@public("Anybody may check a certificate; it says nothing about anyone.")
@require_http_methods(PAGE)
@_in_language
def certificate(request: HttpRequest, language: str) -> HttpResponse:
    """Check a certificate."""
    form = CertificateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = certificates.check(form.cleaned_data["token"])
            return certificate_page(request, found, language)
        except IntegrityError as error:
            form.add_error("token", str(error.message))
    context = {
        "form": form, "key": certificates.public_key(), "language": language,
        "languages": _languages("support:certificate", language),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "support/check.html", context, status=status)


@public("Whoever has a certificate may print it.")
@require_POST
@_in_language
def certificate_pdf(request: HttpRequest, language: str) -> HttpResponse:
    """Set a certificate as a PDF."""
    from qalqan.desk.platform.ui.paper import compiled_pdf

    try:
        found = certificates.check(request.POST.get("token", ""))
    except IntegrityError as error:
        return HttpResponse(str(error.message), status=422, content_type="text/plain")
    data = {**certificates.on_paper(found, _address(language)), "language": language}
    pdf = compiled_pdf(_TEMPLATE.read_bytes(), data, made_at=timezone.now())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = 'attachment; filename="certificate.pdf"'
    return response
