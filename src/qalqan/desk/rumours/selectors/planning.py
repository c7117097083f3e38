"""What to do with some hours, and what speaks for and against a threat."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Max, Q, Sum

from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours.models import Answer, Claim, ClaimPlace, ClaimRank, Message
from qalqan.desk.rumours.search import newest_matches
from qalqan.desk.rumours.selectors.counts import claims, family, latest_answers
from qalqan.desk.rumours.selectors.queueing import ranks

if TYPE_CHECKING:
    from qalqan.science.rumours.rank import CredibilitySheet, HoursPlan, Job

MOST_PLANNED = 1_000
"""Claims first in the queue among which hours are planned; the others count as left.

They stand in the order of harm averted a minute, so none of the others averts more a minute than
the last of these; a hundred hours are far fewer minutes than these claims need.
"""
MOST_LISTED = 50
_MOST_REPORTS = 500
_ORDER = ("-is_urgent", "-score", "-claim_id")


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A claim of the plan with its row in the queue."""

    rank: ClaimRank
    harm: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Beyond:
    """Claims further down the queue than hours are planned for, as they were ranked last.

    Parameters
    ----------
    count, urgent
        How many, and how many of them go round the queue.
    cost
        Expected harm if they are left.
    most
        None of them that waits in the queue averts more than this a minute.
    down, up
        Squared doubts of the cost, downwards and upwards.
    """

    count: int
    urgent: int
    cost: float
    most: float
    down: float
    up: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, in order, and what is left; the lists are cut, the counts and costs are not."""

    result: HoursPlan
    chosen: list[PlannedRow]
    chosen_count: int
    left: list[PlannedRow]
    left_count: int
    left_cost: float
    left_low: float
    left_high: float
    beyond: Beyond | None


def plan(actor: Actor, *, hours: float) -> Plan:
    """Choose the work that averts most harm within a number of staff-hours."""
    from qalqan.science.rumours.rank import Job, plan_hours

    fields = ("claim_id", "minutes", "score", "score_low", "score_high", "is_urgent")
    rows = list(ranks(actor).order_by(*_ORDER).values_list(*fields)[: MOST_PLANNED + 1])
    jobs = [
        Job(pk, float(minutes), score * minutes, min(low, score) * minutes,
            max(high, score) * minutes, first=urgent)
        for pk, minutes, score, low, high, urgent in rows[:MOST_PLANNED]
    ]  # fmt: skip
    result = plan_hours(jobs, hours)
    beyond = _beyond(actor, jobs, rows[-1]) if len(rows) > MOST_PLANNED else None
    shown = (*result.chosen[:MOST_LISTED], *result.left[:MOST_LISTED])
    found = ranks(actor).select_related("claim", "claim__owner")
    by_id = found.in_bulk([job.claim_id for job in shown])

    def listed(jobs: tuple[Job, ...]) -> list[PlannedRow]:
        return [
            PlannedRow(by_id[job.claim_id], job.harm, job.low, job.high)
            for job in jobs[:MOST_LISTED]
            if job.claim_id in by_id
        ]

    cost, more = result.left_cost, 0
    down, up = cost - result.left_low, result.left_high - cost
    if beyond is not None:
        cost, more = cost + beyond.cost, beyond.count
        down, up = (math.sqrt(down**2 + beyond.down), math.sqrt(up**2 + beyond.up))
    return Plan(
        result, listed(result.chosen), len(result.chosen), listed(result.left),
        len(result.left) + more, cost, max(0.0, cost - down), cost + up, beyond,
    )  # fmt: skip


def _beyond(actor: Actor, jobs: Sequence[Job], after: tuple[Any, ...]) -> Beyond:
    """Count and sum the ranks that are not among some jobs, without reading them one by one."""
    _claim, _minutes, score, _low, _high, is_urgent = after
    harm = F("score") * F("minutes")
    under = (F("score") - F("score_low")) * F("minutes")
    over = (F("score_high") - F("score")) * F("minutes")
    every = ClaimRank.objects.visible_to(actor).aggregate(
        count=Count("pk"),
        urgent=Count("pk", filter=Q(is_urgent=True)),
        most=Max("score", filter=Q(is_urgent=False)),
        cost=Sum(harm),
        down=Sum(under * under),
        up=Sum(over * over),
    )
    return Beyond(
        count=every["count"] - len(jobs),
        urgent=every["urgent"] - sum(job.first for job in jobs),
        cost=max(0.0, every["cost"] - math.fsum(job.harm for job in jobs)),
        most=(every["most"] or 0.0) if is_urgent else score,
        down=max(0.0, every["down"] - math.fsum((job.harm - job.low) ** 2 for job in jobs)),
        up=max(0.0, every["up"] - math.fsum((job.high - job.harm) ** 2 for job in jobs)),
    )


_NAME = re.compile(r"[«“\"„]([^«»“”\"„]{2,60})[»”\"“]")
_MOST_BEFORE = 500


@dataclass(frozen=True, slots=True)
class Credibility:
    """The sheet, and what "earlier claims" it counts.

    Parameters
    ----------
    sheet
        As the science lays it out.
    name
        The name in quotation marks whose earlier claims are counted; empty where none stands in
        the text, and all earlier threats are counted instead.
    """

    sheet: CredibilitySheet
    name: str


def credibility(actor: Actor, claim: Claim) -> Credibility:
    """Lay out how specific and corroborated a threat is, and how such claims ended before.

    Names of organisations are not stored: a name is taken from the quotation marks of the text
    and looked for among the first wordings of earlier claims.
    """
    from qalqan.science.rumours.rank import ClaimsUnderName, credibility_sheet

    numbers = family(actor, claim)
    places = ClaimPlace.objects.visible_to(actor).filter(claim=claim).select_related("place")
    reports = (
        Message.objects.visible_to(actor)
        .filter(claim_number__in=numbers)
        .order_by("published_at")
        .values_list("source__name", "source__reliability")[:_MOST_REPORTS]
    )
    found = _NAME.search(claim.leader_text)
    name = found.group(1).strip() if found else ""
    sheet = credibility_sheet(
        claim.leader_text,
        places=[row.place.name for row in places.order_by("-copies", "place_id")[:6]],
        sources=list(reports),
        earlier=ClaimsUnderName(**_settled(actor, claim, name)),
    )
    return Credibility(sheet, name)


def _settled(actor: Actor, claim: Claim, name: str) -> dict[str, int]:
    """Count how earlier claims under a name, or earlier threats, ended."""
    before = claims(actor).filter(first_seen__lt=claim.first_seen).exclude(pk=claim.pk)
    if name:
        found = newest_matches("rumours_claim_search", name, limit=_MOST_BEFORE)
        before = before.filter(pk__in=found)
    else:
        before = before.filter(severity=Claim.Severity.THREAT_TO_LIFE)
    ids = list(before.order_by("-first_seen").values_list("pk", flat=True)[:_MOST_BEFORE])
    verdicts = [answer.verdict for answer in latest_answers(actor, ids).values()]
    true, false = verdicts.count(Answer.Verdict.TRUE), verdicts.count(Answer.Verdict.FALSE)
    return {"held_true": true, "held_false": false, "open": len(ids) - true - false}
