"""What the scores refuse, and in which words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.errors import InputError


class ScoreInputError(InputError):
    """Arrays handed to a score or a forecast are not what it needs; the message says which."""

    code = "score.invalid_input"


def numbers(values: ArrayLike, name: str, *, ndim: int | None = None) -> NDArray[np.float64]:
    """Return an array of finite numbers, or say what is wrong with it.

    >>> numbers([1.0, float("nan")], "means")
    Traceback (most recent call last):
    qalqan.science.flashpoints.scoring.checks.ScoreInputError: means: not finite at 1
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ScoreInputError(f"{name}: no array of numbers") from error
    if ndim is not None and array.ndim != ndim:
        raise ScoreInputError(f"{name}: {ndim} dimensions are needed, not {array.ndim}")
    refuse(~np.isfinite(array), f"{name}: not finite")
    return array


def counts(values: ArrayLike, name: str, *, ndim: int | None = None) -> NDArray[np.float64]:
    """Return whole numbers of 0 or more as floats, or say what is wrong with them.

    >>> counts([1, -1], "observed")
    Traceback (most recent call last):
    qalqan.science.flashpoints.scoring.checks.ScoreInputError: observed: negative at 1
    """
    array = numbers(values, name, ndim=ndim)
    refuse(array < 0, f"{name}: negative")
    refuse(array != np.floor(array), f"{name}: no whole number")
    return array


def refuse(bad: NDArray[np.bool_], reason: str) -> None:
    """Raise with the first place, counted from 0, for which ``bad`` holds."""
    if not np.any(bad):
        return
    place = ", ".join(str(int(i)) for i in np.argwhere(bad)[0])
    raise ScoreInputError(f"{reason} at {place}" if place else reason)


def share(value: float, name: str) -> float:
    """Return a number strictly between 0 and 1, or refuse it.

    >>> share(1.5, "level")
    Traceback (most recent call last):
    qalqan.science.flashpoints.scoring.checks.ScoreInputError: level: 1.5 is not between 0 and 1
    """
    if not 0 < value < 1:
        raise ScoreInputError(f"{name}: {value} is not between 0 and 1")
    return float(value)
