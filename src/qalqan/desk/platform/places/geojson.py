"""Read areas from any GeoJSON that has a code and a name; say exactly what is wrong if not."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from qalqan.errors import InputError, Location

LANGUAGES = ("kk", "ru", "en")
_LARGEST_FILE = 200 * 1024 * 1024
_CODE_NAMES = ("kato", "kato_code", "code", "pcode", "adm{n}_pcode", "admin{n}pcod", "geoid", "id",
               "iso_3166_2", "shapeid", "gid", "gid_{n}", "fid")  # fmt: skip
_NAME_NAMES = {
    "kk": ("name_kk", "name:kk", "name_kz", "name_kaz", "adm{n}_kk", "kk"),
    "ru": ("name_ru", "name:ru", "name_rus", "adm{n}_ru", "ru"),
    "en": ("name_en", "name:en", "name_eng", "adm{n}_en", "en"),
    "": ("name", "shapename", "name_{n}", "adm{n}_name", "title", "label"),
}
CODE = re.compile(r"^[0-9A-Za-z._-]{1,20}$")


@dataclass(frozen=True, slots=True)
class FieldNames:
    """Which property holds what; an empty name lets the reader look for it."""

    code: str = ""
    name: str = ""
    name_kk: str = ""
    name_ru: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """One area as read: its number in the file, code, names by language and geometry."""

    number: int
    code: str
    names: Mapping[str, str]
    geometry: Mapping[str, Any]
    latitude: float
    longitude: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class AreasFile:
    """Everything one file holds, which properties it was read from, and what it calls itself."""

    areas: tuple[Area, ...]
    fields: Mapping[str, str] = field(default_factory=dict)
    title: str = ""


def _wrong(path: Path, message: str, number: int | None = None, part: str = "") -> InputError:
    where = ", ".join(
        filter(None, (_("feature %(number)d") % {"number": number} if number else "", part))
    )
    return InputError(message, location=Location(path.name, None, where or None))


def _load(path: Path) -> Any:
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise _wrong(path, _("The file is larger than 200 MB."))
        raw = path.read_bytes()
    except OSError as error:
        raise _wrong(path, _("Cannot read the file: %(why)s.") % {"why": error.strerror}) from None
    try:
        encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        return json.loads(raw.decode(encoding))
    except UnicodeDecodeError:
        raise _wrong(path, _("The file is not UTF-8 text.")) from None
    except json.JSONDecodeError as error:
        raise InputError(
            _("This is not JSON."), location=Location(path.name, error.lineno, None)
        ) from None
    except (RecursionError, ValueError):
        raise _wrong(path, _("This is not JSON that can be read.")) from None


def _features(path: Path, data: Any) -> list[tuple[int, Mapping[str, Any], Mapping[str, Any]]]:
    if not isinstance(data, dict) or data.get("type") not in ("FeatureCollection", "Feature"):
        raise _wrong(path, _("This is not a GeoJSON FeatureCollection."))
    features = [data] if data["type"] == "Feature" else data.get("features")
    if not isinstance(features, list) or not features:
        raise _wrong(path, _("The file has no features."))
    rows: list[tuple[int, Mapping[str, Any], Mapping[str, Any]]] = []
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise _wrong(path, _("This is not a GeoJSON Feature."), number)
        properties, geometry = feature.get("properties"), feature.get("geometry")
        if "id" in feature and isinstance(properties, dict):
            properties = {"id": feature["id"], **properties}
        if not isinstance(properties, dict):
            raise _wrong(path, _("The feature has no properties."), number, "properties")
        if not isinstance(geometry, dict):
            raise _wrong(path, _("The feature has no geometry."), number, "geometry")
        rows.append((number, properties, geometry))
    return rows


def _text(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split()) if isinstance(value, (str, int)) else ""


def _detect(candidates: Sequence[str], rows: Sequence[Mapping[str, Any]], *, once: bool) -> str:
    """Return the first property that every feature has filled (with a code: each another)."""
    by_lower = {key.lower(): key for key in rows[0]}
    patterns = [
        pattern.format(n=n) if "{n}" in pattern else pattern
        for pattern in candidates
        for n in (range(5, -1, -1) if "{n}" in pattern else (0,))
    ]
    for pattern in patterns:
        key = by_lower.get(pattern)
        if key is None:
            continue
        values = [_text(row.get(key)) for row in rows]
        if all(values) and (not once or len(set(values)) == len(values)):
            return key
    return ""


def _choose_fields(
    path: Path, rows: Sequence[Mapping[str, Any]], wanted: FieldNames
) -> dict[str, str]:
    given = {
        "code": wanted.code, "": wanted.name,
        "kk": wanted.name_kk, "ru": wanted.name_ru, "en": wanted.name_en,
    }  # fmt: skip
    known = sorted({key for row in rows for key in row})
    for name in filter(None, given.values()):
        if name not in known:
            raise _wrong(
                path,
                _("No feature has the property %(name)s; there are: %(known)s.")
                % {"name": name, "known": ", ".join(known[:30])},
            )
    chosen = {"code": given["code"] or _detect(_CODE_NAMES, rows, once=True)}
    for language, candidates in _NAME_NAMES.items():
        chosen[language] = given[language] or _detect(candidates, rows, once=False)
    listed = ", ".join(known[:30])
    if not chosen["code"]:
        raise _wrong(
            path,
            _("No property gives every feature its own code; name it. There are: %(known)s.")
            % {"known": listed},
        )
    if not any(chosen[language] for language in _NAME_NAMES):
        raise _wrong(
            path,
            _("No property gives every feature a name; name it. There are: %(known)s.")
            % {"known": listed},
        )
    return chosen


def _check_coordinates(path: Path, number: int, coordinates: Any) -> None:
    stack, points = [coordinates], 0
    while stack:
        part = stack.pop()
        if not isinstance(part, list):
            raise _wrong(path, _("The coordinates are not lists of numbers."), number, "geometry")
        if part and not isinstance(part[0], list):
            points += 1
            _check_point(path, number, part)
        else:
            stack.extend(part)
    if not points:
        raise _wrong(path, _("The geometry is empty."), number, "geometry")


def _check_point(path: Path, number: int, point: list[Any]) -> None:
    pair = point[:2]
    if len(pair) < 2 or not all(
        isinstance(x, (int, float)) and not isinstance(x, bool) for x in point
    ):
        raise _wrong(path, _("The coordinates are not lists of numbers."), number, "geometry")
    if not all(map(math.isfinite, pair)) or abs(pair[0]) > 180 or abs(pair[1]) > 90:
        raise _wrong(
            path,
            _("Coordinates must be WGS84 degrees (longitude, latitude); found %(pair)s.")
            % {"pair": str(pair)[:60]},
            number,
            "geometry",
        )


def _polygon(path: Path, number: int, geometry: Mapping[str, Any]) -> tuple[Any, str]:
    """Return a valid polygon or multipolygon, and what had to be done for it."""
    import shapely
    from shapely.geometry import MultiPolygon, shape

    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise _wrong(path, _("An area is a Polygon or a MultiPolygon."), number, "geometry.type")
    _check_coordinates(path, number, geometry.get("coordinates"))
    try:
        drawn = shapely.force_2d(shape(geometry))
        note = ""
        if not drawn.is_valid:
            drawn = shapely.make_valid(drawn)
            note = _("the ring crossed or touched itself and was repaired")
        if drawn.geom_type not in ("Polygon", "MultiPolygon"):
            parts = [p for p in shapely.get_parts(drawn) if p.geom_type.endswith("Polygon")]
            drawn = shapely.union_all(parts) if parts else MultiPolygon()
    except (shapely.errors.ShapelyError, ValueError, TypeError, IndexError) as error:
        raise _wrong(
            path,
            _("The geometry cannot be understood: %(why)s.") % {"why": str(error)[:100]},
            number,
            "geometry",
        ) from None
    if drawn.is_empty or not drawn.area > 0:
        raise _wrong(path, _("The area has no surface."), number, "geometry")
    return drawn, note


def _one(
    path: Path, chosen: Mapping[str, str], row: tuple[int, Mapping[str, Any], Mapping[str, Any]]
) -> Area:
    from shapely.geometry import mapping

    number, properties, geometry = row
    code = _text(properties.get(chosen["code"]))
    if not CODE.match(code):
        raise _wrong(
            path,
            _("A code has 1 to 20 letters, digits, dots or dashes; found “%(code)s”.")
            % {"code": code[:40]},
            number,
            chosen["code"],
        )
    names = {
        language: _text(properties.get(chosen[language]))
        for language in _NAME_NAMES
        if chosen[language]
    }
    fallback = next(filter(None, (names.get(k, "") for k in ("", "en", "ru", "kk"))), "")
    for language in LANGUAGES:
        name = names.get(language) or fallback
        if not name or len(name) > 120:
            raise _wrong(
                path, _("A name has 1 to 120 characters."), number, chosen[language] or "name"
            )
        names[language] = name
    drawn, note = _polygon(path, number, geometry)
    centre = drawn.centroid if drawn.contains(drawn.centroid) else drawn.representative_point()
    plain = json.loads(json.dumps(mapping(drawn)))
    return Area(number, code, {k: names[k] for k in LANGUAGES}, plain, centre.y, centre.x, note)


def read_areas(path: Path, fields: FieldNames | None = None) -> AreasFile:
    """Read every area of a GeoJSON file, or none.

    Parameters
    ----------
    path
        The file: UTF-8 or UTF-16, a FeatureCollection of polygons in WGS84 degrees.
    fields
        Property names where they cannot be guessed.

    Returns
    -------
    AreasFile
        The areas in file order, each with a valid geometry.

    Raises
    ------
    InputError
        The first thing that is wrong, with the file, the number of the feature counted from 1,
        and the property.
    """
    data = _load(path)
    rows = _features(path, data)
    chosen = _choose_fields(
        path, [properties for _n, properties, _g in rows], fields or FieldNames()
    )
    areas = []
    seen: dict[str, int] = {}
    for row in rows:
        area = _one(path, chosen, row)
        if area.code in seen:
            raise _wrong(
                path,
                _("The code %(code)s was given to feature %(first)d already.")
                % {"code": area.code, "first": seen[area.code]},
                area.number,
                chosen["code"],
            )
        seen[area.code] = area.number
        areas.append(area)
    used = {key or "name": value for key, value in chosen.items() if value}
    return AreasFile(tuple(areas), used, _text(data.get("name"))[:200])
