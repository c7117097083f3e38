"""Pages of claims and messages."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    EXPORT,
    VIEW,
    actor_of,
    guarded,
    policy_of,
)
from qalqan.desk.platform.work.giving import give_address
from qalqan.desk.rumours import selectors, services
from qalqan.desk.rumours.charts import hourly_chart
from qalqan.desk.rumours.forms import AnswerForm, ClaimFilterForm, MessageFilterForm, StatusForm
from qalqan.desk.rumours.models import Answer, Claim, Language, Message
from qalqan.errors import ConflictError, InputError

PAGE = 50
SAMPLE = 25
_AN_HOUR = timedelta(hours=1)
MOST_EXPORTED = 5_000
_LAST_START = 10_000
_LANGUAGES: dict[str, Any] = dict(Language.choices)
EXPORTED = (
    "number", "claim", "language", "first_seen", "last_seen", "copies", "hotline_reports",
    "copies_24h", "daily_mean_week_before", "status", "has_answer", "is_sample",
)  # fmt: skip


def _start(request: HttpRequest) -> int:
    text = request.GET.get("start", "0")
    return min(int(text), _LAST_START) if text.isascii() and text.isdigit() else 0


def _address(request: HttpRequest, **changes: Any) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"


def _before(request: HttpRequest) -> tuple[datetime, int] | None:
    """Read where a list goes on: a time in microseconds and a key, joined by a dash."""
    when, _dash, key = request.GET.get("before", "").partition("-")
    if not (when.isascii() and when.isdigit() and key.isascii() and key.isdigit()):
        return None
    if len(when) > 17 or len(key) > 18:
        return None
    return datetime.fromtimestamp(int(when) / 1e6, UTC), int(key)


def _mark(before: tuple[datetime, int] | None) -> str:
    if before is None:
        return ""
    return f"{round(before[0].timestamp() * 1e6)}-{before[1]}"


@guarded(Claim, VIEW)
@require_safe
def claim_list(request: HttpRequest) -> HttpResponse:
    """Show claims in the order asked for, narrowed by what stands in the address."""
    actor = actor_of(request)
    form = ClaimFilterForm(request.GET, actor=actor)
    wanted = form.as_filter()
    at = selectors.as_of(actor, timezone.now())
    start = _start(request)
    rows = selectors.list_claims(actor, wanted, now=at, start=start, most=PAGE)
    first, last, count = selectors.message_window(actor)
    context = {
        "form": form,
        "rows": rows[:PAGE],
        "next": _address(request, start=start + PAGE) if len(rows) > PAGE else "",
        "previous": _address(request, start=max(0, start - PAGE)) if start else "",
        "at": at,
        "is_past": last is not None and at == last,
        "first": first,
        "count": count,
        "sort": wanted.sort,
        "most_growing": selectors.MOST_GROWING,
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
    wanted = ClaimFilterForm(request.GET, actor=actor).as_filter()
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
                f"{row.daily_before:.2f}", claim.status, int(row.has_answer), int(claim.is_sample),
            )
        )  # fmt: skip


def _line(values: tuple[Any, ...]) -> str:
    out = StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()


def _safe(text: str) -> str:
    """Keep a spreadsheet from taking a message for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _claim_or_404(request: HttpRequest, claim_id: int) -> Claim:
    claim = selectors.claim_for(actor_of(request), claim_id)
    if claim is None:
        raise Http404(_("There is no such claim."))
    return claim


