"""What the science of hypotheses refuses, and in which words."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.errors import InputError


class HypothesesInputError(InputError):
    """Numbers handed to a method are not what it needs; the message says which.

    Attributes
    ----------
    row : int, optional
        First row that is wrong, from 0; whoever read a file turns it into a line.
    column : str, optional
        Name of the column that is wrong.
    """

    code = "hypotheses.invalid_input"

    def __init__(self, message: str, *, row: int | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.row = row
        self.column = column


def as_array(values: ArrayLike, name: str, dimensions: int) -> NDArray[np.float64]:
    """Return numbers with the wanted number of dimensions.

    >>> as_array([1, 2], "weights", 1).tolist()
    [1.0, 2.0]
    >>> as_array([1, 2], "marks", 3)
    Traceback (most recent call last):
    qalqan.science.hypotheses.checks.HypothesesInputError: marks must have 3 dimensions, not 1
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise HypothesesInputError(f"{name} must be numbers", column=name) from error
    if array.ndim != dimensions:
        raise HypothesesInputError(
            f"{name} must have {dimensions} dimensions, not {array.ndim}", column=name
        )
    return array


def as_weights(values: ArrayLike | None, name: str, length: int) -> NDArray[np.float64]:
    """Return weights from 0 to 1, one a row; ones where none are given."""
    if values is None:
        return np.ones(length)
    weights = as_array(values, name, 1)
    if len(weights) != length:
        raise HypothesesInputError(
            f"{name} has {len(weights)} rows where {length} are needed", column=name
        )
    refuse(~((weights >= 0) & (weights <= 1)), f"{name} does not lie between 0 and 1", name)
    return weights


def as_probabilities(values: ArrayLike, name: str, length: int) -> NDArray[np.float64]:
    """Return probabilities that sum to 1.

    Raises
    ------
    HypothesesInputError
        There are too few or too many, one lies outside 0 to 1, or they do not sum to 1.
    """
    found = as_weights(values, name, length)
    if abs(found.sum() - 1) > 1e-6:
        raise HypothesesInputError(f"{name} sums to {found.sum():.6g}, not to 1", column=name)
    return np.asarray(found / found.sum(), dtype=np.float64)


def refuse(bad: NDArray[np.bool_], reason: str, column: str) -> None:
    """Raise with the first row for which ``bad`` holds."""
    if bad.any():
        row = int(np.argmax(bad))
        raise HypothesesInputError(f"{reason} (row {row}, from 0)", row=row, column=column)
