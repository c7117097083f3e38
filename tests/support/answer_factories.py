"""Claims on their way through the desk, for tests: each step is the real service."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.support.factories import NOW, make_user
from tests.support.rumours_factories import ACTOR, store_claim

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.sources.services import get_or_create_source
from qalqan.desk.rumours import services
from qalqan.desk.rumours.models import Answer, Claim, Evidence
from qalqan.desk.rumours.services import Wording

RUMOUR = "Ақтөбеде ауыз су уланған, ешкім ішпесін!"
WORDING = {
    "kk": Wording("Құбырдағы су таза", "Сынама 2 наурызда алынды. Су ішуге жарайды."),
    "ru": Wording("Воду из крана можно пить", "Пробы взяли 2 марта. Вода соответствует норме."),
    "en": Wording("Tap water is safe", "Samples were taken on 2 March. The water meets the norm."),
}


def make_claim(text: str = RUMOUR, copies: int = 4, *, until: datetime = NOW) -> Claim:
    """Store a claim with so many copies."""
    store_claim(text, copies, until=until, language="kk-Cyrl")
    return Claim.objects.get(leader_text=text)


def make_taken(user: User, claim: Claim | None = None, *, now: datetime = NOW) -> Claim:
    """Let somebody take a claim."""
    return services.take_claim(actor=user, claim=claim or make_claim(), now=now)


def make_evidence(user: User, claim: Claim, *, now: datetime = NOW, **fields) -> Evidence:
    """Add an item of evidence to a claim that is being checked."""
    source = get_or_create_source(actor=ACTOR, name="Water laboratory", kind="agency", now=now)
    given = {
        "source": source, "credibility": 1, "speaks": "against", "found_at": now,
        "text": "Samples of five taps meet the norm.", "url": "https://water.example.kz/report",
    }  # fmt: skip
    return services.add_evidence(actor=user, claim=claim, now=now, **(given | fields))


def make_verdict(
    user: User, claim: Claim | None = None, *, value: str = "false", now: datetime = NOW
) -> Claim:
    """Bring a claim to a verdict with one item of evidence."""
    claim = make_taken(user, claim, now=now)
    item = make_evidence(user, claim, now=now)
    services.give_verdict(
        actor=user, claim=claim, value=value, reason="The laboratory found nothing.",
        evidence=[item], now=now,
    )  # fmt: skip
    return Claim.objects.get(pk=claim.pk)


def make_published(
    claim: Claim | None = None,
    *,
    value: str = "false",
    now: datetime = NOW,
    writer: User | None = None,
    approver: User | None = None,
) -> Answer:
    """Publish an answer to a claim: one person writes, another approves."""
    writer = writer or make_user("press_officer")
    claim = make_verdict(writer, claim, value=value, now=now)
    version = services.write_answer(actor=writer, claim=claim, wording=WORDING, now=now)
    services.publish_answer(
        actor=approver or make_user("duty_officer"), answer=version.answer,
        number=version.number, now=now,
    )  # fmt: skip
    return Answer.objects.get(pk=version.answer_id)


def later(**parts: float) -> datetime:
    """Return a moment after the tests' clock."""
    return NOW + timedelta(**parts)
