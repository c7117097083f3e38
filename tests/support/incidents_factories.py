"""Districts on a line, incidents in them, and files of incidents, for tests."""

from __future__ import annotations

import hashlib
import itertools
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.support.factories import NOW

from qalqan.desk.incidents.models import Incident
from qalqan.desk.platform.places.fold import fold_name
from qalqan.desk.platform.places.models import Place, PlaceAlias

_numbers = itertools.count(1)


def square(latitude: float, longitude: float, half: float = 0.4) -> dict[str, Any]:
    """Return a GeoJSON square around a centre."""
    west, east = longitude - half, longitude + half
    south, north = latitude - half, latitude + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def make_place(
    name: str, *, kind: str = "district", latitude: float, longitude: float, **fields: Any
) -> Place:
    """Store a place with the same name in three languages; a district gets a square boundary."""
    names = {f"name_{code}": fields.pop(f"name_{code}", name) for code in ("kk", "ru", "en")}
    if kind == "district":
        fields.setdefault("boundary", square(latitude, longitude))
    place = Place.objects.create(
        kind=kind, latitude=latitude, longitude=longitude, **names, **fields
    )
    for code in ("kk", "ru", "en"):
        word = names[f"name_{code}"]
        PlaceAlias.objects.create(place=place, name=word, language=code, key=fold_name(word))
    return place


def make_districts(number: int = 5) -> list[Place]:
    """Store districts one degree of longitude apart, without overlap."""
    names = ("Темір", "Мұғалжар", "Шалқар", "Ырғыз", "Хромтау", "Алға", "Қобда", "Ойыл")
    return [
        make_place(names[n], latitude=49.0, longitude=55.0 + n, kato=f"15{n:04d}")
        for n in range(number)
    ]


def make_incident(*, at: datetime = NOW, district: Place | None = None, **fields: Any) -> Incident:
    """Store an incident on a known day."""
    number = next(_numbers)
    fields.setdefault("identity", hashlib.md5(str(number).encode()).hexdigest())  # noqa: S324
    fields.setdefault("kind", "robbery")
    fields.setdefault("time_precision", "day")
    fields.setdefault("place_precision", "district")
    fields.setdefault("recorded_at", at)
    fields.setdefault("occurred_to", at + timedelta(hours=1))
    return Incident.objects.create(occurred_from=at, place=district, district=district, **fields)


def write_csv(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """Write lines to a file and return its path."""
    path.write_bytes("\n".join([*lines, ""]).encode(encoding))
    return path
