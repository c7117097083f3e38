"""Weights brought to known totals: post-strata, raking, calibration with bounds and trimming.

Deville J-C, Särndal C-E (1992), Calibration estimators in survey sampling, JASA 87. Deming WE,
Stephan FF (1940), Annals of Mathematical Statistics 11. The order of steps, the end of the
iterations and the residuals are those of R's `survey`, so that numbers are equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.polls.checks import PollInputError, as_vector
from qalqan.science.polls.design import Adjustment, Design, pair
from qalqan.science.polls.recipes import (
    FUNCTIONS,
    Function,
    PostStrata,
    Raking,
    Recipe,
    Regression,
    misfit,
)

_SWEEPS = 10
_Vector = NDArray[np.float64]
_Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What a calibration did.

    Attributes
    ----------
    design : Design
        With the new weights; its estimates take the known totals into account.
    recipe : Recipe
        To be applied to replicates.
    steps : int
        Iterations.
    converged : bool
        Whether the totals are met within the tolerance.
    factors : ndarray, shape (rows,)
        New weight over old.
    trimmed : ndarray of int
        Rows whose factor was cut; their share of the totals went to all others, so that totals
        are met only nearly.
    worst : float
        Largest distance from a known total, relative to it.
    """

    design: Design
    recipe: Recipe
    steps: int
    converged: bool
    factors: _Vector
    trimmed: _Codes
    worst: float


@dataclass(frozen=True, slots=True)
class _Group:
    """Groups of rows whose total is known, with the weights before and after."""

    code: _Codes
    before: _Vector
    after: _Vector

    def residuals(self, scores: _Vector) -> _Vector:
        """Take the mean of each group away."""
        count = int(self.code.max()) + 1
        share = np.divide(self.before, self.after, out=np.zeros_like(self.after),
                          where=self.after != 0)  # fmt: skip
        weight = np.bincount(self.code, self.before, count)
        columns = []
        for column in scores.T:
            mean = np.bincount(self.code, column * share, count) / np.where(weight > 0, weight, 1)
            columns.append(column - mean[self.code] * self.after)
        return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True)
class _Margins:
    """Margins that were raked, each with the weights after its turn."""

    margins: tuple[_Group, ...]

    def residuals(self, scores: _Vector) -> _Vector:
        """Sweep out the margins' means, ten times round as R does."""
        counts = [np.bincount(margin.code) for margin in self.margins]
        columns = []
        for column in scores.T:
            left = column
            for _ in range(_SWEEPS):
                for margin, count in zip(self.margins, counts, strict=True):
                    plain = np.divide(left, margin.after, out=np.zeros_like(left),
                                      where=margin.after != 0)  # fmt: skip
                    mean = np.bincount(margin.code, plain, len(count)) / np.maximum(count, 1)
                    left = left - margin.after * mean[margin.code]
            columns.append(left)
        return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True)
class _Regression:
    """Columns whose totals are known, as an orthonormal basis of root-weighted columns."""

    basis: _Vector
    scale: _Vector

    def residuals(self, scores: _Vector) -> _Vector:
        """Take away what a weighted regression on the columns explains."""
        scale = self.scale[:, None]
        plain = np.divide(scores, scale, out=np.zeros_like(scores), where=scale != 0)
        return np.asarray((plain - self.basis @ (self.basis.T @ plain)) * scale)


def poststratify(design: Design, code: ArrayLike, totals: ArrayLike) -> Calibrated:
    """Bring groups of rows to their known totals.

    Parameters
    ----------
    design : Design
    code : array_like of int, shape (rows,)
        Group of each row, from 0.
    totals : array_like, shape (groups,)
        How many of the population each group has.

    Returns
    -------
    Calibrated

    Raises
    ------
    PollInputError
        A group of the population without a row, or rows of a group of total 0.

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> poststratify(design([1.0, 1, 1]), [0, 0, 1], [30, 10]).design.weights.tolist()
    [15.0, 15.0, 10.0]
    """
    recipe = _margin(design, code, totals, 0)
    weights = recipe.reweigh(design.weights)
    group = _Group(recipe.code, design.weights, weights)
    return _calibrated(design, recipe, weights, group, 1, converged=True, worst=0.0)


