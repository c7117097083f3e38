"""The answers as Atom and as JSON Feed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.platform.policies import public
from qalqan.desk.public.views import cached, in_language
from qalqan.desk.rumours import selectors
from qalqan.desk.rumours.selectors import PublicAnswer

MOST = 50


def _rows(language: str) -> list[PublicAnswer]:
    return selectors.shown(selectors.published()[:MOST], language)


def _url(name: str, *args: Any) -> str:
    return f"{settings.QALQAN_PUBLIC_URL}{reverse(name, args=args)}"


def _title(row: PublicAnswer) -> str:
    if row.withdrawn_at:
        return _("Withdrawn: %(headline)s") % {"headline": row.headline}
    return row.headline


def _conditional(
    request: HttpRequest, response: HttpResponse, rows: list[PublicAnswer]
) -> HttpResponse:
    """Add what readers of feeds compare, and answer 304 where nothing is new."""
    newest = max((row.changed_at for row in rows), default=None)
    stamp = newest.isoformat() if newest else "none"
    etag = quote_etag(f"{len(rows)}-{stamp}")
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    response["ETag"] = etag
    if newest:
        response["Last-Modified"] = http_date(newest.timestamp())
    return cached(request, response)


@public("The feed holds what is published already.")
@require_safe
@in_language
def atom(request: HttpRequest, language: str) -> HttpResponse:
    """Send the newest answers as Atom (RFC 4287)."""
    rows = _rows(language)
    here = _url("public:atom", language)
    feed = Atom1Feed(
        title=_("Answers to rumours"),
        link=_url("public:answers", language),
        description=_("What is claimed, what is true, and how it was checked."),
        language=language,
        feed_url=here,
        feed_guid=here,
        author_name=settings.QALQAN_PUBLISHER,
    )
    for row in rows:
        feed.add_item(
            title=_title(row),
            link=row.url,
            description=_html(row),
            unique_id=row.url,
            pubdate=row.published_at,
            updateddate=row.changed_at,
            categories=[] if row.withdrawn_at else [row.verdict],
        )
    body = feed.writeString("utf-8")
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    return _conditional(request, response, rows)


def _html(row: PublicAnswer) -> str:
    return str(linebreaks("\n\n".join(_paragraphs(row)), autoescape=True))


def _paragraphs(row: PublicAnswer) -> list[str]:
    if row.withdrawn_at:
        return [_("This answer was withdrawn: %(why)s") % {"why": row.withdrawal}]
    parts = [row.text, row.wording]
    if row.note:
        parts.append(_("Corrected: %(note)s") % {"note": row.note})
    return parts


@public("The feed holds what is published already.")
@require_safe
@in_language
def json_feed(request: HttpRequest, language: str) -> HttpResponse:
    """Send the newest answers as JSON Feed 1.1, each with its ClaimReview."""
    rows = _rows(language)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _("Answers to rumours"),
        "home_page_url": _url("public:answers", language),
        "feed_url": _url("public:json_feed", language),
        "language": language,
        "authors": [{"name": settings.QALQAN_PUBLISHER, "url": settings.QALQAN_PUBLIC_URL}],
        "items": [_item(row) for row in rows],
    }
    response = JsonResponse(feed, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/feed+json; charset=utf-8"
    return _conditional(request, response, rows)


def _item(row: PublicAnswer) -> dict[str, Any]:
    review = selectors.claim_review(row, publisher=settings.QALQAN_PUBLISHER)
    return {
        "id": row.url,
        "url": row.url,
        "title": _title(row),
        "content_text": "\n\n".join(_paragraphs(row)),
        "date_published": row.published_at.isoformat(),
        "date_modified": row.changed_at.isoformat(),
        "language": row.language,
        "tags": [] if row.withdrawn_at else [row.verdict],
        "_qalqan": {
            "verdict": row.verdict,
            "verdict_as_of": row.as_of.isoformat() if row.as_of else None,
            "version": row.version,
            "correction": row.note,
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            "is_sample": row.is_sample,
            "claim_review": None if row.withdrawn_at else review,
        },
    }
