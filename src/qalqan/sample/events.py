"""Made-up incidents and sites of the sample province."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from qalqan.sample import rhythm
from qalqan.sample.areas import UNITS, Unit
from qalqan.sample.stories import FLASH_POINT_DAYS, FLASH_POINT_KATO

INCIDENT_DAYS = 180
ORDINARY = 230
PLANTED = 26

INCIDENT_COLUMNS = (
    "id", "time", "time_precision", "kind", "place", "latitude", "longitude", "place_precision",
    "killed", "injured", "officers_killed", "weapons", "official_position", "known", "contested",
    "unknown", "title_kk", "title_ru", "title_en", "source", "source_kind", "source_reliability",
    "credibility", "citation", "reported_at",
)  # fmt: skip

_KINDS = (
    ("arson", "none", "Қоқыс жәшігі өртенді", "Подожжён мусорный контейнер", "Waste bin set on "
    "fire"),
    ("arson", "none", "Шөп маясы өртенді", "Сгорел стог сена", "Haystack burned"),
    ("threat", "none", "Жарылыс туралы жалған қоңырау", "Ложный звонок о взрыве", "False bomb "
    "call"),
    ("robbery", "cold", "Дүкен тоналды", "Ограблен магазин", "Shop robbed"),
    ("weapons_find", "firearm", "Аңшы оқтары табылды", "Найдены охотничьи патроны",
     "Hunting cartridges found"),
    ("weapons_find", "explosive", "Ескі снаряд табылды", "Найден старый снаряд", "Old shell found"),
    ("disorder", "none", "Базардағы төбелес", "Драка на рынке", "Brawl at the market"),
    ("other", "unknown", "Иесіз сөмке тексерілді", "Проверена бесхозная сумка",
     "Unattended bag checked"),
)  # fmt: skip
_HOT_KINDS = (
    ("weapons_find", "firearm", "Қоймадан гильзалар табылды", "На складе найдены гильзы",
     "Spent cases found in a depot"),
    ("arms_theft", "firearm", "Аңшы дүкенінен оқ ұрланды", "Из охотничьего магазина украдены "
    "патроны",
     "Cartridges stolen from a hunting shop"),
    ("arson", "none", "Тұрақтағы көлік өртенді", "Подожжена машина на стоянке",
     "Car set on fire in a car park"),
    ("threat", "none", "Мектепке жалған қоңырау", "Ложный звонок в школу", "False call to a "
    "school"),
)  # fmt: skip


def incidents(rng: np.random.Generator, now: datetime) -> list[dict[str, Any]]:
    """Return made-up incidents of half a year, the oldest first, with the planted ones."""
    weights = np.array([unit.people for unit in UNITS], float) ** 0.8
    units = rng.choice(len(UNITS), size=ORDINARY, p=weights / weights.sum()).tolist()
    ages = rhythm.steady(rng, now, INCIDENT_DAYS, ORDINARY).tolist()
    hot = next(i for i, unit in enumerate(UNITS) if unit.kato == FLASH_POINT_KATO)
    fresh = rhythm.steady(rng, now, FLASH_POINT_DAYS, PLANTED).tolist()
    told: list[tuple[float, int, Any, str]]
    told = [(age, unit, _KINDS, "sample") for age, unit in zip(ages, units, strict=True)]
    told += [(age, hot, _HOT_KINDS, "planted") for age in fresh]
    told.sort(key=lambda row: -row[0])
    # An hour and more ago, so that the report never lies after the clock.
    return [
        _incident(rng, f"{mark}-{n}", now - timedelta(hours=age + 1.5), UNITS[unit], kinds)
        for n, (age, unit, kinds, mark) in enumerate(told, 1)
    ]


def _incident(
    rng: np.random.Generator, number: str, at: datetime, unit: Unit, kinds: Any
) -> dict[str, Any]:
    kind, weapons, *titles = kinds[int(rng.integers(len(kinds)))]
    at = at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0)
    spread = rng.normal(0, 0.03, 2)
    return {
        "id": number,
        "time": at.isoformat(),
        "time_precision": "minute",
        "kind": kind,
        "place": unit.kato,
        "latitude": round(unit.seat.latitude + spread[0] * 0.65, 4),
        "longitude": round(unit.seat.longitude + spread[1], 4),
        "place_precision": "settlement",
        "killed": 0,
        "injured": int(rng.random() < 0.1),
        "officers_killed": 0,
        "weapons": weapons,
        "known": "Sample data: made up.",
        "title_kk": titles[0],
        "title_ru": titles[1],
        "title_en": titles[2],
        "source": "Sample district reports",
        "source_kind": "agency",
        "source_reliability": "C",
        "credibility": int(rng.integers(2, 5)),
        "citation": f"Sample report {number}",
        "reported_at": (at + timedelta(minutes=60)).isoformat(),
    }


SITE_COLUMNS = (
    "id", "kind", "name_kk", "name_ru", "name_en", "place", "latitude", "longitude", "people",
)  # fmt: skip
_SITES = (
    ("school", "№1 мектеп", "Школа № 1", "School 1", 600),
    ("market", "Орталық базар", "Центральный рынок", "Central market", 900),
    ("station", "Вокзал", "Вокзал", "Railway station", 400),
    ("gun_shop", "Аңшы дүкені", "Охотничий магазин", "Hunting shop", 20),
)


def sites() -> list[dict[str, Any]]:
    """Return made-up sites, four in each unit; the number of people is a guess at a full hour."""
    rows = []
    for unit in UNITS:
        for n, (kind, kk, ru, en, people) in enumerate(_SITES):
            rows.append(
                {
                    "id": f"sample-{unit.kato}-{kind}",
                    "kind": kind,
                    "name_kk": f"{unit.seat.names[0]}: {kk}",
                    "name_ru": f"{unit.seat.names[1]}: {ru}",
                    "name_en": f"{unit.seat.names[2]}: {en}",
                    "place": unit.kato,
                    "latitude": round(unit.seat.latitude + 0.004 * (n - 1), 4),
                    "longitude": round(unit.seat.longitude + 0.006 * (1 - n), 4),
                    "people": int(max(10, round(people * (unit.people / 60_000) ** 0.5, -1))),
                }
            )
    return rows
