"""What the science of polls refuses, and in which words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.errors import InputError


class PollInputError(InputError):
    """Data handed to a method of polls are not what it needs; the message says which.

    Attributes
    ----------
    row : int, optional
        First row that is wrong, from 0; whoever read a file turns it into a line.
    column : str, optional
        What is wrong: ``weight``, ``strata``, ``cluster``, ``fpc``, ``values``, ``totals`` ….
    stage : int, optional
        Stage of sampling, from 0, where the design is wrong.
    """

    code = "polls.invalid_input"

    def __init__(
        self,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        stage: int = 0,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.row = row
        self.column = column
        self.stage = stage


def as_vector(
    values: ArrayLike, name: str, length: int | None = None, *, missing: bool = False
) -> NDArray[np.float64]:
    """Return numbers, one a row; not-a-number only where missing values are allowed.

    >>> as_vector([1, float("inf")], "weight")
    Traceback (most recent call last):
    qalqan.science.polls.checks.PollInputError: weight is not finite
    """
    try:
        array = np.ascontiguousarray(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise PollInputError(f"{name} is no list of numbers", column=name) from error
    if array.ndim != 1:
        raise PollInputError(f"{name} must have one number a row", column=name)
    if length is not None and len(array) != length:
        raise PollInputError(f"{name} has {len(array)} rows where {length} are needed", column=name)
    refuse(np.isinf(array), f"{name} is not finite", name)
    if not missing:
        refuse(np.isnan(array), f"{name} is missing", name)
    return array


def as_codes(values: ArrayLike, name: str, length: int) -> NDArray[np.int64]:
    """Return codes 0, 1, … of a column of names or numbers, in sorted order.

    >>> as_codes(["b", "a", "b"], "strata", 3).tolist()
    [1, 0, 1]
    """
    array = np.asarray(values)
    if array.ndim != 1 or len(array) != length:
        raise PollInputError(f"{name} must have one value a row, {length} in all", column=name)
    if array.dtype.kind == "f":
        refuse(np.isnan(array), f"{name} is missing", name)
    if array.dtype.kind in "iu" and length and array.min() >= 0 and array.max() < 2 * length:
        seen = np.zeros(int(array.max()) + 1, dtype=np.int64)
        seen[array] = 1
        return np.asarray((np.cumsum(seen) - 1)[array], dtype=np.int64)
    return np.asarray(np.unique(array, return_inverse=True)[1].reshape(-1), dtype=np.int64)


def refuse(
    bad: NDArray[np.bool_], reason: str, column: str, *, stage: int = 0, hint: str | None = None
) -> None:
    """Raise with the first row for which ``bad`` holds."""
    if bad.any():
        raise PollInputError(reason, row=int(np.argmax(bad)), column=column, stage=stage, hint=hint)
