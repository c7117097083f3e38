"""Write the sample province as files that the desk takes in like any others.

Everything is made up and says so: channels are called "Sample …", and ``truth.json`` tells
what was planted. The same seed and clock give the same bytes.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from qalqan.sample import events, rhythm, wording
from qalqan.sample.areas import (
    ELSEWHERE,
    GEONAMES_NUMBERS,
    ORIGIN,
    SETTLEMENTS_ORIGIN,
    UNITS,
    VILLAGES,
    Seat,
    Village,
    areas_geojson,
)
from qalqan.sample.stories import BACKGROUND, FLASH_POINT_DAYS, FLASH_POINT_KATO, RUMOURS
from qalqan.sample.talk import CHANNELS, FORMS, LANGUAGE_SHARES, channel_for
from qalqan.sample.wording import Dice

ZONE = ZoneInfo("Asia/Aqtobe")
MESSAGE_DAYS = 30
TIP_DAYS = 90
HOTLINE = "Sample hotline"


@dataclass(frozen=True, slots=True)
class SamplePaths:
    """Where the files of a sample are."""

    messages: Path
    tips: Path
    incidents: Path
    areas: Path
    settlements: Path
    population: Path
    sites: Path
    truth: Path


@dataclass(frozen=True, slots=True)
class _Row:
    """One message before it is written; ``age`` in hours before the clock."""

    age: float
    text: str
    channel: str
    kind: str
    place: str = ""
    story: str = ""


def write_sample(
    folder: Path, *, seed: int, now: datetime, messages: int = 20_000, tips: int = 2_000
) -> SamplePaths:
    """Write the sample province.

    Parameters
    ----------
    folder
        Created where it is not there; files in it are replaced.
    seed
        The same seed, clock and sizes give the same files.
    now
        The end of the sample, aware.
    messages, tips
        How many of each to write; planted ones are among them.

    Returns
    -------
    SamplePaths
        ``messages.jsonl``, ``tips.jsonl``, ``incidents.csv``, ``areas.geojson``,
        ``settlements.csv``, ``population.csv``, ``sites.csv`` and ``truth.json``.

    Raises
    ------
    ValueError
        The clock has no zone, or there is no room for what is planted.
    """
    if now.tzinfo is None:
        raise ValueError("the clock of the sample needs a zone")
    if messages < 500 or tips < 100:
        raise ValueError("a sample needs at least 500 messages and 100 tips")
    folder.mkdir(parents=True, exist_ok=True)
    names = (
        "messages.jsonl", "tips.jsonl", "incidents.csv", "areas.geojson",
        "settlements.csv", "population.csv", "sites.csv", "truth.json",
    )  # fmt: skip
    paths = SamplePaths(*(folder / name for name in names))
    local = now.astimezone(ZONE)
    rng = np.random.default_rng(seed)
    told = _messages(rng, local, messages)
    hotline = _tips(rng, local, tips)
    ledger = events.incidents(rng, local)
    _write_lines(paths.messages, told, local, f"s{seed}-m")
    _write_lines(paths.tips, hotline, local, f"s{seed}-t")
    _write_table(paths.incidents, events.INCIDENT_COLUMNS, ledger)
    _write_json(paths.areas, areas_geojson())
    _write_table(paths.settlements, _SETTLEMENT_COLUMNS, _settlements())
    _write_table(paths.population, ("place", "year", "count", "source"), _population(local.year))
    _write_table(paths.sites, events.SITE_COLUMNS, events.sites())
    _write_json(paths.truth, _truth(seed, local, told, hotline, ledger))
    return paths


def _population_weights(power: float) -> NDArray[np.float64]:
    weights = np.array([unit.people for unit in UNITS], float) ** power
    return weights / weights.sum()


def _messages(rng: np.random.Generator, now: datetime, count: int) -> list[_Row]:
    dice = Dice(rng)
    rows: list[_Row] = []
    for rumour in RUMOURS:
        copies = max(40, round(rumour.share * count / 1000))
        for language, (share, texts) in rumour.wordings.items():
            ages = rhythm.growing(rng, rumour.hours, rumour.folding, round(copies * share))
            for age in ages.tolist():
                base = texts[0] if dice.chance(0.6) else dice.pick(texts)
                text = wording.retold(dice, language, base)
                rows.append(_Row(age, text, channel_for(dice, rumour.kato), "post", "", rumour.key))
    for story in BACKGROUND:
        copies = max(3, round(story.share * count / 1000))
        if story.peak_days_ago is None:
            ages = rhythm.steady(rng, now, MESSAGE_DAYS, copies)
        else:
            ages = rhythm.faded(rng, now, story.peak_days_ago, copies)
        language = "ru" if story.language == "mixed" else story.language
        for age in ages.tolist():
            text = wording.retold(dice, language, story.text)
            rows.append(_Row(age, text, dice.pick(CHANNELS), "post", "", story.key))
    rows += _everyday(rng, dice, now, count - len(rows))
    return sorted(rows, key=lambda row: -row.age)


def _everyday(rng: np.random.Generator, dice: Dice, now: datetime, count: int) -> list[_Row]:
    ages = rhythm.steady(rng, now, MESSAGE_DAYS, count).tolist()
    units = rng.choice(len(UNITS), size=count, p=_population_weights(0.7)).tolist()
    languages = rng.choice(
        list(LANGUAGE_SHARES), size=count, p=list(LANGUAGE_SHARES.values())
    ).tolist()
    rows = []
    for age, unit, language in zip(ages, units, languages, strict=True):
        kato = UNITS[unit].kato
        form = FORMS[kato]["kk" if language in ("kk-Latn", "mixed") else language]
        text = wording.everyday(dice, language, form if dice.chance(0.55) else "")
        text = " ".join(text.split())
        kind = "news" if dice.chance(0.08) else "post"
        rows.append(_Row(age, text, channel_for(dice, kato, kind), kind))
    return rows


def _tips(rng: np.random.Generator, now: datetime, count: int) -> list[_Row]:
    dice = Dice(rng)
    planted = max(20, round(0.03 * count))
    ages = rhythm.steady(rng, now, TIP_DAYS, count - planted).tolist()
    units = rng.choice(len(UNITS), size=len(ages), p=_population_weights(0.8)).tolist()
    rows = [(age, UNITS[unit].kato, "") for age, unit in zip(ages, units, strict=True)]
    fresh = rhythm.steady(rng, now, FLASH_POINT_DAYS, planted).tolist()
    rows += [(age, FLASH_POINT_KATO, "flash-point") for age in fresh]
    languages = rng.choice(["kk", "ru", "en"], size=count, p=[0.52, 0.45, 0.03]).tolist()
    told = [
        _Row(
            age, wording.tip(dice, language, FORMS[kato][language]), HOTLINE, "hotline", kato, story
        )
        for (age, kato, story), language in zip(rows, languages, strict=True)
    ]
    return sorted(told, key=lambda row: -row.age)


def _moment(now: datetime, age: float) -> datetime:
    # In UTC, so that a change of the province's clock cannot shift a message by an hour.
    return (now.astimezone(ZoneInfo("UTC")) - timedelta(seconds=round(age * 3600))).astimezone(ZONE)


def _write_lines(path: Path, rows: Sequence[_Row], now: datetime, prefix: str) -> None:
    encode = json.JSONEncoder(ensure_ascii=False).encode
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for number, row in enumerate(rows, 1):
            line = {
                "id": f"{prefix}{number}",
                "time": _moment(now, row.age).isoformat(),
                "text": row.text,
                "channel": row.channel,
                "kind": row.kind,
            }
            if row.place:
                line["place"] = row.place
            file.write(encode(line) + "\n")


def _write_table(path: Path, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_json(path: Path, data: dict[str, Any]) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


_SETTLEMENT_COLUMNS = (
    "name_kk", "name_ru", "name_en", "latitude", "longitude", "parent", "aliases", "geonames_id",
    "origin",
)  # fmt: skip


def _settlements() -> Iterable[dict[str, Any]]:
    spots: list[tuple[Seat | Village, str]] = [(u.seat, u.kato) for u in UNITS]
    spots += [(v, v.kato) for v in (*VILLAGES, *ELSEWHERE)]
    for spot, kato in spots:
        yield {
            "name_kk": spot.names[0],
            "name_ru": spot.names[1],
            "name_en": spot.names[2],
            "latitude": spot.latitude,
            "longitude": spot.longitude,
            "parent": kato,
            "aliases": "|".join(spot.aliases),
            "geonames_id": GEONAMES_NUMBERS.get(spot.names[2], ""),
            "origin": SETTLEMENTS_ORIGIN,
        }


def _population(year: int) -> Iterable[dict[str, Any]]:
    for unit in UNITS:
        for back, factor in ((2, 0.98), (1, 1.0)):
            yield {
                "place": unit.kato,
                "year": year - back,
                "count": int(round(unit.people * factor, -3)),
                "source": "Sample population: made up, rounded to thousands",
            }


def _truth(
    seed: int, now: datetime, told: Sequence[_Row], hotline: Sequence[_Row],
    ledger: Sequence[dict[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    rumours = []
    for rumour in RUMOURS:
        rows = [(n, row) for n, row in enumerate(told, 1) if row.story == rumour.key]
        rumours.append(
            {
                "key": rumour.key,
                "kato": rumour.kato,
                "languages": sorted(rumour.wordings),
                "copies": len(rows),
                "first_seen": _moment(now, max(row.age for _n, row in rows)).isoformat(),
                "ids": [f"s{seed}-m{n}" for n, _row in rows],
                "texts": sorted({row.text for _n, row in rows}),
            }
        )
    background = [
        {**asdict(story), "texts": sorted({r.text for r in told if r.story == story.key})}
        for story in BACKGROUND
    ]
    tips = sum(row.story == "flash-point" for row in hotline)
    return {
        "note": "Sample data: made up. This file says what was planted.",
        "origin_of_areas": ORIGIN,
        "seed": seed,
        "now": now.isoformat(),
        "rumours": rumours,
        "flash_point": {
            "kato": FLASH_POINT_KATO,
            "start": (now - timedelta(days=FLASH_POINT_DAYS)).date().isoformat(),
            "end": now.date().isoformat(),
            "extra_tips": tips,
            "extra_incidents": sum(row["id"].startswith("planted") for row in ledger),
        },
        "background": background,
    }
