"""What everyone may read of warnings: what holds now, what ended, each in its own words."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.alerts import selectors
from qalqan.desk.alerts.drawing import area_map
from qalqan.desk.alerts.selectors import PublicWarning
from qalqan.desk.alerts.services import signing
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import SystemActor, public
from qalqan.desk.public.views import LANGUAGES, in_language

KEPT_SECONDS = 15
"""A page of warnings may be kept so long; a cancelling must be everywhere soon."""
CAP_TYPE = "application/cap+xml"
ENDED = 20
STATUSES = {"warnings": "Actual", "exercises": "Exercise", "tests": "Test"}


def kept_shortly(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let everyone keep a page for a few seconds; what staff see is theirs."""
    if not request.user.is_authenticated:
        response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response


def etag_of(rows: list[PublicWarning], *more: str) -> str:
    """Return what changes as soon as a message comes, is changed, cancelled, or ends."""
    said = "\n".join([f"{row.identifier} {row.stage}" for row in rows] + list(more))
    return quote_etag(hashlib.sha256(said.encode()).hexdigest()[:32])


def unless_known(request: HttpRequest, response: HttpResponse, etag: str) -> HttpResponse:
    """Answer 304 where the reader has it already."""
    known = request.headers.get("If-None-Match", "")
    if etag in [one.strip().removeprefix("W/") for one in known.split(",")]:
        response = HttpResponseNotModified()
    response["ETag"] = etag
    return kept_shortly(request, response)


def whole(name: str, *args: Any) -> str:
    """Return an address as others see it."""
    return f"{settings.QALQAN_PUBLIC_URL}{reverse(name, args=args)}"


def _chosen() -> str:
    code = (get_language() or "kk")[:2]
    return code if code in dict(LANGUAGES) else "kk"


def _languages(name: str, language: str, *args: Any) -> list[dict[str, Any]]:
    return [
        {"code": code, "name": label, "is_current": code == language,
         "url": reverse(name, args=[code, *args])}
        for code, label in LANGUAGES
    ]  # fmt: skip


@public("It leads to the warnings in the reader's language.")
@require_safe
def warnings_any(request: HttpRequest, kind: str) -> HttpResponse:
    """Lead to the warnings, the exercises or the tests."""
    return redirect("public:warnings", language=_chosen(), kind=kind)


@public("It leads to one warning in the reader's language.")
@require_safe
def warning_any(request: HttpRequest, number: int) -> HttpResponse:
    """Lead to a warning."""
    return redirect("public:warning", language=_chosen(), number=number)


@public("Warnings are for everyone.")
@require_safe
@in_language
def warnings(request: HttpRequest, language: str, kind: str) -> HttpResponse:
    """List what holds now, and what ended, marked as such; exercises and tests apart."""
    rows = selectors.warnings(language, now=timezone.now(), status=STATUSES[kind], most=ENDED)
    context = {
        "live": [row for row in rows if row.stage == "live"],
        "ended": [row for row in rows if row.stage != "live"],
        "kind": kind, "language": language,
        "languages": _languages("public:warnings", language, kind),
    }  # fmt: skip
    response = render(request, "public/warnings.html", context)
    return kept_shortly(request, response)


@public("A warning is for everyone.")
@require_safe
@in_language
def warning(request: HttpRequest, language: str, number: int) -> HttpResponse:
    """Show one warning: what to do first, then what is known, where, and until when."""
    found = selectors.warning(number, language, now=timezone.now())
    if found is None:
        raise Http404(_("There is no such warning."))
    districts = list(places.districts(SystemActor("public")))
    shape = found.geometry
    context = {
        "warning": found, "language": language,
        "map": area_map(districts, shape, areas=found.areas) if shape else "",
        "history": selectors.message_history(number),
        "languages": _languages("public:warning", language, number),
    }  # fmt: skip
    return kept_shortly(request, render(request, "public/warning.html", context))


@public("What was signed is for every program that checks it.")
@require_safe
def cap_message(request: HttpRequest, identifier: str) -> HttpResponse:
    """Send a message byte by byte as it was signed; its address and bytes never change."""
    found = selectors.message_bytes(identifier)
    if found is None:
        raise Http404(_("There is no such warning."))
    data, shown_hash = found
    response = HttpResponse(data, content_type=CAP_TYPE)
    return unless_known(request, response, quote_etag(shown_hash[:32]))


@public("Whoever checks signatures needs the certificate.")
@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """Send the certificate by which signatures of warnings are checked."""
    from cryptography.hazmat.primitives.serialization import Encoding

    pem = signing.signer(now=timezone.now()).certificate.public_bytes(Encoding.PEM)
    response = HttpResponse(pem, content_type="application/x-pem-file")
    return kept_shortly(request, response)
