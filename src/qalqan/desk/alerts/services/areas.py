"""From what was chosen to the areas of a message and the districts that they touch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import override

from qalqan.cap.errors import CapError
from qalqan.cap.values import Circle, Polygon
from qalqan.desk.alerts import geometry
from qalqan.desk.alerts.build import AreaPart
from qalqan.desk.alerts.content import LANGUAGES, Content
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Actor
from qalqan.errors import InputError, Location

SETTLEMENT_KM = 5.0
"""Radius of the circle around a settlement whose boundary is not known."""
MOST_SHAPES = 100


def resolve(actor: Actor, content: Content) -> list[AreaPart]:
    """Return the areas of a message in the order: places, polygons, circles.

    Raises
    ------
    InputError
        Nothing was chosen, a place is not there, or a shape is none.
    """
    chosen = list(
        Place.objects.visible_to(actor).filter(pk__in=content.place_ids).order_by("kind", "pk")
    )
    if len(chosen) != len(set(content.place_ids)):
        raise InputError(_("There is no such place."), location=Location(field="places"))
    if not (chosen or content.polygons or content.circles):
        raise InputError(_("Say where the warning holds."), location=Location(field="places"))
    if len(content.polygons) + len(content.circles) > MOST_SHAPES:
        raise InputError(_("So many shapes cannot be sent."), location=Location(field="polygons"))
    parts = [_of_place(place) for place in chosen]
    drawn = _checked_shapes(content)
    if drawn:
        names = _names_of_drawn(actor, drawn)
        parts.append(AreaPart(names=names, polygons=content.polygons, circles=content.circles))
    return parts


def _of_place(place: Place) -> AreaPart:
    names = {code: str(getattr(place, f"name_{code}") or place.name_kk) for code in LANGUAGES}
    if place.boundary:
        rings = geometry.rings_of(place.boundary)
        return AreaPart(names, tuple(str(Polygon.of(ring)) for ring in rings), (), place.kato)
    circle = str(Circle.of(place.latitude, place.longitude, SETTLEMENT_KM))
    return AreaPart(names, (), (circle,), place.kato)


def _checked_shapes(content: Content) -> list[geometry.Ring]:
    """Return the rings of what was drawn; say which shape is none."""
    rings = []
    for text in content.polygons:
        try:
            ring = list(Polygon(text).points)
            usable = len(ring) > 3 and ring[0] == ring[-1] and geometry.is_simple(ring)
        except (CapError, ValueError):
            usable, ring = False, []
        if not usable or not all(_on_earth(*point) for point in ring):
            raise InputError(
                _("This is no area: %(text)s") % {"text": text[:60]},
                location=Location(field="polygons"),
                hint=_("Give at least three corners as latitude,longitude; lines must not cross."),
            )
        rings.append(ring)
    for text in content.circles:
        try:
            circle = Circle(text)
            centre, radius = circle.centre, circle.radius_km
            usable = _on_earth(*centre) and 0 < radius <= 500
        except (CapError, ValueError):
            usable = False
        if not usable:
            raise InputError(
                _("This is no circle: %(text)s") % {"text": text[:60]},
                location=Location(field="circles"),
                hint=_("Give latitude,longitude and the radius in kilometres, up to 500."),
            )
        rings.append(geometry.circle_ring(*centre, radius))
    return rings


def _on_earth(latitude: float, longitude: float) -> bool:
    return -90 <= latitude <= 90 and -180 <= longitude <= 180


def districts_touched(actor: Actor, content: Content) -> list[Place]:
    """Return the districts that a warning concerns, wholly or in part, in their fixed order.

    A chosen place counts with its own district only: its outline is drawn a little wide, and
    would touch all its neighbours.
    """
    from shapely.geometry import shape

    district_by_place = places.district_map()
    chosen = {district_by_place.get(pk, 0) for pk in content.place_ids}
    rings = _checked_shapes(content)
    drawn = geometry.shape_of(rings) if rings else None
    return [
        district
        for district in places.districts(actor)
        if district.pk in chosen
        or district.parent_id in content.place_ids
        or (drawn and district.boundary and shape(district.boundary).intersects(drawn))
    ]


def rings_of_parts(parts: Sequence[AreaPart]) -> list[geometry.Ring]:
    """Return every ring of some areas, circles as rings of corners."""
    rings = [list(Polygon(text).points) for part in parts for text in part.polygons]
    for part in parts:
        for text in part.circles:
            circle = Circle(text)
            rings.append(geometry.circle_ring(*circle.centre, circle.radius_km))
    return rings


def _names_of_drawn(actor: Actor, rings: Sequence[geometry.Ring]) -> Mapping[str, str]:
    """Return what an area that was drawn is called: the districts of which it is a part."""
    from shapely.geometry import shape

    everything = geometry.shape_of(rings)
    touched = [
        place
        for place in places.districts(actor)
        if place.boundary and shape(place.boundary).intersects(everything)
    ]
    names = {}
    for code in LANGUAGES:
        # In the words of each language, whichever one the writer reads.
        listed = ", ".join(str(getattr(place, f"name_{code}")) for place in touched)
        with override(code):
            names[code] = (
                _("A part of: %(districts)s") % {"districts": listed}
                if listed
                else _("The area drawn on the map")
            )
    return names
