"""The queue of the sample province: ranks, a suggestion, a merge, measures."""

from __future__ import annotations

from django.utils import timezone


def seed() -> None:
    """Rank the claims, suggest a pair, doubt a copy, measure."""
    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.rumours.models import (
        Claim,
        MergeSuggestion,
        Message,
        SplitSuggestion,
    )
    from qalqan.desk.rumours.services import measuring, merging, ranking

    now, actor = timezone.now(), SystemActor("tests")
    ranking.rank_claims(actor=actor, now=now)
    rows = list(Claim.objects.filter(merged_into__isnull=True, rank__isnull=False)
                .order_by("-rank__is_urgent", "-rank__score", "-pk")[:6])  # fmt: skip
    first, second = sorted(rows[:2], key=lambda claim: claim.pk)
    MergeSuggestion.objects.create(
        first=first, second=second, probability=0.81, suggested_at=now,
        reasons=["meaning 0.91", "number 3"], conflicts=["place"],
    )  # fmt: skip
    merging.merge_claims(actor=actor, source=rows[4], target=rows[0], now=now, probability=0.97)
    copy = Message.objects.filter(claim_number=rows[0].pk, opens_claim=False).first()
    if copy is not None:
        SplitSuggestion.objects.create(
            claim=rows[0], message=copy, probability=0.2, conflicts=["number"], suggested_at=now
        )
    ranking.rank_claims(actor=actor, now=now)
    measuring.measure(actor=actor, now=now)
