"""Made-up cases of a year of indicators; nothing of it was measured anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

MONTHS = 12
REDEFINED = ("findings_in_time", "findings_in_time.2", 8)
"""Which indicator is redefined, by which formula, and in which of the months, from 0."""
TARGETS = {
    "answer_delay": 24.0, "findings_in_time": 0.8, "sites_overdue": 0.1, "alert_approval": 10.0,
    "alert_delivery": 2.0, "reach_per_head": 4.0, "question_wait": 30.0, "decisions_in_time": 0.8,
}  # fmt: skip
WHY_TARGET = {
    "kk": "Комиссияның жылдық жоспары (үлгі).",
    "ru": "Годовой план комиссии (образец).",
    "en": "Yearly plan of the commission (sample).",
}
WHY_REDEFINED = {
    "kk": "Мерзімді ұзарту кешігуді жасырмауы керек: бірінші қойылған мерзім есептеледі.",
    "ru": "Продление не должно скрывать опоздание: считается первый срок.",
    "en": "An extension should not hide a delay: the deadline first set counts.",
}
NEW_DEFINITION = {
    "kk": "Бірінші қойылған мерзімі осы айға түскен ескертпелердегі кемшіліктер: сол мерзімге "
          "дейін жойылғандарының үлесі. Ұзарту есептелмейді.",
    "ru": "Нарушения из предписаний, первый срок которых пришёлся на этот месяц: доля устранённых "
          "к этому сроку. Продления не учитываются.",
    "en": "Findings on notices whose first deadline lay in the month: the share mended by that "
          "deadline. Extensions do not count.",
}  # fmt: skip
WHY_CORRECTED = {
    "kk": "Екі шешімнің дәлелі кеш енгізілген (үлгі).",
    "ru": "Доказательства по двум решениям внесены с опозданием (образец).",
    "en": "Evidence for two decisions was entered late (sample).",
}
COMMENTS = {
    "sites_overdue": (
        9,
        {
            "kk": "Осы айда тексерушілердің жартысы су тасқынына жұмылдырылды; кестені келесі айда "
                  "қуып жетеміз (үлгі).",
            "ru": "В этом месяце половина инспекторов была занята паводком; график нагоним в "
                  "следующем месяце (образец).",
            "en": "Half of the inspectors were at the flood this month; we catch up with the plan "
                  "in the next one (sample).",
        },
    ),
    "answer_delay": (
        11,
        {
            "kk": "Түнгі кезекшілік енгізілгеннен бері жауап тезірек беріледі (үлгі).",
            "ru": "С введением ночного дежурства ответы даются быстрее (образец).",
            "en": "Since there is a night shift, answers are given sooner (sample).",
        },
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SampleCase:
    """One made-up case; see ``commission.selectors.formulas.Case``."""

    unit: int
    amount: float
    is_ended: bool = True


def cases(
    month: int, districts: Mapping[int, int], bodies: Sequence[int], *, seed: int
) -> dict[str, list[SampleCase]]:
    """Return made-up cases of one month by formula.

    Parameters
    ----------
    month
        From 0 to `MONTHS` - 1.
    districts
        How many people live in each district, by key.
    bodies
        Keys of the bodies that owe decisions and answers.
    seed
        Seed of the generator.
    """
    rng = np.random.default_rng([seed, month])
    keys = list(districts)
    weight = np.array([districts[key] for key in keys], float) ** 0.5
    weight /= weight.sum()
    return {
        "answer_delay.1": _delays(rng, keys, weight, 34, 26 - 0.9 * month, slow=1),
        "findings_in_time.1": _shares(rng, keys, weight, 70, 0.78, odd=2, odd_share=0.5),
        "findings_in_time.2": _shares(rng, keys, weight, 70, 0.62, odd=2, odd_share=0.35),
        "sites_overdue.1": _shares(rng, keys, weight, 90, 0.3 if month == 9 else 0.12),
        "alert_approval.1": _delays(rng, keys, weight, 9, 7, slow=-1),
        "alert_delivery.1": _delays(rng, keys, weight, 9, 1.4, slow=-1),
        "reach_per_head.1": _reached(rng, keys, weight),
        "question_wait.1": _delays(rng, list(bodies), None, 11, 25, slow=-1, open_share=0.0),
        "decisions_in_time.1": _shares(rng, list(bodies), None, 12, 0.75),
    }


def _drawn(
    rng: np.random.Generator, keys: list[int], weight: np.ndarray | None, number: int
) -> list[int]:
    return [keys[i] for i in rng.choice(len(keys), size=number, p=weight)]


def _delays(
    rng: np.random.Generator, keys: list[int], weight: np.ndarray | None, number: int,
    middle: float, *, slow: int, open_share: float = 0.1,
) -> list[SampleCase]:  # fmt: skip
    found = []
    for key in _drawn(rng, keys, weight, int(rng.poisson(number)) + 1):
        factor = 2.2 if 0 <= slow < len(keys) and key == keys[slow] else 1.0
        time = float(rng.lognormal(np.log(middle * factor), 0.7))
        found.append(SampleCase(key, time, bool(rng.random() >= open_share)))
    return found


def _shares(
    rng: np.random.Generator, keys: list[int], weight: np.ndarray | None, number: int,
    share: float, *, odd: int = -1, odd_share: float = 0.0,
) -> list[SampleCase]:  # fmt: skip
    return [
        SampleCase(
            key,
            float(
                rng.random() < (odd_share if 0 <= odd < len(keys) and key == keys[odd] else share)
            ),
        )
        for key in _drawn(rng, keys, weight, int(rng.poisson(number)) + 1)
    ]


def _reached(rng: np.random.Generator, keys: list[int], weight: np.ndarray) -> list[SampleCase]:
    return [
        SampleCase(key, float(5 + rng.negative_binomial(2, 0.05)))
        for key in _drawn(rng, keys, weight, 90)
    ]
