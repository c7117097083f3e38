"""The brief's pages; all read from the stored edition."""

from __future__ import annotations

import re

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render as show
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.alerts import selectors as alerts
from qalqan.desk.brief import render, selectors, services
from qalqan.desk.brief.figure import map_svg
from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.brief.present import Page, Target, present
from qalqan.desk.platform.policies import (
    EXPORT,
    VIEW,
    actor_of,
    guarded,
    policy_of,
    signed_in,
)

PAGE = 50
_ROOMS = {
    "rumours": "rumours:claim",
    "incidents": "incidents:incident",
    "flashpoints": "flashpoints:finding",
    "work": "work:item",
}
_KINDS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
}


@signed_in("It is everyone's first page; the brief itself is shown only where its policy allows.")
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show the newest brief, or where to begin for those who may not read it."""
    actor = actor_of(request)
    if not policy_of(BriefEdition).allows(actor, VIEW):
        return show(request, "brief/home.html")
    edition = selectors.latest_edition(actor)
    if edition is None:
        return show(request, "brief/none.html")
    standing = alerts.standing(actor, now=timezone.now()) if alerts.may_read(actor) else None
    return _page(request, edition, title=_("Today"), standing=standing)


@guarded(BriefEdition, VIEW)
@require_safe
def edition(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Show one edition as it was."""
    return _page(request, _found(request, edition_id), title=_("Morning brief"))


@guarded(BriefEdition, VIEW)
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """List all editions, newest first."""
    rows = selectors.editions(actor_of(request))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return show(request, "brief/archive.html", {"page": page})


@guarded(BriefEdition, EXPORT)
@require_safe
def file(request: HttpRequest, edition_id: int, form: str) -> HttpResponse:
    """Hand one edition out as a file in the reader's language."""
    found = _found(request, edition_id)
    body = _body(found, form)
    services.record_export(actor=actor_of(request), edition=found, form=form, now=timezone.now())
    response = HttpResponse(body, content_type=_KINDS[form])
    name = f"brief-{timezone.localtime(found.as_of):%Y-%m-%d-%H%M}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _body(edition: BriefEdition, form: str) -> bytes:
    language = (get_language() or "kk")[:2]
    if form == "json":
        return render.json(edition)
    make = render.pdf if form == "pdf" else render.html
    return make(edition, language=language)


def _found(request: HttpRequest, edition_id: int) -> BriefEdition:
    found = selectors.edition_for(actor_of(request), edition_id)
    if found is None:
        raise Http404(_("There is no such edition."))
    return found


def _page(
    request: HttpRequest,
    edition: BriefEdition,
    *,
    title: str,
    standing: alerts.Standing | None = None,
) -> HttpResponse:
    page = present(edition.brief, digest=edition.digest)
    context = {
        "title": title,
        "standing": standing,
        "edition": edition,
        "page": page,
        "map": map_svg(edition.brief.map) if edition.brief.map else "",
        "sparks": render.sparks(page),
        "links": _links(page),
        "may_export": policy_of(BriefEdition).allows(actor_of(request), EXPORT),
    }
    return show(request, "brief/today.html", context)


def _links(page: Page) -> dict[str, str]:
    links = {}
    for section in page.sections:
        for line in section.lines:
            if line.target:
                links[line.key] = _address(line.target)
        for table in section.tables:
            links.update((target.key, _address(target)) for target in table.links)
    return links


def _address(target: Target) -> str:
    # Only addresses within the desk: the item's own text must never lead elsewhere.
    if re.fullmatch(r"/(?![/\\])[^\\\x00-\x20]*", target.url):
        return target.url
    try:
        return reverse(_ROOMS[target.room], args=[target.number])
    except (KeyError, NoReverseMatch):
        return ""
