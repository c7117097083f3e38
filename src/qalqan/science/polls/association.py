"""Whether two answers go together, and whether a figure has changed, under the design.

Rao JNK, Scott AJ (1984), On chi-squared tests for multiway contingency tables with cell
proportions estimated from survey data, Annals of Statistics 12. Numbers equal those of R's
`svychisq` and `svyttest`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.polls.checks import PollInputError, as_vector
from qalqan.science.polls.design import Design
from qalqan.science.polls.estimate import Estimates
from qalqan.science.polls.variance import covariance

_Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Test:
    """A test statistic and how often chance alone brings as much.

    Attributes
    ----------
    statistic : float
    df : tuple of float
        Of F: above and below; of chi-squared: one number.
    p : float
    shares : ndarray, shape (rows, columns)
        Estimated shares of the table's cells.
    """

    __test__ = False

    statistic: float
    df: tuple[float, ...]
    p: float
    shares: _Vector


@dataclass(frozen=True, slots=True)
class Change:
    """A difference with its doubt.

    Attributes
    ----------
    value, se : float
    df : float
    t, p : float
        Student's t and its two-sided probability under no change.
    low, high : float
        Ends of the interval.
    """

    value: float
    se: float
    df: float
    t: float
    p: float
    low: float
    high: float


def rao_scott(
    design: Design,
    first: ArrayLike,
    second: ArrayLike,
    *,
    statistic: Literal["F", "chisq"] = "F",
) -> Test:
    """Test whether two variables are independent.

    Parameters
    ----------
    design : Design
    first, second : array_like of int, shape (rows,)
        Levels from 0; below 0 where missing: such rows do not count.
    statistic : str
        ``F``: second order, Satterthwaite's degrees of freedom. ``chisq``: first order.

    Returns
    -------
    Test

    Raises
    ------
    PollInputError
        A variable of one level.

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> drawn = design([1.0] * 8)
    >>> found = rao_scott(drawn, [0, 0, 0, 0, 1, 1, 1, 1], [0, 1, 0, 1, 0, 1, 0, 1])
    >>> round(found.statistic, 12), round(found.p, 12)
    (0.0, 1.0)
    """
    rows, columns = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
    known = (rows >= 0) & (columns >= 0)
    height, width = (int(one[known].max(initial=-1)) + 1 for one in (rows, columns))
    if min(height, width) < 2:
        raise PollInputError("a table needs two levels of each variable", column="values")
    cell = np.where(known, columns * height + rows, -1)
    shares, spread = _cells(design, cell, height * width)
    table = shares.reshape(width, height).T
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    pearson = len(design) * float(((table - expected) ** 2 / expected).sum())
    delta = _delta(shares, spread, height, width, len(design))
    trace, square = float(np.trace(delta)), float(np.trace(delta @ delta))
    return _tested(pearson, trace, square, len(delta), design, table, statistic)


def _cells(design: Design, cell: NDArray[np.int64], count: int) -> tuple[_Vector, _Vector]:
    weights = np.where(cell >= 0, design.weights, 0.0)
    size = weights.sum()
    shares = np.bincount(cell[cell >= 0], design.weights[cell >= 0], count) / size
    marks = (cell[:, None] == np.arange(count)[None, :]) - shares
    return shares, covariance(design, weights[:, None] * marks / size)


def _delta(shares: _Vector, spread: _Vector, height: int, width: int, rows: int) -> _Vector:
    """Return the generalised design effects' matrix of the interaction."""
    from itertools import product

    grid = np.array(list(product(range(width), range(height))))
    main = np.column_stack(
        [np.ones(len(grid))]
        + [grid[:, 1] == level for level in range(1, height)]
        + [grid[:, 0] == level for level in range(1, width)]
    ).astype(np.float64)
    both = np.column_stack(
        [
            (grid[:, 1] == row) & (grid[:, 0] == column)
            for column in range(1, width)
            for row in range(1, height)
        ]
    ).astype(np.float64)
    apart = both - main @ np.linalg.lstsq(main, both, rcond=None)[0]
    inverse = np.where(shares > 0, 1 / np.where(shares > 0, shares, 1.0), 0.0)
    scaled = apart * inverse[:, None]
    return np.asarray(np.linalg.solve(apart.T @ scaled / rows, scaled.T @ spread @ scaled))


