"""A plain rectangular grid over points in the plane; hexagons are the desk's business."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.checks import ScanInputError, as_floats, refuse
from qalqan.science.flashpoints.zones import EARTH_RADIUS_KM


def to_plane(
    longitude: ArrayLike, latitude: ArrayLike, *, origin: tuple[float, float] | None = None
) -> NDArray[np.float64]:
    """Return km east and north of an origin (equirectangular; for regions of some 100 km).

    Parameters
    ----------
    longitude, latitude : (m,) array of float
        Degrees, WGS84.
    origin : (float, float), optional
        Longitude and latitude of the origin; without it the middle of the range.

    Returns
    -------
    (m, 2) array of float64
        Kilometres.

    Raises
    ------
    ScanInputError
        If a coordinate is not finite or no place on Earth.

    Examples
    --------
    >>> to_plane([0.0, 0.0], [0.0, 1.0], origin=(0.0, 0.0)).round(2).tolist()
    [[0.0, 0.0], [0.0, 111.2]]
    """
    east, north = as_floats(longitude, "longitudes"), as_floats(latitude, "latitudes")
    if east.ndim != 1 or east.shape != north.shape or east.size == 0:
        raise ScanInputError(
            f"longitudes {east.shape} and latitudes {north.shape} must be two lists of one length"
        )
    refuse(~np.isfinite(east) | ~np.isfinite(north), "coordinates are not finite")
    refuse((np.abs(east) > 180) | (np.abs(north) > 90), "coordinates are no place on Earth")
    middle = origin or (float(east.min() + east.max()) / 2, float(north.min() + north.max()) / 2)
    radians = np.radians(np.column_stack([east - middle[0], north - middle[1]]))
    return np.asarray(EARTH_RADIUS_KM * radians * [np.cos(np.radians(middle[1])), 1.0])


@dataclass(frozen=True, slots=True)
class RectangularGrid:
    """Square cells, numbered row by row from the south-west.

    Parameters
    ----------
    west, south : float
        Lower left corner, in km.
    size : float
        Side of a cell, in km.
    columns, rows : int
        Number of cells.

    Examples
    --------
    >>> grid = RectangularGrid.over([[0.2, 0.2], [2.5, 1.5]], size=1.0)
    >>> grid.columns, grid.rows, grid.cells([[0.3, 0.3], [2.4, 1.4], [99, 0]]).tolist()
    (3, 2, [0, 5, -1])
    """

    west: float
    south: float
    size: float
    columns: int
    rows: int

    @classmethod
    def over(cls, places: ArrayLike, *, size: float) -> RectangularGrid:
        """Return the least grid whose corners are whole multiples of the size."""
        points = _points(places)
        if not size > 0:
            raise ScanInputError(f"the size of a cell must be above 0, not {size}")
        low = np.floor(points.min(axis=0) / size)
        count = np.floor(points.max(axis=0) / size) - low + 1
        return cls(
            float(low[0] * size), float(low[1] * size), float(size), int(count[0]), int(count[1])
        )

    @property
    def centres(self) -> NDArray[np.float64]:
        """Return the (n, 2) middle points of all cells, in km."""
        east = self.west + (np.arange(self.columns) + 0.5) * self.size
        north = self.south + (np.arange(self.rows) + 0.5) * self.size
        return np.column_stack([np.tile(east, self.rows), np.repeat(north, self.columns)])

    def cells(self, places: ArrayLike) -> NDArray[np.int64]:
        """Return the cell of each point, -1 outside the grid."""
        points = _points(places)
        column = np.floor((points[:, 0] - self.west) / self.size).astype(np.int64)
        row = np.floor((points[:, 1] - self.south) / self.size).astype(np.int64)
        inside = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        return np.where(inside, row * self.columns + column, -1)


def count_events(
    cells: NDArray[np.int64], periods: NDArray[np.int64], *, n_cells: int, n_periods: int
) -> NDArray[np.int64]:
    """Return (cells, periods) counts; events outside both are left out.

    Examples
    --------
    >>> count_events(np.array([0, 1, -1]), np.array([1, 1, 0]), n_cells=2, n_periods=2).tolist()
    [[0, 1], [0, 1]]
    """
    inside = (cells >= 0) & (cells < n_cells) & (periods >= 0) & (periods < n_periods)
    flat = np.bincount(cells[inside] * n_periods + periods[inside], minlength=n_cells * n_periods)
    return flat.reshape(n_cells, n_periods).astype(np.int64)


def _points(places: ArrayLike) -> NDArray[np.float64]:
    """Return points as (m, 2), or say what is wrong with them."""
    points = as_floats(places, "places")
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        raise ScanInputError(f"places must have shape (m, 2), not {points.shape}")
    refuse(~np.isfinite(points), "places are not finite")
    return points
