"""What the event models refuse, and in which words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.errors import InputError


class EventInputError(InputError):
    """Events or settings handed to a model are not what it needs; the message says which."""

    code = "events.invalid_input"


def as_floats(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return an array of finite numbers, or say what is wrong with it.

    >>> as_floats([1, float("nan")], "times")
    Traceback (most recent call last):
    qalqan.science.flashpoints.selfexciting.checks.EventInputError: times are not finite (at 1, from 0)
    """  # noqa: E501 -- the name of the error in a doctest stands on one line
    try:
        array = np.ascontiguousarray(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise EventInputError(f"{name} are no array of numbers") from error
    bad = ~np.isfinite(array)
    if bad.any():
        raise EventInputError(f"{name} are not finite (at {int(np.argwhere(bad)[0][0])}, from 0)")
    return array


def checked_times(times: ArrayLike, horizon: float) -> NDArray[np.float64]:
    """Return the times in order, all within ``[0, horizon]``, or say what is wrong with them."""
    array = as_floats(times, "times")
    if array.ndim != 1 or array.size == 0:
        raise EventInputError(f"times must have shape (events,) with an event, not {array.shape}")
    positive(horizon, "horizon")
    wrong = np.flatnonzero(np.diff(array) < 0)
    if wrong.size:
        raise EventInputError(f"times are not in order (at {int(wrong[0]) + 1}, from 0)")
    if array[0] < 0 or array[-1] > horizon:
        raise EventInputError(f"times lie outside the period from 0 to {horizon:g}")
    return array


def checked_points(points: ArrayLike, count: int) -> NDArray[np.float64]:
    """Return the coordinates as (events, 2), or say what is wrong with them."""
    array = as_floats(points, "points")
    if array.shape != (count, 2):
        raise EventInputError(f"points must have shape ({count}, 2), not {array.shape}")
    return array


def positive(value: float, name: str) -> float:
    """Return a number above 0, or refuse it."""
    if not (np.isfinite(value) and value > 0):
        raise EventInputError(f"the {name} must be above 0, not {value}")
    return float(value)
