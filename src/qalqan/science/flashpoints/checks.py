"""What the scans refuse, and in which words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.errors import InputError


class ScanInputError(InputError):
    """Arrays handed to a scan are not what it needs; the message says which and why."""

    code = "scan.invalid_input"


def as_floats(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return an array of numbers, or say that it is none.

    >>> as_floats([[1, 2], [3]], "cases")
    Traceback (most recent call last):
    qalqan.science.flashpoints.checks.ScanInputError: cases are no array of numbers
    """
    try:
        return np.ascontiguousarray(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise ScanInputError(f"{name} are no array of numbers") from error


def refuse(bad: NDArray[np.bool_] | np.bool_, reason: str) -> None:
    """Raise with the first area, and period if there are any, for which ``bad`` holds.

    >>> refuse(np.array([[False, False], [False, True]]), "cases are negative")
    Traceback (most recent call last):
    qalqan.science.flashpoints.checks.ScanInputError: cases are negative (area 1, period 1, from 0)
    """
    if not np.any(bad):
        return
    place = [int(i) for i in np.argwhere(bad)[0]]
    where = ", ".join(f"{name} {i}" for name, i in zip(("area", "period"), place, strict=False))
    raise ScanInputError(f"{reason} ({where}, from 0)")


def check_settings(
    seed: int, replicates: int, direction: str, min_cases: int, workers: int
) -> None:
    """Refuse settings that have no meaning."""
    if not 0 <= seed < 2**64:
        raise ScanInputError(f"the seed must lie between 0 and 2**64 - 1, not {seed}")
    if replicates < 0:
        raise ScanInputError(f"the number of replicates must be 0 or more, not {replicates}")
    if direction not in ("high", "low", "both"):
        raise ScanInputError(f"unknown direction {direction!r}")
    if min_cases < 1 or workers < 1:
        raise ScanInputError("the least number of cases and of workers is 1")


def checked_cases(cases: ArrayLike, n_areas: int, name: str = "cases") -> NDArray[np.int64]:
    """Return the counts as (areas, periods), or say what is wrong with them."""
    values = as_floats(cases, name)
    if values.ndim not in (1, 2) or values.size == 0:
        raise ScanInputError(
            f"{name} must have shape (areas,) or (areas, periods), not {values.shape}"
        )
    table = values.reshape(len(values), -1)
    if len(table) != n_areas:
        raise ScanInputError(f"{len(table)} areas have {name}, but the zones have {n_areas}")
    refuse(~np.isfinite(table), f"{name} are not finite")
    refuse(table < 0, f"{name} are negative")
    refuse(table != np.floor(table), f"{name} are no whole number")
    if table.sum() >= 2**31:
        raise ScanInputError(f"more {name} in all than 2**31 - 1")
    return table.astype(np.int64)


def checked_weights(population: ArrayLike, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the population as (areas, periods), or say what is wrong with it."""
    values = as_floats(population, "people")
    if values.ndim == 1 and values.shape == counts.shape[:1]:
        values = np.broadcast_to(values[:, None], counts.shape)
    if values.shape != counts.shape:
        raise ScanInputError(
            f"population of shape {values.shape} does not match cases of shape {counts.shape}"
        )
    refuse(~np.isfinite(values), "population is not finite")
    refuse(values < 0, "population is negative")
    refuse((values == 0) & (counts > 0), "there are cases but no population")
    if not values.sum() > 0:
        raise ScanInputError("the population is 0 everywhere")
    return values
