"""Shapes of warnings: from boundaries to the rings CAP writes, and which districts they touch."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MOST_POINTS = 200
"""Points of one ring; phones and controllers read small messages."""
_TOLERANCES = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
_KM_A_DEGREE = 111.195
_CORNERS = 48
Ring = list[tuple[float, float]]


def rings_of(boundary: Mapping[str, Any]) -> list[Ring]:
    """Return the outer rings of a GeoJSON boundary as latitude and longitude.

    A ring with many points is drawn more simply and a little wider, never narrower: nobody
    inside the boundary may be left out. Holes are filled for the same reason.
    """
    from shapely.geometry import Polygon, shape

    drawn = shape(boundary)
    parts = getattr(drawn, "geoms", [drawn])
    rings = []
    for part in parts:
        outer = Polygon(part.exterior)
        for tolerance in _TOLERANCES:
            if len(outer.exterior.coords) <= MOST_POINTS:
                break
            wide = Polygon(part.exterior).simplify(tolerance).buffer(tolerance, join_style="mitre")
            outer = Polygon(max(getattr(wide, "geoms", [wide]), key=lambda p: p.area).exterior)
        rings.append([(round(y, 5), round(x, 5)) for x, y in outer.exterior.coords])
    return rings


def circle_ring(latitude: float, longitude: float, radius_km: float) -> Ring:
    """Return a ring of corners around a circle; it lies outside, so nobody is left out."""
    reach = max(radius_km, 0.001) / _KM_A_DEGREE / math.cos(math.pi / _CORNERS)
    narrow = max(math.cos(math.radians(latitude)), 0.01)
    angles = [2 * math.pi * n / _CORNERS for n in range(_CORNERS)]
    ring = [
        (latitude + reach * math.sin(a), longitude + reach * math.cos(a) / narrow) for a in angles
    ]
    return [*ring, ring[0]]


def shape_of(rings: Iterable[Ring]) -> BaseGeometry:
    """Return everything that some rings cover, as one shape in longitude and latitude."""
    import shapely
    from shapely.geometry import Polygon

    drawn = [Polygon([(x, y) for y, x in ring]) for ring in rings]
    return shapely.union_all([shapely.make_valid(one) for one in drawn])


def geojson_of(rings: Iterable[Ring]) -> dict[str, Any] | None:
    """Return rings as a GeoJSON geometry, or nothing where there are none."""
    kept = [[[[x, y] for y, x in ring]] for ring in rings]
    if not kept:
        return None
    if len(kept) == 1:
        return {"type": "Polygon", "coordinates": kept[0]}
    return {"type": "MultiPolygon", "coordinates": kept}


def is_simple(ring: Ring) -> bool:
    """Tell whether a ring crosses itself nowhere and covers anything."""
    from shapely.geometry import Polygon

    drawn = Polygon([(x, y) for y, x in ring])
    return bool(drawn.is_valid and drawn.area > 0)
