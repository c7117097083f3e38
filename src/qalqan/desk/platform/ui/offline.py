"""What pages that open without a network have in common: words, service worker, manifest."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

WORKER = "ui/offline/sw.js"
SHARED = ("ui/offline/words.js", "ui/offline/photo.js", "ui/qalqan.css")
"""Parts that every such page needs."""
_SAFE_IN_SCRIPT = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def words_json(words: Mapping[str, Any]) -> SafeString:
    """Return words, translated now, as JSON that may stand inside a script element."""
    text = json.dumps({key: str(word) for key, word in words.items()}, ensure_ascii=False)
    return mark_safe(text.translate(_SAFE_IN_SCRIPT))  # noqa: S308 - escaped just now


def _text_of(name: str) -> str:
    path = finders.find(name) or str(Path(settings.STATIC_ROOT or "") / name)
    return Path(path).read_text(encoding="utf-8")


@cache
def _version(parts: tuple[str, ...]) -> str:
    """Return the hash of all parts, so that a change of one renews the whole."""
    whole = "\n".join(_text_of(name) for name in (*parts, WORKER))
    return sha256(whole.encode()).hexdigest()[:16]


def worker_response(*, page: str, parts: Sequence[str], prefix: str) -> HttpResponse:
    """Return the service worker of a page, told what to keep.

    Parameters
    ----------
    page
        Path of the page.
    parts
        Static files that it needs.
    prefix
        How the page's caches begin; another for each page of the desk.
    """
    head = {
        "PREFIX": prefix,
        "VERSION": _version(tuple(parts)),
        "PAGE": page,
        "PARTS": [static(name) for name in parts],
    }
    lines = [f"const {name} = {json.dumps(value)};" for name, value in head.items()]
    body = "\n".join([*lines, _text_of(WORKER)])
    answer = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


def manifest_response(*, page: str, name: str, language: str, icon: str) -> JsonResponse:
    """Say how a page is installed on a phone."""
    body: dict[str, Any] = {
        "id": page,
        "name": name,
        "short_name": "Qalqan",
        "lang": language,
        "start_url": page,
        "scope": page,
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5cad",
        "icons": [
            {"src": static(icon), "sizes": "any", "type": "image/svg+xml", "purpose": purpose}
            for purpose in ("any", "maskable")
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json")
