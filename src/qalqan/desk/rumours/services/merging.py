"""Taking claims together and apart again; every merge can be undone.

Messages keep the number of the group that said it first; which claim a group is counted for
follows from the merges that are not undone. So counts are never guessed back: what undoing must
restore is counted anew from the messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.rumours import claim_cache, storage
from qalqan.desk.rumours.models import (
    Claim,
    ClaimMerge,
    ClaimRank,
    MergeSuggestion,
    Message,
    SplitSuggestion,
    Suggestion,
    Tally,
)
from qalqan.desk.rumours.services.storing import add_copies
from qalqan.desk.rumours.storage import Leader
from qalqan.errors import ConflictError, InputError, Location

if TYPE_CHECKING:
    from qalqan.desk.platform.accounts.models import User

MOST_MOVED = 1_000


@transaction.atomic
def merge_claims(
    *,
    actor: Actor,
    source: Claim,
    target: Claim,
    now: datetime,
    probability: float | None = None,
) -> ClaimMerge:
    """Count a claim with another one from now on, its past and its later copies alike.

    Parameters
    ----------
    source
        The claim that goes; its page leads to the other.
    target
        The claim that stays; where it was merged itself, the one it was merged into.
    probability
        How probable it was that both say the same, where that was computed.

    Raises
    ------
    ConflictError
        The source was merged before, or both are one claim already.
    RefusedError
        The actor may not merge claims.
    """
    require(actor, ADD, ClaimMerge)
    _lock()
    going: Claim = Claim.objects.select_for_update().get(pk=source.pk)
    if going.merged_into_id is not None:
        raise ConflictError(_("This claim was merged into another one already."))
    staying = root_of(target.pk)
    if staying.pk == going.pk:
        raise ConflictError(_("Both are the same claim already."))
    merge = ClaimMerge.objects.create(
        source=going, target=staying, state_before=going.state, since_before=going.state_since,
        probability=probability, merged_at=now, merged_by=_account(actor),
    )  # fmt: skip
    storage.move_counts(going.pk, staying.pk)
    Claim.objects.filter(merged_into=going).update(merged_into=staying)
    going.merged_into, going.state, going.state_since = staying, Claim.State.DUPLICATE, now
    going.save(update_fields=["merged_into", "state", "state_since"])
    ClaimRank.objects.filter(claim__in=[going, staying]).update(copies_seen=0)
    record(
        actor=actor, action="rumours.merge_claims", subject=staying, now=now,
        detail={"merge": merge.pk, "source": going.pk, "probability": probability},
    )  # fmt: skip
    return merge


@transaction.atomic
def undo_merge(*, actor: Actor, merge: ClaimMerge, now: datetime) -> Claim:
    """Take a merged claim out again, with all that was its own; return it.

    Raises
    ------
    ConflictError
        The merge was undone already.
    RefusedError
        The actor may not undo merges.
    """
    require(actor, CHANGE, ClaimMerge, merge)
    _lock()
    row: ClaimMerge = ClaimMerge.objects.select_for_update().get(pk=merge.pk)
    if row.undone_at is not None:
        raise ConflictError(_("This merge was undone already."))
    claim: Claim = Claim.objects.select_for_update().get(pk=row.source_id)
    held_by = claim.merged_into_id or row.target_id
    row.undone_at, row.undone_by = now, _account(actor)
    row.save(update_fields=["undone_at", "undone_by"])
    below = _merged_below(claim.pk)
    Claim.objects.filter(pk__in=below).update(merged_into=claim)
    claim.merged_into = None
    claim.state, claim.state_since = row.state_before, row.since_before
    claim.save(update_fields=["merged_into", "state", "state_since"])
    recount(held_by)
    recount(claim.pk)
    ClaimRank.objects.filter(claim__in=[held_by, claim.pk]).update(copies_seen=0)
    _reject_pair(actor, claim.pk, held_by, now)
    record(
        actor=actor, action="rumours.undo_merge", subject=claim, now=now,
        detail={"merge": row.pk, "from": held_by},
    )  # fmt: skip
    claim.refresh_from_db()
    return claim


@transaction.atomic
def split_claim(*, actor: Actor, claim: Claim, message_ids: Sequence[int], now: datetime) -> Claim:
    """Make a claim of its own of some copies of another; later messages like them follow.

    The oldest of the messages leads the new claim. To put them back, merge it again.

    Raises
    ------
    ConflictError
        A message is the first wording of a claim, or is counted for another claim.
    InputError
        No message was chosen, or more than `MOST_MOVED`.
    RefusedError
        The actor may not change claims.
    """
    require(actor, CHANGE, Claim, claim)
    chosen = sorted(set(message_ids))
    if not chosen:
        raise InputError(_("Choose the messages to take out."), location=Location(field="messages"))
    if len(chosen) > MOST_MOVED:
        raise InputError(
            _("More than %(most)s messages cannot be taken out at once; nothing was moved. Take "
              "out the first ones, then the rest, and merge the new claims.")
            % {"most": MOST_MOVED},
            location=Location(field="messages"),
        )  # fmt: skip
    tally = _lock()
    root = root_of(claim.pk)
    moved = list(
        Message.objects.select_for_update()
        .filter(pk__in=chosen, claim_number__in=family(root.pk))
        .order_by("published_at", "pk")
    )
    if len(moved) != len(chosen):
        raise ConflictError(_("A chosen message does not belong to this claim any more."))
    if any(message.opens_claim for message in moved):
        raise ConflictError(_("The first wording of a claim cannot be taken out of it."))
    number = _number_for(tally, moved[0])
    Message.objects.filter(pk__in=chosen).update(claim_number=number)
    Message.objects.filter(pk=moved[0].pk).update(opens_claim=True)
    storage.insert_claims(storage.leaders([number]))
    recount(root.pk)
    recount(number)
    SplitSuggestion.objects.filter(message__in=chosen).update(state=Suggestion.ACCEPTED)
    ClaimRank.objects.filter(claim=root).update(copies_seen=0)
    new: Claim = Claim.objects.get(pk=number)
    record(
        actor=actor, action="rumours.split_claim", subject=new, now=now,
        detail={"from": root.pk, "messages": len(moved)},
    )  # fmt: skip
    return new


@transaction.atomic
def accept_merge(
    *, actor: Actor, suggestion: MergeSuggestion, now: datetime, by_itself: bool = False
) -> ClaimMerge:
    """Merge the two claims of a suggestion, the younger into the older.

    Raises
    ------
    ConflictError
        It was decided already, or both are one claim by now.
    RefusedError
        The actor may not merge claims.
    """
    row = _open_suggestion(actor, suggestion)
    older, younger = sorted(
        (root_of(row.first_id), root_of(row.second_id)), key=lambda c: (c.first_seen, c.pk)
    )
    merge = merge_claims(
        actor=actor, source=younger, target=older, now=now, probability=row.probability
    )
    row.state = Suggestion.BY_ITSELF if by_itself else Suggestion.ACCEPTED
    row.decided_at, row.decided_by = now, _account(actor)
    row.save(update_fields=["state", "decided_at", "decided_by"])
    return merge


@transaction.atomic
def reject_merge(*, actor: Actor, suggestion: MergeSuggestion, now: datetime) -> MergeSuggestion:
    """Say that two claims are not the same; they are not suggested again.

    Raises
    ------
    ConflictError
        It was decided already.
    RefusedError
        The actor may not decide.
    """
    row = _open_suggestion(actor, suggestion)
    row.state, row.decided_at, row.decided_by = Suggestion.REJECTED, now, _account(actor)
    row.save(update_fields=["state", "decided_at", "decided_by"])
    record(
        actor=actor, action="rumours.reject_merge", subject=row, now=now,
        detail={"first": row.first_id, "second": row.second_id},
    )  # fmt: skip
    return row


@transaction.atomic
def reject_split(*, actor: Actor, suggestion: SplitSuggestion, now: datetime) -> SplitSuggestion:
    """Say that a copy belongs where it is.

    Raises
    ------
    ConflictError
        It was decided already.
    RefusedError
        The actor may not decide.
    """
    require(actor, CHANGE, SplitSuggestion, suggestion)
    row: SplitSuggestion = SplitSuggestion.objects.select_for_update().get(pk=suggestion.pk)
    if row.state != Suggestion.OPEN:
        raise ConflictError(_("This suggestion was decided already."))
    row.state = Suggestion.REJECTED
    row.save(update_fields=["state"])
    record(actor=actor, action="rumours.reject_split", subject=row, now=now)
    return row


def family(root_id: int) -> list[int]:
    """Return the numbers of all groups that are counted for a claim, its own first."""
    merged = Claim.objects.filter(merged_into=root_id).order_by("pk").values_list("pk", flat=True)
    return [root_id, *merged]


def root_of(claim_id: int) -> Claim:
    """Return the claim that a claim is counted for: itself, or the one it was merged into."""
    claim: Claim = Claim.objects.select_related("merged_into").get(pk=claim_id)
    return claim.merged_into or claim


def recount(root_id: int) -> None:
    """Count a claim anew from its messages: copies, tips, times, hours, places, languages."""
    rows = (
        Message.objects.filter(claim_number__in=family(root_id))
        .order_by("published_at")
        .values_list("text", "language", "published_at", "place_id", "kind", "is_sample")
    )
    copies = [Leader(root_id, "", *row[1:]) for row in rows.iterator(chunk_size=10_000)]
    storage.forget_counts(root_id, copies[0].published_at)
    add_copies(copies)


def _number_for(tally: Tally, message: Message) -> int:
    """Give a message the next number, as if it had opened a claim just now."""
    tally.claims += 1
    tally.mark = claim_cache.next_mark(bytes(tally.mark), [bytes(message.content_id)])
    tally.save(update_fields=["claims", "mark"])
    return int(tally.claims)


def _merged_below(claim_id: int) -> list[int]:
    """Return the claims that came to a claim before it was merged itself."""
    found: list[int] = []
    edge = [claim_id]
    while edge:
        edge = list(
            ClaimMerge.objects.filter(target__in=edge, undone_at__isnull=True).values_list(
                "source_id", flat=True
            )
        )
        found.extend(edge)
    return found


def _lock() -> Tally:
    """Lock the row that all writers of messages lock, so that no copy slips between."""
    row: Tally
    row, _created = Tally.objects.select_for_update().get_or_create(pk=1)
    return row


def _open_suggestion(actor: Actor, suggestion: MergeSuggestion) -> MergeSuggestion:
    require(actor, CHANGE, MergeSuggestion, suggestion)
    row: MergeSuggestion = MergeSuggestion.objects.select_for_update().get(pk=suggestion.pk)
    if row.state != Suggestion.OPEN:
        raise ConflictError(_("This suggestion was decided already."))
    return row


def _reject_pair(actor: Actor, one: int, other: int, now: datetime) -> None:
    """Keep the desk from proposing again what a person has just taken apart."""
    MergeSuggestion.objects.update_or_create(
        first_id=min(one, other),
        second_id=max(one, other),
        defaults={
            "state": Suggestion.REJECTED, "decided_at": now, "decided_by": _account(actor),
        },
        create_defaults={
            "state": Suggestion.REJECTED, "decided_at": now, "decided_by": _account(actor),
            "probability": 0.0, "suggested_at": now,
        },
    )  # fmt: skip


def _account(actor: Actor) -> User | None:
    from django.contrib.auth import get_user_model

    return actor if isinstance(actor, get_user_model()) else None
