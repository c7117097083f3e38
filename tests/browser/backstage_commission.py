"""Behind the pages of the commission: a meeting that is under way, evidence of another body."""

from __future__ import annotations

from typing import Any


def begun_meeting(*, titles: list[str]) -> dict[str, Any]:
    """Call and begin a meeting of the sample's commission with items; return number and keys."""
    from django.utils import timezone

    from qalqan.desk.commission.models import Commission
    from qalqan.desk.commission.services import table
    from qalqan.desk.platform.policies import SystemActor

    now, actor = timezone.now(), SystemActor("tests")
    commission = Commission.objects.filter(closed_on=None).order_by("pk").first()
    assert commission is not None
    meeting = table.call_meeting(
        actor=actor, commission=commission, starts_at=now, venue="Small hall", now=now
    )
    items = [table.add_item(actor=actor, meeting=meeting, title=one, now=now) for one in titles]
    there = {seat.pk: "present" for seat in commission.seats.filter(until=None)}
    table.begin(actor=actor, meeting=meeting, how=there, now=now)
    return {"number": meeting.number, "items": [item.pk for item in items]}


def show_evidence(*, item: int, username: str, text: str) -> str:
    """Show, as somebody of the body that owes it, what was done; return the decision's number."""
    from django.utils import timezone

    from qalqan.desk.commission.models import Decision
    from qalqan.desk.commission.services import decisions
    from qalqan.desk.platform.accounts.models import User

    decision = Decision.objects.get(item_id=item)
    decisions.show_evidence(
        actor=User.objects.get(username=username), decision=decision, text=text,
        now=timezone.now(),
    )  # fmt: skip
    return decision.reference


ACTS = {act.__name__: act for act in (begun_meeting, show_evidence)}
