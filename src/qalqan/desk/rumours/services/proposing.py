"""What the worker proposes: claims to merge, copies to take out, earlier answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.rumours import states, weighing
from qalqan.desk.rumours.models import (
    Answer,
    Claim,
    ClaimMatch,
    ClaimMerge,
    ClaimRank,
    MergeSuggestion,
    Message,
    SplitSuggestion,
)
from qalqan.desk.rumours.services.merging import accept_merge, root_of
from qalqan.errors import ConflictError

MOST_NEW = 40
"""Claims compared in one turn of the worker; each text takes tens of milliseconds to embed."""
MOST_LEADERS = 1_500
MOST_MATCHED = 60
_COMPARED_BACK = timedelta(days=30)
_MOST_COPIES_READ = 400
_MOST_WORDINGS = 8
_LEAST_SHOWN = 0.02


def propose(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Compare claims that are new in the queue with the others, and their copies with them.

    Certain pairs are merged by the desk itself where ``QALQAN_MERGE_BY_ITSELF`` is on; a negation,
    number, place or date in conflict never is, nor what somebody works on, goes round the queue or
    would land in a claim that waits for nobody. All others that are probable enough are suggested.

    Returns
    -------
    dict
        How many were ``compared``, ``merged``, ``suggested``, and copies ``doubted``.

    Raises
    ------
    RefusedError
        The actor may not merge claims.
    """
    require(actor, ADD, ClaimMerge)
    new = list(
        ClaimRank.objects.filter(compared_at__isnull=True)
        .order_by("-is_urgent", "-score", "-claim_id")
        .values_list("claim_id", flat=True)[:MOST_NEW]
    )
    done = {"compared": len(new), "merged": 0, "suggested": 0, "doubted": 0}
    if not new:
        return done
    for proposal in _proposals(new, now):
        outcome = _take(actor, proposal, now)
        if outcome:
            done[outcome] += 1
    done["doubted"] = sum(_doubt(actor, pk, now) for pk in new)
    with transaction.atomic():
        ClaimRank.objects.filter(claim__in=new).update(compared_at=now)
        record(actor=actor, action="rumours.propose_merges", subject="claims", now=now,
               detail=dict(done))  # fmt: skip
    return done


def _proposals(new: list[int], now: datetime) -> Iterable[Any]:
    from qalqan.science.rumours.merge import propose_merges

    others = (
        Claim.objects.filter(merged_into__isnull=True, last_seen__gte=now - _COMPARED_BACK)
        .exclude(pk__in=new)
        .order_by("-copies", "-pk")
        .values_list("pk", "leader_text")[:MOST_LEADERS]
    )
    leaders = [*Claim.objects.filter(pk__in=new).values_list("pk", "leader_text"), *others]
    return propose_merges(leaders, new, embedder=weighing.embedder())


@transaction.atomic
def _take(actor: Actor, proposal: Any, now: datetime) -> str:
    """Store one proposal, or carry it out; say which, or nothing where there is nothing to do."""
    from qalqan.science.rumours.merge import Decision

    judged = proposal.judgement
    if judged.decision is Decision.APART:
        return ""
    first, second = sorted((proposal.first, proposal.second))
    if root_of(first).pk == root_of(second).pk:
        return ""
    row, is_new = MergeSuggestion.objects.get_or_create(
        first_id=first,
        second_id=second,
        defaults={
            "probability": judged.probability,
            "reasons": list(judged.reasons),
            "conflicts": [str(conflict) for conflict in judged.conflicts],
            "suggested_at": now,
        },
    )
    if not is_new:
        return ""
    is_certain = judged.decision is Decision.MERGE
    if is_certain and settings.QALQAN_MERGE_BY_ITSELF and _may_go_unseen(first, second):
        try:
            accept_merge(actor=actor, suggestion=row, now=now, by_itself=True)
        except ConflictError:
            return "suggested"
        return "merged"
    return "suggested"


