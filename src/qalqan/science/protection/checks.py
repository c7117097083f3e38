"""What the science of protection refuses, and in which words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.errors import InputError


class ProtectionInputError(InputError):
    """Numbers handed to a method of protection are not what it needs; the message says which.

    Attributes
    ----------
    row : int, optional
        First row that is wrong, from 0; whoever read a file turns it into a line.
    column : str, optional
        Name of the column that is wrong.
    """

    code = "protection.invalid_input"

    def __init__(self, message: str, *, row: int | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.row = row
        self.column = column


def as_vector(values: ArrayLike, name: str, length: int | None = None) -> NDArray[np.float64]:
    """Return finite numbers, one a row, or say which row has none.

    >>> as_vector([1, float("nan")], "weight")
    Traceback (most recent call last):
    qalqan.science.protection.checks.ProtectionInputError: weight is not finite (row 1, from 0)
    """
    try:
        array = np.ascontiguousarray(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise ProtectionInputError(f"{name} is no list of numbers", column=name) from error
    if array.ndim != 1:
        raise ProtectionInputError(f"{name} must have one number a row", column=name)
    if length is not None and len(array) != length:
        raise ProtectionInputError(
            f"{name} has {len(array)} rows where {length} are needed", column=name
        )
    refuse(~np.isfinite(array), f"{name} is not finite", name)
    return array


def refuse(bad: NDArray[np.bool_], reason: str, column: str) -> None:
    """Raise with the first row for which ``bad`` holds."""
    if bad.any():
        row = int(np.argmax(bad))
        raise ProtectionInputError(f"{reason} (row {row}, from 0)", row=row, column=column)


def as_count(value: int, name: str, least: int = 0) -> int:
    """Return a whole number of at least ``least``.

    >>> as_count(-1, "resources")
    Traceback (most recent call last):
    qalqan.science.protection.checks.ProtectionInputError: resources must be at least 0, not -1
    """
    if value != int(value) or value < least:
        raise ProtectionInputError(f"{name} must be at least {least}, not {value}", column=name)
    return int(value)
