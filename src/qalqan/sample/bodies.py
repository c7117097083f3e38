"""Made-up directory of the sample province: thirty state bodies, forty groups, the matrix.

The sorts of bodies are those a province has; offices, numbers and papers are invented, numbers
lie in a range that is not given out, and nobody is named.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from qalqan.sample.areas import PROVINCE_KATO, UNITS

Names = tuple[str, str, str]
"""Kazakh, Russian, English."""

COLUMNS = (
    "kind", "type", "area", "name_kk", "name_ru", "name_en", "mandate", "languages",
    "organisation", "registration", "registered_since", "registration_source", "office",
    "address", "phone", "mail", "hours", "expertise",
)  # fmt: skip

_STATE: tuple[tuple[str, Names, str], ...] = (
    ("akimat", ("Облыс әкімдігі", "Акимат области", "Provincial akimat"), ""),
    ("police", ("Полиция департаменті", "Департамент полиции", "Police department"),
     "law: inspector for juvenile affairs"),
    ("emergency", ("Төтенше жағдайлар департаменті", "Департамент по чрезвычайным ситуациям",
                   "Emergencies department"), "rescue: head of a rescue shift"),
    ("schooling", ("Білім басқармасы", "Управление образования", "Education department"),
     "teaching: methodologist; psychology: school psychologist"),
    ("health", ("Денсаулық сақтау басқармасы", "Управление здравоохранения",
                "Health department"), "health: doctor on call"),
    ("social", ("Әлеуметтік бағдарламалар басқармасы", "Управление социальных программ",
                "Social programmes department"), "social: social worker"),
    ("department", ("Жастар саясаты басқармасы", "Управление молодежной политики",
                    "Youth policy department"), "youth: adviser for young people"),
    ("department", ("Ішкі саясат басқармасы", "Управление внутренней политики",
                    "Internal policy department"), "mediation: mediator"),
    ("department", ("Дін істері басқармасы", "Управление по делам религий",
                    "Religious affairs department"), "theology: theologian"),
    ("department", ("Мәдениет басқармасы", "Управление культуры", "Culture department"), ""),
    ("department", ("Цифрландыру басқармасы", "Управление цифровизации",
                    "Digital development department"), "digital: security engineer"),
    ("department", ("Құрылыс бақылау басқармасы", "Управление строительного контроля",
                    "Building control department"), "safety: building inspector"),
    ("press", ("Облыс әкімінің баспасөз қызметі", "Пресс-служба акима области",
               "Press service of the akim"), "media: editor"),
    ("youth_centre", ("Жастар ресурстық орталығы", "Молодежный ресурсный центр",
                      "Youth resource centre"), "youth: youth worker"),
    ("health", ("Психикалық денсаулық орталығы", "Центр психического здоровья",
                "Mental health centre"), "psychology: psychotherapist"),
    ("social", ("Отбасын қолдау орталығы", "Центр поддержки семьи", "Family support centre"),
     "social: family adviser; law: lawyer"),
)  # fmt: skip

_GROUPS: tuple[tuple[str, Names, str], ...] = (
    ("association", ("«Жарық» аналар одағы", "Союз матерей «Жарык»", "Union of mothers “Zharyq”"),
     "mediation: elder of the neighbourhood"),
    ("volunteers", ("«Үміт» еріктілері", "Волонтеры «Умит»", "Volunteers “Umit”"),
     "youth: leader of a youth club"),
    ("cultural", ("«Дала» мәдени клубы", "Культурный клуб «Дала»", "Culture club “Dala”"),
     "teaching: teacher of crafts"),
)  # fmt: skip

AGENCY_NAMES: Names = (
    "Ақтөбе өңірлік штабы (үлгі)", "Актюбинский региональный штаб (образец)",
    "Aktobe regional task force (sample)",
)  # fmt: skip
GROUP_NAMES: Names = (
    "Ақтөбе азаматтық тобы (үлгі)", "Актюбинская гражданская группа (образец)",
    "Aktobe civic group (sample)",
)  # fmt: skip


def rows(*, agency: str, group: str) -> list[dict[str, str]]:
    """Return the directory as rows of the import.

    Parameters
    ----------
    agency, group
        Names of the demo desk's two organisations, which are in the directory, too.
    """
    found = [_row("state", "department", PROVINCE_KATO, AGENCY_NAMES, "", agency)]
    found += [
        _row("state", sort, PROVINCE_KATO, names, expertise) for sort, names, expertise in _STATE
    ]
    found += [
        _row("state", "akimat", unit.kato, _akimat(unit.names), "") for unit in UNITS
    ]  # fmt: skip
    found.append(_row("civil", "association", PROVINCE_KATO, GROUP_NAMES, "law: lawyer", group))
    found += [
        _row("civil", sort, unit.kato, _in_area(names, unit.seat.names), expertise)
        for unit in UNITS
        for sort, names, expertise in _GROUPS
    ]
    return [
        {**row, **_office(number), **_registration(number, row["kind"])}
        for number, row in enumerate(found)
    ]


def _akimat(names: Names) -> Names:
    return (f"{names[0]} әкімдігі", f"Акимат: {names[1]}", f"Akimat of {names[2]}")


def _in_area(names: Names, seat: Names) -> Names:
    return (f"{names[0]}, {seat[0]}", f"{names[1]}, {seat[1]}", f"{names[2]}, {seat[2]}")


def _row(
    kind: str, sort: str, area: str, names: Names, expertise: str, organisation: str = ""
) -> dict[str, str]:
    return {
        "kind": kind, "type": sort, "area": area, "name_kk": names[0], "name_ru": names[1],
        "name_en": names[2], "mandate": "", "languages": "kk,ru", "organisation": organisation,
        "expertise": expertise,
    }  # fmt: skip


def _office(number: int) -> dict[str, str]:
    return {
        "office": "Кеңсе / Канцелярия", "address": f"Үлгі көшесі / ул. Образцовая, {number + 1}",
        "phone": f"8 (7132) 00-{number // 100:02d}-{number % 100:02d}",
        "mail": f"office{number + 1}@example.org", "hours": "09:00–18:30",
    }  # fmt: skip


def _registration(number: int, kind: str) -> dict[str, str]:
    if kind == "state":
        return {"registration": "not_needed", "registered_since": "2020-01-01",
                "registration_source": "Ереже / Положение (үлгі)"}  # fmt: skip
    status = "suspended" if number % 17 == 0 else "applied" if number % 13 == 0 else "registered"
    return {
        "registration": status, "registered_since": f"202{number % 5}-0{number % 9 + 1}-15",
        "registration_source": f"Куәлік / Свидетельство № {1000 + number} (үлгі)",
    }  # fmt: skip


def write_bodies(path: Path, *, agency: str, group: str) -> Path:
    """Write the directory as CSV, as a province would hand it in."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows(agency=agency, group=group))
    return path


