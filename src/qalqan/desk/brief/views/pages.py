"""Today, the archive, one edition, its files and its spoken form."""

from __future__ import annotations

import re
from datetime import datetime

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
from qalqan.desk.brief.models import BriefEdition, KindReview, LineVote
from qalqan.desk.brief.present import Page, Target
from qalqan.desk.brief.present.looked import SinceLooked, since_looked
from qalqan.desk.brief.selectors import feedback, reading
from qalqan.desk.brief.selectors.reading import Copy
from qalqan.desk.brief.since import since
from qalqan.desk.platform.policies import (
    ADD,
    EXPORT,
    VIEW,
    Actor,
    actor_of,
    guarded,
    policy_of,
    public,
    signed_in,
)

PAGE = 50
WORDS_A_MINUTE = 130
_ROOMS = {
    "rumours": "rumours:claim",
    "incidents": "incidents:incident",
    "flashpoints": "flashpoints:finding",
    "work": "work:item",
    "decisions": "commission:decision",
    "recommendations": "commission:recommendation",
}
_LISTS = {"devices": "alerts:devices", "signals": "alerts:signals"}
_KINDS = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
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
    now = timezone.now()
    copy = reading.copy_of(actor, edition)
    standing = alerts.standing(actor, now=now) if alerts.may_read(actor) else None
    return _page(
        request, edition, copy, title=_("Today"), standing=standing,
        looked=_looked(actor, edition, copy, now), is_today=True,
    )  # fmt: skip


def _looked(actor: Actor, edition: BriefEdition, copy: Copy, now: datetime) -> SinceLooked:
    """Remember the look, and compare with the edition that the reader saw before."""
    seen = services.look(actor=actor, edition=edition, now=now)
    earlier = seen.earlier if seen else None
    if earlier is None:
        return since_looked(None, before=None, after=copy.brief, seen=None)
    before = reading.for_reader(actor, earlier.brief)
    return since_looked(
        since(before, copy.brief), before=before, after=copy.brief, seen=earlier.as_of
    )


@guarded(BriefEdition, VIEW)
@require_safe
def edition(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Show one edition as it was."""
    found = _found(request, edition_id)
    copy = reading.copy_of(actor_of(request), found)
    return _page(request, found, copy, title=_("Morning brief"))


@guarded(BriefEdition, VIEW)
@require_safe
def spoken(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Show one edition as it is read aloud."""
    found, actor = _found(request, edition_id), actor_of(request)
    said = render.said(found, language=_language(), copy=reading.copy_of(actor, found))
    context = {
        "edition": found,
        "spoken": said,
        "seconds": round(60 * said.words / WORDS_A_MINUTE),
        "may_export": policy_of(BriefEdition).allows(actor, EXPORT),
    }
    return show(request, "brief/spoken.html", context)


@public("The form of the brief as JSON: it says what fields there are, and nothing of any brief.")
@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """Hand out the JSON Schema of a brief."""
    return HttpResponse(render.schema(), content_type="application/schema+json")


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
    body = _body(found, form, reading.copy_of(actor_of(request), found))
    services.record_export(actor=actor_of(request), edition=found, form=form, now=timezone.now())
    response = HttpResponse(body, content_type=_KINDS[form])
    name = f"brief-{timezone.localtime(found.as_of):%Y-%m-%d-%H%M}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _body(edition: BriefEdition, form: str, copy: Copy) -> bytes:
    if form == "json":
        return render.json(edition, copy)
    make = {"pdf": render.pdf, "html": render.html, "txt": render.text}[form]
    return make(edition, language=_language(), copy=copy)


def _language() -> str:
    return (get_language() or "kk")[:2]


def _found(request: HttpRequest, edition_id: int) -> BriefEdition:
    found = selectors.edition_for(actor_of(request), edition_id)
    if found is None:
        raise Http404(_("There is no such edition."))
    return found


def _page(
    request: HttpRequest,
    edition: BriefEdition,
    copy: Copy,
    *,
    title: str,
    standing: alerts.Standing | None = None,
    looked: SinceLooked | None = None,
    is_today: bool = False,
) -> HttpResponse:
    actor = actor_of(request)
    page = render.page_of(edition, copy)
    drawn = copy.brief.map
    context = {
        "title": title,
        "standing": standing,
        "looked": looked,
        "is_today": is_today,
        "edition": edition,
        "page": page,
        "map": map_svg(drawn) if drawn else "",
        "sparks": render.sparks(page),
        "links": _links(page),
        "votes": feedback.own_votes(actor, edition),
        "may_vote": policy_of(LineVote).allows(actor, ADD),
        "may_review": policy_of(KindReview).allows(actor, VIEW),
        "may_export": policy_of(BriefEdition).allows(actor, EXPORT),
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
        if target.room in _LISTS:
            return reverse(_LISTS[target.room])
        return reverse(_ROOMS[target.room], args=[target.number])
    except (KeyError, NoReverseMatch):
        return ""
