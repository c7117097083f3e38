"""What the queue shows and the plan of hours reckons with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours import states, weighing
from qalqan.desk.rumours.models import Claim, ClaimHour, ClaimMatch, ClaimRank, WorkMinutes


def minutes_by_state() -> dict[str, int]:
    """Return the staff-minutes that a claim in each open state still needs."""
    said = dict(WorkMinutes.objects.values_list("state", "minutes"))
    return {state: said.get(state, usual) for state, usual in weighing.MINUTES.items()}


def histories(claim_ids: Sequence[int], *, last: int, hours: int) -> NDArray[np.int64]:
    """Return the copies of claims in each hour up to one, shape (claims, hours)."""
    table = np.zeros((len(claim_ids), hours), np.int64)
    row_of = {pk: row for row, pk in enumerate(claim_ids)}
    first = last - hours + 1
    rows = ClaimHour.objects.filter(claim_id__in=claim_ids, hour__gte=first, hour__lte=last)
    for claim_id, hour, copies in rows.values_list("claim_id", "hour", "copies"):
        table[row_of[claim_id], hour - first] = copies
    return table


def ranks(actor: Actor) -> QuerySet[ClaimRank]:
    """Return the ranks the actor may see, of claims that wait for somebody."""
    # Not "merged into nothing": SQLite would collect all claims by that index and sort them.
    rows = ClaimRank.objects.visible_to(actor).alias(root=Coalesce("claim__merged_into", 0))
    return rows.filter(claim__state__in=sorted(states.OPEN), root=0)


def has_ranks(actor: Actor) -> bool:
    """Tell whether the queue was ever ranked."""
    return ClaimRank.objects.visible_to(actor).exists()


def rank_of(actor: Actor, claim: Claim) -> ClaimRank | None:
    """Return where a claim stands; nothing where it waits for nobody or is not ranked yet."""
    return ranks(actor).filter(claim=claim).first()


def urgent(actor: Actor, *, most: int = 10) -> list[ClaimRank]:
    """Return threats to life and claims of responsibility, which go round the queue."""
    rows = ranks(actor).filter(is_urgent=True).select_related("claim")
    return list(rows.order_by("-score", "-claim_id")[:most])


def overdue(now: datetime, prefix: str = "") -> Q:
    """Return the condition of an open claim that waits longer than its severity allows.

    Parameters
    ----------
    prefix
        The way from the row to its claim, e.g. ``"claim__"``.
    """
    late = Q()
    for severity, allowed in weighing.DEADLINES.items():
        said = Q(**{f"{prefix}severity": severity})
        by_words = Q(**{f"{prefix}severity": "", f"{prefix}rank__suggested_severity": severity})
        came_back = Q(
            **{f"{prefix}state": Claim.State.RETURNED, f"{prefix}state_since__lt": now - allowed}
        )
        first = ~Q(**{f"{prefix}state": Claim.State.RETURNED}) & Q(
            **{f"{prefix}first_seen__lt": now - allowed}
        )
        late |= (said | by_words) & (came_back | first)
    return Q(**{f"{prefix}state__in": sorted(states.OPEN)}) & late


def is_overdue(claim: Claim, severity: str, now: datetime) -> bool:
    """Tell whether one claim waits longer than its severity allows."""
    if claim.state not in states.OPEN:
        return False
    returned = claim.state == Claim.State.RETURNED and claim.state_since
    since = claim.state_since if returned else claim.first_seen
    return since is not None and since < now - weighing.DEADLINES[severity or "other"]


def matches_of(actor: Actor, claim: Claim) -> list[ClaimMatch]:
    """Return the answered claims that a claim may repeat, most probable first."""
    rows = ClaimMatch.objects.visible_to(actor).filter(claim=claim).select_related("answered")
    return list(rows.order_by("-probability", "pk"))
