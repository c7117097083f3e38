"""Alerts as GeoJSON (RFC 7946), for maps."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from qalqan.cap.errors import CapError
from qalqan.cap.feed.model import Channel, Item, block_in, require_one_status, title_of
from qalqan.cap.model import Area, Info
from qalqan.cap.values import Circle, Point, Polygon

EARTH_KM: Final = 6371.0088
CORNERS: Final = 64


def write_geojson(channel: Channel, items: Sequence[Item]) -> bytes:
    """Return a feature for every area of every alert, in the language of the feed.

    GeoJSON has no circles: they become polygons of 64 corners and say so with
    ``"approximated": true``. An area given by codes alone has no geometry.

    Raises
    ------
    ValueError
        As `write_atom`.
    """
    require_one_status(channel, items)
    features: list[dict[str, Any]] = []
    for item in items:
        info = block_in(item.alert, channel.language)
        features.extend(
            _feature(channel, item, info, area, number)
            for number, area in enumerate(info.areas if info else ())
            if info
        )
    data = {
        "type": "FeatureCollection",
        "title": channel.title,
        "status": str(channel.status),
        "updated": channel.updated.isoformat(timespec="seconds"),
        "features": features,
    }
    return json.dumps(data, ensure_ascii=False).encode()


def _feature(channel: Channel, item: Item, info: Info, area: Area, number: int) -> dict[str, Any]:
    alert = item.alert
    return {
        "type": "Feature",
        "id": f"{alert.reference}#{number}",
        "geometry": geometry_of(area),
        "properties": {
            "title": title_of(alert, channel.language),
            "identifier": alert.identifier,
            "sender": alert.sender,
            "sent": str(alert.sent),
            "status": str(alert.status),
            "msgType": str(alert.msg_type),
            "event": info.event,
            "urgency": str(info.urgency),
            "severity": str(info.severity),
            "certainty": str(info.certainty),
            "expires": str(info.expires) if info.expires else None,
            "areaDesc": area.area_desc,
            "geocodes": [{"valueName": g.name, "value": g.value} for g in area.geocodes],
            "approximated": bool(area.circles),
            "over": item.is_over,
            "cap": item.cap_url,
        },
    }


def geometry_of(area: Area) -> dict[str, Any] | None:
    """Return an area's polygons and circles as one geometry, ``None`` where it has none.

    Shapes that cannot be read are left out.
    """
    rings = []
    shapes: tuple[Polygon | Circle, ...] = (*area.polygons, *area.circles)
    for shape in shapes:
        try:
            rings.append(_ring(shape))
        except CapError:
            continue
    if not rings:
        return None
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings}
    return {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]}


def _ring(shape: Polygon | Circle) -> list[list[float]]:
    points = _around(shape) if isinstance(shape, Circle) else list(shape.points)
    ring = [[lon, lat] for lat, lon in points]
    doubled = sum((x2 - x1) * (y2 + y1) for (x1, y1), (x2, y2) in pairwise(ring))
    # The standard wants outer rings to turn left.
    return ring[::-1] if doubled > 0 else ring


def _around(circle: Circle) -> list[Point]:
    """Return points at the radius along great circles from the middle, closed."""
    latitude, longitude = (math.radians(value) for value in circle.centre)
    reach = circle.radius_km / EARTH_KM
    found: list[Point] = []
    for corner in range(CORNERS):
        bearing = 2 * math.pi * corner / CORNERS
        lat = math.asin(
            math.sin(latitude) * math.cos(reach)
            + math.cos(latitude) * math.sin(reach) * math.cos(bearing)
        )
        lon = longitude + math.atan2(
            math.sin(bearing) * math.sin(reach) * math.cos(latitude),
            math.cos(reach) - math.sin(latitude) * math.sin(lat),
        )
        found.append((round(math.degrees(lat), 6), round(math.degrees(lon), 6)))
    return [*found, found[0]]
