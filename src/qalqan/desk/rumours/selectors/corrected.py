"""What was corrected or withdrawn of published answers: when, why, before and after."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import override

from qalqan.desk.rumours.models import Answer, AnswerVersion, Publication


@dataclass(frozen=True, slots=True)
class CorrectedAnswer:
    """One correction or withdrawal of an answer, in one language."""

    number: int
    headline: str
    at: datetime
    why: str
    before: str
    after: str
    is_withdrawn: bool
    is_sample: bool


def corrected(language: str, most: int = 200) -> list[CorrectedAnswer]:
    """Return what was corrected or withdrawn, newest first; no actor is asked.

    Only versions that two persons stood behind are told, never a draft.
    """
    kinds = (Publication.Kind.CORRECTION, Publication.Kind.WITHDRAWAL)
    rows = Publication.objects.filter(
        kind__in=kinds, answer__published_at__isnull=False, answer__is_from_elsewhere=False
    )
    acts = list(rows.select_related("answer", "version").order_by("-at", "-pk")[:most])
    earlier: dict[int, list[AnswerVersion]] = defaultdict(list)
    told = AnswerVersion.objects.filter(
        answer__in={act.answer_id for act in acts}, approved_at__isnull=False
    )
    for version in told.order_by("number"):
        earlier[version.answer_id].append(version)
    with override(language):
        return [_said(act, earlier[act.answer_id], language) for act in acts]


def _said(act: Publication, versions: list[AnswerVersion], language: str) -> CorrectedAnswer:
    is_withdrawn = act.kind == Publication.Kind.WITHDRAWAL
    before = [one for one in versions if one.number < act.version.number]
    # What was withdrawn because of the harm it does is not said once more.
    does_harm = act.answer.withdrawal == Answer.Withdrawal.HARM
    old = (None if does_harm else act.version) if is_withdrawn else before[-1] if before else None
    why = str(act.answer.get_withdrawal_display()) if is_withdrawn else ""
    return CorrectedAnswer(
        act.answer_id, act.version.said("headline", language), act.at,
        why or act.version.said("note", language), _whole(old, language),
        "" if is_withdrawn else _whole(act.version, language), is_withdrawn, act.answer.is_sample,
    )  # fmt: skip


def _whole(version: AnswerVersion | None, language: str) -> str:
    if version is None:
        return ""
    return f"{version.said('headline', language)}\n{version.said('text', language)}"
