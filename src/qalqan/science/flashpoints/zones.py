"""Zones in compressed rows, and circular ones: every circle around every area, up to a size."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.checks import ScanInputError, as_floats, refuse

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""

SATSCAN_EARTH_RADIUS_KM = 6367.0
"""Radius of the Earth that SaTScan takes."""

_NEARLY = 1e-9
"""Relative difference of squared distances below which two areas are equally far."""

_BLOCK = 2_000_000
"""Distances held at a time."""

_FEW = 2_000
"""Areas up to which looking at all is quicker than a tree."""

_FIRST_WIDTH = 512
"""Nearest areas sorted at first if only a radius limits; more when the limits let more in."""

Metric = Literal["plane", "greatcircle"]
Ties = Literal["together", "ordered"]


@dataclass(frozen=True, slots=True)
class Zones:
    """Neighbour lists in compressed rows; a zone is a prefix of a row whose end is closed.

    Attributes
    ----------
    pointer : (rows + 1,) int64
        Row ``i`` runs from ``pointer[i]`` to ``pointer[i + 1]``. A row is empty if its centre lies
        on the same spot as an area before it, or if the centre is too large by itself.
    members : (m,) int32
        Areas of all rows, nearest first.
    distances : (m,) float64
        Distance from the centre, in the unit of the coordinates or in km on the great circle; in
        an ellipse, the half of the shorter axis on which the area lies.
    closed : (m,) bool
        Whether the prefix that ends here is a zone; ``False`` inside a group of ties.
    ties : str
        The tie rule by which the zones were made.
    centres : (rows,) int64
        Area around which each row lies. By default row ``i`` is centred on area ``i``.
    shapes : (rows,) float64
        Longest axis over shortest axis, 1 for circles and for zones of neighbours.
    angles : (rows,) float64
        Direction of the longest axis in radians, counted from the first axis of the coordinates.
    """

    pointer: NDArray[np.int64]
    members: NDArray[np.int32]
    distances: NDArray[np.float64]
    closed: NDArray[np.bool_]
    ties: str = field(default="together")
    centres: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    shapes: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    angles: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    areas: int = -1

    def __post_init__(self) -> None:
        rows = len(self.pointer) - 1
        if self.areas < 0:
            object.__setattr__(self, "areas", rows)
        if not len(self.centres):
            object.__setattr__(self, "centres", np.arange(rows))
        if not len(self.shapes):
            object.__setattr__(self, "shapes", np.ones(rows))
            object.__setattr__(self, "angles", np.zeros(rows))

    @property
    def n_areas(self) -> int:
        """Return how many areas the zones are made of."""
        return self.areas

    @property
    def n_zones(self) -> int:
        """Return how many zones there are."""
        return int(self.closed.sum())


def joined(parts: list[Zones]) -> Zones:
    """Return the rows of several sets of zones over the same areas, one after the other.

    Raises
    ------
    ScanInputError
        If they are not made of the same number of areas.

    Examples
    --------
    >>> circles = circular_zones([[0, 0], [1, 0]], max_radius=1)
    >>> joined([circles, circles]).centres.tolist()
    [0, 1, 0, 1]
    """
    first = parts[0]
    if any(part.n_areas != first.n_areas for part in parts):
        raise ScanInputError("zones over different areas cannot be scanned together")
    lengths = np.concatenate([np.diff(part.pointer) for part in parts])
    return Zones(
        np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]),
        np.concatenate([part.members for part in parts]),
        np.concatenate([part.distances for part in parts]),
        np.concatenate([part.closed for part in parts]),
        first.ties,
        np.concatenate([part.centres for part in parts]),
        np.concatenate([part.shapes for part in parts]),
        np.concatenate([part.angles for part in parts]),
        first.n_areas,
    )


def circular_zones(
    coordinates: ArrayLike,
    *,
    population: ArrayLike | None = None,
    max_share: float = 0.5,
    max_radius: float | None = None,
    max_count: int | None = None,
    metric: Metric = "plane",
    ties: Ties = "together",
    earth_radius: float = EARTH_RADIUS_KM,
) -> Zones:
    """Return all circles around the areas that hold at most a share of the population.

    Areas on the same spot always enter together, and only the first of them is a centre. Areas
    at the same distance from a centre enter together too (``ties="together"``): a circle cannot
    hold one and not the other. ``ties="ordered"`` is SaTScan's rule: they enter one by one, the
    lesser first coordinate first, then the lesser second.

    Parameters
    ----------
    coordinates : (n, 2) array of float
        Plane coordinates, or latitude and longitude in degrees for ``metric="greatcircle"``.
    population : (n,) array of float, optional
        What ``max_share`` is a share of; for the permutation model the cases of each area.
        Without it only ``max_radius`` limits the circles.
    max_share : float
        Largest share of the population inside a circle, 0 < share ≤ 1.
    max_radius : float, optional
        Largest radius, in the unit of the coordinates, or in km on the great circle.
    max_count : int, optional
        Largest number of areas in a circle.
    metric : {"plane", "greatcircle"}
        How distance is measured.
    ties : {"together", "ordered"}
        What happens at equal distance.
    earth_radius : float
        Radius of the sphere in km; SaTScan takes 6367.

    Returns
    -------
    Zones
        Neighbour lists in compressed rows.

    Raises
    ------
    ScanInputError
        If shapes disagree or a value is not finite, negative, or out of range.

    References
    ----------
    Kulldorff, M. (1997). A spatial scan statistic. Communications in Statistics: Theory and
    Methods 26(6), 1481-1496, section 2.

    Examples
    --------
    >>> zones = circular_zones([[0, 0], [1, 0], [5, 0]], max_radius=1.5)
    >>> [zones.members[a:b].tolist() for a, b in zip(zones.pointer, zones.pointer[1:])]
    [[0, 1], [1, 0], [2]]
    """
    places = checked_coordinates(coordinates, metric)
    weights, limit = checked_population(population, len(places), max_share)
    check_limits(max_radius, max_count, ties)
    points = places if metric == "plane" else _on_sphere(places)
    reach = np.inf if max_radius is None else _chord(max_radius, metric, earth_radius) ** 2
    pointer, members, squares, closed = prefix_rows(
        points, places, weights, limit, reach, max_count, ties == "together"
    )
    lengths = np.sqrt(squares)
    if metric == "greatcircle":
        lengths = 2.0 * earth_radius * np.arcsin(np.minimum(lengths / 2.0, 1.0))
    return Zones(pointer, members, lengths, closed, ties)


def check_limits(max_radius: float | None, max_count: int | None, ties: str) -> None:
    """Refuse limits that have no meaning."""
    if max_radius is not None and not max_radius >= 0:
        raise ScanInputError(f"the largest radius must be 0 or more, not {max_radius}")
    if max_count is not None and max_count < 1:
        raise ScanInputError(f"a zone holds at least one area, not {max_count}")
    if ties not in ("together", "ordered"):
        raise ScanInputError(f"unknown tie rule {ties!r}")


def prefix_rows(
    points: NDArray[np.float64],
    places: NDArray[np.float64],
    weights: NDArray[np.float64],
    limit: float,
    reach: float,
    max_count: int | None,
    together: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64], NDArray[np.bool_]]:
    """Return pointer, members, squared distances and closed ends of all rows.

    ``points`` give the distances, ``places`` the order of ties and what is one spot.
    """
    rank = np.lexsort((np.arange(len(places)), places[:, 1], places[:, 0]))
    position = np.empty(len(places), np.int64)
    position[rank] = np.arange(len(places))
    pointer, members, squares, closed = _rows(
        points, _spots(places, rank), position, weights, limit, reach, together
    )
    if max_count is not None:
        place = np.arange(len(members)) - np.repeat(pointer[:-1], np.diff(pointer))
        keep = place < max_count
        members, squares, closed = members[keep], squares[keep], closed[keep]
        pointer = np.concatenate([[0], np.cumsum(np.minimum(np.diff(pointer), max_count))])
    return pointer, members, squares, closed


def _rows(
    points: NDArray[np.float64],
    spot: NDArray[np.int64],
    position: NDArray[np.int64],
    weights: NDArray[np.float64],
    limit: float,
    reach: float,
    together: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64], NDArray[np.bool_]]:
    """Return pointer, members, squared distances and closed ends of all rows, joined."""
    from qalqan.science.flashpoints import _zone_kernels

    pointer = np.zeros(len(points) + 1, np.int64)
    rows: list[tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.bool_]]] = []
    centres = np.flatnonzero(spot == np.arange(len(points)))
    width = _first_width(weights, limit)
    tree = _tree(points) if len(points) > _FEW else None
    for block in np.array_split(centres, -(-len(centres) * len(points) // _BLOCK)):
        while True:
            order, square = _nearest(points, block, width, tree)
            sizes, closed, widest = _zone_kernels.cut_rows(
                order, square, spot, position, weights, limit, reach, together, _NEARLY
            )
            if widest < width or width == len(points):
                break
            width = min(width + width // 2 + 1, len(points))
        inside = np.arange(width) < sizes[:, None]
        rows.append((order[inside].astype(np.int32), square[inside], closed[inside]))
        pointer[block + 1] = sizes
    members, squares, closed = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    return np.cumsum(pointer), members, squares, closed


def _first_width(weights: NDArray[np.float64], limit: float) -> int:
    """Return how many nearest areas to sort at first: what the limit holds on average, and more.

    Areas are looked up in vain if the rows are too long, and again if they are too short.
    """
    mean = float(weights.mean())
    if not (np.isfinite(limit) and mean > 0):
        return min(_FIRST_WIDTH, len(weights))
    return int(min(1.25 * limit / mean + 32.0, float(len(weights))))


def checked_coordinates(coordinates: ArrayLike, metric: str) -> NDArray[np.float64]:
    """Return the coordinates as an array, or say what is wrong with them."""
    places = as_floats(coordinates, "coordinates")
    if places.ndim != 2 or places.shape[1] != 2 or not len(places):
        raise ScanInputError(f"coordinates must have shape (n, 2), not {places.shape}")
    refuse(~np.isfinite(places).all(axis=1), "coordinates are not finite")
    if metric == "greatcircle":
        refuse(np.abs(places[:, 0]) > 90, "latitude is outside -90 to 90 degrees")
        refuse(np.abs(places[:, 1]) > 360, "longitude is outside -360 to 360 degrees")
    elif metric != "plane":
        raise ScanInputError(f"unknown metric {metric!r}")
    return places


def checked_population(
    population: ArrayLike | None, n: int, max_share: float
) -> tuple[NDArray[np.float64], float]:
    """Return the weight of each area and the weight that a circle may hold."""
    if not 0 < max_share <= 1:
        raise ScanInputError(f"the largest share must lie above 0 and up to 1, not {max_share}")
    if population is None:
        return np.zeros(n), np.inf
    weights = as_floats(population, "people")
    if weights.shape != (n,):
        raise ScanInputError(f"population must have shape ({n},), not {weights.shape}")
    refuse(~np.isfinite(weights), "population is not finite")
    refuse(weights < 0, "population is negative")
    total = float(weights.sum())
    # The last bit of a sum must not decide whether a circle of exactly the share is allowed.
    return weights, max_share * total * (1 + 1e-12)


def _on_sphere(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return latitude and longitude in degrees as points on the unit sphere."""
    lat, lon = np.radians(places[:, 0]), np.radians(places[:, 1])
    return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def _tree(points: NDArray[np.float64]) -> Any:
    from scipy.spatial import cKDTree

    return cKDTree(points)


