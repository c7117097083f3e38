"""The statistical models: what is expected, which statistic is scanned, how null data is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.checks import (
    ScanInputError,
    as_floats,
    checked_cases,
    checked_weights,
    refuse,
)
from qalqan.science.flashpoints.nulls import (
    Hypergeometric,
    Multinomial,
    NegativeBinomial,
    NullModel,
    Permutation,
    PoissonCells,
)

Model = Literal["poisson", "bernoulli", "permutation", "ebpoisson", "negbin"]

NAMES = {
    "poisson": "Poisson",
    "bernoulli": "Bernoulli",
    "permutation": "permutation",
    "ebpoisson": "expectation-based Poisson",
    "negbin": "negative binomial",
}

_KINDS = {"poisson": 0, "permutation": 0, "bernoulli": 1, "ebpoisson": 2, "negbin": 3}


@dataclass(frozen=True, slots=True)
class Counted:
    """One stream of counts with what is expected of it.

    Attributes
    ----------
    model : str
        Key of ``NAMES``.
    cases : (n, periods) int64
        What was counted.
    expected : (n, periods) float64
        What is expected under the null hypothesis.
    people : (n, periods) int64, optional
        Cases and controls, Bernoulli only.
    size : (n, periods) float64, optional
        Size of the negative binomial.
    """

    model: Model
    cases: NDArray[np.int64]
    expected: NDArray[np.float64]
    people: NDArray[np.int64] | None = None
    size: NDArray[np.float64] | None = None

    @property
    def kind(self) -> int:
        """Return the number by which the kernels know the statistic."""
        return _KINDS[self.model]

    @property
    def total(self) -> int:
        """Return all cases."""
        return int(self.cases.sum())

    @property
    def n_people(self) -> int:
        """Return all cases and controls."""
        return 0 if self.people is None else int(self.people.sum())

    @property
    def conditional(self) -> bool:
        """Return whether the test holds the number of cases fixed."""
        return self.model not in ("ebpoisson", "negbin")

    @property
    def limit(self) -> float:
        """Return the expectation from which a cylinder can no longer count."""
        return float(self.total) if self.conditional else np.inf

    @property
    def bound(self) -> int:
        """Return what no replicate exceeds; twelve standard errors above a free total."""
        if self.conditional:
            return self.total
        mean = float(self.expected.sum())
        return max(self.total, int(np.ceil(mean + 12.0 * np.sqrt(mean) + 50.0)))

    @property
    def scanned(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return what the statistic compares: counts and expectations, weighted if need be."""
        if self.size is None:
            return self.cases.astype(np.float64), self.expected
        weight = 1.0 + self.expected / self.size
        return self.cases / weight, self.expected / weight

    def turned(self) -> Counted:
        """Return the same seen from the last period backwards."""
        return replace(
            self, cases=self.cases[:, ::-1], expected=self.expected[:, ::-1],
            people=None if self.people is None else self.people[:, ::-1],
            size=None if self.size is None else self.size[:, ::-1],
        )  # fmt: skip

    def null(self) -> NullModel:
        """Return how replicates are drawn."""
        if self.model == "poisson":
            return Multinomial.of(self.expected, self.total)
        if self.model == "permutation":
            return Permutation.of(self.cases)
        if self.people is not None:
            return Hypergeometric.of(self.people, self.total)
        if self.size is not None:
            return NegativeBinomial(self.expected, self.size)
        return PoissonCells.of(self.expected)


def poisson_counted(cases: ArrayLike, population: ArrayLike, n_areas: int) -> Counted:
    """Return counts with an expectation in proportion to a population."""
    counts = checked_cases(cases, n_areas)
    weights = checked_weights(population, counts)
    return Counted("poisson", counts, weights * (int(counts.sum()) / weights.sum()))


def bernoulli_counted(cases: ArrayLike, controls: ArrayLike, n_areas: int) -> Counted:
    """Return counts with an expectation in proportion to cases and controls.

    Raises
    ------
    ScanInputError
        If there is no case or no control, shapes disagree, or a count is no whole number.
    """
    counts = checked_cases(cases, n_areas)
    healthy = checked_cases(controls, n_areas, "controls")
    if healthy.shape != counts.shape:
        raise ScanInputError(
            f"controls of shape {healthy.shape} do not match cases of shape {counts.shape}"
        )
    people = counts + healthy
    if not counts.sum() or not healthy.sum():
        raise ScanInputError("the Bernoulli model needs both cases and controls")
    return Counted("bernoulli", counts, people * (counts.sum() / people.sum()), people)


def permutation_counted(cases: ArrayLike, n_areas: int) -> Counted:
    """Return counts with the expectation that follows from their own margins."""
    counts = checked_cases(cases, n_areas)
    if np.ndim(cases) != 2:
        raise ScanInputError("the permutation model needs cases of shape (areas, periods)")
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / max(int(counts.sum()), 1)
    return Counted("permutation", counts, expected)


def expectation_counted(
    cases: ArrayLike, expected: ArrayLike, n_areas: int, dispersion: ArrayLike | None = None
) -> Counted:
    """Return counts with expectations taken as they are; with a dispersion, negative binomial.

    Raises
    ------
    ScanInputError
        As for a population, and if the size of the negative binomial is not above 0.
    """
    counts = checked_cases(cases, n_areas)
    means = checked_weights(expected, counts)
    if dispersion is None:
        return Counted("ebpoisson", counts, means.copy())
    size = np.broadcast_to(as_floats(dispersion, "sizes"), counts.shape).copy()
    refuse(~(np.isfinite(size) & (size > 0)), "the size of the negative binomial is not above 0")
    return Counted("negbin", counts, means.copy(), None, size)
