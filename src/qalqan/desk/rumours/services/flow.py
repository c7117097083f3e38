"""The way of a claim through the desk: one function an act, each with its audit row."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import CHANGE, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.rumours import states
from qalqan.desk.rumours.models import Claim, ClaimHour
from qalqan.errors import ConflictError, InputError, Location

if TYPE_CHECKING:
    from qalqan.desk.platform.accounts.models import User

_LONGEST_REASON = 200
_MOST = 1_000
S = Claim.State


def account_of(actor: Actor) -> User | None:
    """Return the account behind an actor; nothing for the desk itself."""
    return actor if isinstance(actor, get_user_model()) else None


def reason_of(text: str) -> str:
    """Return a reason that was given, screened and cut.

    Raises
    ------
    InputError
        There is none.
    """
    clean = screen(" ".join(text.split())).text[:_LONGEST_REASON]
    if not clean:
        raise InputError(_("Say why."), location=Location(field="reason"))
    return clean


def locked(actor: Actor, claim: Claim) -> Claim:
    """Return the claim as it is now, locked; refuse who may not work on claims."""
    require(actor, CHANGE, Claim, claim)
    row: Claim = Claim.objects.select_for_update().get(pk=claim.pk)
    return row


def move(
    row: Claim,
    after: str,
    *,
    now: datetime,
    owner: User | None = None,
    only_from: frozenset[S] | None = None,
) -> str:
    """Put a locked claim into another state and return the one before.

    Parameters
    ----------
    only_from
        The states from which this act leads there, where the table allows more.

    Raises
    ------
    ConflictError
        The table of states does not allow it.
    """
    before = str(row.state)
    if not states.may_follow(before, after) or (only_from and before not in only_from):
        raise ConflictError(
            _("A claim that is “%(before)s” cannot become “%(after)s”.")
            % {"before": S(before).label, "after": S(after).label}
        )
    row.state, row.state_since = after, now
    row.owner = owner if after in states.OWNED else None
    row.save(update_fields=["state", "state_since", "owner"])
    return before


def _step(
    actor: Actor,
    claim: Claim,
    after: str,
    act: str,
    now: datetime,
    only_from: frozenset[S] | None = None,
    by_owner: bool = False,
    **detail: Any,
) -> Claim:
    row = locked(actor, claim)
    if by_owner:
        refuse_others(actor, row)
    before = move(row, after, now=now, only_from=only_from)
    _note(actor, row, act, now, {"from": before, **detail})
    return row


def refuse_others(actor: Actor, row: Claim) -> None:
    """Refuse who would act for the person that checks a claim, without a logged takeover.

    Raises
    ------
    ConflictError
        Somebody else checks it.
    """
    account = account_of(actor)
    is_held = row.state in states.OWNED and row.owner_id is not None
    if is_held and account is not None and row.owner_id != account.pk:
        raise ConflictError(
            _("%(name)s checks this claim. Take it over with a reason.") % {"name": row.owner}
        )


def _note(actor: Actor, row: Claim, act: str, now: datetime, detail: dict[str, Any]) -> None:
    record(actor=actor, action=f"rumours.{act}", subject=row, now=now, detail=detail)


@transaction.atomic
def triage_claim(*, actor: Actor, claim: Claim, now: datetime) -> Claim:
    """Say that a claim deserves a look; also takes up one that was closed.

    Raises
    ------
    ConflictError
        It is neither new nor closed.
    RefusedError
        The actor may not change claims.
    """
    return _step(actor, claim, S.TRIAGE, "triage_claim", now, frozenset({S.NEW, S.CLOSED}))


@transaction.atomic
def take_claim(*, actor: Actor, claim: Claim, now: datetime) -> Claim:
    """Begin to check a claim; from now on the actor answers for it.

    Raises
    ------
    ConflictError
        Somebody checks it already, or its state does not allow it.
    """
    row = locked(actor, claim)
    if row.state in states.OWNED and row.owner_id is not None:
        raise ConflictError(
            _("%(name)s checks this claim. Take it over with a reason.") % {"name": row.owner}
        )
    before = move(row, S.CHECKING, now=now, owner=account_of(actor), only_from=states.FREE)
    _note(actor, row, "take_claim", now, {"from": before})
    return row


@transaction.atomic
def take_over_claim(*, actor: Actor, claim: Claim, reason: str, now: datetime) -> Claim:
    """Take a claim that somebody else checks; the reason is logged.

    Raises
    ------
    ConflictError
        Nobody checks it, or the actor does already.
    InputError
        No reason was given.
    """
    row = locked(actor, claim)
    why, account = reason_of(reason), account_of(actor)
    if row.state not in states.OWNED or row.owner_id is None:
        raise ConflictError(_("Nobody checks this claim; simply take it."))
    if account is not None and row.owner_id == account.pk:
        raise ConflictError(_("You check this claim already."))
    before = row.owner_id
    row.owner = account
    row.save(update_fields=["owner"])
    _note(actor, row, "take_over_claim", now, {"from_user": before, "reason": why})
    return row


@transaction.atomic
def give_back_claim(*, actor: Actor, claim: Claim, now: datetime) -> Claim:
    """Leave a claim that is being checked to somebody else.

    Raises
    ------
    ConflictError
        It is not being checked, or by somebody else.
    """
    return _step(
        actor, claim, S.TRIAGE, "give_back_claim", now, frozenset({S.CHECKING}), by_owner=True
    )


@transaction.atomic
def recheck_claim(*, actor: Actor, claim: Claim, reason: str, now: datetime) -> Claim:
    """Check again a claim that has a verdict or was settled; the reason is logged.

    Raises
    ------
    ConflictError
        Its state does not allow it, or its verdict is in somebody else's hands.
    InputError
        No reason was given.
    """
    row, why = locked(actor, claim), reason_of(reason)
    refuse_others(actor, row)
    before = move(row, S.CHECKING, now=now, owner=account_of(actor), only_from=states.DECIDED)
    _note(actor, row, "recheck_claim", now, {"from": before, "reason": why})
    return row


@transaction.atomic
def leave_unverifiable(*, actor: Actor, claim: Claim, reason: str, now: datetime) -> Claim:
    """Stop checking a claim that nothing can be found out about.

    Raises
    ------
    ConflictError
        It is not being checked, or by somebody else.
    InputError
        No reason was given.
    """
    return _step(
        actor, claim, S.UNVERIFIABLE, "leave_unverifiable", now, by_owner=True,
        reason=reason_of(reason),
    )  # fmt: skip


@transaction.atomic
def watch_claim(*, actor: Actor, claim: Claim, now: datetime) -> Claim:
    """Watch whether an answered claim comes back.

    Raises
    ------
    ConflictError
        It is not answered.
    """
    return _step(actor, claim, S.WATCHING, "watch_claim", now)


@transaction.atomic
def close_claim(*, actor: Actor, claim: Claim, reason: str, now: datetime) -> Claim:
    """Close a claim; it comes back by itself if it grows again.

    Raises
    ------
    ConflictError
        It is being checked, has a verdict without an answer, or is closed.
    InputError
        No reason was given.
    """
    return _step(actor, claim, S.CLOSED, "close_claim", now, reason=reason_of(reason))


def grown_again(now: datetime) -> QuerySet[Claim]:
    """Return the settled claims that the stated rule brings back.

    Copies count that were published in the last `states.RETURN_WINDOW`, in whole hours, and in
    an hour after the one in which the claim was settled.
    """
    first = int((now - states.RETURN_WINDOW).timestamp()) // 3600
    counts = (
        ClaimHour.objects.filter(claim_id=OuterRef("pk"), hour__gt=first)
        .values("claim_id")
        .annotate(total=Sum("copies"))
        .values("total")
    )
    rows = Claim.objects.filter(
        state__in=states.SETTLED, state_since__isnull=False, last_seen__gt=F("state_since"),
        last_seen__gte=now - states.RETURN_WINDOW,
    )  # fmt: skip
    return rows.annotate(fresh=Coalesce(Subquery(counts, output_field=IntegerField()), 0)).filter(
        fresh__gte=states.RETURN_COPIES
    )


def _since_settled(row: Claim, now: datetime) -> int:
    settled = row.state_since or now
    first = max(settled, now - states.RETURN_WINDOW)
    total = ClaimHour.objects.filter(
        claim=row, hour__gt=int(first.timestamp()) // 3600, hour__lte=int(now.timestamp()) // 3600
    ).aggregate(total=Sum("copies"))["total"]
    return int(total or 0)


@transaction.atomic
def return_claims(*, actor: Actor, now: datetime) -> list[int]:
    """Bring back the settled claims that grow again; return their numbers."""
    require(actor, CHANGE, Claim)
    back = []
    for pk in list(grown_again(now).order_by("pk").values_list("pk", flat=True)[:_MOST]):
        row: Claim = Claim.objects.select_for_update().get(pk=pk)
        copies = _since_settled(row, now)
        if row.state not in states.SETTLED or copies < states.RETURN_COPIES:
            continue
        before = move(row, S.RETURNED, now=now)
        _note(actor, row, "return_claim", now, {"from": before, "copies": copies})
        back.append(row.pk)
    return back


@transaction.atomic
def watch_answered(*, actor: Actor, now: datetime) -> int:
    """Watch the claims that were answered a day ago; return how many."""
    require(actor, CHANGE, Claim)
    due = Claim.objects.filter(state=S.ANSWERED, state_since__lte=now - states.WATCH_AFTER)
    done = 0
    for row in due.select_for_update().order_by("pk")[:_MOST]:
        move(row, S.WATCHING, now=now)
        _note(actor, row, "watch_claim", now, {"from": S.ANSWERED.value})
        done += 1
    return done
