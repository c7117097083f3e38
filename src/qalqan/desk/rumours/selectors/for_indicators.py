"""How long claims waited for their first answer, one row a claim: what indicators are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours.models import Answer, Claim, ClaimPlace

_HOUR = 3600.0
_PART = 900


@dataclass(frozen=True, slots=True)
class Waited:
    """One claim: its district (0 for none), its hours, and whether an answer ended them."""

    district_id: int
    hours: float
    is_answered: bool


def waits(actor: Actor, *, start: datetime, end: datetime, at: datetime) -> list[Waited]:
    """Return the claims that the desk took up, by when they were first seen.

    Parameters
    ----------
    start, end
        When they were first seen; the latter is excluded.
    at
        Until when they are followed. What is open then, or was closed without an answer, counts
        as waiting so long and is not left out.
    """
    rows = list(
        Claim.objects.visible_to(actor)
        .filter(first_seen__gte=start, first_seen__lt=end, merged_into__isnull=True)
        .order_by("pk")
        .values_list("pk", "first_seen", "state", "state_since")
    )
    answered = _first_answers(actor, start)
    taken = [row for row in rows if row[2] != Claim.State.NEW or row[0] in answered]
    where = _districts(actor, [row[0] for row in taken])
    found = []
    for key, seen, state, since in taken:
        answer = answered.get(key)
        is_done = answer is not None and answer <= at
        until = answer if is_done and answer is not None else at
        if not is_done and state == Claim.State.CLOSED and since is not None:
            until = min(since, at)
        hours = max(0.0, (until - seen).total_seconds() / _HOUR)
        found.append(Waited(where.get(key, 0), hours, is_done))
    return found


def _first_answers(actor: Actor, since: datetime) -> dict[int, datetime]:
    """Return when each claim was answered first; a withdrawn answer was none."""
    rows = (
        Answer.objects.visible_to(actor)
        .filter(published_at__gte=since)
        .exclude(state=Answer.State.WITHDRAWN)
        .order_by()
        .values_list("claim_id", "claim__merged_into")
        .annotate(first=Min("published_at"))
    )
    found: dict[int, datetime] = {}
    for claim, root, first in rows:
        key = root or claim
        found[key] = min(first, found.get(key, first))
    return found


def _districts(actor: Actor, claims: list[int]) -> dict[int, int]:
    """Return the district that most copies of each claim name, where any is named."""
    inside = places.district_map() if claims else {}
    counted: dict[tuple[int, int], int] = {}
    for start in range(0, len(claims), _PART):
        rows = ClaimPlace.objects.visible_to(actor).filter(
            claim_id__in=claims[start : start + _PART]
        )
        for claim, place, copies in rows.values_list("claim_id", "place_id", "copies"):
            key = (claim, inside.get(place, 0))
            counted[key] = counted.get(key, 0) + copies
    best: dict[int, tuple[int, int]] = {}
    for (claim, district), copies in counted.items():
        if district and (copies, -district) > best.get(claim, (0, 0)):
            best[claim] = (copies, -district)
    return {claim: -district for claim, (_copies, district) in best.items()}
