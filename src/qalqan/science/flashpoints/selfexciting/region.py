"""The region that is watched: a polygon, its area, and how much of a kernel lies inside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.selfexciting._region_kernels import (
    distance_to_edges,
    inside_edges,
)
from qalqan.science.flashpoints.selfexciting.checks import EventInputError, as_floats


@dataclass(frozen=True, slots=True)
class Region:
    """A region bounded by straight edges, in plane coordinates.

    Attributes
    ----------
    edges : (m, 4) array of float64
        Each edge as x and y of its start and its end; the inside lies to the left, so outer
        rings run against the clock and holes with it.
    area : float
        In squared units of the coordinates.
    """

    edges: NDArray[np.float64]
    area: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return least x, least y, greatest x, greatest y."""
        x, y = self.edges[:, [0, 2]], self.edges[:, [1, 3]]
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    def contains(self, points: ArrayLike) -> NDArray[np.bool_]:
        """Return whether each point, shape (n, 2), lies inside (edges on the left included)."""
        return inside_edges(np.ascontiguousarray(points, dtype=np.float64), self.edges)

    def distance_to_boundary(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return the distance of each point, shape (n, 2), from the nearest edge."""
        return distance_to_edges(np.ascontiguousarray(points, dtype=np.float64), self.edges)

    def sample(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return ``count`` points spread evenly over the region, shape (count, 2)."""
        low_x, low_y, high_x, high_y = self.bounds
        kept: list[NDArray[np.float64]] = []
        missing = count
        share = self.area / ((high_x - low_x) * (high_y - low_y))
        while missing > 0:
            tries = int(missing / share * 1.1) + 16
            drawn = np.column_stack(
                [rng.uniform(low_x, high_x, tries), rng.uniform(low_y, high_y, tries)]
            )
            kept.append(drawn[self.contains(drawn)][:missing])
            missing -= len(kept[-1])
        return np.concatenate(kept) if kept else np.empty((0, 2))


def rectangle(low_x: float, low_y: float, high_x: float, high_y: float) -> Region:
    """Return a rectangle as a region.

    >>> rectangle(0, 0, 2, 3).area
    6.0
    """
    if not (high_x > low_x and high_y > low_y):
        raise EventInputError("the rectangle has no area")
    return polygon([[low_x, low_y], [high_x, low_y], [high_x, high_y], [low_x, high_y]])


def polygon(outer: ArrayLike, holes: list[ArrayLike] | None = None) -> Region:
    """Return a polygon, with holes if there are any, as a region.

    Rings may be given in either sense and need not repeat their first point. They must not
    cross themselves or each other.

    Parameters
    ----------
    outer : (k, 2) array of float
        Corners of the outer ring, in plane coordinates.
    holes : list of (k, 2) array of float, optional
        Rings cut out of it.

    Returns
    -------
    Region
        Edges with the inside to their left.

    Raises
    ------
    EventInputError
        If a ring has fewer than three corners or no area.

    Examples
    --------
    >>> polygon([[0, 0], [0, 4], [4, 4], [4, 0]], [[[1, 1], [2, 1], [2, 2], [1, 2]]]).area
    15.0
    """
    rings = [_ring(outer, outwards=True)]
    rings += [_ring(hole, outwards=False) for hole in holes or []]
    area = sum(_signed_area(ring) for ring in rings)
    if not area > 0:
        raise EventInputError("the holes leave no area")
    edges = np.concatenate([np.hstack([ring, np.roll(ring, -1, axis=0)]) for ring in rings])
    return Region(np.ascontiguousarray(edges), float(area))


def _ring(corners: ArrayLike, *, outwards: bool) -> NDArray[np.float64]:
    """Return a ring in the wanted sense, its first point not repeated."""
    ring = as_floats(corners, "corners")
    if ring.ndim != 2 or ring.shape[1] != 2:
        raise EventInputError(f"a ring must have shape (corners, 2), not {ring.shape}")
    if len(ring) > 1 and np.array_equal(ring[0], ring[-1]):
        ring = ring[:-1]
    if len(ring) < 3 or _signed_area(ring) == 0:
        raise EventInputError("a ring needs three corners and an area")
    return ring if (_signed_area(ring) > 0) == outwards else ring[::-1].copy()


def _signed_area(ring: NDArray[np.float64]) -> float:
    """Return the area of a ring, negative if it runs with the clock (shoelace formula)."""
    following = np.roll(ring, -1, axis=0)
    cross = ring[:, 0] * following[:, 1] - following[:, 0] * ring[:, 1]
    return float(cross.sum() / 2)