def rake(
    design: Design,
    margins: Sequence[tuple[ArrayLike, ArrayLike]],
    *,
    epsilon: float = 1.0,
    most: int = 10,
) -> Calibrated:
    """Bring several variables to their known totals in turn, until little changes.

    Parameters
    ----------
    design : Design
    margins : sequence of (codes, totals)
        Each as in `poststratify`; all must sum to the same population.
    epsilon : float
        End when no cell of the table of all variables changes by as much; below 1: as a share of
        the sum of weights. R's default is 1 person.
    most : int
        Rounds at most.

    Returns
    -------
    Calibrated
        ``converged`` tells whether the rounds sufficed.

    Raises
    ------
    PollInputError
        As in `poststratify`, or margins of different sums.

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> found = rake(design([1.0] * 4), [([0, 0, 1, 1], [6, 4]), ([0, 1, 0, 1], [5, 5])])
    >>> found.design.weights.tolist(), found.converged
    ([3.0, 3.0, 2.0, 2.0], True)
    """
    if not margins:
        raise PollInputError("raking needs a margin", column="totals")
    if not epsilon > 0 or most < 1:
        raise PollInputError("epsilon is above 0 and there is at least one round", column="totals")
    parts = tuple(_margin(design, *margin, place) for place, margin in enumerate(margins))
    _refuse_unequal(parts)
    limit = epsilon * design.weights.sum() if epsilon < 1 else epsilon
    weights, groups, rounds, converged = _raked(design.weights, parts, limit, most)
    worst = max(
        float(np.abs(np.bincount(part.code, weights, len(part.totals)) - part.totals).max()
              / part.totals.sum())
        for part in parts
    )  # fmt: skip
    return _calibrated(
        design, Raking(parts, rounds), weights, _Margins(tuple(groups)), rounds,
        converged=converged, worst=worst,
    )  # fmt: skip


def _raked(
    weights: _Vector, parts: Sequence[PostStrata], limit: float, most: int
) -> tuple[_Vector, list[_Group], int, bool]:
    """Go round the margins until no cell changes by the limit.

    Returns
    -------
    ndarray, list of _Group, int, bool
        The weights, the last round's groups, how many rounds, and whether they sufficed.
    """
    cross = parts[0].code
    for part in parts[1:]:
        cross = pair(cross, part.code)
    rounds, converged = 0, False
    groups: list[_Group] = []
    table = np.bincount(cross, weights)
    while rounds < most and not converged:
        groups = []
        for part in parts:
            after = part.reweigh(weights)
            groups.append(_Group(part.code, weights, after))
            weights = after
        found = np.bincount(cross, weights)
        converged = bool(np.abs(found - table).max() < limit)
        table, rounds = found, rounds + 1
    return weights, groups, rounds, converged


def calibrate(
    design: Design,
    columns: ArrayLike,
    totals: ArrayLike,
    *,
    function: Function = "linear",
    bounds: tuple[float, float] | None = None,
    trim: tuple[float, float] | None = None,
    epsilon: float = 1e-7,
    most: int = 50,
) -> Calibrated:
    """Find weights near the old ones with which columns meet their known totals.

    Parameters
    ----------
    design : Design
    columns : array_like, shape (rows, columns)
        Auxiliary values; a column of ones for the size of the population.
    totals : array_like, shape (columns,)
    function : str
        Distance: ``linear`` (the regression estimator), ``raking`` (factors above 0) or ``logit``
        (needs bounds).
    bounds : (float, float), optional
        Least and greatest factor.
    trim : (float, float), optional
        Cut factors after the calibration; the log says which.
    epsilon : float
        End when each total is met within epsilon (1 + total).
    most : int
        Steps at most.

    Returns
    -------
    Calibrated

    Raises
    ------
    PollInputError
        Totals that cannot be met, bounds that leave 1 out.

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> found = calibrate(design([1.0, 1.0]), [[1, 0], [1, 2]], [2.0, 3.0])
    >>> found.design.weights.round(9).tolist()
    [0.5, 1.5]
    """
    table = _auxiliary(columns, len(design))
    wanted = as_vector(totals, "totals", table.shape[1])
    low, high = _bounds(function, bounds)
    recipe = Regression(table, wanted, function, low, high, trim, epsilon, most)
    factors, steps, converged, trimmed = recipe.factors(design.weights)
    worst = misfit(table, wanted, design.weights * factors)
    if not converged:
        raise PollInputError(
            f"the totals cannot be met: after {steps} steps one is off by {worst:.2g} of itself",
            column="totals",
            hint="check that the totals belong together; widen the bounds, or take fewer totals",
        )
    root = np.sqrt(design.weights)
    adjustment = _Regression(_basis(table * root[:, None]), factors * root)
    made = _calibrated(
        design, recipe, design.weights * factors, adjustment, steps, converged=True, worst=worst
    )
    return replace(made, trimmed=trimmed)


