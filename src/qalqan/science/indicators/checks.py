"""What the science of indicators refuses, and in which words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.errors import InputError


class IndicatorsInputError(InputError):
    """Numbers handed to a method are not what it needs; the message says which.

    Attributes
    ----------
    row : int, optional
        First row that is wrong, from 0.
    column : str, optional
        Name of what is wrong.
    """

    code = "indicators.invalid_input"

    def __init__(self, message: str, *, row: int | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.row = row
        self.column = column


def as_list(values: ArrayLike, name: str, *, least: int = 1) -> NDArray[np.float64]:
    """Return finite numbers in one dimension.

    >>> as_list([1, 2], "values").tolist()
    [1.0, 2.0]
    >>> as_list([1, float("nan")], "values")
    Traceback (most recent call last):
    qalqan.science.indicators.checks.IndicatorsInputError: values has no number in row 1, from 0

    Raises
    ------
    IndicatorsInputError
        There are too few, or one is no finite number.
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise IndicatorsInputError(f"{name} must be numbers", column=name) from error
    if array.ndim != 1 or len(array) < least:
        raise IndicatorsInputError(
            f"{name} must be a list of at least {least} numbers", column=name
        )
    refuse(~np.isfinite(array), f"{name} has no number in row %d, from 0", name)
    return array


def as_counts(
    counts: ArrayLike, out_of: ArrayLike, *, are_shares: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return counts and what they are out of, of the same length.

    Raises
    ------
    IndicatorsInputError
        The lengths differ, something is negative or nought, or a part exceeds its whole.
    """
    part, whole = as_list(counts, "counts"), as_list(out_of, "out_of")
    if part.shape != whole.shape:
        raise IndicatorsInputError("counts and out_of must have the same length", column="out_of")
    refuse(part < 0, "counts is negative in row %d, from 0", "counts")
    refuse(whole <= 0, "out_of is not above 0 in row %d, from 0", "out_of")
    if are_shares:
        refuse(part > whole, "counts exceeds out_of in row %d, from 0", "counts")
    return part, whole


def as_level(level: float, name: str = "level") -> float:
    """Return a number between 0 and 1, both excluded."""
    if not 0 < level < 1:
        raise IndicatorsInputError(f"{name} must lie between 0 and 1", column=name)
    return float(level)


def refuse(bad: NDArray[np.bool_], reason: str, column: str) -> None:
    """Raise with the first row for which ``bad`` holds."""
    if bad.any():
        row = int(np.argmax(bad))
        raise IndicatorsInputError(reason % row, row=row, column=column)
