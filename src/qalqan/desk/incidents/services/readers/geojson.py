"""GeoJSON (RFC 7946): a collection of points becomes a table with longitude and latitude."""

from __future__ import annotations

import json
import math
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.incidents.services.readers.json_text import JsonText
from qalqan.desk.incidents.services.readers.tabled import Opened, json_table
from qalqan.desk.platform.sources.tables import BadFieldError
from qalqan.errors import InputError, Location

_WGS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "EPSG:4326")
JSON_COLUMNS = ("sources",)
"""Properties that may hold a list of objects."""


def open_geojson(text: JsonText) -> Opened:
    """Open a feature collection of points.

    Raises
    ------
    InputError
        It has no list of features, or is not in longitude and latitude of WGS84.
    """
    features = text.lists.get("features")
    if features is None:
        raise InputError(_("This must be a list."), location=Location(text.file, 1, "features"))
    if not features:
        raise InputError(
            _("The file holds no incident."), location=Location(text.file, 1, "features")
        )
    _refuse_other_degrees(text.members.get("crs"), text.file)
    table, line_of = json_table(text, features, _cells)
    return Opened(table, "geojson", [], line_of)


def _refuse_other_degrees(crs: Any, file: str) -> None:
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if name not in _WGS84:
        raise InputError(
            _("Only longitude and latitude of WGS84 are read."),
            location=Location(file, 1, "crs"),
            hint=_("Convert the file to EPSG:4326."),
        )


def _cells(feature: Any) -> dict[str, str]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise BadFieldError("type", _("this is not a Feature"))
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise BadFieldError("properties", _("the properties are not an object"))
    cells: dict[str, str] = {}
    for name, value in properties.items():
        key = name.strip().lower()
        if key in cells:
            raise BadFieldError(name, _("this stands twice in one object"))
        cells[key] = cell_of(key, value)
    if "id" in feature and not cells.get("id") and not cells.get("identity"):
        cells["id"] = cell_of("id", feature["id"])
    return cells | _spot(feature.get("geometry"), cells)


def _spot(geometry: Any, cells: dict[str, str]) -> dict[str, str]:
    """Return latitude and longitude; RFC 7946 writes the longitude first."""
    if geometry is None:
        return {}
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        kind = geometry.get("type") if isinstance(geometry, dict) else geometry
        raise BadFieldError("geometry", _("only points are read, not %(kind)s") % {"kind": kind})
    spot = geometry.get("coordinates")
    if (
        not isinstance(spot, list)
        or not 2 <= len(spot) <= 3
        or not all(_is_degrees(one) for one in spot)
    ):
        raise BadFieldError("coordinates", _("a point has a longitude and a latitude"))
    longitude, latitude = spot[:2]
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise BadFieldError(
            "coordinates",
            _("%(spot)s lies off the earth; the longitude stands first, then the latitude")
            % {"spot": f"{longitude}, {latitude}"},
        )
    found = {"latitude": _number(latitude), "longitude": _number(longitude)}
    for name, value in found.items():
        stated = cells.get(name)
        if stated and stated != value:
            raise BadFieldError(name, _("the property and the point say different things"))
    return found


def _is_degrees(one: Any) -> bool:
    # A whole number may be longer than a floating-point number can be.
    if isinstance(one, bool) or not isinstance(one, int | float):
        return False
    return isinstance(one, int) or math.isfinite(one)


def cell_of(name: str, value: Any) -> str:
    """Return a JSON value as the text of a cell.

    Raises
    ------
    BadFieldError
        It is an object or a list where a single value is expected.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, str):
        if any(sign < " " and sign not in "\t\r\n" for sign in value):
            raise BadFieldError(name, _("a character that no text has (a control character)"))
        if any("\ud800" <= sign <= "\udfff" for sign in value):
            raise BadFieldError(name, _("half a character (a lone surrogate)"))
        return value.strip()
    if name in JSON_COLUMNS:
        return json.dumps(value, ensure_ascii=False)
    raise BadFieldError(name, _("a single value is expected, not a list or an object"))


def _number(value: float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    # No longer than anything that is asked for; the rest is said to be no such number later.
    return str(value)[:400] if isinstance(value, int) else repr(value)
