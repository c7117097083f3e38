"""What an answer goes through: written, sent back, approved and published, corrected, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.rumours.models import (
    LANGUAGES,
    Answer,
    AnswerVersion,
    Claim,
    Publication,
    Verdict,
)
from qalqan.desk.rumours.policies import APPROVE
from qalqan.desk.rumours.search import indexed_words
from qalqan.desk.rumours.services.flow import account_of, locked, move, reason_of
from qalqan.desk.rumours.services.outbox import write_deliveries
from qalqan.errors import ConflictError, InputError, Location, RefusedError
from qalqan.science.text.plain_words import check_plain_words

S = Claim.State
_LIMITS = {"headline": 160, "text": 4000, "note": 300}


@dataclass(frozen=True, slots=True)
class Wording:
    """What an answer says in one language.

    Parameters
    ----------
    headline, text
        The answer, facts first.
    note
        In a correction: what was corrected.
    """

    headline: str
    text: str
    note: str = ""


def warnings_for(claim: Claim, wording: Mapping[str, Wording]) -> list[dict[str, str]]:
    """Return what the plain-words check warns of, as plain data: language, part, concern, words."""
    return [
        {"language": code, "part": c.part, "concern": c.concern.value, "words": c.surface[:200]}
        for code in LANGUAGES
        if code in wording
        for c in check_plain_words(
            wording[code].headline, wording[code].text, code, rumours=[claim.leader_text]
        )
    ]


@transaction.atomic
def write_answer(
    *,
    actor: Actor,
    claim: Claim,
    wording: Mapping[str, Wording],
    now: datetime,
    override_reason: str = "",
    is_sample: bool = False,
) -> AnswerVersion:
    """Write an answer, or a new version of it, and hand it to a second person.

    Parameters
    ----------
    wording
        By language: ``kk``, ``ru`` and ``en``.
    override_reason
        Why the warnings of the plain-words check are overridden, where there are any.

    Raises
    ------
    ConflictError
        The claim has no verdict.
    InputError
        A language is missing, a text names a person, a warning is not overridden with a reason,
        or a correction does not say what it corrects.
    RefusedError
        The actor may not write answers.
    """
    require(actor, ADD, Answer)
    row = locked(actor, claim)
    verdict = Verdict.objects.filter(claim=row).order_by("-given_at", "-pk").first()
    answer = _live(row)
    if verdict is None or (row.state != S.VERDICT and (answer is None or not answer.published_at)):
        raise ConflictError(_("Give a verdict first; the answer says it."))
    is_correction = answer is not None and answer.published_at is not None
    clean = _checked(wording, needs_note=is_correction)
    warnings = warnings_for(row, clean)
    reason = reason_of(override_reason) if warnings and override_reason.strip() else ""
    if warnings and not reason:
        raise InputError(
            _("Mend what the plain-words check warns of, or say why it stays."),
            location=Location(field="override_reason"),
        )
    account = account_of(actor)
    if answer is None:
        answer = Answer.objects.create(
            claim=row, verdict=verdict.value, state=Answer.State.WAITING, recorded_by=account,
            recorded_at=now, is_sample=is_sample,
        )  # fmt: skip
    else:
        answer.state = Answer.State.WAITING
        answer.save(update_fields=["state"])
    last = answer.versions.order_by("-number").first()
    version = AnswerVersion.objects.create(
        answer=answer, number=last.number + 1 if last else 1, verdict=verdict.value,
        verdict_as_of=verdict.as_of, warnings=warnings, override_reason=reason,
        written_by=account, written_at=now, words=_words(row, clean), **_columns(clean),
    )  # fmt: skip
    record(
        actor=actor, action="rumours.write_answer", subject=row, now=now,
        detail={
            "answer": answer.pk, "version": version.number, "correction": is_correction,
            "warnings": len(warnings), "override_reason": reason,
        },
    )  # fmt: skip
    return version


def _live(claim: Claim) -> Answer | None:
    """Return the answer that is being written or stands, locked."""
    rows = Answer.objects.select_for_update().filter(claim=claim, is_from_elsewhere=False)
    return rows.exclude(state=Answer.State.WITHDRAWN).first()


def _checked(wording: Mapping[str, Wording], *, needs_note: bool) -> dict[str, Wording]:
    """Return the wordings without blanks around them, or say what is wrong in which field."""
    clean = {}
    for code in LANGUAGES:
        given = wording.get(code) or Wording("", "")
        parts = {name: getattr(given, name).strip() for name in _LIMITS}
        if not needs_note:
            parts["note"] = ""
        for name, text in parts.items():
            where = Location(field=f"{name}_{code}")
            if not text and (name != "note" or needs_note):
                raise InputError(_("An answer is given in all three languages."), location=where)
            if len(text) > _LIMITS[name]:
                raise InputError(_("This is too long."), location=where)
            if screen(text).traces:
                raise InputError(
                    _("An answer names no persons and no numbers of theirs."), location=where
                )
        clean[code] = Wording(**parts)
    return clean


def _columns(clean: Mapping[str, Wording]) -> dict[str, str]:
    return {
        f"{name}_{code}": getattr(said, name) for code, said in clean.items() for name in _LIMITS
    }


def _words(claim: Claim, clean: Mapping[str, Wording]) -> str:
    """Return what the public search looks through; each word follows a blank."""
    texts = [claim.leader_text, *(f"{said.headline} {said.text}" for said in clean.values())]
    return " " + " ".join(indexed_words(texts))


def _waiting(answer: Answer, number: int) -> tuple[Answer, AnswerVersion]:
    """Return the locked answer and its newest version, if that is the one meant."""
    row: Answer = Answer.objects.select_for_update().get(pk=answer.pk)
    version = AnswerVersion.objects.filter(answer=row).order_by("-number").first()
    if row.state != Answer.State.WAITING or version is None:
        raise ConflictError(_("This answer does not wait for approval."))
    if version.number != number:
        raise ConflictError(_("The answer was written anew meanwhile; read it again."))
    return row, version


@transaction.atomic
def send_back_answer(
    *, actor: Actor, answer: Answer, number: int, reason: str, now: datetime
) -> AnswerVersion:
    """Give an answer back to its writer, with the reason.

    Raises
    ------
    ConflictError
        It does not wait for approval, or a newer version does.
    InputError
        No reason was given.
    """
    require(actor, APPROVE, Answer, answer)
    row, version = _waiting(answer, number)
    version.sent_back_at, version.sent_back_reason = now, reason_of(reason)
    version.save(update_fields=["sent_back_at", "sent_back_reason"])
    row.state = Answer.State.DRAFT
    row.save(update_fields=["state"])
    record(
        actor=actor, action="rumours.send_back_answer", subject=row.claim, now=now,
        detail={"answer": row.pk, "version": number, "reason": version.sent_back_reason},
    )  # fmt: skip
    return version


@transaction.atomic
def publish_answer(*, actor: Actor, answer: Answer, number: int, now: datetime) -> Publication:
    """Approve an answer that somebody else wrote, and publish it everywhere, in one act.

    The public page and the feeds show it from the end of the transaction on; the tellings to
    webhooks, readers and the channel are written in the same transaction, and the worker sends
    them.

    Parameters
    ----------
    number
        The version that was read; a newer one must be read first.

    Raises
    ------
    ConflictError
        It does not wait for approval, a newer version does, or the claim has no verdict.
    RefusedError
        The actor wrote it, or may not approve answers.
    """
    require(actor, APPROVE, Answer, answer)
    row, version = _waiting(answer, number)
    account = account_of(actor)
    if account is None or version.written_by_id is None or account.pk == version.written_by_id:
        raise RefusedError(_("A second person approves an answer, never its writer."))
    claim: Claim = Claim.objects.select_for_update().get(pk=row.claim_id)
    is_correction = row.published_at is not None
    if claim.state in (S.VERDICT, S.RETURNED):
        move(claim, S.ANSWERED, now=now)
    elif not is_correction:
        raise ConflictError(_("Give a verdict first; the answer says it."))
    version.approved_by, version.approved_at = account, now
    version.save(update_fields=["approved_by", "approved_at"])
    row.state, row.verdict = Answer.State.PUBLISHED, version.verdict
    row.published_at, row.changed_at = row.published_at or now, now
    row.save(update_fields=["state", "verdict", "published_at", "changed_at"])
    kind = Publication.Kind.CORRECTION if is_correction else Publication.Kind.FIRST
    return _publish(actor, row, version, kind, now)


def _publish(
    actor: Actor, answer: Answer, version: AnswerVersion, kind: str, now: datetime
) -> Publication:
    publication = Publication.objects.create(
        answer=answer, version=version, kind=kind, at=now, by=account_of(actor)
    )
    count = write_deliveries(publication, now=now)
    record(
        actor=actor, action=f"rumours.publish_{kind}", subject=answer.claim, now=now,
        detail={
            "answer": answer.pk, "version": version.number, "verdict": version.verdict,
            "deliveries": count,
        },
    )  # fmt: skip
    return publication


def _standing(answer: Answer) -> AnswerVersion:
    approved = AnswerVersion.objects.filter(answer=answer, approved_at__isnull=False)
    version = approved.order_by("-number").first()
    if version is None:
        raise ConflictError(_("This answer is not published."))
    return version


@transaction.atomic
def answer_again(*, actor: Actor, claim: Claim, now: datetime) -> Publication:
    """Answer a claim that returned with the answer that stands, in one act.

    Two persons stand behind that answer already, so one is enough to say it again.

    Raises
    ------
    ConflictError
        The claim has not returned, or no published answer stands.
    """
    require(actor, ADD, Answer)
    row = locked(actor, claim)
    answer = _live(row)
    if answer is None or answer.state != Answer.State.PUBLISHED:
        raise ConflictError(_("No published answer stands that could be said again."))
    if row.state != S.RETURNED:
        raise ConflictError(_("This claim has not returned."))
    move(row, S.ANSWERED, now=now)
    answer.changed_at = now
    answer.save(update_fields=["changed_at"])
    return _publish(actor, answer, _standing(answer), Publication.Kind.REPEAT, now)


@transaction.atomic
def withdraw_answer(*, actor: Actor, answer: Answer, why: str, now: datetime) -> Publication:
    """Withdraw a published answer; its page stays and says so.

    One person is enough: what is wrong must go at once. The claim is checked again.

    Raises
    ------
    ConflictError
        It is not published, or was withdrawn.
    """
    require(actor, CHANGE, Answer, answer)
    row: Answer = Answer.objects.select_for_update().get(pk=answer.pk)
    if row.published_at is None or row.state == Answer.State.WITHDRAWN or row.is_from_elsewhere:
        raise ConflictError(_("This answer is not published."))
    version = _standing(row)
    row.state, row.withdrawn_at, row.changed_at = Answer.State.WITHDRAWN, now, now
    row.withdrawal = Answer.Withdrawal(why)
    row.save(update_fields=["state", "withdrawn_at", "withdrawal", "changed_at"])
    claim: Claim = Claim.objects.select_for_update().get(pk=row.claim_id)
    if claim.state in (S.ANSWERED, S.WATCHING, S.CLOSED, S.RETURNED):
        move(claim, S.CHECKING, now=now)
    return _publish(actor, row, version, Publication.Kind.WITHDRAWAL, now)
