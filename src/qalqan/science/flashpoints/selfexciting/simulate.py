"""Draw events from the self-exciting process in space and time, generation by generation."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from qalqan.science.flashpoints.selfexciting.checks import EventInputError, positive
from qalqan.science.flashpoints.selfexciting.region import Region
from qalqan.science.flashpoints.selfexciting.spacetime import Model

Sampler = Callable[[int, np.random.Generator], NDArray[np.float64]]


def simulate_space_time(
    model: Model,
    region: Region,
    horizon: float,
    *,
    rng: np.random.Generator,
    background: Sampler | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Draw events by branching; what falls outside the region or the period is lost.

    Parameters
    ----------
    model : Model
        With ``alpha`` below 1.
    region : Region
        What is watched.
    horizon : float
        Length of the period; it begins without a past.
    rng : numpy.random.Generator
        Where the randomness comes from.
    background
        Draws so many background points, ``background(count, rng)``; evenly by default.

    Returns
    -------
    ((n,) array, (n, 2) array, (n,) array of int64)
        Times in order, points, and the generation of each event (0 for background).

    Raises
    ------
    EventInputError
        If ``alpha`` is 1 or more, or the horizon is not above 0.

    References
    ----------
    Hawkes, A. G., Oakes, D. (1974). A cluster process representation of a self-exciting process.
    Journal of Applied Probability 11(3), 493-503.

    Examples
    --------
    >>> from qalqan.science.flashpoints.selfexciting.region import rectangle
    >>> model = Model(5.0, 0.4, time=1.0, space=0.1, max_lag=10.0, max_distance=1.0)
    >>> rng = np.random.default_rng(1)
    >>> times, points, born = simulate_space_time(model, rectangle(0, 0, 9, 9), 100.0, rng=rng)
    >>> bool(500 < times.size < 1000), points.shape == (times.size, 2), int(born.min())
    (True, True, 0)
    """
    positive(horizon, "horizon")
    if model.alpha >= 1:
        raise EventInputError(
            f"with a branching ratio of {model.alpha:g} the events would never end"
        )
    draw = background or region.sample
    count = int(rng.poisson(model.mu * horizon))
    times, points = rng.uniform(0.0, horizon, count), draw(count, rng)
    kept = [(times, points, np.zeros(count, np.int64))]
    generation = 0
    while times.size:
        generation += 1
        children = rng.poisson(model.alpha, times.size)
        total = int(children.sum())
        times = np.repeat(times, children) + draw_lags(model, total, rng)
        points = np.repeat(points, children, axis=0) + draw_shifts(model, total, rng)
        inside = (times <= horizon) & region.contains(points)
        times, points = times[inside], points[inside]
        kept.append((times, points, np.full(times.size, generation)))
    times, points, born = (np.concatenate([part[k] for part in kept]) for k in range(3))
    order = np.argsort(times, kind="stable")
    return times[order], points[order], born[order]


def draw_lags(model: Model, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return lags from the kernel in time, by the inverse of its distribution."""
    u = rng.uniform(size=count)
    if model.time_shape == "exponential":
        most = -np.expm1(-model.time * model.max_lag)
        return np.asarray(-np.log1p(-u * most) / model.time)
    most = -np.expm1(-model.time_power * np.log1p(model.max_lag / model.time))
    return np.asarray(model.time * np.expm1(-np.log1p(-u * most) / model.time_power))


def draw_shifts(model: Model, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return shifts from the kernel in space: an even direction, and a distance by inversion."""
    u, angle = rng.uniform(size=count), rng.uniform(0.0, 2 * np.pi, count)
    farthest = (model.max_distance / model.space) ** 2
    if model.space_shape == "gaussian":
        square = -2 * np.log1p(u * np.expm1(-farthest / 2))
    else:
        most = -np.expm1(-model.space_power * np.log1p(farthest))
        square = np.expm1(-np.log1p(-u * most) / model.space_power)
    radius = model.space * np.sqrt(square)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
