"""The queue: ranks of open claims, their severity, and the way round the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import CHANGE, Actor, Role, require
from qalqan.desk.platform.work import services as work
from qalqan.desk.rumours import states, weighing
from qalqan.desk.rumours.models import Claim, ClaimRank, WorkMinutes
from qalqan.desk.rumours.selectors import as_of, hour_of
from qalqan.desk.rumours.selectors.queueing import histories, minutes_by_state
from qalqan.errors import ConflictError, InputError, Location

if TYPE_CHECKING:
    from qalqan.desk.platform.accounts.models import Organisation

_CHUNK = 2_000
_STALE = timedelta(hours=3)
_FADED = timedelta(hours=24)
"""A rank computed so long ago no longer tells what comes until tomorrow."""
_MOST_TOLD = 20
THREAT_DUE = timedelta(minutes=30)
THREAT_KIND = "rumours.threat"
_RECENT = timedelta(hours=48)
_UPDATED = [
    "score", "score_low", "score_high", "expected", "expected_low", "expected_high",
    "alarm_copies", "alarm_probability", "minutes", "suggested_severity", "words", "reasons",
    "copies_seen", "as_of", "is_urgent", "is_sample",
]  # fmt: skip


def rank_claims(
    *,
    actor: Actor,
    now: datetime,
    claim_ids: Sequence[int] | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Compute where open claims stand in the queue; return how many were computed.

    Without ``claim_ids`` it does those that are new, grew, changed, or were computed long ago, and
    takes claims that wait for nobody out of the queue.

    Parameters
    ----------
    progress
        Called with the number done after each stretch.

    Raises
    ------
    RefusedError
        The actor may not change claims.
    """
    require(actor, CHANGE, Claim)
    at = as_of(actor, now)
    if claim_ids is None:
        ClaimRank.objects.exclude(_waiting("claim__")).delete()
        claim_ids = list(_due(at))
    done = 0
    minutes = minutes_by_state()
    for start in range(0, len(claim_ids), _CHUNK):
        part = claim_ids[start : start + _CHUNK]
        done += _rank_part(part, at=at, now=now, minutes=minutes)
        if progress:
            progress(done)
    if done and len(claim_ids) > 1:
        with transaction.atomic():
            record(actor=actor, action="rumours.rank_claims", subject="claims", now=now,
                   detail={"claims": done})  # fmt: skip
    return done


def _waiting(prefix: str = "") -> Q:
    return Q(**{f"{prefix}state__in": sorted(states.OPEN), f"{prefix}merged_into__isnull": True})


