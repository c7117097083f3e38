"""What an answer goes through: written, sent back, approved and published, corrected, withdrawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    VerdictValue,
)
from qalqan.desk.rumours.policies import APPROVE
from qalqan.desk.rumours.search import indexed_words
from qalqan.desk.rumours.selectors.published import told_in_confidence
from qalqan.desk.rumours.services.flow import account_of, locked, move, reason_of
from qalqan.desk.rumours.services.outbox import leave_out_earlier, write_deliveries
from qalqan.errors import ConflictError, InputError, Location, RefusedError
from qalqan.science.text.plain_words import check_plain_words

S = Claim.State
_NEW_VERDICT = gettext_lazy("A new verdict was given since; the answer must be written anew.")
_LIMITS = {"headline": 160, "text": 4000, "note": 300}
_BREAKS = str.maketrans(dict.fromkeys("\v\f\x85\u2028\u2029", "\n"))
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})


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


def warnings_for(
    claim: Claim, wording: Mapping[str, Wording], *, verdict: str
) -> list[dict[str, str]]:
    """Return what the plain-words check warns of, as plain data: language, part, concern, words.

    Where the claim is true, saying it is saying the fact: that warns of nothing.
    """
    rumours = [] if verdict == VerdictValue.TRUE else [claim.leader_text]
    return [
        {"language": code, "part": c.part, "concern": c.concern.value, "words": c.surface[:200]}
        for code in LANGUAGES
        if code in wording
        for c in check_plain_words(
            wording[code].headline, wording[code].text, code, rumours=rumours
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
    warnings = warnings_for(row, clean, verdict=verdict.value)
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
        parts = {name: _printable(getattr(given, name)) for name in _LIMITS}
        # A headline is the subject of an e-mail, which has one line.
        parts |= {name: " ".join(parts[name].split()) for name in ("headline", "note")}
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


def _printable(text: str) -> str:
    """Return a text without signs that no feed may hold or that turn what is read around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)
    kept = (s for s in lines if s in "\n\t\u200d" or unicodedata.category(s) not in _UNSEEN)
    return "".join(kept).strip()


def _columns(clean: Mapping[str, Wording]) -> dict[str, str]:
    return {
        f"{name}_{code}": getattr(said, name) for code, said in clean.items() for name in _LIMITS
    }


def _words(claim: Claim, clean: Mapping[str, Wording]) -> str:
    """Return what the public search looks through; each word follows a blank."""
    texts = [f"{said.headline} {said.text}" for said in clean.values()]
    if claim.pk not in told_in_confidence([claim]):
        texts.insert(0, claim.leader_text)
    return " " + " ".join(indexed_words(texts))


def _both(answer: Answer) -> tuple[Claim, Answer]:
    """Return a claim and its answer, locked in the order in which every act locks them."""
    claim: Claim = Claim.objects.select_for_update().get(pk=answer.claim_id)
    row: Answer = Answer.objects.select_for_update().get(pk=answer.pk)
    return claim, row


def _has_newer_verdict(version: AnswerVersion) -> bool:
    """Tell whether the desk came to another verdict since a version was written."""
    verdicts = Verdict.objects.filter(claim_id=version.answer.claim_id)
    return verdicts.filter(given_at__gt=version.written_at).exists()


def _waiting(row: Answer, number: int) -> AnswerVersion:
    """Return the newest version of a locked answer, if that is the one meant."""
    version = AnswerVersion.objects.filter(answer=row).order_by("-number").first()
    if row.state != Answer.State.WAITING or version is None:
        raise ConflictError(_("This answer does not wait for approval."))
    if version.number != number:
        raise ConflictError(_("The answer was written anew meanwhile; read it again."))
    return version


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
    _claim, row = _both(answer)
    version = _waiting(row, number)
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
        It does not wait for approval, a newer version does, the claim has no verdict, or a newer
        one than the version says.
    RefusedError
        The actor wrote it, or may not approve answers.
    """
    require(actor, APPROVE, Answer, answer)
    claim, row = _both(answer)
    version = _waiting(row, number)
    account = account_of(actor)
    if account is None or version.written_by_id is None or account.pk == version.written_by_id:
        raise RefusedError(_("A second person approves an answer, never its writer."))
    if _has_newer_verdict(version):
        raise ConflictError(_NEW_VERDICT)
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
    leave_out_earlier(publication, now=now)
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
        The claim has not returned, no published answer stands, or a new verdict was given since.
    """
    require(actor, ADD, Answer)
    row = locked(actor, claim)
    answer = _live(row)
    if answer is None or answer.state != Answer.State.PUBLISHED:
        raise ConflictError(_("No published answer stands that could be said again."))
    if row.state != S.RETURNED:
        raise ConflictError(_("This claim has not returned."))
    version = _standing(answer)
    if _has_newer_verdict(version):
        raise ConflictError(_NEW_VERDICT)
    move(row, S.ANSWERED, now=now)
    answer.changed_at = now
    answer.save(update_fields=["changed_at"])
    return _publish(actor, answer, version, Publication.Kind.REPEAT, now)


@transaction.atomic
def withdraw_answer(*, actor: Actor, answer: Answer, why: str, now: datetime) -> Publication:
    """Withdraw a published answer; its page stays and says so.

    One person is enough: what is wrong must go at once. The claim is checked again, by that
    person until somebody takes it over.

    Raises
    ------
    ConflictError
        It is not published, or was withdrawn.
    """
    require(actor, CHANGE, Answer, answer)
    claim, row = _both(answer)
    if row.published_at is None or row.state == Answer.State.WITHDRAWN or row.is_from_elsewhere:
        raise ConflictError(_("This answer is not published."))
    version = _standing(row)
    row.state, row.withdrawn_at, row.changed_at = Answer.State.WITHDRAWN, now, now
    row.withdrawal = Answer.Withdrawal(why)
    row.save(update_fields=["state", "withdrawn_at", "withdrawal", "changed_at"])
    if claim.state in (S.ANSWERED, S.WATCHING, S.CLOSED, S.RETURNED):
        move(claim, S.CHECKING, now=now, owner=account_of(actor))
    return _publish(actor, row, version, Publication.Kind.WITHDRAWAL, now)
