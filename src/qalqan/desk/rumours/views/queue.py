"""Pages and acts of the queue: severity, merging, splitting, hours, measures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.desk.rumours import selectors, words
from qalqan.desk.rumours.forms_queue import (
    HoursForm,
    MergeForm,
    MinutesForm,
    SeverityForm,
    SplitForm,
)
from qalqan.desk.rumours.models import (
    Claim,
    ClaimMerge,
    MeasureEdition,
    MergeSuggestion,
    SplitSuggestion,
    WorkMinutes,
)
from qalqan.desk.rumours.selectors import merges, planning, queueing
from qalqan.desk.rumours.services import merging, ranking
from qalqan.errors import QalqanError


def claim_or_404(request: HttpRequest, claim_id: int) -> Claim:
    """Return a claim that the reader may see."""
    claim = selectors.claim_for(actor_of(request), claim_id)
    if claim is None:
        raise Http404(_("There is no such claim."))
    return claim


def _try(request: HttpRequest, act: Callable[[], Any], done: str) -> Any:
    """Carry out an act and say how it went; return what it returned, or nothing."""
    try:
        result = act()
    except QalqanError as error:
        toasts.error(request, str(error.message))
        return None
    toasts.success(request, done)
    return result


@guarded(Claim, CHANGE)
@require_POST
def severity(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Say how severe a claim is."""
    claim = claim_or_404(request, claim_id)
    form = SeverityForm(request.POST)
    if form.is_valid():
        _try(
            request,
            lambda: ranking.set_severity(
                actor=actor_of(request), claim=claim, now=timezone.now(), **form.cleaned_data
            ),
            _("The severity was recorded."),
        )
    else:
        toasts.error(request, _("There is no such severity."))
    return redirect("rumours:claim", claim_id=claim.pk)


