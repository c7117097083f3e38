"""How long answers take, for everyone; groups of a few claims are not shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from qalqan.desk.platform.policies import public
from qalqan.desk.public.views import LANGUAGES, cached, in_language
from qalqan.desk.rumours import words
from qalqan.desk.rumours.selectors import measured


@public("It leads to the measures in the reader's language.")
@require_safe
def measures_any(request: HttpRequest) -> HttpResponse:
    """Lead to the measures."""
    code = (get_language() or "kk")[:2]
    return redirect("public:measures", language=code if code in dict(LANGUAGES) else "kk")


@public("How long answers take is published, with small groups hidden.")
@require_safe
@in_language
def measures(request: HttpRequest, language: str) -> HttpResponse:
    """Show how long answers take, with what is still open counted as open."""
    found = measured.public_measures()
    context = {
        "said": words.said_measures(*found) if found else None,
        "language": language,
        "languages": [
            {"code": code, "name": name, "is_current": code == language,
             "url": reverse("public:measures", args=[code])}
            for code, name in LANGUAGES
        ],
    }  # fmt: skip
    return cached(request, render(request, "public/measures.html", context))
