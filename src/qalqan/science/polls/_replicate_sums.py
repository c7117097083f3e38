"""Sums over rows, clusters and replicates, from which `replicates` takes its doubt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.polls.checks import PollInputError, as_vector
from qalqan.science.polls.design import Design
from qalqan.science.polls.estimate import Compared, Missing

if TYPE_CHECKING:
    from qalqan.science.polls.replicates import Replicates

MOST_CELLS = 40_000_000
"""Cells of a table that are held at once."""
_Vector = NDArray[np.float64]
_Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is summed: two columns, 0 outside of all domains."""

    code: _Codes
    count: int
    inside: NDArray[np.bool_]
    top: _Vector
    bottom: _Vector
    n: _Codes
    dropped: int

    def sums(self, column: _Vector) -> _Vector:
        """Return the sum of a column by domain."""
        return np.asarray(np.bincount(self.code, column, self.count), dtype=np.float64)


def wanted(
    design: Design, statistic: str, values: ArrayLike, denominator: ArrayLike | None,
    by: ArrayLike | None, missing: Missing,
) -> Wanted:  # fmt: skip
    """Return what is summed, after looking at every column."""
    rows = len(design)
    above = as_vector(values, "values", rows, missing=True)
    below = np.ones(rows)
    if statistic == "ratio":
        if denominator is None:
            raise PollInputError("a ratio needs a denominator", column="denominator")
        below = as_vector(denominator, "denominator", rows, missing=True)
    lost = np.isnan(above) | np.isnan(below)
    code = np.zeros(rows, np.int64) if by is None else np.asarray(by, dtype=np.int64)
    if lost.any() and missing == "fail":
        raise PollInputError(
            f"{int(lost.sum())} rows have no value", row=int(np.argmax(lost)), column="values",
            hint="say --na drop to leave such rows out and have them counted",
        )  # fmt: skip
    inside = (code >= 0) & ~lost
    if not inside.any():
        raise PollInputError("no row lies in a domain", column="by")
    codes, count = np.where(inside, code, 0), max(int(code.max()) + 1, 1)
    counted = inside & (design.weights != 0)
    return Wanted(
        codes, count, inside, np.where(inside, above, 0.0), np.where(inside, below, 0.0),
        np.asarray(np.bincount(codes[counted], minlength=count), dtype=np.int64),
        int((lost & (code >= 0)).sum()),
    )  # fmt: skip


def sums(drawn: Replicates, of: Wanted) -> tuple[_Vector, _Vector]:
    """Return both sums, of each replicate and domain, shape (replicates, domains) each."""
    if drawn.recipes:
        return _sums_by_weights(drawn, of)
    first = drawn.design.stages[0]
    found = [np.empty((len(drawn), of.count)) for _ in range(2)]
    for start, end, key in _slices(drawn, of):
        size = first.clusters * (end - start)
        for place, column in enumerate((of.top, of.bottom)):
            held = drawn.base * column
            if end - start < of.count:
                held = held * ((of.code >= start) & (of.code < end))
            table = np.asarray(np.bincount(key, held, size), dtype=np.float64)
            found[place][:, start:end] = _replicate_sums(
                drawn, table.reshape(first.clusters, end - start)
            )
    return found[0], found[1]


