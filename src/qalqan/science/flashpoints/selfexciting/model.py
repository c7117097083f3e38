"""What the process in space and time is made of: parameters, and events with their past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints._pair_kernels import past_pairs
from qalqan.science.flashpoints.selfexciting import _shapes
from qalqan.science.flashpoints.selfexciting._region_kernels import effective_reach, mass_inside
from qalqan.science.flashpoints.selfexciting.checks import (
    EventInputError,
    checked_points,
    checked_times,
    positive,
)
from qalqan.science.flashpoints.selfexciting.region import Region

TimeShape = Literal["exponential", "omori"]
SpaceShape = Literal["gaussian", "power"]

NAMES = ("mu", "alpha", "time", "time_power", "space", "space_power")
_TIME = {"exponential": _shapes.EXPONENTIAL, "omori": _shapes.OMORI}
_SPACE = {"gaussian": _shapes.GAUSSIAN, "power": _shapes.POWER}
_MOST_PAIRS = 200_000_000


@dataclass(frozen=True, slots=True)
class Model:
    """The parameters of the process and where its kernels end.

    Attributes
    ----------
    mu : float
        Background events per unit of time in the whole region.
    alpha : float
        Branching ratio, before what falls outside the region or period is lost.
    time_shape, space_shape : str
        Which kernels.
    time : float
        Rate of decay of the exponential, per unit of time; or c of Omori's law, unit of time.
    time_power : float
        p - 1 of Omori's law (1 + t / c)^-p; unused otherwise.
    space : float
        Standard deviation of the Gaussian on each axis, or d of the power law; unit of length.
    space_power : float
        q - 1 of the power law (1 + r² / d²)^-q; unused otherwise.
    max_lag, max_distance : float
        Where the kernels end; up to there they have mass one.
    """

    mu: float
    alpha: float
    time: float
    space: float
    max_lag: float
    max_distance: float
    time_shape: TimeShape = "exponential"
    space_shape: SpaceShape = "gaussian"
    time_power: float = 1.0
    space_power: float = 1.0

    @property
    def parameters(self) -> NDArray[np.float64]:
        """Return all six parameters in the order of ``NAMES``."""
        return np.array(
            [self.mu, self.alpha, self.time, self.time_power, self.space, self.space_power]
        )

    @property
    def kinds(self) -> NDArray[np.int64]:
        """Return the numbers of the two shapes, as the kernels know them."""
        return np.array([_TIME[self.time_shape], _SPACE[self.space_shape]], dtype=np.int64)

    @property
    def free(self) -> NDArray[np.bool_]:
        """Return which of the six parameters this pair of shapes has."""
        omori, power = self.time_shape == "omori", self.space_shape == "power"
        return np.array([True, True, True, omori, True, power])

    def moved(self, step: NDArray[np.float64]) -> Model:
        """Return the model with each parameter multiplied by the exponential of its step."""
        mu, alpha, time, time_power, space, space_power = (
            float(x) for x in self.parameters * np.exp(step)
        )
        return Model(
            mu, alpha, time, space, self.max_lag, self.max_distance, self.time_shape,
            self.space_shape, time_power, space_power,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Events:
    """Events with their close predecessors, ready for many fits; made by :func:`prepare`.

    Attributes
    ----------
    times : (n,) array of float64
        In order.
    points : (n, 2) array of float64
        Plane coordinates.
    region : Region
        What is watched.
    horizon : float
        Length of the period.
    max_lag, max_distance : float
        Where the kernels end.
    pointer, lags, squares
        Compressed rows of lags and squared distances.
    edge : (n,) array of float64
        Distance from the boundary.
    """

    times: NDArray[np.float64]
    points: NDArray[np.float64]
    region: Region
    horizon: float
    max_lag: float
    max_distance: float
    pointer: NDArray[np.int64]
    lags: NDArray[Any]
    squares: NDArray[Any]
    edge: NDArray[np.float64]


def prepare(
    times: ArrayLike,
    points: ArrayLike,
    region: Region,
    horizon: float,
    *,
    max_lag: float,
    max_distance: float,
) -> Events:
    """Check events and list, for each, those before it within a lag and a distance.

    Parameters
    ----------
    times : (n,) array of float
        In order, 0 ≤ time ≤ horizon; any unit.
    points : (n, 2) array of float
        Plane coordinates (project degrees first); any unit.
    region : Region
        Must hold all points.
    horizon : float
        Length of the period.
    max_lag, max_distance : float
        Where the kernels end. The cost grows with the pairs inside.

    Returns
    -------
    Events
        Eight bytes for each pair.

    Raises
    ------
    EventInputError
        If times are not in order, a point lies outside the region, or there are more than 200
        million pairs.
    """
    when = checked_times(times, horizon)
    where = checked_points(points, when.size)
    positive(max_lag, "greatest lag")
    positive(max_distance, "greatest distance")
    edge = region.distance_to_boundary(where)
    low_x, low_y, high_x, high_y = region.bounds
    outside = ~region.contains(where) & (edge > 1e-9 * max(high_x - low_x, high_y - low_y))
    if outside.any():
        first = int(np.flatnonzero(outside)[0])
        raise EventInputError(
            f"{int(outside.sum())} points lie outside the region (first: {first})"
        )
    x, y = np.ascontiguousarray(where[:, 0]), np.ascontiguousarray(where[:, 1])
    pointer, lags, squares = past_pairs(
        when, x, y, float(max_lag), float(max_distance), _MOST_PAIRS
    )
    if pointer[-1] > _MOST_PAIRS:
        raise EventInputError(
            f"{int(pointer[-1])} pairs are too many; lower the greatest lag or distance"
        )
    return Events(
        when, where, region, float(horizon), float(max_lag), float(max_distance), pointer, lags,
        squares, edge,
    )  # fmt: skip


def region_mass(events: Events, model: Model, part: slice = slice(None)) -> NDArray[np.float64]:
    """Return the share of each event's kernel inside the region and its derivatives, (n, 3)."""
    points, edge = events.points[part], events.edge[part]
    mass = np.zeros((edge.size, 3))
    mass[:, 0] = 1.0
    near = edge < effective_reach(int(model.kinds[1]), model.space, events.max_distance)
    if near.any():
        mass[near] = mass_inside(
            points[near], events.region.edges, int(model.kinds[1]), model.space,
            model.space_power, events.max_distance,
        )  # fmt: skip
    return mass
