"""How weights are brought to known totals: recipes that also serve each replicate.

Deville J-C, Särndal C-E (1992), Calibration estimators in survey sampling, JASA 87, equations 2.4
to 2.11.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from qalqan.science.polls.checks import PollInputError

Function = Literal["linear", "raking", "logit"]
FUNCTIONS: tuple[Function, ...] = ("linear", "raking", "logit")
_RESCALED_ABOVE = 20.0
_Vector = NDArray[np.float64]
_Codes = NDArray[np.int64]


class Recipe(Protocol):
    """How weights are brought to known totals; also used for each replicate."""

    def reweigh(self, weights: _Vector) -> _Vector:
        """Return new weights, shape (rows,)."""
        ...


@dataclass(frozen=True, slots=True)
class PostStrata:
    """Known totals of the groups of one variable."""

    code: _Codes
    totals: _Vector

    def reweigh(self, weights: _Vector) -> _Vector:
        """Bring each group to its total; a group without weight makes nan, never silence."""
        held = np.bincount(self.code, weights, len(self.totals))
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(weights * (self.totals / held)[self.code])


@dataclass(frozen=True, slots=True)
class Raking:
    """Known totals of several variables, taken in turn for a number of rounds."""

    margins: tuple[PostStrata, ...]
    rounds: int

    def reweigh(self, weights: _Vector) -> _Vector:
        """Bring the margins to their totals in turn."""
        for _ in range(self.rounds):
            for margin in self.margins:
                weights = margin.reweigh(weights)
        return weights


@dataclass(frozen=True, slots=True)
class Regression:
    """Known totals of columns, met by factors as near to 1 as a distance function says."""

    columns: _Vector
    totals: _Vector
    function: Function
    low: float
    high: float
    trim: tuple[float, float] | None
    epsilon: float
    most: int

    def reweigh(self, weights: _Vector) -> _Vector:
        """Return weights times factors."""
        return np.asarray(weights * self.factors(weights)[0])

    def factors(self, weights: _Vector) -> tuple[_Vector, int, bool, _Codes]:
        """Return factors, steps, whether they converged, and the rows trimmed."""
        if self.function == "linear" and np.isinf(self.low) and np.isinf(self.high):
            found, steps, converged = _closed(self, weights)
        else:
            found, steps, converged = _newton(self, weights)
        trimmed = np.zeros(0, np.int64)
        if self.trim is not None:
            found, trimmed = _trimmed(found, weights, self.trim)
        return found, steps, converged, trimmed


def _closed(recipe: Regression, weights: _Vector) -> tuple[_Vector, int, bool]:
    weighted = recipe.columns * weights[:, None]
    hessian = weighted.T @ recipe.columns
    slope, factors = np.zeros(len(recipe.totals)), np.ones(len(weights))
    for _ in range(2):
        # The second time mends what rounding left of the first.
        gap = recipe.totals - weighted.T @ factors
        slope = slope + np.linalg.lstsq(hessian, gap, rcond=None)[0]
        factors = 1.0 + recipe.columns @ slope
    worst = misfit(recipe.columns, recipe.totals, weights * factors)
    return factors, 1, bool(worst < 1e-6)


def _newton(recipe: Regression, weights: _Vector) -> tuple[_Vector, int, bool]:
    """Solve by Newton's steps from 0, halved where they leave the function's ground.

    Where every total is far above the sample's, weights are first scaled to it, so that bounds
    then speak of factors beside that scale, as in R.
    """
    columns, totals = recipe.columns, recipe.totals
    sample = columns.T @ weights
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = totals / sample
    scale = float(ratios.mean()) if ratios.min() > _RESCALED_ABOVE else 1.0
    held, sample = weights * scale, sample * scale
    grow, slope_of = _functions(recipe)
    eta = np.zeros(len(totals))
    bend = columns @ eta
    steps, converged = 0, False
    while steps < recipe.most and not converged:
        gap = totals - sample - columns.T @ (held * grow(bend))
        hessian = (columns * (held * slope_of(bend))[:, None]).T @ columns
        step = np.linalg.pinv(hessian, rcond=256 * np.finfo(np.float64).eps, hermitian=True) @ gap
        eta = eta + step
        bend = columns @ eta
        steps += 1
        while steps < recipe.most and not _sound(grow(bend), slope_of(bend)):
            steps += 1
            step = step / 2
            eta = eta - step
            bend = columns @ eta
        gap = totals - sample - columns.T @ (held * grow(bend))
        converged = bool((np.abs(gap) / (1 + np.abs(totals)) < recipe.epsilon).all())
    return (1.0 + grow(bend)) * scale, steps, converged


def _sound(*arrays: _Vector) -> bool:
    return all(bool(np.isfinite(array).all()) for array in arrays)


def _functions(
    recipe: Regression,
) -> tuple[Callable[[_Vector], _Vector], Callable[[_Vector], _Vector]]:
    """Return the factor less 1 as a function of the linear predictor, and its slope."""
    low, high = recipe.low, recipe.high
    if recipe.function == "linear":
        return (
            lambda u: np.clip(u + 1, low, high) - 1,
            lambda u: ((u < high - 1) & (u > low - 1)).astype(np.float64),
        )
    if recipe.function == "raking":

        def factor(u: _Vector) -> _Vector:
            with np.errstate(over="ignore"):
                return np.asarray(np.clip(np.exp(u), low, high))

        def slope(u: _Vector) -> _Vector:
            # R's limits of the slope stand on the linear scale; another path, the same totals.
            with np.errstate(over="ignore"):
                return np.where((u < high - 1) & (u > low - 1), np.exp(u), 0.0)

        return lambda u: factor(u) - 1, slope
    return _logit(low, high)


def _logit(
    low: float, high: float
) -> tuple[Callable[[_Vector], _Vector], Callable[[_Vector], _Vector]]:
    speed = (high - low) / ((1 - low) * (high - 1))

    def parts(u: _Vector) -> tuple[_Vector, _Vector]:
        with np.errstate(over="ignore"):
            grown = np.exp(speed * u)
        return grown, (high - 1) + (1 - low) * grown

    def grow(u: _Vector) -> _Vector:
        grown, below = parts(u)
        return np.asarray((low * (high - 1) + high * (1 - low) * grown) / below - 1)

    def slope(u: _Vector) -> _Vector:
        grown, below = parts(u)
        return np.asarray(grown * speed * (1 - low) * (high - 1) * (high - low) / below**2)

    return grow, slope


def _trimmed(
    factors: _Vector, weights: _Vector, trim: tuple[float, float]
) -> tuple[_Vector, _Codes]:
    """Cut factors, and hand what was cut to all others in equal factors."""
    low, high = trim
    if not low < 1 < high:
        raise PollInputError("limits of trimming lie on both sides of 1", column="trim")
    outside = (factors < low) | (factors > high)
    if not outside.any():
        return factors, np.zeros(0, np.int64)
    cut = np.clip(factors, low, high)
    handed = float(((factors - cut) * weights).sum())
    kept = float(weights[~outside].sum())
    if not kept > 0:
        raise PollInputError("every factor lies outside the limits of trimming", column="trim")
    cut[~outside] += handed / kept
    return cut, np.flatnonzero(outside)


def misfit(columns: _Vector, totals: _Vector, weights: _Vector) -> float:
    gap = np.abs(columns.T @ weights - totals) / (1 + np.abs(totals))
    return float(gap.max()) if np.isfinite(gap).all() else float("inf")