def _slices(drawn: Replicates, of: Wanted) -> Iterator[tuple[int, int, _Codes]]:
    """Yield domains from, to, and the cluster × domain of each row, as many as memory holds."""
    first = drawn.design.stages[0]
    width = max(1, min(of.count, MOST_CELLS // max(first.clusters, len(drawn))))
    for start in range(0, of.count, width):
        end = min(start + width, of.count)
        code = np.clip(of.code - start, 0, end - start - 1)
        yield start, end, first.cluster * (end - start) + code


def _replicate_sums(drawn: Replicates, sums: _Vector) -> _Vector:
    """Return the sum of each replicate from those of clusters, shape (replicates, columns)."""
    if drawn.factors is not None:
        return np.asarray(drawn.factors.T @ sums)
    first, out = drawn.design.stages[0], drawn.left_out
    strata = len(first.sampled)
    by_stratum = np.stack(
        [np.bincount(first.stratum_of_cluster, column, strata) for column in sums.T], axis=1
    )
    stratum = first.stratum_of_cluster[out]
    count = first.sampled[stratum][:, None]
    held = by_stratum[stratum]
    rest = by_stratum.sum(axis=0) - held
    return np.asarray(rest + count / (count - 1) * (held - sums[out]))


def _sums_by_weights(drawn: Replicates, of: Wanted) -> tuple[_Vector, _Vector]:
    tops, bottoms = (np.empty((len(drawn), of.count)) for _ in range(2))
    for place, weights in enumerate(replicate_weights(drawn)):
        tops[place] = of.sums(np.where(of.inside, weights, 0.0) * of.top)
        bottoms[place] = of.sums(np.where(of.inside, weights, 0.0) * of.bottom)
    return tops, bottoms


def spread(drawn: Replicates, thetas: _Vector, value: _Vector) -> tuple[_Vector, NDArray[np.int64]]:
    """Return the variance of each domain, and in how many replicates it had nobody."""
    known = np.isfinite(thetas)
    used = known & (drawn.rscales > 0)[:, None]
    filled = np.where(known, thetas, 0.0)
    if drawn.about == "mean":
        count = used.sum(axis=0)
        centre = np.where(used, filled, 0.0).sum(axis=0) / np.where(count > 0, count, np.nan)
        centre = np.where(drawn.rscales.any(), centre, value)
    else:
        centre = value
    apart = np.where(used, filled - centre, 0.0)
    variance = drawn.scale * (drawn.rscales[:, None] * apart**2).sum(axis=0)
    return np.asarray(variance), np.asarray((~known).sum(axis=0), dtype=np.int64)


def simple(
    drawn: Replicates, of: Wanted, statistic: str, value: _Vector, bottom: _Vector,
    deff: Compared,
) -> _Vector:  # fmt: skip
    """Return the variance under a simple random sample of as many rows."""
    weights = np.where(of.inside, drawn.design.weights, 0.0)
    size = of.sums(weights)
    centre = value / size if statistic == "total" else value
    apart = of.top - centre[of.code] * of.bottom
    spread = of.sums(weights * apart**2) / size * of.n / (of.n - 1) / of.n
    if statistic == "total":
        spread = spread * size**2
    elif statistic == "ratio":
        spread = spread * (size / bottom) ** 2
    if deff == "with":
        return np.asarray(spread)
    return np.asarray(np.where(size < of.n, np.nan, spread * (size - of.n) / size))


def degrees(drawn: Replicates, of: Wanted) -> NDArray[np.int64]:
    """Return the rank of the replicates' weights within each domain, less 1, by counting.

    Clusters that a domain touches, less one for each further stratum that it touches in full:
    there the factors of a stratum's clusters sum to the same in every replicate.
    """
    first = drawn.design.stages[0]
    counted = of.inside & (drawn.design.weights != 0)
    strata = len(first.sampled)
    found = np.empty(of.count, np.int64)
    for start, end, key in _slices(drawn, of):
        held = key[counted & (of.code >= start) & (of.code < end)]
        table = np.bincount(held, minlength=first.clusters * (end - start))
        touched = table.reshape(first.clusters, end - start) > 0
        for place in range(end - start):
            mine = touched[:, place]
            by_stratum = np.bincount(first.stratum_of_cluster[mine], minlength=strata)
            whole = int((by_stratum == first.sampled).sum())
            found[start + place] = int(mine.sum()) - max(whole - 1, 0) - 1
    if drawn.kind == "bootstrap":
        return np.minimum(found, len(drawn) - 1)
    return found


def replicate_weights(drawn: Replicates) -> Iterator[_Vector]:
    """Yield the weights of each replicate, calibrated, shape (rows,).

    A replicate that holds nobody of a group whose total is known has nan.

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> from qalqan.science.polls.replicates import jackknife
    >>> [w.tolist() for w in replicate_weights(jackknife(design([1.0, 1.0])))]
    [[0.0, 2.0], [2.0, 0.0]]
    """
    first = drawn.design.stages[0]
    for place in range(len(drawn)):
        if drawn.factors is not None:
            factor = drawn.factors[:, place]
        elif drawn.left_out is not None:
            out = int(drawn.left_out[place])
            stratum = first.stratum_of_cluster[out]
            count = first.sampled[stratum]
            factor = np.where(first.stratum_of_cluster == stratum, count / (count - 1), 1.0)
            factor[out] = 0.0
        weights = drawn.base * factor[first.cluster]
        for recipe in drawn.recipes:
            weights = recipe.reweigh(weights)
        yield weights
