"""What is planned for everyone: the public agenda, as a page and as a calendar file."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from qalqan.desk.outreach import selectors as outreach
from qalqan.desk.outreach import services
from qalqan.desk.platform.policies import public
from qalqan.desk.public.views import LANGUAGES, cached, in_language

AHEAD = timedelta(days=62)
MOST = 200


@public("It leads to the agenda in the reader's language.")
@require_safe
def agenda_any(request: HttpRequest) -> HttpResponse:
    """Lead to the agenda."""
    code = (get_language() or "kk")[:2]
    return redirect("public:agenda", language=code if code in dict(LANGUAGES) else "kk")


@public("What is marked for the public agenda is published; cancelled meetings stay, marked.")
@require_safe
@in_language
def agenda(request: HttpRequest, language: str) -> HttpResponse:
    """Show what is planned in the next two months."""
    today = timezone.localdate()
    rows = list(outreach.agenda(start=today, end=today + AHEAD)[: MOST + 1])
    context = {
        "rows": rows[:MOST],
        "is_cut": len(rows) > MOST,
        "is_sample": any(row.is_sample for row in rows),
        "language": language,
        "languages": [
            {"code": code, "name": name, "is_current": code == language,
             "url": reverse("public:agenda", args=[code])}
            for code, name in LANGUAGES
        ],
    }  # fmt: skip
    return cached(request, render(request, "public/agenda.html", context))


@public("The public agenda as a calendar file, with nothing that its page does not show.")
@require_safe
@in_language
def agenda_file(request: HttpRequest, language: str) -> HttpResponse:
    """Hand the agenda out as iCalendar."""
    today = timezone.localdate()
    rows = outreach.agenda(start=today, end=today + AHEAD)[:MOST]
    response = HttpResponse(
        services.calendar(rows, timezone.now()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="agenda-{language}.ics"'
    return cached(request, response)
