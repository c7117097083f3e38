"""What every public page shares: its language in the address, its age, its other languages."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from qalqan.desk.platform.policies import public

KEPT_SECONDS = 60
"""A page may be kept so long; a correction is everywhere a minute later."""
LEAST = 1000
"""Bytes below which nothing is compressed."""
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
LANGUAGES = (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English"))


def chosen() -> str:
    """Return the reader's language, where the address names none."""
    code = (get_language() or "kk")[:2]
    return code if code in dict(LANGUAGES) else "kk"


def in_language(view: Any) -> Any:
    """Answer in the language that stands in the address; offer the same page in the others."""

    @wraps(view)
    def wrapper(request: HttpRequest, language: str, **kwargs: Any) -> HttpResponse:
        request.languages = languages_of(request, language)  # type: ignore[attr-defined]
        with override(language):
            response: HttpResponse = view(request, language, **kwargs)
        response["Content-Language"] = language
        return response

    return wrapper


def languages_of(request: HttpRequest, language: str) -> list[dict[str, Any]]:
    """Return where the same page stands in each language, with what is looked for on it."""
    match = request.resolver_match
    if match is None:
        return []
    query = request.META.get("QUERY_STRING", "")
    tail = f"?{query}" if query and request.method in ("GET", "HEAD") else ""
    return [
        {"code": code, "name": name, "is_current": code == language,
         "url": reverse(match.view_name, kwargs={**match.kwargs, "language": code}) + tail}
        for code, name in LANGUAGES
    ]  # fmt: skip


def lead(name: str) -> Callable[..., HttpResponseBase]:
    """Return a view that leads from an address without a language to a page with one."""

    @public("It leads to the page in the reader's language.")
    @require_safe
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Lead to the page, with what is looked for."""
        query = request.META.get("QUERY_STRING", "")
        address = reverse(name, kwargs={"language": chosen(), **kwargs})
        return redirect(f"{address}?{query}" if query else address)

    return view


def cached(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Let everyone keep a page for a minute; what staff see is theirs.

    A page that has not changed is not sent twice: old phones pay for each kilobyte.
    """
    if request.user.is_authenticated:
        return response
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    if response.status_code != 200:
        return response
    if "ETag" not in response:
        response["ETag"] = _etag(request, response)
    known = request.headers.get("If-None-Match", "")
    mark = response["ETag"].removeprefix("W/")
    if mark in [one.strip().removeprefix("W/") for one in known.split(",")]:
        same = HttpResponseNotModified()
        for name in ("ETag", "Cache-Control", "Content-Language", "Vary"):
            if name in response:
                same[name] = response[name]
        return same
    return _smaller(request, response)


def _smaller(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Compress what is public anyway; such a page holds no secret that its length could tell."""
    patch_vary_headers(response, ("Accept-Encoding",))
    kind = response.get("Content-Type", "")
    is_text = any(part in kind for part in ("text/", "json", "xml"))
    takes_it = _GZIP.search(request.headers.get("Accept-Encoding", "")) is not None
    if not (is_text and takes_it) or len(response.content) < LEAST:
        return response
    response.content = gzip.compress(response.content, 6, mtime=0)
    response["Content-Encoding"] = "gzip"
    response["ETag"] = f"W/{response['ETag'].removeprefix('W/')}"
    return response


def _etag(request: HttpRequest, response: HttpResponse) -> str:
    """Return what changes when the page does; a script's nonce changes each time and counts not."""
    content = response.content
    nonce = getattr(request, "_csp_nonce", None)
    if nonce:
        content = content.replace(str(nonce).encode(), b"")
    return quote_etag(hashlib.sha256(content).hexdigest()[:32])


def whole(name: str, *args: Any) -> str:
    """Return an address as others see it."""
    return f"{settings.QALQAN_PUBLIC_URL}{reverse(name, args=args)}"
