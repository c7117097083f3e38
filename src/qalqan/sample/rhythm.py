"""When people write: by hour of the day, day of the week, and the story of a rumour."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

HOURLY = np.array(
    [3, 2, 1, 1, 1, 2, 4, 8, 11, 12, 12, 12, 13, 13, 12, 11, 11, 12, 14, 16, 17, 15, 11, 6], float
)
"""Weight of each local hour."""
WEEKLY = np.array([1.0, 1.0, 1.02, 1.0, 1.1, 1.2, 1.15])
"""Weight of each weekday from Monday."""


def _weights(now: datetime, hours: int) -> NDArray[np.float64]:
    """Return the weight of each of the last hours, the last one first."""
    back = np.arange(hours) + 0.5
    local = now.hour + now.minute / 60 - back
    hour = np.floor(local).astype(int) % 24
    day = (now.weekday() + np.floor(local / 24).astype(int)) % 7
    return HOURLY[hour] * WEEKLY[day]


def _draw(
    rng: np.random.Generator, weights: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    edges = np.concatenate([[0.0], np.cumsum(weights)])
    return np.interp(rng.random(count) * edges[-1], edges, np.arange(len(edges), dtype=float))


def steady(rng: np.random.Generator, now: datetime, days: int, count: int) -> NDArray[np.float64]:
    """Return how many hours ago each of ``count`` messages of an even stream was written."""
    return _draw(rng, _weights(now, days * 24), count)


def faded(
    rng: np.random.Generator, now: datetime, peak_days: float, count: int
) -> NDArray[np.float64]:
    """Return the hours ago of a story that had its peak some days ago and is over by now."""
    weights = _weights(now, int((peak_days + 4) * 24))
    age = np.arange(len(weights)) / 24
    return _draw(rng, weights * np.maximum(0, 1 - np.abs(age - peak_days) / 3.5), count)


def growing(
    rng: np.random.Generator, hours: float, folding: float, count: int
) -> NDArray[np.float64]:
    """Return the hours ago of a rumour whose rate grows e-fold in ``folding`` hours.

    Examples
    --------
    >>> ages = growing(np.random.default_rng(0), 36, 9, 1000)
    >>> bool(ages.max() <= 36) and bool(np.median(ages) < 9)
    True
    """
    span = 1 - np.exp(-hours / folding)
    return -folding * np.log1p(-rng.random(count) * span)