@guarded(Claim, VIEW)
@require_safe
def claim_page(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Show one claim: its curve, where and in which languages it is said, and its answers."""
    claim = _claim_or_404(request, claim_id)
    return _show_claim(request, claim, AnswerForm(initial=_initial(claim)))


def _initial(claim: Claim) -> dict[str, Any]:
    return {"language": claim.language, "published_at": timezone.localtime(timezone.now())}


def _show_claim(
    request: HttpRequest, claim: Claim, form: AnswerForm, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    at = selectors.as_of(actor, timezone.now())
    end = max(claim.first_seen, min(at, claim.last_seen) if at < claim.last_seen else at)
    first, hourly = selectors.claim_history(actor, claim, until=end)
    may_read = policy_of(Message).allows(actor, VIEW)
    sample = (
        selectors.claim_messages(actor, claim, before=_before(request), most=SAMPLE + 1)
        if may_read
        else []
    )
    more = sample[SAMPLE - 1] if len(sample) > SAMPLE else None
    context = {
        "claim": claim,
        "chart": hourly_chart(first, hourly, is_running=timezone.now() - end < _AN_HOUR),
        "recent": int(hourly[-24:].sum()),
        "at": at,
        "places": selectors.claim_places(actor, claim),
        "languages": [
            (_LANGUAGES.get(code, code), copies)
            for code, copies in selectors.claim_languages(actor, claim)
        ],
        "answers": list(selectors.answers_of(actor, claim)),
        "messages_sample": sample[:SAMPLE],
        "next": _address(request, before=_mark((more.published_at, more.pk))) if more else "",
        "is_first_page": _before(request) is None,
        "may_read_messages": may_read,
        "may_answer": policy_of(Answer).allows(actor, ADD),
        "may_change": policy_of(Claim).allows(actor, CHANGE),
        "give_url": give_address(
            actor,
            kind="rumours.check",
            title=_("Check and answer claim %(number)s") % {"number": claim.pk},
            url=reverse("rumours:claim", args=[claim.pk]),
        ),
        "form": form,
        "status_form": StatusForm(initial={"status": claim.status}),
    }
    return render(request, "rumours/claim_page.html", context, status=status)


@guarded(Answer, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def claim_answer(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Record an answer to a claim."""
    claim = _claim_or_404(request, claim_id)
    if request.method != "POST":
        return _show_claim(request, claim, AnswerForm(initial=_initial(claim)))
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            services.answer_claim(
                actor=actor_of(request), claim=claim, now=timezone.now(), **form.cleaned_data
            )
        except InputError as error:
            form.add_error(error.location.field if error.location else None, str(error.message))
        else:
            toasts.success(request, _("The answer was recorded."))
            return redirect("rumours:claim", claim_id=claim.pk)
    return _show_claim(request, claim, form, status=422)


@guarded(Claim, CHANGE)
@require_POST
def claim_status(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Watch a claim, close it or take it up again."""
    claim = _claim_or_404(request, claim_id)
    form = StatusForm(request.POST)
    if form.is_valid():
        services.set_status(
            actor=actor_of(request),
            claim=claim,
            status=form.cleaned_data["status"],
            now=timezone.now(),
        )
        toasts.success(request, _("The status was changed."))
    else:
        toasts.error(request, _("There is no such status."))
    return redirect("rumours:claim", claim_id=claim.pk)


@guarded(Message, VIEW)
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    """Search the messages, newest first."""
    actor = actor_of(request)
    form = MessageFilterForm(request.GET, actor=actor)
    form.is_valid()
    chosen = form.cleaned_data
    found = selectors.find_messages(
        actor,
        query=chosen.get("q") or "",
        kind=chosen.get("kind") or "",
        language=chosen.get("language") or "",
        place_ids=form.place_ids(),
        since=chosen.get("since"),
        until=chosen.get("until"),
        before=_before(request),
        most=PAGE,
    )
    mark = _mark(found.next_before)
    context = {
        "form": form,
        "found": found,
        "next": _address(request, before=mark) if mark else "",
        "query": request.GET.urlencode(),
        "most_found": selectors.MOST_FOUND,
        "may_open": policy_of(Claim).allows(actor, CHANGE),
        "with_claim": selectors.claims_among(actor, [m.claim_number for m in found.messages]),
    }
    return render(request, "rumours/message_list.html", context)


@guarded(Claim, CHANGE)
@require_POST
def message_open(request: HttpRequest, message_id: int) -> HttpResponse:
    """Make a claim of a message that nobody has repeated yet."""
    actor = actor_of(request)
    message = selectors.messages(actor).filter(pk=message_id).first()
    if message is None:
        raise Http404(_("There is no such message."))
    try:
        services.open_claim(actor=actor, message=message, now=timezone.now())
    except ConflictError as error:
        toasts.info(request, str(error.message))
    return redirect("rumours:claim", claim_id=message.claim_number)
