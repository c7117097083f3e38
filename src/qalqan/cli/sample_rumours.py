"""Rumours of the sample province taken through the desk, and the queue over all of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def _actor() -> Any:
    from qalqan.desk.platform.policies import SystemActor

    return SystemActor("demo")


def answer_rumours(now: datetime) -> None:
    """Take some of the sample's rumours through the desk, all of them or none."""
    from django.db import transaction

    from qalqan.desk.rumours import selectors
    from qalqan.sample.answered import ANSWERED

    actor = _actor()
    if selectors.claims(actor).exclude(state="new").exists():
        return
    with transaction.atomic():
        for answered in ANSWERED:
            claims = selectors.claims(actor).filter(leader_text__contains=answered.begins)
            claim = claims.order_by("-copies", "pk").first()
            if claim is not None:
                _answer_rumour(claim, answered, now - answered.ago)


def _answer_rumour(claim: Any, answered: Any, at: datetime) -> None:
    """Let three of the sample's people do what the desk does with a rumour."""
    from qalqan.desk.platform.accounts.selectors import user
    from qalqan.desk.platform.sources.services import get_or_create_source
    from qalqan.desk.rumours import services

    actor = _actor()
    duty, press, second = (
        user(actor, name) for name in ("duty_officer", "press_officer", "secretary")
    )
    services.triage_claim(actor=duty, claim=claim, now=at)
    if answered.until == "triage":
        return
    services.take_claim(actor=duty, claim=claim, now=at)
    source = get_or_create_source(
        actor=actor, name=answered.source, kind="agency", now=at, is_sample=True
    )
    item = services.add_evidence(
        actor=duty, claim=claim, source=source, credibility=2, text=answered.evidence, now=at,
        speaks="for" if answered.verdict == "true" else "against", found_at=at, is_sample=True,
    )  # fmt: skip
    if answered.until == "checking":
        return
    services.give_verdict(
        actor=duty, claim=claim, value=answered.verdict, reason=answered.reason, evidence=[item],
        now=at, is_sample=True,
    )  # fmt: skip
    wording = {
        code: services.Wording(headline, answered.text[code])
        for code, headline in answered.headline.items()
    }
    version = services.write_answer(
        actor=press, claim=claim, wording=wording, now=at, is_sample=True
    )
    if answered.until == "published":
        services.publish_answer(actor=second, answer=version.answer, number=version.number, now=at)


def rank_rumours(now: datetime) -> None:
    """Do what the worker does every minute, so that the queue is there at once."""
    from qalqan.desk.rumours.services import measuring, ranking

    ranking.rank_claims(actor=_actor(), now=now)
    measuring.measure(actor=_actor(), now=now)
