"""What the public reads: answers that were published, as plain data in three languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from qalqan.desk.platform.policies import PUBLIC, Actor
from qalqan.desk.rumours.models import (
    LANGUAGES,
    Answer,
    AnswerVersion,
    Claim,
    Evidence,
    Message,
    Publication,
    TipReference,
    Verdict,
)
from qalqan.desk.rumours.search import query_prefixes

RATING = {"true": 5, "misleading": 3, "false": 1}
"""On schema.org's scale from 1 to 5; what cannot be checked has no value, only a name."""


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """An answer as the public sees it in one language.

    Parameters
    ----------
    number
        Of the answer.
    language
        ``kk``, ``ru`` or ``en``.
    claim
        Its first wording; empty where that is a report to the hotline.
    headline, text, note
        What stands now; ``note`` says what the last correction corrected.
    verdict, wording
        The code, and how it is said; a claim that is true is confirmed.
    """

    number: int
    language: str
    headline: str
    text: str
    note: str
    verdict: str
    wording: str
    as_of: datetime | None
    claim: str
    claim_language: str
    claim_seen: datetime
    published_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None
    withdrawal: str
    version: int
    is_sample: bool
    url: str


def wording_of(verdict: str) -> str:
    """Return how a verdict is said to the public, in the active language."""
    return {
        "true": _("Confirmed: this is true"),
        "false": _("This is not true"),
        "misleading": _("This is misleading"),
        "unverifiable": _("This cannot be checked"),
    }[verdict]


def address_of(number: int, language: str) -> str:
    """Return the whole address of an answer's page."""
    path = reverse("public:answer", args=[language, number])
    return f"{settings.QALQAN_PUBLIC_URL}{path}"


def published(actor: Actor = PUBLIC) -> QuerySet[Any]:
    """Return the published answers with the number of the version that stands."""
    standing = AnswerVersion.objects.filter(answer=OuterRef("pk"), approved_at__isnull=False)
    rows = Answer.objects.visible_to(actor).filter(
        published_at__isnull=False, is_from_elsewhere=False
    )
    return (
        rows.annotate(standing=Subquery(standing.order_by("-number").values("pk")[:1]))
        .select_related("claim")
        .order_by("-changed_at", "-pk")
    )


def found(query: str, *, actor: Actor = PUBLIC) -> QuerySet[Any]:
    """Return the published answers that hold all words of a query, endings left aside."""
    rows = published(actor)
    words = query_prefixes(query)
    if not words:
        return rows
    wanted = AnswerVersion.objects.filter(approved_at__isnull=False)
    for prefixes in words:
        any_of = Q()
        for prefix in prefixes:
            any_of |= Q(words__contains=f" {prefix}")
        wanted = wanted.filter(any_of)
    return rows.filter(standing__in=wanted.values("pk"))


def told_in_confidence(claims: Iterable[Claim]) -> frozenset[int]:
    """Return the claims whose first wording is a report to the hotline.

    Somebody wrote that to the desk and to nobody else, and may be known by how they write.
    """
    keys = [claim.pk for claim in claims if claim.tips]
    if not keys:
        return frozenset()
    first = Message.objects.filter(claim_number=OuterRef("pk"), opens_claim=True)
    rows = Claim.objects.filter(pk__in=keys).annotate(
        kind=Subquery(first.order_by("published_at").values("kind")[:1])
    )
    return frozenset(rows.filter(kind=Message.Kind.HOTLINE).values_list("pk", flat=True))


def shown(rows: Iterable[Any], language: str) -> list[PublicAnswer]:
    """Return answers as the public sees them in a language; rows come from `published`."""
    answers = list(rows)
    versions = AnswerVersion.objects.in_bulk([row.standing for row in answers])
    hidden = told_in_confidence(row.claim for row in answers)
    with override(language):
        return [
            _shown(row, versions[row.standing], language, has_claim=row.claim_id not in hidden)
            for row in answers
        ]


def _shown(row: Answer, version: AnswerVersion, language: str, *, has_claim: bool) -> PublicAnswer:
    assert row.published_at is not None  # noqa: S101 - the query asks for it
    return PublicAnswer(
        number=row.pk,
        language=language,
        headline=version.said("headline", language),
        text=version.said("text", language),
        note=getattr(version, f"note_{language}"),
        verdict=version.verdict,
        wording=wording_of(version.verdict),
        as_of=version.verdict_as_of,
        claim=row.claim.leader_text if has_claim else "",
        claim_language=row.claim.language,
        claim_seen=row.claim.first_seen,
        published_at=row.published_at,
        changed_at=row.changed_at or row.published_at,
        withdrawn_at=row.withdrawn_at,
        withdrawal=str(row.get_withdrawal_display()) if row.withdrawal else "",
        version=version.number,
        is_sample=row.is_sample,
        url=address_of(row.pk, language),
    )


def answer_of(number: int, language: str) -> PublicAnswer | None:
    """Return one published answer, or nothing."""
    rows = shown(published().filter(pk=number), language)
    return rows[0] if rows else None


