"""Doubt from replicates: the jackknife and the rescaled bootstrap.

Rao JNK, Wu CFJ (1988), Resampling inference with complex survey data, JASA 83; Rao JNK, Wu CFJ,
Yue K (1992), Survey Methodology 18; Wolter KM (2007), Introduction to variance estimation,
Springer, chapter 4. The jackknife's replicates are never written out: each is the sum over all
clusters, less one, so that a thousand replicates cost one pass over the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.polls._replicate_sums import (
    MOST_CELLS,
    degrees,
    replicate_weights,
    simple,
    spread,
    sums,
    wanted,
)
from qalqan.science.polls.checks import PollInputError
from qalqan.science.polls.design import Design
from qalqan.science.polls.estimate import Compared, Estimates, Missing
from qalqan.science.polls.recipes import Recipe

Kind = Literal["jk1", "jkn", "bootstrap"]
Statistic = Literal["mean", "proportion", "total", "ratio"]
__all__ = [
    "Replicated",
    "Replicates",
    "bootstrap",
    "estimate",
    "jackknife",
    "kinds",
    "replicate_weights",
]
_Vector = NDArray[np.float64]
_Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Replicates:
    """Ways to draw the sample anew; made by `jackknife` or `bootstrap`.

    Attributes
    ----------
    kind : str
        ``jk1``, ``jkn`` or ``bootstrap``.
    design : Design
        The sample as it is, with its final weights.
    base : ndarray, shape (rows,)
        Weights before any calibration.
    left_out : ndarray of int, shape (replicates,), or None
        For the jackknife: cluster that each replicate leaves out.
    factors : ndarray, shape (clusters, replicates), or None
        For the bootstrap: by what each cluster's weights are multiplied.
    scale : float
        Multiplies the sum of squares.
    rscales : ndarray, shape (replicates,)
        Multiplies each square.
    recipes : tuple of Recipe
        Calibrations that each replicate goes through.
    about : str
        Squares are taken about the ``mean`` of the replicates (R's default), or about the
        ``estimate``.
    """

    kind: Kind
    design: Design
    base: _Vector
    left_out: _Codes | None
    factors: _Vector | None
    scale: float
    rscales: _Vector
    recipes: tuple[Recipe, ...] = ()
    about: Literal["mean", "estimate"] = "mean"

    def __len__(self) -> int:
        return len(self.rscales)

    def calibrated(self, design: Design, recipe: Recipe) -> Replicates:
        """Return the replicates of a calibrated design: each is calibrated in its turn."""
        return replace(self, design=design, recipes=(*self.recipes, recipe))


@dataclass(frozen=True, slots=True)
class Replicated:
    """Estimates, and the estimate of each replicate.

    Attributes
    ----------
    estimates : Estimates
    thetas : ndarray, shape (replicates, domains)
    lost : ndarray of int, shape (domains,)
        Replicates in which a domain had nobody; they are left out.
    drawn : Replicates
    """

    estimates: Estimates
    thetas: _Vector
    lost: NDArray[np.int64]
    drawn: Replicates

    def logit_interval(
        self, level: float = 0.95, df: ArrayLike | None = None
    ) -> tuple[_Vector, _Vector]:
        """Return intervals of shares, symmetric in the log odds of the replicates.

        >>> from qalqan.science.polls.design import design
        >>> held = estimate(jackknife(design([1.0] * 10)), "proportion", [1] * 3 + [0] * 7)
        >>> low, high = held.logit_interval()
        >>> bool(0 < low[0] < 0.3 < high[0] < 1)
        True
        """
        from qalqan.science.polls.intervals import quantile

        with np.errstate(divide="ignore", invalid="ignore"):
            centre = np.log(self.estimates.value / (1 - self.estimates.value))
            odds = np.log(self.thetas / (1 - self.thetas))
            apart = np.sqrt(spread(self.drawn, odds, centre)[0])
            reach = quantile(level, self.estimates.df if df is None else df) * apart
            ends = [1 / (1 + np.exp(-(centre + sign * reach))) for sign in (-1, 1)]
        return np.asarray(ends[0]), np.asarray(ends[1])


def jackknife(design: Design, kind: Kind | None = None) -> Replicates:
    """Leave out one first-stage cluster at a time.

    Parameters
    ----------
    design : Design
        Not calibrated yet; use `Replicates.calibrated`.
    kind : str, optional
        ``jk1`` without strata, ``jkn`` with them; by default what the design asks for.

    Returns
    -------
    Replicates

    Raises
    ------
    PollInputError
        ``jk1`` for a design with strata, or strata of one cluster that should adjust.

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> made = jackknife(design([1.0, 1, 1]))
    >>> made.kind, len(made), round(made.scale, 6)
    ('jk1', 3, 0.666667)
    """
    _refuse_calibrated(design)
    chosen: Kind = kind or ("jkn" if design.has_strata else "jk1")
    if chosen == "jk1" and design.has_strata:
        raise PollInputError(
            "jk1 knows no strata", column="strata", hint="take jkn, or leave the strata out"
        )
    first = design.stages[0]
    alone, left = first.sampled == 1, first.left()
    if first.lonely().any() and design.lonely == "adjust":
        raise PollInputError(
            "a stratum of one cluster cannot be adjusted in a jackknife", column="strata",
            hint="take lonely certainty or average, or join the stratum with another",
        )  # fmt: skip
    usable = ~alone[first.stratum_of_cluster]
    out = np.flatnonzero(usable)
    if not len(out):
        raise PollInputError("no stratum has two clusters", column="cluster")
    drawn = first.sampled[first.stratum_of_cluster[out]]
    rscales = left[first.stratum_of_cluster[out]] * (drawn - 1) / drawn
    scale = 1.0
    if chosen == "jk1":
        scale, rscales = float(rscales[0]), np.ones(len(out))
    elif design.lonely == "average":
        scale = first.clusters / len(out)
    return Replicates(chosen, design, design.weights, out, None, scale, rscales)


def bootstrap(design: Design, *, rng: np.random.Generator, replicates: int = 500) -> Replicates:
    """Draw clusters anew within strata, one fewer than there are, and rescale (Rao and Wu).

    Parameters
    ----------
    design : Design
        Not calibrated yet; finite populations of the first stage shrink the factors towards 1.
    rng : numpy.random.Generator
        Source of chance.
    replicates : int
        How many; at least 2.

    Returns
    -------
    Replicates

    Raises
    ------
    PollInputError
        Too few replicates, or so many clusters that the factors do not fit into memory.

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> made = bootstrap(design([1.0] * 4), rng=np.random.default_rng(1), replicates=9)
    >>> made.factors.shape, made.factors.sum(axis=0).round(9).tolist()
    ((4, 9), [4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0])
    """
    _refuse_calibrated(design)
    first = design.stages[0]
    if replicates < 2:
        raise PollInputError("a bootstrap needs at least 2 replicates", column="replicates")
    if first.clusters * replicates > 5 * MOST_CELLS:
        raise PollInputError(
            f"{first.clusters} clusters times {replicates} replicates do not fit into memory",
            column="replicates", hint="take fewer replicates, or the jackknife",
        )  # fmt: skip
    factors = np.ones((first.clusters, replicates))
    order = np.argsort(first.stratum_of_cluster, kind="stable")
    starts = np.concatenate([[0], np.cumsum(first.sampled).astype(np.int64)])
    left = first.left()
    for stratum, count in enumerate(first.sampled.astype(np.int64)):
        if count < 2:
            continue
        members = order[starts[stratum] : starts[stratum + 1]]
        times = rng.multinomial(count - 1, np.full(count, 1.0 / count), size=replicates).T
        root = np.sqrt(left[stratum])
        factors[members] = 1 - root + root * times * (count / (count - 1))
    return Replicates(
        "bootstrap", design, design.weights, None, factors, 1.0 / (replicates - 1),
        np.ones(replicates),
    )  # fmt: skip


def estimate(
    drawn: Replicates,
    statistic: Statistic,
    values: ArrayLike,
    denominator: ArrayLike | None = None,
    *,
    by: ArrayLike | None = None,
    deff: Compared = "without",
    missing: Missing = "fail",
) -> Replicated:
    """Estimate with doubt from replicates.

    Parameters
    ----------
    drawn : Replicates
    statistic : str
        ``mean``, ``proportion``, ``total`` or ``ratio``.
    values : array_like, shape (rows,)
        nan where missing; for a ratio the numerator.
    denominator : array_like, shape (rows,), optional
        For a ratio.
    by, deff, missing
        As in `estimate.mean`.

    Returns
    -------
    Replicated

    Raises
    ------
    PollInputError
        As in `estimate.mean`.

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> found = estimate(jackknife(design([1.0] * 4)), "mean", [1.0, 2, 3, 4])
    >>> found.estimates.value.tolist(), found.estimates.se.round(6).tolist()
    ([2.5], [0.645497])
    """
    of = wanted(drawn.design, statistic, values, denominator, by, missing)
    tops, bottoms = sums(drawn, of)
    weights = drawn.design.weights
    top, bottom = of.sums(weights * of.top), of.sums(weights * of.bottom)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = top if statistic == "total" else top / bottom
        thetas = tops if statistic == "total" else tops / bottoms
        variance, lost = spread(drawn, thetas, value)
        compared = simple(drawn, of, statistic, value, bottom, deff)
        empty = of.n == 0
        ratio = np.where(~empty & (compared > 0), variance / compared, np.nan)
    held = Estimates(
        statistic, np.where(empty, np.nan, value), np.where(empty, np.nan, np.sqrt(variance)),
        of.n, ratio, degrees(drawn, of), of.dropped,
    )  # fmt: skip
    return Replicated(held, thetas, lost, drawn)


def _refuse_calibrated(design: Design) -> None:
    if design.adjustments:
        raise PollInputError(
            "make the replicates before the calibration, then calibrate both", column="replicates"
        )


def kinds() -> Sequence[Kind]:
    """Return the kinds of replicates by name."""
    return ("jk1", "jkn", "bootstrap")
