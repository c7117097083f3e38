"""What the sample's people weighed about two made-up incidents, in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SampleItem:
    """One item: text, grade (0 for an assumption), relevance, and the marks of two people."""

    text: Words
    credibility: int
    relevance: int
    marks: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SampleAnalysis:
    """One analysis: hypotheses with their priors, items, what to look for, and the truth."""

    question: Words
    ago: timedelta
    hypotheses: tuple[tuple[str, float], ...]
    items: tuple[SampleItem, ...]
    sought: Words
    chances: tuple[float, ...]
    truth: int
    basis: Words
    misled_by: Words


SOURCE = "Sample duty log"
NOTHING: Words = {}

WEIGHED = (
    SampleAnalysis(
        question={
            "kk": "Қаруды кім және не үшін алды?",
            "ru": "Кто и зачем забрал оружие?",
            "en": "Who took the weapons, and what for?",
        },
        ago=timedelta(days=6),
        hypotheses=(("gang", 0.5), ("organised", 0.2), ("lone", 0.3)),
        items=(
            SampleItem(
                {
                    "kk": "Екі кіреберіс бір мезгілде бұзылды",
                    "ru": "Два входа взломаны одновременно",
                    "en": "Two entrances were broken at the same time",
                },
                2, 3, (("C", "CC", "II"), ("C", "C", "I")),
            ),
            SampleItem(
                {
                    "kk": "Ақша тартпасына ешкім тимеген",
                    "ru": "Кассу не тронули",
                    "en": "The till was left untouched",
                },
                2, 3, (("I", "C", "N"), ("II", "CC", "N")),
            ),
            SampleItem(
                {
                    "kk": "Бақылау камерасы алдын ала өшірілген",
                    "ru": "Камера была отключена заранее",
                    "en": "The camera was switched off beforehand",
                },
                3, 2, (("C", "C", "I"), ("C", "C", "C")),
            ),
            SampleItem(
                {
                    "kk": "Жорамал: жалғыз адам мұнша қаруды тасымас еді",
                    "ru": "Допущение: один человек столько не унёс бы",
                    "en": "Assumption: one person could not carry so much",
                },
                0, 2, (("C", "C", "I"), ("N", "C", "I")),
            ),
        ),
        sought={
            "kk": "Қару нарықта сатылып жүр ме",
            "ru": "Продают ли это оружие на рынке",
            "en": "Whether the weapons are offered for sale",
        },
        chances=(0.8, 0.1, 0.5),
        truth=0,
        basis=NOTHING,
        misled_by=NOTHING,
    ),
    SampleAnalysis(
        question={
            "kk": "Өрт неден шықты?",
            "ru": "Отчего случился пожар?",
            "en": "What caused the fire?",
        },
        ago=timedelta(days=30),
        hypotheses=(("accident", 0.6), ("provocation", 0.2), ("lone", 0.2)),
        items=(
            SampleItem(
                {
                    "kk": "Көрші канистрмен адам көргенін айтты",
                    "ru": "Сосед говорит, что видел человека с канистрой",
                    "en": "A neighbour says that somebody carried a canister",
                },
                4, 3, (("I", "C", "C"), ("II", "C", "CC")),
            ),
            SampleItem(
                {
                    "kk": "Сымдарда қысқа тұйықталу іздері бар",
                    "ru": "На проводке следы короткого замыкания",
                    "en": "The wiring shows traces of a short circuit",
                },
                2, 3, (("CC", "I", "I"), ("C", "N", "N")),
            ),
        ),
        sought=NOTHING,
        chances=(),
        truth=1,
        basis={
            "kk": "Өрт сараптамасының қорытындысы: қысқа тұйықталу.",
            "ru": "Заключение пожарной экспертизы: короткое замыкание.",
            "en": "The fire examination found a short circuit.",
        },
        misled_by={
            "kk": "Бір ғана куәнің сөзіне тым көп сендік.",
            "ru": "Слишком поверили словам одного свидетеля.",
            "en": "We believed a single witness too much.",
        },
    ),
)  # fmt: skip

QUESTION: Words = {
    "kk": "Кілттер қайда сақталған?",
    "ru": "Где хранились ключи?",
    "en": "Where were the keys kept?",
}
KINDS = (("arms_theft", "robbery", "armed_attack"), ("arson", "explosion", "other"))
"""Of which kind of incident each analysis is, the first kind that the ledger holds."""
