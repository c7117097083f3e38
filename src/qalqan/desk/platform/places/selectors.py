"""Everything that reads places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from qalqan.desk.platform.places.fold import fold_name
from qalqan.desk.platform.places.models import Place, PlaceAlias, Population
from qalqan.desk.platform.policies import Actor

if TYPE_CHECKING:
    from qalqan.desk.platform.places.finder import PlaceFinder

_finders: dict[int, PlaceFinder] = {}
_indexes: dict[tuple[tuple[int, str], ...], tuple[Any, NDArray[np.int64]]] = {}


def places(actor: Actor) -> QuerySet[Place]:
    """Return the places the actor may see, without the heavy boundaries."""
    return Place.objects.visible_to(actor).defer("boundary")


def districts(actor: Actor) -> QuerySet[Place]:
    """Return the districts the actor may see, in a fixed order, with their boundaries."""
    return Place.objects.visible_to(actor).filter(kind=Place.Kind.DISTRICT).order_by("kato", "pk")


def place_for(actor: Actor, place_id: int) -> Place | None:
    """Return one place, or nothing where it is absent or hidden from the actor."""
    return places(actor).filter(pk=place_id).select_related("parent__parent").first()


def latest_populations(actor: Actor, place_ids: Sequence[int]) -> dict[int, Population]:
    """Return the newest population figure of each place that has one."""
    rows = (
        Population.objects.visible_to(actor)
        .filter(place_id__in=place_ids)
        .select_related("source")
        .order_by("place_id", "year")
    )
    return {row.place_id: row for row in rows}


def with_population(actor: Actor, rows: Sequence[Place]) -> list[tuple[Place, Population | None]]:
    """Pair each place with its newest population figure."""
    latest = latest_populations(actor, [place.pk for place in rows])
    return [(place, latest.get(place.pk)) for place in rows]


def populations(actor: Actor, place: Place) -> QuerySet[Population]:
    """Return the population figures of a place, newest first."""
    return Population.objects.visible_to(actor).filter(place=place).select_related("source")


def aliases(actor: Actor, place: Place) -> QuerySet[PlaceAlias]:
    """Return every way of writing a place's name."""
    return PlaceAlias.objects.visible_to(actor).filter(place=place)


def finder() -> PlaceFinder:
    """Return the finder of place names; built anew only when names or places have changed."""
    from qalqan.desk.platform.places.finder import NameRow, PlaceFinder

    rows = tuple(
        PlaceAlias.objects.order_by("place_id", "pk").values_list(
            "place_id", "place__kind", "place__parent_id", "name", "language"
        )
    )
    key = hash(rows)
    if key not in _finders:
        _finders.clear()
        _finders[key] = PlaceFinder([NameRow(*row) for row in rows], parents=_parents())
    return _finders[key]


def _parents() -> dict[int, int]:
    return {pk: parent or 0 for pk, parent in Place.objects.values_list("pk", "parent_id")}


def district_map() -> dict[int, int]:
    """Return for every place the district it lies in: itself for a district, 0 for none."""
    rows = {pk: (kind, parent) for pk, kind, parent in
            Place.objects.values_list("pk", "kind", "parent_id")}  # fmt: skip
    found: dict[int, int] = {}
    for pk in rows:
        at: int | None = pk
        while at is not None and rows[at][0] != Place.Kind.DISTRICT:
            at = rows[at][1]
        found[pk] = at or 0
    return found


def district_of(place_id: int) -> int:
    """Return the district a place lies in; itself for a district, 0 for none."""
    at: int | None = place_id
    while at is not None:
        row = Place.objects.filter(pk=at).values_list("kind", "parent_id").first()
        if row is None:
            return 0
        if row[0] == Place.Kind.DISTRICT:
            return at
        at = row[1]
    return 0


def districts_at(latitudes: Sequence[float], longitudes: Sequence[float]) -> NDArray[np.int64]:
    """Return the district whose boundary holds each point; 0 where none does.

    A point on the line between two districts belongs to the one with the smaller key.

    Parameters
    ----------
    latitudes, longitudes
        WGS84 degrees, shape (n,).

    Returns
    -------
    ndarray of int64, shape (n,)
        Keys of places.
    """
    import shapely

    tree, keys = _boundary_index()
    found = np.zeros(len(latitudes), np.int64)
    if tree is None or not len(found):
        return found
    points = shapely.points(np.asarray(longitudes, float), np.asarray(latitudes, float))
    point_at, area_at = tree.query(points, predicate="intersects")
    order = np.argsort(-keys[area_at], kind="stable")
    found[point_at[order]] = keys[area_at[order]]
    return found


def district_at(latitude: float, longitude: float) -> int:
    """Return the district whose boundary holds the point; 0 where none does."""
    return int(districts_at([latitude], [longitude])[0])


def _boundary_index() -> tuple[Any, NDArray[np.int64]]:
    """Return a search tree over the districts, kept until a boundary changes."""
    import json

    import shapely

    rows = Place.objects.filter(kind=Place.Kind.DISTRICT, boundary__isnull=False)
    key = tuple(rows.order_by("pk").values_list("pk", "boundary_digest"))
    if not key:
        return None, np.zeros(0, np.int64)
    if key not in _indexes:
        shapes = dict(rows.values_list("pk", "boundary"))
        areas = [shapely.from_geojson(json.dumps(shapes[pk])) for pk, _digest in key]
        shapely.prepare(areas)
        _indexes.clear()
        _indexes[key] = shapely.STRtree(areas), np.array([pk for pk, _d in key], np.int64)
    return _indexes[key]


def h3_cell(latitude: float, longitude: float, resolution: int = 6) -> str:
    """Return the H3 cell that holds a point.

    Parameters
    ----------
    latitude, longitude
        WGS84 degrees.
    resolution
        0 (continents) to 15 (a square metre); 6 has cells of some 36 km².

    Raises
    ------
    ValueError
        The point is not on earth or the resolution not from 0 to 15.
    """
    import h3

    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180 and 0 <= resolution <= 15):
        raise ValueError("a cell needs a point on earth and a resolution from 0 to 15")
    return str(h3.latlng_to_cell(latitude, longitude, resolution))


def search(actor: Actor, query: str, *, limit: int = 20) -> list[Place]:
    """Find places by what a person types: either spelling, a beginning, suffixes, slips.

    First names that begin with the query, then names inside it ("Ақтөбеден"), then names that
    share most of its three-letter pieces. Larger places come first within each.

    Parameters
    ----------
    actor
        Who asks.
    query
        Any script.
    limit
        The most places to return.
    """
    from qalqan.desk.platform.places.matching import similar_names

    key = fold_name(query)[:160]
    if not key:
        return []
    aliases = PlaceAlias.objects.visible_to(actor)
    ids = list(
        aliases.filter(key__startswith=key).order_by("key").values_list("place_id", flat=True)[:200]
    )
    if len(set(ids)) < limit:
        ids += [match.place_id for match in finder().find(query)]
        ids += similar_names(key, list(aliases.values_list("key", "place_id")))
    unique = list(dict.fromkeys(ids))[:limit]
    rows = places(actor).select_related("parent").in_bulk(unique)
    return [rows[pk] for pk in unique if pk in rows]