PARTS: tuple[tuple[str, str, str, str], ...] = (
    ("rumours.claim", "Press service of the akim", "leads", PROVINCE_KATO),
    ("rumours.claim", "Aktobe regional task force (sample)", "helps", PROVINCE_KATO),
    ("rumours.claim", "Internal policy department", "informed", PROVINCE_KATO),
    ("protection.site", "Building control department", "leads", PROVINCE_KATO),
    ("protection.site", "Police department", "helps", PROVINCE_KATO),
    ("alerts.warning", "Emergencies department", "leads", PROVINCE_KATO),
    ("alerts.warning", "Health department", "informed", PROVINCE_KATO),
    ("outreach.activity", "Youth policy department", "leads", PROVINCE_KATO),
    ("outreach.activity", "Youth resource centre", "helps", PROVINCE_KATO),
    ("outreach.activity", "Aktobe civic group (sample)", "helps", PROVINCE_KATO),
    ("agencies.tension", "Internal policy department", "leads", PROVINCE_KATO),
    ("agencies.tension", "Akimat of Temir district", "leads", "155600000"),
    ("agencies.tension", "Union of mothers “Zharyq”, Shubarkuduk", "helps", "155600000"),
    ("agencies.tension", "Akimat of Mugalzhar district", "leads", "154800000"),
    ("agencies.tension", "Volunteers “Umit”, Kandyagash", "leads", "154800000"),
    ("agencies.youth", "Youth policy department", "leads", PROVINCE_KATO),
    ("agencies.youth", "Aktobe regional task force (sample)", "helps", PROVINCE_KATO),
    ("agencies.youth", "Aktobe civic group (sample)", "helps", PROVINCE_KATO),
    ("agencies.digital", "Digital development department", "leads", "151000000"),
    ("agencies.emergency", "Emergencies department", "leads", PROVINCE_KATO),
    ("agencies.emergency", "Akimat of Bayganin district", "helps", "153600000"),
    ("agencies.help", "Family support centre", "leads", PROVINCE_KATO),
    ("agencies.help", "Mental health centre", "helps", PROVINCE_KATO),
    ("agencies.help", "Aktobe civic group (sample)", "helps", PROVINCE_KATO),
)
"""Kind of matter, body by its English name, part, area. Digital threats have a lead in the city
only, and tension in Mugalzhar has two: the matrix shows the gaps and the double lead."""


@dataclass(frozen=True, slots=True)
class SampleMatter:
    """A matter of the sample: in three languages, who holds it, and what was done with it."""

    kind: str
    area: str
    holder: str
    titles: dict[str, str]
    due: timedelta
    opened: timedelta
    to: str = ""
    refused: dict[str, str] | None = None


MATTERS: tuple[SampleMatter, ...] = (
    SampleMatter(
        "agencies.youth", "155600000", "Youth policy department",
        {"kk": "Темірде кешкі клуб керек", "ru": "В Темире нужен вечерний клуб",
         "en": "Temir needs an evening club"},
        timedelta(days=12), timedelta(days=4), to="Aktobe civic group (sample)",
    ),
    SampleMatter(
        "agencies.youth", "154800000", "Youth policy department",
        {"kk": "Қандыағаштағы спорт алаңы бос тұр", "ru": "Спортплощадка в Кандыагаше пустует",
         "en": "The sports ground in Kandyagash stands empty"},
        timedelta(days=6), timedelta(days=6), to="Youth resource centre",
        refused={"kk": "Бұл айда адам жоқ", "ru": "В этом месяце нет людей",
                 "en": "No staff this month"},
    ),
    SampleMatter(
        "agencies.help", "151000000", "Aktobe civic group (sample)",
        {"kk": "Жұмыссыз отбасыларға кеңес күні", "ru": "День консультаций для безработных семей",
         "en": "An advice day for families without work"},
        timedelta(days=-1), timedelta(days=15),
    ),
)  # fmt: skip
