"""A commission with seats, a meeting under way, a decision: for tests."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.support.factories import NOW, make_user

from qalqan.desk.commission.models import Agenda, Commission, Decision, Meeting, Review
from qalqan.desk.commission.services import decisions, lessons, table
from qalqan.desk.platform.policies import Role

NAMES = {"kk": "Облыстық комиссия", "ru": "Областная комиссия", "en": "Province commission"}


def make_secretary(**fields: Any) -> Any:
    """Return a user who keeps the table."""
    return make_user(Role.SECRETARY, **fields)


def make_commission(actor: Any, *, seats: int = 3, quorum_percent: int = 51) -> Commission:
    """Return a commission with so many seats that vote; the secretary's body has the last."""
    made = table.add_commission(
        actor=actor, level="province", names=NAMES, place=None, quorum_percent=quorum_percent,
        now=NOW,
    )  # fmt: skip
    for number in range(seats):
        table.add_seat(
            actor=actor, commission=made, office=f"Office {number + 1}",
            organisation=actor.organisation if number == seats - 1 else None,
            part="chair" if number == 0 else "secretary" if number == seats - 1 else "member",
            has_vote=True, since=date(2020, 1, 1), now=NOW,
        )  # fmt: skip
    return made


def make_meeting(
    actor: Any, commission: Commission, *titles: str, begin: bool = True, at: datetime = NOW
) -> Meeting:
    """Return a meeting with items; under way unless told otherwise."""
    made = table.call_meeting(
        actor=actor, commission=commission, starts_at=at, venue="Hall", now=at
    )
    for title in titles:
        table.add_item(actor=actor, meeting=made, title=title, now=at)
    if begin:
        everyone = {seat.pk: "present" for seat in commission.seats.all()}
        made = table.begin(actor=actor, meeting=made, how=everyone, now=at)
    return made


def make_decision(
    actor: Any, owner: Any, *, days: int = 10, item: Agenda | None = None, now: datetime = NOW
) -> Decision:
    """Return a decision that a body owes."""
    if item is None:
        commission = Commission.objects.first() or make_commission(actor)
        item = make_meeting(actor, commission, "Lighting", at=now).agenda.get(title="Lighting")
    return decisions.decide(
        actor=actor, item=item, texts={"en": "Light the square"}, legal_basis="Act 7, article 3",
        owner=owner, due_on=(now + timedelta(days=days)).date(), now=now,
    )  # fmt: skip


def make_review(actor: Any, title: str = "Evacuation of the market", **fields: Any) -> Review:
    """Return a review that is under way."""
    given = {
        "about": "exercise", "happened_on": NOW.date(), "expected": "Everyone leaves in time",
        "happened": "The side gate was locked", **fields,
    }  # fmt: skip
    return lessons.open_review(actor=actor, title=title, now=NOW, **given)
