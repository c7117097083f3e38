"""What to do with some hours, and what speaks for and against a threat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours.models import Answer, Claim, ClaimPlace, ClaimRank, Message
from qalqan.desk.rumours.search import newest_matches
from qalqan.desk.rumours.selectors.counts import claims, family, latest_answers
from qalqan.desk.rumours.selectors.queueing import ranks

if TYPE_CHECKING:
    from qalqan.science.rumours.rank import CredibilitySheet, HoursPlan

MOST_PLANNED = 2_000
"""Claims first in the queue among which hours are planned; the others count as left."""
MOST_LISTED = 50
_MOST_REPORTS = 500


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A claim of the plan with its row in the queue."""

    rank: ClaimRank
    harm: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do, in order, and what is left; ``left`` is cut, its cost is not."""

    result: HoursPlan
    chosen: list[PlannedRow]
    left: list[PlannedRow]
    left_count: int
    is_cut: bool


def plan(actor: Actor, *, hours: float) -> Plan:
    """Choose the work that averts most harm within a number of staff-hours."""
    from qalqan.science.rumours.rank import Job, plan_hours

    order = ("-is_urgent", "-score", "-claim_id")
    rows = list(ranks(actor).select_related("claim", "claim__owner").order_by(*order)
                [: MOST_PLANNED + 1])  # fmt: skip
    by_id = {row.claim_id: row for row in rows[:MOST_PLANNED]}
    jobs = [
        Job(
            pk, float(row.minutes), row.score * row.minutes,
            min(row.score_low, row.score) * row.minutes,
            max(row.score_high, row.score) * row.minutes, first=row.is_urgent,
        )
        for pk, row in by_id.items()
    ]  # fmt: skip
    result = plan_hours(jobs, hours)

    def listed(jobs: tuple[Job, ...], most: int) -> list[PlannedRow]:
        return [PlannedRow(by_id[job.claim_id], job.harm, job.low, job.high) for job in jobs[:most]]

    return Plan(
        result, listed(result.chosen, 500), listed(result.left, MOST_LISTED), len(result.left),
        len(rows) > MOST_PLANNED,
    )  # fmt: skip


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