def _due(at: datetime) -> Iterable[int]:
    """Return the claims whose rank is missing or no longer says what it should."""
    rows = Claim.objects.filter(_waiting())
    stale = Q(rank__as_of__lt=at - _STALE, rank__expected__gte=0.5)
    return (
        rows.filter(
            Q(rank__isnull=True)
            | ~Q(rank__copies_seen=F("copies"))
            | stale
            | Q(rank__as_of__lt=at - _FADED, last_seen__gte=at - timedelta(days=15))
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )


@transaction.atomic
def _rank_part(
    claim_ids: Sequence[int], *, at: datetime, now: datetime, minutes: Mapping[str, int]
) -> int:
    rows = Claim.objects.filter(_waiting(), pk__in=claim_ids).in_bulk()
    if not rows:
        return 0
    known = ClaimRank.objects.in_bulk(list(rows))
    hourly = histories(list(rows), last=hour_of(at), hours=weighing.HISTORY)
    weighed = weighing.weigh(
        [
            weighing.ToWeigh(
                pk, claim.leader_text, claim.severity, claim.state, hourly[n],
                max(1, hour_of(at) - hour_of(claim.first_seen) + 1),
                known[pk].no_match if pk in known and claim.state != Claim.State.RETURNED else 1.0,
            )
            for n, (pk, claim) in enumerate(rows.items())
        ],
        minutes=minutes,
    )  # fmt: skip
    ranks = [_row(rows[one.ranked.claim_id], one, at) for one in weighed]
    ClaimRank.objects.bulk_create(
        ranks, update_conflicts=True, unique_fields=["claim"], update_fields=_UPDATED,
        batch_size=500,
    )  # fmt: skip
    return len(ranks)


def _row(claim: Claim, one: weighing.Weighed, at: datetime) -> ClaimRank:
    return ClaimRank(
        claim=claim,
        score=one.ranked.score,
        score_low=one.ranked.low,
        score_high=one.ranked.high,
        expected=one.outlook.expected,
        expected_low=one.outlook.low,
        expected_high=one.outlook.high,
        alarm_copies=one.outlook.alarm_copies,
        alarm_probability=one.outlook.alarm_probability,
        minutes=one.minutes,
        suggested_severity=one.suggestion.severity.value,
        words=[[t.kind, t.words] for t in one.suggestion.triggers],
        reasons=[[f.name, f.value, f.low, f.high, f.source] for f in one.ranked.reasons],
        copies_seen=claim.copies,
        as_of=at,
        is_urgent=one.ranked.round_the_queue,
        is_sample=claim.is_sample,
    )


@transaction.atomic
def set_severity(*, actor: Actor, claim: Claim, severity: str, now: datetime) -> Claim:
    """Say how severe a claim is; what its words suggest is only a suggestion.

    Raises
    ------
    ConflictError
        The claim was merged into another one.
    InputError
        There is no such severity.
    RefusedError
        The actor may not change claims.
    """
    require(actor, CHANGE, Claim, claim)
    if severity not in Claim.Severity.values:
        raise InputError(_("There is no such severity."), location=Location(field="severity"))
    row: Claim = Claim.objects.select_for_update().get(pk=claim.pk)
    if row.merged_into_id is not None:
        raise ConflictError(_("This claim was merged into another one already."))
    before, row.severity = row.severity, severity
    row.save(update_fields=["severity"])
    rank_claims(actor=actor, now=now, claim_ids=[row.pk])
    if severity == Claim.Severity.THREAT_TO_LIFE:
        _tell(actor, ClaimRank.objects.filter(claim=row, told_at__isnull=True), now)
    record(
        actor=actor, action="rumours.set_severity", subject=row, now=now,
        detail={"from": before, "to": severity},
    )  # fmt: skip
    return row


@transaction.atomic
def tell_duty_officer(*, actor: Actor, now: datetime) -> int:
    """Give the duty officer each threat to life or claim of responsibility; return how many.

    Those whose severity only words suggest are given, too, while they are fresh: it is better to
    ask once too often. A person who says otherwise takes them back into the queue.

    Raises
    ------
    RefusedError
        The actor may not change claims.
    """
    require(actor, CHANGE, Claim)
    at = as_of(actor, now)
    rows = ClaimRank.objects.filter(
        is_urgent=True, told_at__isnull=True, claim__last_seen__gte=at - _RECENT
    )
    return _tell(actor, rows.order_by("-score", "claim_id")[:_MOST_TOLD], now)


def _tell(actor: Actor, ranks: Any, now: datetime) -> int:
    body = duty_body()
    if body is None:
        return 0
    told = 0
    for rank in ranks.select_related("claim"):
        work.open_item(
            actor=actor,
            kind=THREAT_KIND,
            title=_("Threat or claim of responsibility: weigh claim %(number)s now")
            % {"number": rank.claim_id},
            subject=rank.claim,
            owner=None,
            organisation=body,
            due_at=now + THREAT_DUE,
            now=now,
            url=reverse("rumours:credibility", args=[rank.claim_id]),
            is_sample=rank.is_sample,
        )
        ClaimRank.objects.filter(pk=rank.pk).update(told_at=now)
        told += 1
    return told


def duty_body() -> Organisation | None:
    """Return the body whose duty officers are told: the one with most of them."""
    users: Any = get_user_model().objects
    found = (
        users.filter(role=Role.DUTY_OFFICER, is_active=True)
        .values("organisation")
        .annotate(number=Count("pk"))
        .order_by("-number", "organisation")
        .first()
    )
    if found is None:
        return None
    from qalqan.desk.platform.accounts.models import Organisation

    return Organisation.objects.get(pk=found["organisation"])


@transaction.atomic
def set_minutes(*, actor: Actor, minutes: Mapping[str, int], now: datetime) -> dict[str, int]:
    """Say how many staff-minutes a claim in each state still needs; the queue is ranked anew.

    Raises
    ------
    InputError
        A state is not an open one, or its minutes are not between 1 and 600.
    RefusedError
        The actor may not say it.
    """
    require(actor, CHANGE, WorkMinutes)
    for state, number in minutes.items():
        if state not in weighing.MINUTES or not 1 <= number <= 600:
            raise InputError(
                _("Minutes must lie between 1 and 600."), location=Location(field=state)
            )
    before = minutes_by_state()
    for state, number in minutes.items():
        WorkMinutes.objects.update_or_create(state=state, defaults={"minutes": number})
    ClaimRank.objects.update(copies_seen=0)
    record(
        actor=actor, action="rumours.set_minutes", subject="claims", now=now,
        detail={"from": dict(before), "to": dict(minutes)},
    )  # fmt: skip
    return minutes_by_state()
