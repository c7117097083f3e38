"""Made-up sites of the sample province, what stands there, and how they were found.

110 sites: 26 in the city, seven in each other unit. Names are of kinds and numbers, not of real
places; the spots lie at random around the seats.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qalqan.sample.areas import UNITS, Unit

CITY_KATO = "151000000"
ADDRESS = "Sample data: made up"


@dataclass(frozen=True, slots=True)
class SampleDevice:
    """A device that stands at a site; days are counted from the sample's clock."""

    kind: str
    label: str
    state: str
    installed_days_ago: int
    expires_in_days: int | None
    rated_level_db: float | None = None
    is_speech: bool = False
    mast_height_m: float | None = None


@dataclass(frozen=True, slots=True)
class SampleVisit:
    """An inspection: how long ago, with which checklist, and the codes of what failed."""

    days_ago: int
    checklist: str
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleSite:
    """A site with what belongs to it; names in Kazakh, Russian and English."""

    names: tuple[str, str, str]
    category: str
    capacity: int
    kato: str
    latitude: float
    longitude: float
    owner_name: str
    owner_language: str
    devices: tuple[SampleDevice, ...]
    visits: tuple[SampleVisit, ...]


_Kind = tuple[str, tuple[str, str, str], int]
_RURAL: tuple[_Kind, ...] = (
    ("school", ("№ {n} мектеп", "Школа № {n}", "School {n}"), 420),
    ("hospital", ("Аудандық аурухана", "Районная больница", "District hospital"), 260),
    ("government", ("Аудан әкімдігі", "Акимат района", "District akimat"), 120),
    ("market", ("Базар", "Рынок", "Market"), 350),
    ("power", ("№ {n} қосалқы станция", "Подстанция № {n}", "Substation {n}"), 15),
    ("culture", ("Мәдениет үйі", "Дом культуры", "House of culture"), 300),
    ("transport", ("Автобекет", "Автостанция", "Bus station"), 180),
)
_CITY: tuple[_Kind, ...] = (
    *(("school", ("№ {n} мектеп", "Школа № {n}", "School {n}"), 900) for _ in range(6)),
    *(("hospital", ("№ {n} аурухана", "Больница № {n}", "Hospital {n}"), 700) for _ in range(3)),
    *(("market", ("№ {n} сауда орталығы", "Торговый центр № {n}", "Shopping centre {n}"), 2400)
      for _ in range(4)),
    *(("power", ("№ {n} қосалқы станция", "Подстанция № {n}", "Substation {n}"), 20)
      for _ in range(3)),
    *(("crowd", ("№ {n} алаң", "Площадь № {n}", "Square {n}"), 4000) for _ in range(2)),
    *(("worship", ("№ {n} ғибадат орны", "Место богослужения № {n}", "Place of worship {n}"), 600)
      for _ in range(2)),
    ("transport", ("Теміржол вокзалы", "Железнодорожный вокзал", "Railway station"), 1500),
    ("transport", ("Автовокзал", "Автовокзал", "Bus terminal"), 800),
    ("water", ("Су тазарту станциясы", "Водоочистная станция", "Water works"), 40),
    ("fuel", ("Мұнай базасы", "Нефтебаза", "Fuel depot"), 30),
    ("weapons_shop", ("Аңшылық дүкені", "Охотничий магазин", "Hunting shop"), 20),
    ("government", ("Қала әкімдігі", "Акимат города", "City akimat"), 500),
)  # fmt: skip
_CROWDED = frozenset({"crowd", "worship", "market", "transport", "culture"})
_UTILITY = frozenset({"power", "water", "fuel"})
_OFTEN_FAILED = {
    "general_premises": ("panic_button", "drill_months", "camera_days", "first_aid", "lockdown"),
    "crowded_place": ("vehicle_barrier", "panic_button", "camera_days", "unattended", "bins"),
    "critical_utility": ("fence", "backup_power", "camera_days", "patrol", "keys"),
}


def register(seed: int) -> list[SampleSite]:
    """Return the sites; the same seed gives the same sites."""
    rng = np.random.default_rng([seed, 5])
    return [site for unit in UNITS for site in _sites_of(unit, rng)]


def _sites_of(unit: Unit, rng: np.random.Generator) -> Iterator[SampleSite]:
    is_city = unit.kato == CITY_KATO
    spread = 0.035 if is_city else 0.012
    count: dict[str, int] = {}
    for category, names, usual in _CITY if is_city else _RURAL:
        count[names[2]] = number = count.get(names[2], 0) + 1
        seat = unit.seat.names
        written = [f"{seat[at]}: {name.format(n=number)}" for at, name in enumerate(names)]
        capacity = max(10, round(usual * float(rng.uniform(0.6, 1.4)), -1))
        yield SampleSite(
            names=(written[0], written[1], written[2]),
            category=category,
            capacity=int(capacity),
            kato=unit.kato,
            latitude=round(unit.seat.latitude + float(rng.normal(0, spread)), 5),
            longitude=round(unit.seat.longitude + float(rng.normal(0, spread * 1.5)), 5),
            owner_name=f"Sample owner: {names[2].format(n=number)}, {seat[2]}",
            owner_language="kk" if rng.random() < 0.7 else "ru",
            devices=tuple(_devices(category, int(capacity), rng)),
            visits=tuple(_visits(category, rng)),
        )


def _devices(category: str, capacity: int, rng: np.random.Generator) -> Iterator[SampleDevice]:
    wanted = ["camera", "panic_button"]
    wanted += ["camera"] * (capacity // 600)
    wanted += ["loudspeaker"] if capacity >= 400 else []
    wanted += ["barrier"] if category in ("crowd", "market") else []
    wanted += ["guard_post"] if category in _UTILITY or capacity >= 800 else []
    number: dict[str, int] = {}
    for kind in wanted:
        if rng.random() < 0.22:
            continue
        number[kind] = number.get(kind, 0) + 1
        state = rng.choice(["works", "faulty", "missing"], p=[0.86, 0.1, 0.04])
        sounds = kind == "loudspeaker"
        yield SampleDevice(
            kind=kind,
            label=f"{kind.replace('_', ' ').capitalize()} {number[kind]}",
            state=str(state),
            installed_days_ago=int(rng.integers(60, 2400)),
            expires_in_days=int(rng.integers(-120, 1500)) if rng.random() < 0.7 else None,
            rated_level_db=float(rng.integers(98, 108)) if sounds else None,
            is_speech=sounds,
            mast_height_m=float(rng.integers(5, 13)) if sounds else None,
        )


def _visits(category: str, rng: np.random.Generator) -> Iterator[SampleVisit]:
    if rng.random() < 0.42:
        return
    checklist = (
        "crowded_place" if category in _CROWDED
        else "critical_utility" if category in _UTILITY
        else "general_premises"
    )  # fmt: skip
    often = _OFTEN_FAILED[checklist]
    shares = rng.random(len(often))
    failed = tuple(code for code, share in zip(often, shares, strict=True) if share < 0.3)
    yield SampleVisit(int(rng.integers(3, 360)), checklist, failed)
