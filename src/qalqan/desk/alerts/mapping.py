"""What the map is made of on which areas are drawn: outlines and names, no tiles."""

from __future__ import annotations

from typing import Any

from qalqan.desk.alerts import geometry
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Actor


def outlines(actor: Actor) -> dict[str, Any]:
    """Return districts as outlines and settlements as points, as a FeatureCollection."""
    features = [
        _feature(district, geometry.geojson_of(geometry.rings_of(district.boundary)))
        for district in places.districts(actor)
        if district.boundary
    ]
    settlements = places.places(actor).filter(kind=Place.Kind.SETTLEMENT).order_by("pk")
    features += [
        _feature(place, {"type": "Point", "coordinates": [place.longitude, place.latitude]})
        for place in settlements
    ]
    return {"type": "FeatureCollection", "features": features}


def _feature(place: Place, drawn: dict[str, Any] | None) -> dict[str, Any]:
    properties = {"id": place.pk, "kind": place.kind, "name": place.name}
    return {"type": "Feature", "properties": properties, "geometry": drawn}