def _auxiliary(columns: ArrayLike, rows: int) -> _Vector:
    """Return auxiliary values as a table without gaps, shape (rows, columns)."""
    table = np.asarray(columns, dtype=np.float64)
    if table.ndim != 2 or len(table) != rows:
        raise PollInputError("there must be a row of columns for each row", column="totals")
    if not np.isfinite(table).all():
        bad = ~np.isfinite(table).all(axis=1)
        raise PollInputError(
            "a value to calibrate on is missing", row=int(np.argmax(bad)), column="totals"
        )
    return table


def _calibrated(
    design: Design, recipe: Recipe, weights: _Vector, adjustment: Adjustment, steps: int, *,
    converged: bool, worst: float,
) -> Calibrated:  # fmt: skip
    after = replace(design, weights=weights, adjustments=(*design.adjustments, adjustment))
    factors = np.divide(weights, design.weights, out=np.ones_like(weights),
                        where=design.weights != 0)  # fmt: skip
    return Calibrated(after, recipe, steps, converged, factors, np.zeros(0, np.int64), worst)


def _margin(design: Design, code: ArrayLike, totals: ArrayLike, place: int) -> PostStrata:
    codes, wanted = np.asarray(code, dtype=np.int64), as_vector(totals, "totals")
    if codes.shape != (len(design),) or codes.min() < 0 or codes.max() >= len(wanted):
        raise PollInputError(
            "each row needs a group that has a total", column="totals", stage=place
        )
    held = np.bincount(codes, design.weights, len(wanted))
    for group, (sample, total) in enumerate(zip(held, wanted, strict=True)):
        if total < 0:
            raise PollInputError(
                f"the total of group {group} is negative", row=group, column="totals", stage=place
            )
        if total > 0 and sample == 0:
            raise PollInputError(
                f"nobody of group {group} is in the sample, so no weight can make up its total",
                row=group, column="totals", stage=place,
                hint="join this level with one like it, in the data and in the totals",
            )  # fmt: skip
        if total == 0 and sample > 0:
            raise PollInputError(
                f"group {group} is in the sample, but its total is 0", row=group,
                column="totals", stage=place,
            )  # fmt: skip
    return PostStrata(codes, wanted)


def _refuse_unequal(parts: tuple[PostStrata, ...]) -> None:
    first = float(parts[0].totals.sum())
    for place, part in enumerate(parts):
        other = float(part.totals.sum())
        if abs(other - first) > 1e-6 * max(first, other):
            raise PollInputError(
                f"the margins disagree: one sums to {first:.12g}, another to {other:.12g}",
                row=0, column="totals", stage=place,
                hint="bring all margins to the same population",
            )  # fmt: skip


def _bounds(function: str, bounds: tuple[float, float] | None) -> tuple[float, float]:
    if function not in FUNCTIONS:
        raise PollInputError(f"a distance is one of {', '.join(FUNCTIONS)}", column="function")
    if bounds is None:
        if function == "logit":
            raise PollInputError("the logit distance needs bounds", column="bounds")
        return -np.inf, np.inf
    low, high = bounds
    if not low < 1 < high:
        raise PollInputError("bounds of factors lie on both sides of 1", column="bounds")
    return float(low), float(high)


def _basis(table: _Vector) -> _Vector:
    """Return an orthonormal basis of the columns, without those that others make up."""
    from scipy.linalg import qr

    basis, upper, _ = qr(table, mode="economic", pivoting=True)
    size = np.abs(np.diag(upper))
    return np.asarray(basis[:, size > 1e-7 * max(float(size[0]), 1e-300)])