@guarded(Claim, VIEW)
@require_safe
def credibility(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Lay out how specific and how corroborated a threat is, and how such claims ended before."""
    claim = claim_or_404(request, claim_id)
    actor = actor_of(request)
    rank = queueing.rank_of(actor, claim)
    sheet = planning.credibility(actor, claim)
    context = {
        "claim": claim,
        "sheet": sheet,
        "details": words.details_of(sheet),
        "rank": rank,
        "triggers": words.triggers_of(rank) if rank else [],
        "severity_form": SeverityForm(
            initial={
                "severity": claim.severity
                or (rank.suggested_severity if rank else Claim.Severity.OTHER)
            }
        ),
        "may_change": policy_of(Claim).allows(actor, CHANGE),
    }
    return render(request, "rumours/queue/credibility.html", context)


@guarded(MergeSuggestion, VIEW)
@require_safe
def suggestion_list(request: HttpRequest) -> HttpResponse:
    """Show the claims that may say the same, most probable first."""
    actor = actor_of(request)
    rows = [words.said_pair(row) for row in merges.open_suggestions(actor)]
    context = {
        "rows": rows,
        "most": merges.MOST_SHOWN,
        "recent": merges.recent_merges(actor),
        "may_change": policy_of(MergeSuggestion).allows(actor, CHANGE),
    }
    return render(request, "rumours/queue/suggestions.html", context)


@guarded(MergeSuggestion, CHANGE)
@require_POST
def suggestion_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge the two claims of a suggestion, or say that they are not the same."""
    actor = actor_of(request)
    row = merges.suggestion_for(actor, pk)
    if row is None:
        raise Http404(_("There is no such suggestion."))
    now = timezone.now()
    if request.POST.get("decision") == "merge":
        done = _try(
            request,
            lambda: merging.accept_merge(actor=actor, suggestion=row, now=now),
            _("The claims were merged. This can be undone on the page of the claim."),
        )
        if done is not None and request.POST.get("back") == "claim":
            return redirect("rumours:claim", claim_id=done.target_id)
    elif request.POST.get("decision") == "apart":
        _try(
            request,
            lambda: merging.reject_merge(actor=actor, suggestion=row, now=now),
            _("They stay apart and are not suggested again."),
        )
        if request.POST.get("back") == "claim":
            return redirect("rumours:claim", claim_id=row.first_id)
    return redirect("rumours:suggestions")


@guarded(ClaimMerge, ADD)
@require_POST
def merge(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Merge a claim into the one whose number was typed."""
    claim = claim_or_404(request, claim_id)
    form = MergeForm(request.POST)
    target = (
        selectors.claim_for(actor_of(request), form.cleaned_data["target"])
        if form.is_valid()
        else None
    )
    if target is None:
        toasts.error(request, _("There is no claim with this number."))
        return redirect("rumours:claim", claim_id=claim.pk)
    _try(
        request,
        lambda: merging.merge_claims(
            actor=actor_of(request), source=claim, target=target, now=timezone.now()
        ),
        _("The claims were merged. This can be undone on the page of the claim."),
    )
    return redirect("rumours:claim", claim_id=claim.pk)


@guarded(ClaimMerge, CHANGE)
@require_POST
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merged claim out again."""
    actor = actor_of(request)
    row = merges.merge_for(actor, pk)
    if row is None:
        raise Http404(_("There is no such merge."))
    _try(
        request,
        lambda: merging.undo_merge(actor=actor, merge=row, now=timezone.now()),
        _("The merge was undone; both claims have their own counts again."),
    )
    return redirect("rumours:claim", claim_id=row.source_id)


@guarded(Claim, CHANGE)
@require_POST
def split(request: HttpRequest, claim_id: int) -> HttpResponse:
    """Make a claim of its own of the chosen copies."""
    claim = claim_or_404(request, claim_id)
    form = SplitForm(request.POST)
    ids = form.chosen()
    new = _try(
        request,
        lambda: merging.split_claim(
            actor=actor_of(request), claim=claim, message_ids=ids, now=timezone.now()
        ),
        _("The copies are a claim of their own now. Merge them to put them back."),
    )
    return redirect("rumours:claim", claim_id=new.pk if new else claim.pk)


@guarded(SplitSuggestion, CHANGE)
@require_POST
def doubt_reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a copy belongs where it is."""
    actor = actor_of(request)
    row = merges.doubt_for(actor, pk)
    if row is None:
        raise Http404(_("There is no such suggestion."))
    _try(
        request,
        lambda: merging.reject_split(actor=actor, suggestion=row, now=timezone.now()),
        _("The copy stays where it is."),
    )
    return redirect("rumours:claim", claim_id=row.claim_id)


@guarded(Claim, VIEW)
@require_safe
def attention(request: HttpRequest) -> HttpResponse:
    """Lay out what to do with a number of staff-hours, and what that leaves."""
    actor = actor_of(request)
    form = HoursForm(request.GET or None)
    hours = form.hours_given()
    plan = planning.plan(actor, hours=hours)
    context = {
        "form": form,
        "hours": hours,
        "plan": plan,
        "planned": planning.MOST_PLANNED,
        "minutes_form": MinutesForm(initial=queueing.minutes_by_state()),
        "may_change": policy_of(WorkMinutes).allows(actor, CHANGE),
        "now": timezone.now(),
    }
    return render(request, "rumours/queue/attention.html", context)


@guarded(WorkMinutes, CHANGE)
@require_POST
def minutes(request: HttpRequest) -> HttpResponse:
    """Say how many minutes a claim in each state still needs."""
    form = MinutesForm(request.POST)
    if form.is_valid():
        _try(
            request,
            lambda: ranking.set_minutes(
                actor=actor_of(request), minutes=form.cleaned_data, now=timezone.now()
            ),
            _("The minutes were recorded; the queue follows within a minute."),
        )
    else:
        toasts.error(request, _("Minutes must lie between 1 and 600."))
    return redirect("rumours:attention")


@guarded(MeasureEdition, VIEW)
@require_safe
def measures(request: HttpRequest) -> HttpResponse:
    """Show how long answers take, with what is still open counted as open."""
    from qalqan.desk.rumours.selectors import measured

    edition = measured.latest(actor_of(request))
    if edition is None:
        return render(request, "rumours/queue/measures.html", {"edition": None, "said": None})
    content = measured.narrowed(edition.content, request.GET.get("of", ""))
    context = {
        "edition": edition,
        "said": words.said_measures(content, edition.computed_at),
        "scopes": [
            {"code": code, "label": words.scope_label(code, content),
             "is_current": code == content["scope"]}
            for code in measured.SCOPES
        ],
    }  # fmt: skip
    return render(request, "rumours/queue/measures.html", context)
