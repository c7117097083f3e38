"""Backgrounds: where events happen anyway, as a density over the region on a grid.

Evenly spread, a count map, a smoothed map (kernel), or rates that follow covariates. What is put
down to the background is not put down to contagion, so the choice moves the branching ratio.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.selfexciting.checks import (
    EventInputError,
    as_floats,
    positive,
)
from qalqan.science.flashpoints.selfexciting.region import Region

_SUBPOINTS = 4
"""Points a side by which the share of a cell inside the region is measured."""

_MOST_SIDE = 1024
_CELLS_IN_BANDWIDTH = 4
_REACH = 4.0
"""Bandwidths after which the smoothing kernel is cut."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells over the bounds of a region.

    Attributes
    ----------
    region : Region
        What is watched.
    cell : float
        Side of a cell.
    columns, rows : int
        How many there are.
    areas : (rows, columns) array of float64
        Area of each cell inside the region.
    """

    region: Region
    cell: float
    columns: int
    rows: int
    areas: NDArray[np.float64]

    def cells_of(self, points: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return row and column of each point."""
        array = np.asarray(points, dtype=np.float64)
        low_x, low_y, _, _ = self.region.bounds
        column = ((array[:, 0] - low_x) / self.cell).astype(np.int64)
        row = ((array[:, 1] - low_y) / self.cell).astype(np.int64)
        return np.clip(row, 0, self.rows - 1), np.clip(column, 0, self.columns - 1)

    def count(self, points: ArrayLike, weights: ArrayLike | None = None) -> NDArray[np.float64]:
        """Return events, or the sum of their weights, in each cell, shape (rows, columns)."""
        row, column = self.cells_of(points)
        flat = np.bincount(
            row * self.columns + column, weights=weights, minlength=self.rows * self.columns
        )
        return flat.reshape(self.rows, self.columns).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Background:
    """A density over the region, constant within each cell, with integral one.

    Attributes
    ----------
    grid : Grid
        Its cells.
    density : (rows, columns) array of float64
        Per squared unit of length.
    own : (n,) array of float64 or None
        What each event it was made from adds to the density at its own place, or nothing.
    """

    grid: Grid
    density: NDArray[np.float64]
    own: NDArray[np.float64] | None = None

    def at(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return the density at each point, shape (n,)."""
        row, column = self.grid.cells_of(points)
        return self.density[row, column]

    def at_own_events(self, points: ArrayLike) -> NDArray[np.float64]:
        """Return the density at the events it was made from, each without itself.

        Otherwise each event would explain itself, and the likelihood would grow without limit as
        the bandwidth shrinks.
        """
        full = self.at(points)
        return full if self.own is None else np.maximum(full - self.own, 0.0)

    def sample(self, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
        """Return points drawn from the density, shape (count, 2)."""
        mass = (self.density * self.grid.areas).ravel()
        low_x, low_y, _, _ = self.grid.region.bounds
        kept: list[NDArray[np.float64]] = []
        missing = count
        while missing > 0:
            cell = rng.choice(mass.size, missing, p=mass / mass.sum())
            shift = rng.uniform(size=(missing, 2))
            row, column = np.divmod(cell, self.grid.columns)
            drawn = np.column_stack([column, row]) + shift
            points = np.array([low_x, low_y]) + self.grid.cell * drawn
            kept.append(points[self.grid.region.contains(points)])
            missing -= len(kept[-1])
        return np.concatenate(kept) if kept else np.empty((0, 2))


def make_grid(region: Region, cell: float) -> Grid:
    """Lay square cells over a region.

    Cells wholly inside have their full area; of the others a share is measured on 4 × 4 points.

    >>> from qalqan.science.flashpoints.selfexciting.region import rectangle
    >>> make_grid(rectangle(0, 0, 3, 2), 1.0).areas
    array([[1., 1., 1.],
           [1., 1., 1.]])
    """
    positive(cell, "cell")
    low_x, low_y, high_x, high_y = region.bounds
    columns = max(1, int(np.ceil((high_x - low_x) / cell - 1e-9)))
    rows = max(1, int(np.ceil((high_y - low_y) / cell - 1e-9)))
    if columns * rows > 4 * _MOST_SIDE**2:
        raise EventInputError(f"{columns} × {rows} cells are too many; make the cells larger")
    sub = (np.arange(_SUBPOINTS) + 0.5) / _SUBPOINTS
    x = low_x + cell * (np.arange(columns)[:, None] + sub).ravel()
    y = low_y + cell * (np.arange(rows)[:, None] + sub).ravel()
    points = np.column_stack([np.tile(x, y.size), np.repeat(y, x.size)])
    inside = region.contains(points).reshape(rows, _SUBPOINTS, columns, _SUBPOINTS)
    share = inside.mean(axis=(1, 3))
    return Grid(region, float(cell), columns, rows, share * cell**2)


def even_background(region: Region, cell: float) -> Background:
    """Return the background that is the same everywhere."""
    grid = make_grid(region, cell)
    return Background(grid, _normalised(grid, np.ones_like(grid.areas)))


def count_map(
    points: ArrayLike, region: Region, cell: float, *, weights: ArrayLike | None = None,
    prior: float = 1.0,
) -> Background:  # fmt: skip
    """Return the map of counts: each cell as dense as its events, drawn slightly towards even.

    Parameters
    ----------
    points : (n, 2) array of float
        Events.
    region : Region
        What is watched.
    cell : float
        Side of a cell.
    weights : (n,) array of float, optional
        Weight of each event, such as its probability to be background.
    prior : float
        Events added to each cell of full area, so that no place is impossible.

    Returns
    -------
    Background
        Density proportional to (events + prior) / area.
    """
    grid = make_grid(region, cell)
    each, positions = _weights(points, weights)
    share = grid.areas / grid.cell**2
    counts = grid.count(positions, each) + prior * share
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = np.where(grid.areas > 0, counts / grid.areas, 0.0)
    total = float((raw * grid.areas).sum())
    row, column = grid.cells_of(positions)
    areas = np.maximum(grid.areas[row, column], grid.cell**2 / _SUBPOINTS**2)
    return Background(grid, _normalised(grid, raw), each / areas / total)


def kernel_map(
    points: ArrayLike, region: Region, bandwidth: float, *, weights: ArrayLike | None = None,
    floor: float = 0.01,
) -> Background:  # fmt: skip
    """Return events smoothed by a Gaussian, with the loss over the boundary made good.

    Parameters
    ----------
    points : (n, 2) array of float
        Events.
    region : Region
        What is watched.
    bandwidth : float
        Standard deviation on each axis, in the unit of the coordinates.
    weights : (n,) array of float, optional
        Weight of each event, such as its probability to be background.
    floor : float
        Share spread evenly, so that no place is impossible.

    Returns
    -------
    Background
        Density on cells of a quarter of the bandwidth (at most 1,024 a side).

    References
    ----------
    Diggle, P. (1985). A kernel method for smoothing point process data. Journal of the Royal
    Statistical Society C 34(2), 138-147. Mohler, G. O. et al. (2011), section 3.
    """
    positive(bandwidth, "bandwidth")
    low_x, low_y, high_x, high_y = region.bounds
    cell = max(bandwidth / _CELLS_IN_BANDWIDTH, max(high_x - low_x, high_y - low_y) / _MOST_SIDE)
    grid = make_grid(region, cell)
    each, positions = _weights(points, weights)
    taps = _taps(bandwidth / cell)
    inside = grid.areas / cell**2
    kept = _blurred(inside, taps)
    counts = grid.count(positions, each)
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = np.where(inside > 0, _blurred(counts, taps) / (kept * cell**2), 0.0)
    total = float((raw * grid.areas).sum())
    even = floor / region.area
    density = _normalised(grid, (1 - floor) * raw / total + even * (inside > 0))
    row, column = grid.cells_of(positions)
    middle = taps[taps.size // 2]
    loss = np.maximum(kept[row, column], 1e-3)
    own = (1 - floor) * each * middle**2 / (loss * cell**2) / total
    return Background(grid, density, own)


def covariate_map(
    points: ArrayLike, region: Region, cell: float, covariates: ArrayLike, *,
    weights: ArrayLike | None = None,
) -> Background:  # fmt: skip
    """Return rates that follow covariates of the cells, by Poisson regression with log link.

    Parameters
    ----------
    points : (n, 2) array of float
        Events.
    region : Region
        What is watched.
    cell : float
        Side of a cell.
    covariates : (rows, columns, k) array of float
        Values of each cell of ``make_grid(region, cell)``; a constant is added.
    weights : (n,) array of float, optional
        Weight of each event.

    Returns
    -------
    Background
        Density proportional to the fitted rate.

    Raises
    ------
    EventInputError
        If shapes disagree or the regression does not converge.

    References
    ----------
    Meyer, S., Elias, J., Höhle, M. (2012). A space-time conditional intensity model for invasive
    meningococcal disease occurrence. Biometrics 68(2), 607-616. Reinhart, A., Greenhouse, J.
    (2018). Self-exciting point processes with spatial covariates. Journal of the Royal
    Statistical Society C 67(5), 1305-1329.
    """
    grid = make_grid(region, cell)
    table = as_floats(covariates, "covariates")
    if table.ndim != 3 or table.shape[:2] != (grid.rows, grid.columns):
        raise EventInputError(
            f"covariates must have shape ({grid.rows}, {grid.columns}, k), not {table.shape}"
        )
    each, positions = _weights(points, weights)
    inside = grid.areas > 0
    design = np.column_stack([np.ones(int(inside.sum())), table[inside]])
    rates = _poisson_rates(grid.count(positions, each)[inside], design, grid.areas[inside])
    raw = np.zeros_like(grid.areas)
    raw[inside] = rates
    return Background(grid, _normalised(grid, raw))


def _poisson_rates(
    counts: NDArray[np.float64], design: NDArray[np.float64], exposure: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return fitted events per exposure (iteratively reweighted least squares)."""
    scale = np.maximum(np.abs(design).max(axis=0), 1e-300)
    scaled = design / scale
    coefficients = np.zeros(design.shape[1])
    log_exposure = np.log(exposure)
    coefficients[0] = np.log(max(counts.sum(), 1e-9) / exposure.sum())
    for _ in range(100):
        eta = np.clip(scaled @ coefficients + log_exposure, -700, 700)
        expected = np.exp(eta)
        information = scaled.T @ (scaled * expected[:, None])
        slope = scaled.T @ (counts - expected)
        step = np.linalg.lstsq(information, slope, rcond=1e-12)[0]
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        coefficients = coefficients + step
        if float(slope @ step) < 1e-10:
            return np.asarray(np.exp(scaled @ coefficients))
    raise EventInputError("the regression on the covariates does not converge")


def _weights(
    points: ArrayLike, weights: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return weights and points, or say what is wrong with them."""
    positions = as_floats(points, "points")
    if positions.ndim != 2 or positions.shape[1] != 2 or not len(positions):
        raise EventInputError(f"points must have shape (n, 2) with a point, not {positions.shape}")
    each = np.ones(len(positions)) if weights is None else as_floats(weights, "weights")
    if each.shape != (len(positions),) or (each < 0).any() or not each.sum() > 0:
        raise EventInputError("weights must be one for each point, not negative, and not all 0")
    return each, positions


def _normalised(grid: Grid, raw: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a density scaled to integral one, zero in cells outside the region."""
    kept = np.where(grid.areas > 0, raw, 0.0)
    return np.asarray(kept / float((kept * grid.areas).sum()))


def _taps(width: float) -> NDArray[np.float64]:
    """Return the weights of a Gaussian on whole cells, cut at four widths, with sum one."""
    reach = max(1, int(np.ceil(_REACH * width)))
    taps = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    return np.asarray(taps / taps.sum())


def _blurred(table: NDArray[np.float64], taps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the table smoothed along both axes; nothing comes from beyond its edges."""
    from scipy.ndimage import convolve1d

    once = convolve1d(table, taps, axis=0, mode="constant")
    return np.asarray(convolve1d(once, taps, axis=1, mode="constant"))