def _nearest(
    points: NDArray[np.float64], centres: NDArray[np.int64], width: int, tree: Any
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the ``width`` nearest areas of each centre in order, and their squared distances."""
    if tree is not None and width < len(points):
        chosen = tree.query(points[centres], k=width)[1]
    else:
        chosen = np.broadcast_to(np.arange(len(points)), (len(centres), len(points)))
    square = np.zeros(chosen.shape)
    for axis in points.T:
        gap = axis[centres, None] - axis[chosen]
        square += gap * gap
    if width < square.shape[1]:
        near = np.argpartition(square, width - 1, axis=1)[:, :width]
        chosen = np.take_along_axis(chosen, near, axis=1)
        square = np.take_along_axis(square, near, axis=1)
    order = np.argsort(square, axis=1)
    return np.take_along_axis(chosen, order, axis=1), np.take_along_axis(square, order, axis=1)


def _chord(radius: float, metric: str, earth_radius: float) -> float:
    """Return the straight line, on the unit sphere, that belongs to a radius in km."""
    if metric == "plane":
        return radius
    return 2.0 * float(np.sin(min(radius / earth_radius, np.pi) / 2.0))


def _spots(places: NDArray[np.float64], rank: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each area the first area on the same spot."""
    ordered = places[rank]
    fresh = np.ones(len(places), dtype=bool)
    fresh[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    first = rank[fresh]  # lexsort is by position last, so the first of a run is the least
    spot = np.empty(len(places), np.int64)
    spot[rank] = first[np.cumsum(fresh) - 1]
    return spot
