"""Whom prevention reached, for everyone; small counts withheld."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from qalqan.desk.outreach.selectors.published import public_reach
from qalqan.desk.platform.policies import public
from qalqan.desk.public.views import LANGUAGES, cached, in_language


@public("It leads to the counts in the reader's language.")
@require_safe
def reach_any(request: HttpRequest) -> HttpResponse:
    """Lead to the counts."""
    code = (get_language() or "kk")[:2]
    return redirect("public:reach", language=code if code in dict(LANGUAGES) else "kk")


@public("Counts by district were protected and attacked before they were published.")
@require_safe
@in_language
def reach(request: HttpRequest, language: str) -> HttpResponse:
    """Show how many people activities reached, by district and age."""
    context = {
        "found": public_reach(),
        "language": language,
        "languages": [
            {"code": code, "name": name, "is_current": code == language,
             "url": reverse("public:reach", args=[code])}
            for code, name in LANGUAGES
        ],
    }  # fmt: skip
    return cached(request, render(request, "public/reach.html", context))
