"""The sample's commission: it met, decided, and learned from an exercise."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any


def load_sample_commission(*, secretary: Any, duty: Any, now: datetime) -> int:
    """Enter the sample's commission, all of it or none; return how many decisions it made.

    Parameters
    ----------
    secretary, duty
        The accounts that keep the table, and that owe what it decides.
    """
    from django.db import transaction

    from qalqan.desk.commission.selectors import table

    if table.commissions(secretary).filter(is_sample=True).exists():
        return 0
    with transaction.atomic():
        count = _meet(secretary, duty, now)
        _learn(secretary, duty, now)
    return count


def _meet(secretary: Any, duty: Any, now: datetime) -> int:
    from qalqan.desk.commission.services import decisions, table
    from qalqan.sample import commission as sample

    spoken = _language(secretary)
    at = now - timedelta(days=20)
    body = table.add_commission(
        actor=secretary, level="province", names=sample.NAMES, place=None, quorum_percent=51,
        now=at, is_sample=True,
    )  # fmt: skip
    owners = {"chair": duty.organisation, "secretary": secretary.organisation}
    for part, office in sample.SEATS:
        table.add_seat(
            actor=secretary, commission=body, office=office[spoken], organisation=owners.get(part),
            part=part, has_vote=True, since=at.date() - timedelta(days=400), now=at,
        )  # fmt: skip
    meeting = table.call_meeting(
        actor=secretary, commission=body, starts_at=at, venue="A-101", now=at, is_sample=True
    )
    items = [
        table.add_item(actor=secretary, meeting=meeting, title=item[spoken], now=at)
        for item in sample.ITEMS
    ]
    there = {seat.pk: "present" for seat in table.seats_on(body, at.date())}
    table.begin(actor=secretary, meeting=meeting, how=there, now=at)
    for one in sample.DECISIONS:
        row = decisions.decide(
            actor=secretary, item=items[one["item"]], owner=duty.organisation,
            texts={code: one[code] for code in ("kk", "ru", "en")},
            legal_basis=sample.BASIS[spoken], due_on=(now + timedelta(days=one["days"])).date(),
            now=at, is_sample=True,
        )  # fmt: skip
        if one["evidence"]:
            decisions.show_evidence(
                actor=duty, decision=row, text=one["evidence"][spoken], now=now - timedelta(days=1)
            )
    table.close_meeting(actor=secretary, meeting=meeting, now=at + timedelta(hours=2))
    table.call_meeting(
        actor=secretary, commission=body, starts_at=now + timedelta(days=10), venue="A-101",
        now=now, is_sample=True,
    )  # fmt: skip
    return len(sample.DECISIONS)


def _learn(secretary: Any, duty: Any, now: datetime) -> None:
    from qalqan.desk.commission.services import lessons
    from qalqan.sample.commission import REVIEW

    spoken = _language(secretary)
    said = {key: texts[spoken] for key, texts in REVIEW.items()}
    at = now - timedelta(days=14)
    review = lessons.open_review(
        actor=secretary, about="exercise", title=said["title"], happened_on=at.date(),
        expected=said["expected"], happened=said["happened"], now=at, is_sample=True,
    )  # fmt: skip
    lessons.add_cause(
        actor=secretary, review=review, question=said["question"], finding=said["finding"],
        cause=said["cause"], went_well=False, now=at,
    )  # fmt: skip
    lessons.recommend(
        actor=secretary, review=review, text=said["recommendation"], addressee=duty.organisation,
        due_on=(now + timedelta(days=16)).date(), now=at,
    )  # fmt: skip


def _language(user: Any) -> str:
    return "ru" if user.language == "ru" else "kk"
