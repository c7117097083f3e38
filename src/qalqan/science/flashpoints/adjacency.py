"""Zones of neighbours: every connected set of areas among the nearest of a centre."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.checks import ScanInputError, refuse
from qalqan.science.flashpoints.zones import (
    EARTH_RADIUS_KM,
    Metric,
    Zones,
    check_limits,
    checked_coordinates,
    checked_population,
    circular_zones,
)

_MOST_ZONES = 5_000_000


def flexible_zones(
    coordinates: ArrayLike,
    edges: ArrayLike,
    *,
    size: int = 10,
    population: ArrayLike | None = None,
    max_share: float = 0.5,
    max_radius: float | None = None,
    metric: Metric = "plane",
    earth_radius: float = EARTH_RADIUS_KM,
) -> Zones:
    """Return every connected set of areas that holds a centre and lies among its nearest.

    The flexible scan of Tango and Takahashi: for each centre, all subsets of its ``size``
    nearest areas (the centre among them) that hold the centre and hang together by neighbours.
    A set met from two centres counts once, for the centre that comes first. Equal distances are
    put in the order of the coordinates, lesser first.

    Parameters
    ----------
    coordinates : (n, 2) array of float
        Plane coordinates, or latitude and longitude in degrees.
    edges : (m, 2) array of int
        Pairs of neighbouring areas, from 0; direction and repetition do not matter.
    size : int
        Largest number of areas in a zone, the ``K`` of the paper. The number of zones grows
        exponentially with it; 10 to 15 is usual.
    population, max_share, max_radius, metric, earth_radius
        As in :func:`qalqan.science.flashpoints.zones.circular_zones`.

    Returns
    -------
    Zones
        One row a zone, its areas in order from the centre.

    Raises
    ------
    ScanInputError
        As ``circular_zones``, if an edge names no area, or if there are too many zones.

    References
    ----------
    Tango, T., Takahashi, K. (2005). A flexibly shaped spatial scan statistic for detecting
    clusters. International Journal of Health Geographics 4, 11, section "Flexible scan".

    Examples
    --------
    >>> zones = flexible_zones([[0, 0], [1, 0], [3, 0]], [[0, 1], [1, 2]], size=3)
    >>> [zones.members[a:b].tolist() for a, b in zip(zones.pointer, zones.pointer[1:])]
    [[0], [0, 1], [0, 1, 2], [1], [1, 2], [2]]
    """
    places = checked_coordinates(coordinates, metric)
    weights, limit = checked_population(population, len(places), max_share)
    check_limits(max_radius, size, "ordered")
    linked = _neighbours(edges, len(places))
    nearest = circular_zones(
        places, max_radius=max_radius, metric=metric, ties="ordered", earth_radius=earth_radius
    )
    rows: list[list[int]] = []
    far: list[list[float]] = []
    centres: list[int] = []
    seen: set[frozenset[int]] = set()
    for centre in range(len(places)):
        start = int(nearest.pointer[centre])
        stop = min(int(nearest.pointer[centre + 1]), start + size)
        near = [int(area) for area in nearest.members[start:stop]]
        # The centre may share its spot with others that come before it.
        place = {area: i for i, area in enumerate(near)}
        if centre not in place or weights[centre] > limit:
            continue
        lengths = nearest.distances[start:stop].tolist()
        for zone in _connected(centre, set(near), linked, weights, limit):
            if zone in seen:
                continue
            seen.add(zone)
            row = sorted(zone, key=place.__getitem__)
            rows.append(row)
            far.append([lengths[place[area]] for area in row])
            centres.append(centre)
        if len(rows) > _MOST_ZONES:
            raise ScanInputError(
                f"more than {_MOST_ZONES} zones of neighbours",
                hint="lower the largest number of areas in a zone",
            )
    return _packed(rows, far, centres, len(places))


def _neighbours(edges: ArrayLike, n: int) -> list[set[int]]:
    """Return the neighbours of each area, or say which edge is wrong."""
    pairs = np.asarray(edges)
    if pairs.size == 0:
        pairs = np.empty((0, 2), np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.issubdtype(pairs.dtype, np.integer):
        raise ScanInputError("neighbours must be pairs of whole numbers")
    refuse((pairs < 0).any(axis=1) | (pairs >= n).any(axis=1), "neighbours name no area")
    linked: list[set[int]] = [set() for _ in range(n)]
    for one, other in pairs.tolist():
        if one != other:
            linked[one].add(other)
            linked[other].add(one)
    return linked


def _connected(
    centre: int,
    near: set[int],
    linked: list[set[int]],
    weights: NDArray[np.float64],
    limit: float,
) -> list[frozenset[int]]:
    """Return all connected subsets of ``near`` with the centre that are within the limit.

    Each set is met once: an area that was passed over is not offered again further down.
    """
    found: list[frozenset[int]] = []
    first = frozenset([centre])
    stack = [(first, frozenset(linked[centre] & near) - first, first, float(weights[centre]))]
    while stack:
        zone, border, passed, weight = stack.pop()
        found.append(zone)
        skipped = set(passed)
        for area in sorted(border):
            skipped.add(area)
            heavier = weight + float(weights[area])
            if heavier > limit:
                continue
            onward = (border | (linked[area] & near)) - skipped
            stack.append((zone | {area}, frozenset(onward), frozenset(skipped), heavier))
    return sorted(found, key=lambda zone: (len(zone), sorted(zone)))


def _packed(rows: list[list[int]], far: list[list[float]], centres: list[int], n: int) -> Zones:
    """Return the zones as rows that are closed at their end only."""
    pointer = np.zeros(len(rows) + 1, np.int64)
    pointer[1:] = np.cumsum([len(row) for row in rows])
    closed = np.zeros(int(pointer[-1]), dtype=bool)
    closed[pointer[1:] - 1] = True
    members = np.array([area for row in rows for area in row], dtype=np.int32)
    lengths = np.array([length for row in far for length in row], dtype=np.float64)
    return Zones(
        pointer, members, lengths, closed, "ordered", np.array(centres, dtype=np.int64),
        np.ones(len(rows)), np.zeros(len(rows)), n,
    )  # fmt: skip
