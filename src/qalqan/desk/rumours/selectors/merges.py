"""Merges, and what the worker suggests to merge or take out."""

from __future__ import annotations

from django.db.models import Q

from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours import states
from qalqan.desk.rumours.models import (
    Claim,
    ClaimMerge,
    MergeSuggestion,
    SplitSuggestion,
    Suggestion,
)

MOST_SHOWN = 50


def open_suggestions(actor: Actor, claim: Claim | None = None) -> list[MergeSuggestion]:
    """Return the suggestions to merge that wait for a person, most probable first.

    Parameters
    ----------
    claim
        Only those that touch this claim; by default all that touch an open one.
    """
    rows = MergeSuggestion.objects.visible_to(actor).filter(
        state=Suggestion.OPEN, first__merged_into__isnull=True, second__merged_into__isnull=True
    )
    if claim is not None:
        rows = rows.filter(Q(first=claim) | Q(second=claim))
    else:
        rows = rows.filter(Q(first__state__in=states.OPEN) | Q(second__state__in=states.OPEN))
    return list(rows.select_related("first", "second").order_by("-probability", "pk")[:MOST_SHOWN])


def suggestion_for(actor: Actor, pk: int) -> MergeSuggestion | None:
    """Return one suggestion to merge."""
    return MergeSuggestion.objects.visible_to(actor).filter(pk=pk).first()


def merge_for(actor: Actor, pk: int) -> ClaimMerge | None:
    """Return one merge."""
    return ClaimMerge.objects.visible_to(actor).filter(pk=pk).first()


def merges_into(actor: Actor, claim: Claim) -> list[ClaimMerge]:
    """Return the merges that are not undone and brought others to a claim, newest first."""
    rows = ClaimMerge.objects.visible_to(actor).filter(
        source__merged_into=claim, undone_at__isnull=True
    )
    return list(rows.select_related("source", "merged_by").order_by("-merged_at", "-pk"))


def recent_merges(actor: Actor, *, most: int = 20) -> list[ClaimMerge]:
    """Return the newest merges that are not undone."""
    rows = ClaimMerge.objects.visible_to(actor).filter(undone_at__isnull=True)
    rows = rows.select_related("source", "target", "merged_by")
    return list(rows.order_by("-merged_at", "-pk")[:most])


def doubts_about(actor: Actor, claim: Claim) -> list[SplitSuggestion]:
    """Return the copies that may say something else than a claim, most doubtful first."""
    rows = SplitSuggestion.objects.visible_to(actor).filter(
        Q(claim=claim) | Q(claim__merged_into=claim), state=Suggestion.OPEN
    )
    return list(rows.select_related("message").order_by("probability", "pk")[:MOST_SHOWN])


def doubt_for(actor: Actor, pk: int) -> SplitSuggestion | None:
    """Return one suggestion to take a copy out."""
    return SplitSuggestion.objects.visible_to(actor).filter(pk=pk).first()