def publications_of(number: int) -> list[Publication]:
    """Return the acts of publishing of one answer with their versions, newest first."""
    rows = Publication.objects.visible_to(PUBLIC).filter(answer_id=number)
    return list(rows.select_related("version").order_by("-at", "-pk"))


def evidence_of(number: int) -> list[Evidence]:
    """Return what the verdict of a published answer rests on, newest first."""
    row = published().filter(pk=number).first()
    if row is None:
        return []
    version = AnswerVersion.objects.get(pk=row.standing)
    verdict = (
        Verdict.objects.filter(claim_id=row.claim_id, given_at__lte=version.written_at)
        .order_by("-given_at", "-pk")
        .first()
    )
    if verdict is None:
        return []
    return list(verdict.evidence.select_related("source").order_by("-found_at", "-pk"))


def claim_review(answer: PublicAnswer, *, publisher: str) -> dict[str, Any] | None:
    """Return an answer as schema.org's ClaimReview; nothing where the claim is not quoted.

    See https://schema.org/ClaimReview; the rating's name is in the answer's language.
    """
    if not answer.claim:
        return None
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": answer.wording}
    if answer.verdict in RATING:
        rating |= {"ratingValue": RATING[answer.verdict], "bestRating": 5, "worstRating": 1}
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": answer.url,
        "inLanguage": answer.language,
        "name": answer.headline,
        "reviewBody": answer.text,
        "datePublished": answer.published_at.isoformat(),
        "dateModified": answer.changed_at.isoformat(),
        "author": {"@type": "Organization", "name": publisher, "url": settings.QALQAN_PUBLIC_URL},
        "claimReviewed": answer.claim,
        "itemReviewed": {"@type": "Claim", "datePublished": answer.claim_seen.isoformat()},
        "reviewRating": rating,
    }


def payload(publication: Publication) -> dict[str, Any]:
    """Return a publication as webhooks are sent it: all three languages, and what was done."""
    row = published().get(pk=publication.answer_id)
    has_claim = row.claim_id not in told_in_confidence([row.claim])
    first = _shown(row, publication.version, LANGUAGES[0], has_claim=has_claim)
    return {
        "version": 1,
        "event": publication.kind,
        "publication": publication.pk,
        "at": publication.at.isoformat(),
        "answer": {
            "number": first.number,
            "version": first.version,
            "verdict": first.verdict,
            "verdict_as_of": first.as_of.isoformat() if first.as_of else None,
            "published_at": first.published_at.isoformat(),
            "withdrawn_at": first.withdrawn_at.isoformat() if first.withdrawn_at else None,
            "is_sample": first.is_sample,
            "claim": {
                "number": row.claim_id,
                "text": first.claim,
                "language": first.claim_language,
            },
            "languages": {code: _as_text(row, publication.version, code) for code in LANGUAGES},
        },
    }


def _as_text(row: Answer, version: AnswerVersion, language: str) -> dict[str, str]:
    with override(language):
        said = _shown(row, version, language, has_claim=False)
    return {
        "verdict": said.wording, "headline": said.headline,
        # A program that overlooks the withdrawal must have nothing left to publish.
        "text": "" if said.withdrawn_at else said.text,
        "correction": said.note, "withdrawal": said.withdrawal, "url": said.url,
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class TipStatus:
    """What has become of a report: ``waiting``, ``received``, ``checking`` or ``answered``."""

    stage: str
    answer: int | None = None


def tip_status(digest: str) -> TipStatus | None:
    """Return how far the desk is with the report of a reference number; nothing for no number."""
    reference = TipReference.objects.visible_to(PUBLIC).filter(digest=digest).first()
    if reference is None:
        return None
    message = Message.objects.filter(content_id=bytes(reference.content_id)).first()
    if message is None:
        return TipStatus("waiting")
    own = Claim.objects.filter(pk=message.claim_number).select_related("merged_into").first()
    if own is None:
        return TipStatus("received")
    claim = own.merged_into or own
    # What was answered before it was merged into another claim stays answered.
    answer = published().filter(claim__in=[claim, own], withdrawn_at__isnull=True).first()
    if answer is not None:
        return TipStatus("answered", answer.pk)
    busy = claim.state in (Claim.State.CHECKING, Claim.State.VERDICT)
    return TipStatus("checking" if busy else "received")


def waiting_answers(actor: Actor) -> QuerySet[Answer]:
    """Return the answers that wait for a second person, the longest waiting first."""
    newest = AnswerVersion.objects.filter(answer=OuterRef("pk")).order_by("-number")
    return (
        Answer.objects.visible_to(actor)
        .filter(state=Answer.State.WAITING)
        .annotate(written_at=Subquery(newest.values("written_at")[:1]),
                  writer=Subquery(newest.values("written_by")[:1]))
        .select_related("claim")
        .order_by(F("written_at").asc(), "pk")
    )  # fmt: skip