def _tested(
    pearson: float, trace: float, square: float, size: int, design: Design, table: _Vector,
    statistic: str,
) -> Test:  # fmt: skip
    from scipy.special import chdtrc, fdtrc

    if statistic == "chisq":
        return Test(pearson, (size,), float(chdtrc(size, pearson * size / trace)), table)
    above = trace**2 / square
    below = above * design.degrees_of_freedom
    return Test(pearson / trace, (above, below), float(fdtrc(above, below, pearson / trace)), table)


def compare(
    design: Design,
    values: ArrayLike,
    groups: ArrayLike,
    *,
    contrast: tuple[float, ...] = (-1.0, 1.0),
    level: float = 0.95,
) -> Change:
    """Compare means of groups in one design: parts of a poll, or waves that share clusters.

    For waves that overlap (a panel, or the same villages again) put the rows of all waves into
    one design under the same numbers of strata and clusters: what they share then counts.

    Parameters
    ----------
    design : Design
    values : array_like, shape (rows,)
        nan where missing: such rows do not count.
    groups : array_like of int, shape (rows,)
        Group or wave, from 0; below 0: in none.
    contrast : tuple of float
        Weight of each group's mean; by default the second less the first.
    level : float
        Of the interval.

    Returns
    -------
    Change

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> found = compare(design([1.0] * 6), [1.0, 2, 3, 5, 6, 7], [0, 0, 0, 1, 1, 1])
    >>> found.value, found.df
    (4.0, 4.0)
    """
    held = as_vector(values, "values", len(design), missing=True)
    code = np.where(np.isnan(held), -1, np.asarray(groups, dtype=np.int64))
    filled = np.where(code >= 0, held, 0.0)
    scores = np.zeros((len(design), len(contrast)))
    value = 0.0
    for group, share in enumerate(contrast):
        weights = np.where(code == group, design.weights, 0.0)
        size = weights.sum()
        if not size > 0:
            raise PollInputError(f"nobody is in group {group}", column="groups")
        mean = float(weights @ filled) / size
        value += share * mean
        scores[:, group] = share * weights * (filled - mean) / size
    variance = float(covariance(design, scores).sum())
    df = design.degrees_of_freedom - (len(contrast) - 1)
    return _change(value, variance, float(df), level)


def independent(first: Estimates, second: Estimates, *, level: float = 0.95) -> list[Change]:
    """Compare estimates of two samples drawn independently, domain by domain.

    Degrees of freedom after Welch and Satterthwaite.

    >>> from qalqan.science.polls.design import design
    >>> from qalqan.science.polls.estimate import mean
    >>> waves = [mean(design([1.0] * 3), values) for values in ([1.0, 2, 3], [5.0, 6, 7])]
    >>> found = independent(*waves)[0]
    >>> found.value, round(found.df, 9)
    (4.0, 4.0)
    """
    if first.value.shape != second.value.shape:
        raise PollInputError("the waves must have the same domains", column="by")
    found = []
    for one, two, se1, se2, df1, df2 in zip(
        first.value, second.value, first.se, second.se, first.df, second.df, strict=True
    ):
        v1, v2 = float(se1**2), float(se2**2)
        parts = (v1**2 / df1 if df1 > 0 else np.inf) + (v2**2 / df2 if df2 > 0 else np.inf)
        df = (v1 + v2) ** 2 / parts if parts > 0 else np.inf
        found.append(_change(float(two - one), v1 + v2, float(df), level))
    return found


def _change(value: float, variance: float, df: float, level: float) -> Change:
    from scipy.special import stdtr

    from qalqan.science.polls.intervals import quantile

    se = float(np.sqrt(variance))
    if df > 0 and se > 0:
        t = float(value / se)
        p = float(2 * stdtr(min(df, 1e15), -abs(t)))
        reach = float(quantile(level, df)) * se
    else:
        t = p = reach = float("nan")
    return Change(float(value), se, df, t, p, float(value - reach), float(value + reach))
