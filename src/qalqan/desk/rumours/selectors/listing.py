"""The list of claims: filters, orders, growth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours import states
from qalqan.desk.rumours.models import (
    Answer,
    Claim,
    ClaimHour,
    ClaimLanguage,
    ClaimPlace,
    ClaimRank,
)
from qalqan.desk.rumours.search import newest_matches
from qalqan.desk.rumours.selectors.counts import (
    DAY_HOURS,
    claims,
    hour_of,
    latest_answers,
    recent_copies,
)
from qalqan.desk.rumours.selectors.queueing import overdue

MOST_COMPARED = 100
"""Claims with the most recent copies, among which the list compares growth."""
MOST_FOUND = 1_000
"""Hits of a search that are looked at; a search that finds more says so."""


@dataclass(frozen=True, slots=True)
class ClaimFilter:
    """What a person asks the list of claims for.

    Parameters
    ----------
    query
        Words of the claim; endings do not matter.
    language, state, answered
        Empty for all; ``answered`` is ``yes`` or ``no``.
    place_ids
        A place and what lies in it; empty for all.
    severity
        What a person said, or else what the words suggest; empty for all.
    owner
        ``me`` or ``nobody``; empty for all.
    overdue
        Only claims that wait longer than their severity allows.
    sort
        ``harm`` (the queue of open claims), ``growth``, ``recent``, ``first`` or ``copies``.
    """

    query: str = ""
    language: str = ""
    state: str = ""
    answered: str = ""
    place_ids: tuple[int, ...] = ()
    severity: str = ""
    owner: str = ""
    overdue: bool = False
    sort: str = "growth"

    @property
    def is_selective(self) -> bool:
        """Whether few of many claims pass, as far as one can say beforehand."""
        return bool(self.query) or self.owner == "me" or self.state not in ("", Claim.State.NEW)

    @property
    def is_narrow(self) -> bool:
        """Whether anything is asked for but the order."""
        return replace(self, sort="growth") != ClaimFilter()


@dataclass(frozen=True, slots=True)
class ListedClaim:
    """One row of the list: recent copies and, of the claims compared, how much they grew."""

    claim: Claim
    recent: int
    daily_before: float
    has_answer: bool
    rank: ClaimRank | None = None


SORTS = ("harm", "growth", "recent", "first", "copies")


def list_claims(
    actor: Actor, wanted: ClaimFilter, *, now: datetime, start: int = 0, most: int = 50
) -> list[ListedClaim]:
    """Return a stretch of the list of claims, with one more row than asked for if there are more.

    Growth is the recent copies against the daily mean of the week before; it is compared among
    the `MOST_COMPARED` claims with the most recent copies.
    """
    last = hour_of(now)
    rows = _narrowed(actor, wanted, now)
    ranks: dict[int, ClaimRank] = {}
    if wanted.sort == "harm":
        ranks = _queue(actor, wanted, rows, start, most)
        ids = list(ranks)
        recent = _recent_of(actor, ids, last)
        before = _week_before(actor, ids, last)
    elif wanted.sort in ("growth", "recent"):
        recent = recent_copies(actor, last, DAY_HOURS, MOST_COMPARED)
        before = _week_before(actor, list(recent), last)
        order = sorted(recent, key=lambda pk: _rank(wanted.sort, recent[pk], before.get(pk, 0), pk))
        allowed = set(rows.filter(pk__in=order).values_list("pk", flat=True))
        ids = [pk for pk in order if pk in allowed][start : start + most + 1]
    else:
        field = "first_seen" if wanted.sort == "first" else "copies"
        ids = list(rows.order_by(f"-{field}", "-pk").values_list("pk", flat=True)
                   [start : start + most + 1])  # fmt: skip
        recent = _recent_of(actor, ids, last)
        before = _week_before(actor, ids, last)
    answered = set(latest_answers(actor, ids))
    found = claims(actor).select_related("owner").in_bulk(ids)
    return [
        ListedClaim(
            found[pk], recent.get(pk, 0), before.get(pk, 0) / 7, pk in answered, ranks.get(pk)
        )
        for pk in ids
        if pk in found
    ]


def _rank(sort: str, recent: int, week: int, pk: int) -> tuple[float, int, int]:
    growth = (recent + 0.5) / (week / 7 + 0.5) if sort == "growth" else 0.0
    return -growth, -recent, pk


def _queue(
    actor: Actor, wanted: ClaimFilter, rows: QuerySet[Claim], start: int, most: int
) -> dict[int, ClaimRank]:
    """Return a stretch of the queue, along the index of ranks."""
    queued = ClaimRank.objects.visible_to(actor)
    if wanted.is_selective:
        queued = queued.filter(claim__in=rows.order_by())
    elif wanted.is_narrow:
        # Many claims pass: look at each along the queue and stop, rather than collect them all.
        queued = queued.filter(Exists(rows.order_by().filter(pk=OuterRef("claim_id"))))
    # Written so that SQLite walks the index of ranks and stops: asked for claims that were not
    # merged, it would take all of them by that index and sort them.
    queued = queued.alias(root=Coalesce("claim__merged_into", 0))
    queued = queued.filter(claim__state__in=sorted(states.OPEN), root=0)
    queued = queued.order_by("-is_urgent", "-score", "-claim_id")
    return {rank.claim_id: rank for rank in queued[start : start + most + 1]}


def _narrowed(actor: Actor, wanted: ClaimFilter, now: datetime) -> QuerySet[Claim]:
    rows = claims(actor)
    if wanted.query:
        found = newest_matches("rumours_claim_search", wanted.query, limit=MOST_FOUND)
        merged = Claim.objects.visible_to(actor).filter(pk__in=found, merged_into__isnull=False)
        rows = rows.filter(Q(pk__in=found) | Q(pk__in=merged.values("merged_into")))
    if wanted.language:
        rows = rows.filter(
            pk__in=ClaimLanguage.objects.visible_to(actor)
            .filter(language=wanted.language)
            .values("claim_id")
        )
    if wanted.place_ids:
        rows = rows.filter(
            pk__in=ClaimPlace.objects.visible_to(actor)
            .filter(place_id__in=wanted.place_ids)
            .values("claim_id")
        )
    if wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.severity:
        by_words = Q(severity="", rank__suggested_severity=wanted.severity)
        rows = rows.filter(Q(severity=wanted.severity) | by_words)
    if wanted.owner == "me":
        rows = rows.filter(owner=getattr(actor, "pk", None) or 0)
    elif wanted.owner == "nobody":
        rows = rows.filter(owner__isnull=True)
    if wanted.overdue:
        rows = rows.filter(overdue(now))
    if wanted.answered:
        answers = Answer.objects.visible_to(actor)
        answer = Exists(answers.filter(claim_id=OuterRef("pk"))) | Exists(
            answers.filter(claim__merged_into=OuterRef("pk"))
        )
        rows = rows.filter(answer if wanted.answered == "yes" else ~answer)
    return rows


def _recent_of(actor: Actor, ids: Sequence[int], last: int) -> dict[int, int]:
    return _summed(actor, ids, last - DAY_HOURS + 1, last)


def _week_before(actor: Actor, ids: Sequence[int], last: int) -> dict[int, int]:
    return _summed(actor, ids, last - 8 * DAY_HOURS + 1, last - DAY_HOURS)


def _summed(actor: Actor, ids: Sequence[int], first: int, last: int) -> dict[int, int]:
    rows = (
        ClaimHour.objects.visible_to(actor)
        .filter(claim_id__in=ids, hour__gte=first, hour__lte=last)
        .values("claim_id")
        .annotate(total=Sum("copies"))
    )
    return {row["claim_id"]: row["total"] for row in rows}
