"""Warnings for programs: Atom, RSS, JSON and GeoJSON at addresses that stay."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.cap.feed import Channel, Item, write_atom, write_geojson, write_json, write_rss
from qalqan.cap.model import Status
from qalqan.desk.alerts import selectors
from qalqan.desk.platform.policies import public
from qalqan.desk.public.views import in_language
from qalqan.desk.public.warnings import STATUSES, etag_of, unless_known, whole

MOST_ENDED = 50
_WRITERS: dict[str, tuple[Callable[..., bytes], str]] = {
    "atom": (write_atom, "application/atom+xml; charset=utf-8"),
    "rss": (write_rss, "application/rss+xml; charset=utf-8"),
    "json": (write_json, "application/json; charset=utf-8"),
    "geojson": (write_geojson, "application/geo+json; charset=utf-8"),
}


def title_of(kind: str) -> str:
    """Return what a feed is called in the reader's language."""
    return {
        "warnings": _("Warnings"),
        "exercises": _("Exercises: nothing has happened"),
        "tests": _("Tests: nothing has happened"),
    }[kind]


@public("The feed holds what was sent to everyone already.")
@require_safe
@in_language
def feed(request: HttpRequest, language: str, kind: str, form: str) -> HttpResponse:
    """Send what holds now and what ended; a reader that has it gets 304."""
    now = timezone.now()
    status = STATUSES[kind]
    rows = selectors.warnings(language, now=now, status=status, most=MOST_ENDED)
    etag = etag_of(rows, language, kind, form)
    newest = max((row.sent_at for row in rows), default=now.replace(hour=0, minute=0, second=0))
    channel = Channel(
        url=whole("public:warning_feed", language, kind, form),
        page_url=whole("public:warnings", language, kind),
        title=title_of(kind), publisher=settings.QALQAN_PUBLISHER, language=language,
        updated=newest, status=Status(status),
    )  # fmt: skip
    items = [
        Item(
            alert=row.message, cap_url=whole("public:cap_message", row.identifier),
            page_url=whole("public:warning", language, row.number), is_over=row.stage != "live",
        )
        for row in rows
    ]  # fmt: skip
    write, content_type = _WRITERS[form]
    response = HttpResponse(write(channel, items), content_type=content_type)
    return unless_known(request, response, etag)