def _may_go_unseen(one: int, other: int) -> bool:
    """Tell whether merging two claims takes nothing out of somebody's hands or out of the queue."""
    older, younger = sorted((root_of(one), root_of(other)), key=lambda c: (c.first_seen, c.pk))
    if younger.state not in (Claim.State.NEW, Claim.State.TRIAGE) or older.state not in states.OPEN:
        return False
    return not ClaimRank.objects.filter(claim=younger, is_urgent=True).exists()


@transaction.atomic
def _doubt(actor: Actor, claim_id: int, now: datetime) -> int:
    """Suggest to take out wordings that contradict the first one."""
    from qalqan.science.rumours.merge import Decision, judge_pairs

    claim = Claim.objects.get(pk=claim_id)
    if claim.merged_into_id is not None:
        return 0
    rows = Message.objects.filter(claim_number=claim_id, opens_claim=False).order_by("pk")
    wordings: dict[str, int] = {}
    for pk, text in rows.values_list("pk", "text")[:_MOST_COPIES_READ]:
        if text != claim.leader_text and len(wordings) < _MOST_WORDINGS:
            wordings.setdefault(text, pk)
    if not wordings:
        return 0
    judged = judge_pairs(
        [claim.leader_text] * len(wordings), list(wordings), embedder=weighing.embedder()
    )
    doubts = 0
    for pk, judgement in zip(wordings.values(), judged, strict=True):
        if not judgement.conflicts or judgement.decision is Decision.MERGE:
            continue
        _row, is_new = SplitSuggestion.objects.get_or_create(
            message_id=pk,
            defaults={
                "claim": claim,
                "probability": judgement.probability,
                "conflicts": [str(conflict) for conflict in judgement.conflicts],
                "suggested_at": now,
            },
        )
        doubts += is_new
    return doubts


def match_claims(*, actor: Actor, now: datetime) -> int:
    """Look for earlier answers to the claims first in the queue; return how many were looked at.

    A claim is looked at again when something was answered or withdrawn since.

    Raises
    ------
    RefusedError
        The actor may not change claims.
    """
    from qalqan.science.rumours.match import AnsweredClaim, AnsweredIndex

    require(actor, CHANGE, Claim)
    answers = _standing_answers()
    changes = Answer.objects.aggregate(said=Max("published_at"), taken=Max("withdrawn_at"))
    due = Q(matched_at__isnull=True)
    for newest in filter(None, changes.values()):
        due |= Q(matched_at__lt=newest)
    ranks = list(ClaimRank.objects.filter(due).select_related("claim").order_by(
        "-is_urgent", "-score", "-claim_id")[:MOST_MATCHED])  # fmt: skip
    if not ranks:
        return 0
    known = [
        AnsweredClaim(root or pk, text)
        for pk, root, text in answers.values_list(
            "claim_id", "claim__merged_into", "claim__leader_text"
        )
    ]
    found: list[list[Any]] = [[] for _rank in ranks]
    if known:
        index = AnsweredIndex(known, embedder=weighing.embedder())
        found = index.match([rank.claim.leader_text for rank in ranks], 4)
    with transaction.atomic():
        for rank, matches in zip(ranks, found, strict=True):
            _keep_matches(rank, matches, now)
        record(actor=actor, action="rumours.match_claims", subject="claims", now=now,
               detail={"claims": len(ranks), "answered": len(known)})  # fmt: skip
    return len(ranks)


def _standing_answers() -> Any:
    rows = Answer.objects.filter(published_at__isnull=False)
    return rows.exclude(state=Answer.State.WITHDRAWN)


def _keep_matches(rank: ClaimRank, matches: Iterable[Any], now: datetime) -> None:
    ClaimMatch.objects.filter(claim_id=rank.claim_id).delete()
    no_match = 1.0
    for match in matches:
        if match.id is None:
            no_match = match.probability
        elif match.probability >= _LEAST_SHOWN and match.id != rank.claim_id:
            ClaimMatch.objects.create(
                claim_id=rank.claim_id, answered_id=int(match.id), probability=match.probability,
                reasons=list(match.reasons), as_of=now,
            )  # fmt: skip
    is_changed = abs(no_match - rank.no_match) > 0.01
    ClaimRank.objects.filter(pk=rank.pk).update(
        no_match=no_match, matched_at=now, **({"copies_seen": 0} if is_changed else {})
    )
