"""Pages of claims: the list, its export, one claim."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.platform.policies import (
    EXPORT,
    VIEW,
    actor_of,
    guarded,
    policy_of,
)
from qalqan.desk.platform.work.giving import give_address
from qalqan.desk.rumours import selectors, services
from qalqan.desk.rumours.charts import hourly_chart
from qalqan.desk.rumours.forms import ClaimFilterForm
from qalqan.desk.rumours.models import Claim, Language, Message
from qalqan.desk.rumours.views.acting import act_context
from qalqan.desk.rumours.views.outlook import asked_for, queue_context, said_rows
from qalqan.desk.rumours.views.paging import address, before_of, mark_of, start_of

PAGE = 50
QUEUE_PAGE = 25
"""Rows of the queue say more each; on a phone fifty of them never end."""
SAMPLE = 25
_AN_HOUR = timedelta(hours=1)
MOST_EXPORTED = 5_000
_LANGUAGES: dict[str, Any] = dict(Language.choices)
EXPORTED = (
    "number", "claim", "language", "first_seen", "last_seen", "copies", "hotline_reports",
    "copies_24h", "daily_mean_week_before", "state", "has_answer", "is_sample",
)  # fmt: skip


@guarded(Claim, VIEW)
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """Show claims in the order asked for, narrowed by what stands in the address."""
    actor = actor_of(request)
    form = ClaimFilterForm(request.GET, actor=actor)
    wanted = asked_for(request, form)
    at = selectors.as_of(actor, timezone.now())
    start = start_of(request)
    size = QUEUE_PAGE if wanted.sort == "harm" else PAGE
    rows = selectors.list_claims(actor, wanted, now=at, start=start, most=size)
    first, last, count = selectors.message_window(actor)
    context = {
        "form": form,
        "rows": said_rows(rows[:size]) if wanted.sort == "harm" else rows[:size],
        "next": address(request, start=start + size) if len(rows) > size else "",
        "previous": address(request, start=max(0, start - size)) if start else "",
        "at": at,
        "is_past": last is not None and at == last,
        "first": first,
        "count": count,
        "sort": wanted.sort,
        "most_growing": selectors.MOST_COMPARED,
        "query": request.GET.urlencode(),
        "may_export": policy_of(Claim).allows(actor, EXPORT),
        "may_read_messages": policy_of(Message).allows(actor, VIEW),
    }
    return render(request, "rumours/claim_list.html", context)


@guarded(Claim, EXPORT)
@require_safe
def claim_export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Send the narrowed list as CSV, at most `MOST_EXPORTED` claims."""
    actor = actor_of(request)
    now = timezone.now()
    wanted = asked_for(request, ClaimFilterForm(request.GET, actor=actor))
    at = selectors.as_of(actor, now)
    rows = selectors.list_claims(actor, wanted, now=at, most=MOST_EXPORTED)[:MOST_EXPORTED]
    services.record_export(actor=actor, rows=len(rows), now=now)
    response = StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="claims.csv"'
    return response


def _csv(rows: list[selectors.ListedClaim]) -> Iterator[str]:
    yield "\ufeff" + _line(EXPORTED)
    for row in rows:
        claim = row.claim
        yield _line(
            (
                claim.pk, _safe(claim.leader_text), claim.language, claim.first_seen.isoformat(),
                claim.last_seen.isoformat(), claim.copies, claim.tips, row.recent,
                f"{row.daily_before:.2f}", claim.state, int(row.has_answer), int(claim.is_sample),
            )
        )  # fmt: skip


def _line(values: tuple[Any, ...]) -> str:
    out = StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


def _safe(text: str) -> str:
    """Keep a spreadsheet from taking a message for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def claim_or_404(request: HttpRequest, claim_id: int) -> Claim:
    claim = selectors.claim_for(actor_of(request), claim_id)
    if claim is None:
        raise Http404(_("There is no such claim."))
    return claim


@guarded(Claim, VIEW)
@require_safe
def claim_page(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Show one claim: its curve, where and in which languages it is said, and its answers."""
    claim = claim_or_404(request, claim_id)
    if claim.merged_into_id is not None:
        toasts.info(request, _("Claim %(number)s was merged into this one.") % {"number": claim.pk})
        return redirect("rumours:claim", claim_id=claim.merged_into_id)
    return show_claim(request, claim)


def show_claim(
    request: HttpRequest, claim: Claim, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """Show a claim, with forms of its acting part that were filled in wrongly."""
    actor = actor_of(request)
    at = selectors.as_of(actor, timezone.now())
    end = max(claim.first_seen, min(at, claim.last_seen) if at < claim.last_seen else at)
    first, hourly = selectors.claim_history(actor, claim, until=end)
    may_read = policy_of(Message).allows(actor, VIEW)
    sample = (
        selectors.claim_messages(actor, claim, before=before_of(request), most=SAMPLE + 1)
        if may_read
        else []
    )
    more = sample[SAMPLE - 1] if len(sample) > SAMPLE else None
    named = selectors.claim_places(actor, claim)
    context = {
        "claim": claim,
        "chart": hourly_chart(first, hourly, is_running=timezone.now() - end < _AN_HOUR),
        "recent": int(hourly[-24:].sum()),
        "at": at,
        "places": named,
        "languages": [
            (_LANGUAGES.get(code, code), copies)
            for code, copies in selectors.claim_languages(actor, claim)
        ],
        "messages_sample": sample[:SAMPLE],
        "next": address(request, before=mark_of((more.published_at, more.pk))) if more else "",
        "is_first_page": before_of(request) is None,
        "may_read_messages": may_read,
        "give_url": give_address(
            actor,
            kind="rumours.check",
            title=_("Check and answer claim %(number)s") % {"number": claim.pk},
            url=reverse("rumours:claim", args=[claim.pk]),
        ),
    }
    context |= queue_context(request, claim, at=at, first=first, hourly=hourly, counted=named)
    context |= act_context(actor, claim, **forms)
    return render(request, "rumours/claim_page.html", context, status=status)
