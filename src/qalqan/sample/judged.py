"""What became of the sample's earlier flash-points, in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judged:
    """One night's scan, and what was said and done about what it found.

    Parameters
    ----------
    stream
        What is scanned.
    ago
        How long before the sample's end.
    judgement, reason
        Of the review.
    decision, title, outcome
        What was decided, the work it became, and how that ended; empty where it was closed.
    closed
        Why it was taken off the desk; empty where it was decided.
    """

    stream: str
    ago: timedelta
    judgement: str
    reason: Words
    decision: Words
    title: Words
    outcome: Words
    closed: Words


NOTHING: Words = {}

JUDGED = (
    Judged(
        stream="tips",
        ago=timedelta(days=16),
        judgement="artefact",
        reason={
            "kk": "Аудандарда жедел желінің жаңа нөмірі таратылды; оқиғалар көбеймеген.",
            "ru": "В районах раздавали новый номер горячей линии; происшествий не больше.",
            "en": "A new hotline number was handed out there; there are no more incidents.",
        },
        decision=NOTHING,
        title=NOTHING,
        outcome=NOTHING,
        closed={
            "kk": "Есептілік артефактісі, әрекет қажет емес.",
            "ru": "Артефакт учёта, действий не требуется.",
            "en": "An artefact of reporting, nothing to be done.",
        },
    ),
    Judged(
        stream="incidents",
        ago=timedelta(days=14),
        judgement="real",
        reason={
            "kk": "Оқиғалар әртүрлі, дереккөздері бөлек; басқа хабарламалар көбеймеген.",
            "ru": "Происшествия разные, источники независимы; других сообщений не стало больше.",
            "en": "Different incidents, independent sources; other reports did not rise.",
        },
        decision={
            "kk": "Аудан орталығында бір апта бойы кешкі күзетті күшейту.",
            "ru": "На неделю усилить вечерние патрули в районном центре.",
            "en": "Strengthen the evening patrols in the district centre for a week.",
        },
        title={
            "kk": "Аудан орталығындағы кешкі күзет",
            "ru": "Вечерние патрули в районном центре",
            "en": "Evening patrols in the district centre",
        },
        outcome={
            "kk": "Жеті кеш бойы күзет жүргізілді; есеп тіркелді.",
            "ru": "Патрули выходили семь вечеров; отчёт приложен.",
            "en": "Patrols went out on seven evenings; the report is filed.",
        },
        closed=NOTHING,
    ),
)
