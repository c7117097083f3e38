"""Accounts of operations for everyone: what stands, what stood before, feeds."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.commission.selectors import accounts as selectors
from qalqan.desk.commission.selectors.accounts import PublicAccount
from qalqan.desk.platform.policies import public
from qalqan.desk.public.frame import cached, in_language, whole

PAGE = 20
MOST = 50


@public("Published accounts are for everyone.")
@require_safe
@in_language
def accounts(request: HttpRequest, language: str) -> HttpResponse:
    """List the published accounts, the last changed first."""
    page = Paginator(selectors.published(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "rows": selectors.shown(page.object_list, language), "language": language,
    }  # fmt: skip
    return cached(request, render(request, "public/accounts.html", context))


@public("A published account is for everyone.")
@require_safe
@in_language
def account(request: HttpRequest, language: str, number: int) -> HttpResponse:
    """Show what stands of an account."""
    return _account(request, language, selectors.account_of(number, language))


@public("What was published stays readable, marked as superseded.")
@require_safe
@in_language
def version(request: HttpRequest, language: str, number: int, version: int) -> HttpResponse:
    """Show one published version of an account."""
    return _account(request, language, selectors.account_of(number, language, version))


def _account(request: HttpRequest, language: str, found: PublicAccount | None) -> HttpResponse:
    if found is None:
        raise Http404(_("There is no such account."))
    context = {
        "account": found, "versions": selectors.versions_of(found.number, language),
        "language": language,
    }  # fmt: skip
    return cached(request, render(request, "public/account.html", context))


def _title(row: PublicAccount) -> str:
    if row.withdrawn_at:
        return _("Withdrawn: %(headline)s") % {"headline": row.title}
    return row.title


def _paragraphs(row: PublicAccount) -> list[str]:
    if row.withdrawn_at:
        return [_("This account was withdrawn: %(why)s") % {"why": row.withdrawal}]
    note = [_("Corrected: %(note)s") % {"note": row.note}] if row.note else []
    return note + [f"{heading}. {text}" for _code, heading, text in row.parts]


def _rows(language: str) -> list[PublicAccount]:
    return selectors.shown(selectors.published()[:MOST], language)


@public("The feed holds what is published already.")
@require_safe
@in_language
def atom(request: HttpRequest, language: str) -> HttpResponse:
    """Send the newest accounts as Atom (RFC 4287)."""
    here = whole("public:accounts_atom", language)
    feed = Atom1Feed(
        title=_("Accounts of operations"), link=whole("public:accounts", language),
        description=_("What happened, by which law, with which force, whom it harmed."),
        language=language, feed_url=here, feed_guid=here, author_name=settings.QALQAN_PUBLISHER,
    )  # fmt: skip
    rows = _rows(language)
    for row in rows:
        url = whole("public:account", language, row.number)
        feed.add_item(
            title=_title(row), link=url, unique_id=url, pubdate=row.published_at,
            updateddate=row.changed_at,
            description=str(linebreaks("\n\n".join(_paragraphs(row)), autoescape=True)),
        )  # fmt: skip
    body = feed.writeString("utf-8")
    response = HttpResponse(body, content_type="application/atom+xml; charset=utf-8")
    return cached(request, response)


@public("The feed holds what is published already.")
@require_safe
@in_language
def json_feed(request: HttpRequest, language: str) -> HttpResponse:
    """Send the newest accounts as JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _("Accounts of operations"),
        "home_page_url": whole("public:accounts", language),
        "feed_url": whole("public:accounts_json", language),
        "language": language,
        "authors": [{"name": settings.QALQAN_PUBLISHER, "url": settings.QALQAN_PUBLIC_URL}],
        "items": [_item(row, language) for row in _rows(language)],
    }
    response = JsonResponse(feed, json_dumps_params={"ensure_ascii": False})
    response["Content-Type"] = "application/feed+json; charset=utf-8"
    return cached(request, response)


def _item(row: PublicAccount, language: str) -> dict[str, Any]:
    url = whole("public:account", language, row.number)
    return {
        "id": url, "url": url, "title": _title(row), "language": language,
        "content_text": "\n\n".join(_paragraphs(row)),
        "date_published": row.published_at.isoformat(),
        "date_modified": row.changed_at.isoformat(),
        "_qalqan": {
            "number": row.number, "version": row.version, "about": row.about_code,
            "happened_on": row.happened_on.isoformat(), "correction": row.note,
            "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
            "is_sample": row.is_sample,
        },
    }  # fmt: skip
