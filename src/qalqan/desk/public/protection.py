"""How many sites are inspected and what became of it, for everyone; small counts withheld."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from qalqan.desk.platform.policies import public
from qalqan.desk.protection.selectors.published import public_counts
from qalqan.desk.public.views import LANGUAGES, cached, in_language


@public("It leads to the counts in the reader's language.")
@require_safe
def inspections_any(request: HttpRequest) -> HttpResponse:
    """Lead to the counts."""
    code = (get_language() or "kk")[:2]
    return redirect("public:inspections", language=code if code in dict(LANGUAGES) else "kk")


@public("Counts by district are published, with small ones withheld; no site is named.")
@require_safe
@in_language
def inspections(request: HttpRequest, language: str) -> HttpResponse:
    """Show how many sites were inspected and how many notices were mended, by district."""
    context = {
        "counts": public_counts(timezone.now()),
        "language": language,
        "languages": [
            {"code": code, "name": name, "is_current": code == language,
             "url": reverse("public:inspections", args=[code])}
            for code, name in LANGUAGES
        ],
    }  # fmt: skip
    return cached(request, render(request, "public/inspections.html", context))
