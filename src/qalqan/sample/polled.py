"""Three waves of a made-up poll of some 600 answers each: questions, outcomes, answers.

Nobody was asked. Trust is drawn lower where the sample's rumours wait longest, and rises a little
from wave to wave, so that pages have something to show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

CODE = "trust_poll"
NAMES = {
    "kk": "Ресми сөзге сенім (үлгі деректер)",
    "ru": "Доверие официальному слову (данные примера)",
    "en": "Trust in official word (sample data)",
}
SCALE = (1, 5)
ITEMS = ("told_truth", "told_in_time", "acted")


@dataclass(frozen=True, slots=True)
class SampleQuestion:
    """A question of the made-up poll."""

    code: str
    kind: str
    kk: str
    ru: str
    en: str
    choices: tuple[tuple[str, str, str, str], ...] = ()
    counts: tuple[str, ...] = ()
    relevant: str = ""


QUESTIONS = (
    SampleQuestion(
        "told_truth", "scale",
        "Төтенше жағдайда ресми органдар шындықты айтады: 1 – мүлде келіспеймін, "
        "5 – толық келісемін",
        "При чрезвычайном положении официальные органы говорят правду: 1 – совсем не согласны, "
        "5 – полностью согласны",
        "In an emergency officials tell the truth: 1 – do not agree at all, 5 – fully agree",
    ),
    SampleQuestion(
        "told_in_time", "scale",
        "Олар дер кезінде хабарлайды: 1 – мүлде келіспеймін, 5 – толық келісемін",
        "Они сообщают вовремя: 1 – совсем не согласны, 5 – полностью согласны",
        "They tell in time: 1 – do not agree at all, 5 – fully agree",
    ),
    SampleQuestion(
        "acted", "scale",
        "Айтқандарын орындайды: 1 – мүлде келіспеймін, 5 – толық келісемін",
        "Они делают то, что говорят: 1 – совсем не согласны, 5 – полностью согласны",
        "They do what they say: 1 – do not agree at all, 5 – fully agree",
    ),
    SampleQuestion(
        "heard", "yes_no",
        "Соңғы айда қорқынышты қауесет естідіңіз бе?",
        "Слышали ли Вы за последний месяц пугающий слух?",
        "Have you heard a frightening rumour in the last month?",
        counts=("yes",),
    ),
    SampleQuestion(
        "checked", "one",
        "Оны қайдан тексердіңіз?",
        "Где Вы его проверили?",
        "Where did you check it?",
        (
            ("official", "Ресми арнадан", "В официальном канале", "In an official channel"),
            ("news", "Жаңалықтардан", "В новостях", "In the news"),
            ("people", "Таныстардан", "У знакомых", "With people I know"),
            ("nowhere", "Тексерген жоқпын", "Не проверяли", "Nowhere"),
        ),
        ("official", "news"),
        "${heard} = 'yes'",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleAnswer:
    """One made-up set of answers."""

    age_band: str
    sex: str
    answers: dict[str, Any]


AGES = ("18_24", "25_34", "35_44", "45_54", "55_64", "65_up")
AGE_SHARES = (0.14, 0.23, 0.21, 0.17, 0.14, 0.11)
OUTCOMES = {"R": 9, "NC": 7, "O": 1, "UH": 4, "UO": 2, "NE": 3}
"""Cases of a drawn area that were no interview, on average."""


def answers(rng: np.random.Generator, districts: Sequence[int], wave: int) -> list[SampleAnswer]:
    """Make up one set of answers for each district number given.

    Parameters
    ----------
    rng
        Source of chance.
    districts
        Number of the district of each set, from 0.
    wave
        From 1.
    """
    at = np.asarray(districts)
    n = len(at)
    ages = rng.choice(len(AGES), n, p=AGE_SHARES)
    sexes = rng.choice(2, n, p=(0.54, 0.46))
    level = 2.7 + 0.12 * wave + 0.18 * np.sin(at * 1.7) + 0.06 * (ages - 2)
    leaning = level + rng.normal(0, 0.7, n)
    scales = np.clip(np.rint(leaning[:, None] + rng.normal(0, 0.7, (n, 3))), 1, 5).astype(int)
    heard = rng.random(n) < 0.55 - 0.04 * wave
    where = rng.choice(4, n, p=(0.24, 0.26, 0.28, 0.22))
    silent = rng.random((n, 3)) < 0.03
    codes = [choice[0] for choice in QUESTIONS[4].choices]
    found = []
    for row in range(n):
        given: dict[str, Any] = {
            code: int(scales[row, item]) for item, code in enumerate(ITEMS) if not silent[row, item]
        }
        given["heard"] = "yes" if heard[row] else "no"
        if heard[row]:
            given["checked"] = codes[int(where[row])]
        found.append(SampleAnswer(AGES[int(ages[row])], "fm"[int(sexes[row])], given))
    return found
