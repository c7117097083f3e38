"""What people do with claims: watch, answer, close."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, EXPORT, Actor, require
from qalqan.desk.rumours import storage
from qalqan.desk.rumours.models import Answer, AnswerVersion, Claim, Message, Publication, Tally
from qalqan.desk.rumours.services.storing import add_copies
from qalqan.errors import ConflictError, InputError, Location

if TYPE_CHECKING:
    from qalqan.desk.platform.accounts.models import User


@transaction.atomic
def answer_claim(
    *,
    actor: Actor,
    claim: Claim,
    verdict: str,
    text: str,
    language: str,
    published_at: datetime,
    now: datetime,
    is_sample: bool = False,
) -> Answer:
    """Record the published answer to a claim.

    Raises
    ------
    RefusedError
        The actor may not answer.
    InputError
        The answer is empty, or was published in the future.
    """
    require(actor, ADD, Answer)
    if not text.strip():
        raise InputError(_("An answer needs a text."), location=Location(field="text"))
    if published_at > now:
        raise InputError(
            _("An answer cannot be published in the future."),
            location=Location(field="published_at"),
        )
    writer = _account(actor)
    answer = Answer.objects.create(
        claim=claim,
        verdict=Answer.Verdict(verdict),
        state=Answer.State.PUBLISHED,
        published_at=published_at,
        changed_at=now,
        is_from_elsewhere=True,
        recorded_by=writer,
        recorded_at=now,
        is_sample=is_sample,
    )
    column = {"kk-Cyrl": "kk", "kk-Latn": "kk", "en": "en"}.get(language, "ru")
    version = AnswerVersion.objects.create(
        answer=answer,
        number=1,
        **{f"text_{column}": text.strip(), f"headline_{column}": text.strip()[:80]},
        written_by=writer,
        written_at=now,
        approved_at=published_at,
        is_from_elsewhere=True,
    )
    Publication.objects.create(
        answer=answer, version=version, kind=Publication.Kind.FIRST, at=published_at, by=writer
    )
    Claim.objects.filter(pk=claim.pk).update(state=Claim.State.ANSWERED)
    record(
        actor=actor,
        action="rumours.answer_claim",
        subject=claim,
        now=now,
        detail={"answer": answer.pk, "verdict": verdict, "language": language},
    )
    return answer


def _account(actor: Actor) -> User | None:
    from django.contrib.auth import get_user_model

    return actor if isinstance(actor, get_user_model()) else None


@transaction.atomic
def set_state(*, actor: Actor, claim: Claim, state: str, now: datetime) -> Claim:
    """Watch a claim, close it or take it up again.

    Raises
    ------
    RefusedError
        The actor may not change claims.
    """
    require(actor, CHANGE, Claim, claim)
    row: Claim = Claim.objects.select_for_update().get(pk=claim.pk)
    before, row.state = row.state, Claim.State(state)
    row.save(update_fields=["state"])
    record(
        actor=actor,
        action="rumours.set_state",
        subject=row,
        now=now,
        detail={"from": before, "to": state},
    )
    return row


@transaction.atomic
def open_claim(*, actor: Actor, message: Message, now: datetime) -> Claim:
    """Make a claim of a message that nobody has repeated yet, so that it can be answered.

    Raises
    ------
    ConflictError
        There is such a claim already.
    """
    require(actor, CHANGE, Claim)
    Tally.objects.select_for_update().get(pk=1)
    if storage.existing_claims([message.claim_number]):
        raise ConflictError(_("This message belongs to a claim already."))
    opening = storage.leaders([message.claim_number])
    storage.insert_claims(opening)
    add_copies(opening)
    claim: Claim = Claim.objects.get(pk=message.claim_number)
    record(actor=actor, action="rumours.open_claim", subject=claim, now=now)
    return claim


@transaction.atomic
def record_export(*, actor: Actor, rows: int, now: datetime) -> None:
    """Note that a list of claims left the desk as a file."""
    require(actor, EXPORT, Claim)
    record(
        actor=actor, action="rumours.export_claims", subject="claims", now=now,
        detail={"rows": rows},
    )  # fmt: skip
