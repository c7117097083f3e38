"""Variance of weighted sums under a design, by stages and by domains.

Särndal, Swensson and Wretman (1992), equation 4.3.17; Bellhouse DR (1985), Computing methods for
variance estimation in complex surveys, Journal of Official Statistics 1(3), for the recursion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.polls.checks import PollInputError
from qalqan.science.polls.design import Design, Stage

_TAKEN_WHOLE = 1e-7
_DENSE = 4
_MOST_GROUPS = 200_000_000


@dataclass(frozen=True, slots=True)
class _Cells:
    """Clusters of a stage, split by domain; those without a row of a domain need no cell."""

    cell: NDArray[np.int64] | None
    cells: int
    group_of_cell: NDArray[np.int64]
    groups: int
    empty: NDArray[np.float64]
    drawn: NDArray[np.float64]
    scale: NDArray[np.float64]
    centred: NDArray[np.bool_] | None


@dataclass(frozen=True, slots=True)
class Domains:
    """Parts of the population that estimates are made for; made by `domains`.

    Attributes
    ----------
    code : ndarray of int, shape (rows,)
        Domain of each row.
    inside : ndarray of bool, shape (rows,), or None
        Rows that lie in a domain; None if all do.
    count : int
    n : ndarray of int, shape (count,)
        Rows with weight.
    df : ndarray of int, shape (count,)
        Clusters less strata, first stage, among rows with weight.
    weight : ndarray, shape (count,)
        Sum of weights.
    """

    code: NDArray[np.int64]
    inside: NDArray[np.bool_] | None
    count: int
    n: NDArray[np.int64]
    df: NDArray[np.int64]
    weight: NDArray[np.float64]
    _cells: tuple[_Cells, ...]

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return sums by domain of values that are 0 outside of all."""
        return np.asarray(np.bincount(self.code, values, self.count), dtype=np.float64)


def domains(design: Design, code: ArrayLike | None = None, count: int | None = None) -> Domains:
    """Prepare domains, so that many estimates share the work.

    Parameters
    ----------
    design : Design
    code : array_like of int, shape (rows,), optional
        Domain of each row, from 0; below 0: in none. None: one domain of all rows.
    count : int, optional
        Number of domains.

    Returns
    -------
    Domains

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> domains(design([1.0, 1, 2]), [0, 1, 1]).weight.tolist()
    [1.0, 3.0]
    """
    rows = len(design)
    given = np.zeros(rows, np.int64) if code is None else np.asarray(code, dtype=np.int64)
    if given.shape != (rows,):
        raise PollInputError(f"domains are given for {len(given)} of {rows} rows", column="by")
    number = (int(given.max(initial=-1)) + 1) if count is None else count
    if number < 1:
        raise PollInputError("no row lies in a domain", column="by")
    if number * max(len(stage.sampled) for stage in design.stages) > _MOST_GROUPS:
        raise PollInputError(
            f"{number} domains in so many strata do not fit into memory", column="by",
            hint="estimate some of the domains at a time",
        )  # fmt: skip
    inside = None if code is None or (given >= 0).all() else given >= 0
    codes = given if inside is None else np.where(inside, given, 0)
    whole = code is None
    counted = design.weights != 0 if inside is None else (design.weights != 0) & inside
    weights = design.weights if inside is None else design.weights * inside
    if design.adjustments and not whole:
        # A calibration ties all rows together: each domain is then worked out over all of them.
        cells: tuple[_Cells, ...] = ()
    else:
        cells = tuple(_all_cells(design, codes, counted, number))
    return Domains(
        codes, inside, number,
        np.asarray(np.bincount(codes[counted], minlength=number), dtype=np.int64),
        _degrees(design.stages[0], codes, counted, number),
        np.asarray(np.bincount(codes, weights, number), dtype=np.float64), cells,
    )  # fmt: skip


def _degrees(
    first: Stage, code: NDArray[np.int64], counted: NDArray[np.bool_], number: int
) -> NDArray[np.int64]:
    strata = len(first.sampled)
    in_strata = _presence(first.stratum, code, counted, strata, number)
    if first.rows_are_clusters:
        clusters = np.bincount(code[counted], minlength=number)
    else:
        clusters = _presence(first.cluster, code, counted, first.clusters, number)
    return clusters - in_strata


def _presence(
    part: NDArray[np.int64], code: NDArray[np.int64], counted: NDArray[np.bool_], parts: int,
    number: int,
) -> NDArray[np.int64]:  # fmt: skip
    """Return how many parts each domain touches."""
    if parts * number <= _DENSE * len(code) + 4096:
        seen = np.zeros(parts * number, dtype=np.bool_)
        seen[(part * number + code)[counted]] = True
        return np.asarray(seen.reshape(parts, number).sum(axis=0), dtype=np.int64)
    keys = np.unique((part * number + code)[counted])
    return np.bincount(keys % number, minlength=number)


def _all_cells(
    design: Design, code: NDArray[np.int64], counted: NDArray[np.bool_], number: int
) -> Iterator[_Cells]:
    above = np.ones(1)
    for place, stage in enumerate(design.stages):
        yield _cells(design, place, stage, code, counted, number, above)
        shares = 1.0 - stage.left()
        # Of each stratum of the next stage, that is each cluster of this one.
        above = np.broadcast_to(above, stage.sampled.shape)[stage.stratum_of_cluster]
        above = above * shares[stage.stratum_of_cluster]


def _cells(
    design: Design, place: int, stage: Stage, code: NDArray[np.int64],
    counted: NDArray[np.bool_], number: int, above: NDArray[np.float64],
) -> _Cells:  # fmt: skip
    strata = len(stage.sampled)
    cell, group = _split(stage, code, number)
    drawn = np.repeat(stage.sampled, number)
    present = np.bincount(group, minlength=strata * number)
    scale, centred = _scales(design, place, stage)
    factor = np.repeat(scale * above, number)
    if design.lonely == "average" and place == 0 and stage.lonely().any():
        factor = _averaged(stage, code, counted, factor, number)
    return _Cells(
        cell, len(group), group, strata * number, drawn - present, drawn, factor,
        None if centred.all() else np.repeat(centred, number),
    )  # fmt: skip


def _split(
    stage: Stage, code: NDArray[np.int64], number: int
) -> tuple[NDArray[np.int64] | None, NDArray[np.int64]]:
    """Return the cell of each row (None: its own) and the stratum × domain of each cell."""
    if stage.rows_are_clusters:
        return None, stage.stratum * number + code
    keys = stage.cluster * number + code
    if stage.clusters * number <= _DENSE * len(code) + 4096:
        grid = stage.stratum_of_cluster[:, None] * number + np.arange(number)[None, :]
        return keys, grid.reshape(-1)
    distinct, cell = np.unique(keys, return_inverse=True)
    group = stage.stratum_of_cluster[distinct // number] * number + distinct % number
    return cell.reshape(-1), group


def _scales(
    design: Design, place: int, stage: Stage
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return f n / (n - 1) of each stratum, and where sums are taken from their mean."""
    left, drawn = stage.left(), stage.sampled
    scale = np.where(drawn > 1, left * drawn / np.maximum(drawn - 1, 1), left)
    scale = np.where(left < _TAKEN_WHOLE, 0.0, scale)
    alone = stage.lonely()
    adjust = design.lonely == "adjust"
    return np.where(alone & (not adjust), 0.0, scale), ~(alone & adjust)


def _averaged(
    stage: Stage, code: NDArray[np.int64], counted: NDArray[np.bool_],
    factor: NDArray[np.float64], number: int,
) -> NDArray[np.float64]:  # fmt: skip
    """Raise the other strata so that lonely ones get their mean variance."""
    seen = np.zeros((len(stage.sampled), number), dtype=np.bool_)
    seen[stage.stratum[counted], code[counted]] = True
    known = (seen & ~stage.lonely()[:, None]).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(known > 0, seen.sum(axis=0) / known, np.nan)
    return np.asarray((factor.reshape(-1, number) * ratio).reshape(-1))


def variances(design: Design, scores: NDArray[np.float64], of: Domains) -> NDArray[np.float64]:
    """Return the variance of the sum of weighted scores in each domain.

    Parameters
    ----------
    design : Design
    scores : ndarray, shape (rows,)
        Weight times linearised value; 0 outside of all domains.
    of : Domains

    Returns
    -------
    ndarray, shape (domains,)
    """
    if design.adjustments and of.count == 1:
        return _by_cells(_explained(design, scores[:, None])[:, 0], _whole(design, of), of)
    if design.adjustments:
        whole = domains(design)
        found = np.empty(of.count)
        for number in range(of.count):
            part = np.where(of.code == number, scores, 0.0)
            found[number] = variances(design, part, whole)[0]
        return found
    return _by_cells(scores, of._cells, of)


def _whole(design: Design, of: Domains) -> tuple[_Cells, ...]:
    return of._cells or domains(design)._cells


def _by_cells(
    scores: NDArray[np.float64], stages: tuple[_Cells, ...], of: Domains
) -> NDArray[np.float64]:
    total = np.zeros(of.count)
    for stage in stages:
        sums = scores if stage.cell is None else np.bincount(stage.cell, scores, stage.cells)
        mean = np.bincount(stage.group_of_cell, sums, stage.groups) / stage.drawn
        if stage.centred is not None:
            mean = np.where(stage.centred, mean, 0.0)
        apart = sums - mean[stage.group_of_cell]
        near = np.bincount(stage.group_of_cell, apart * apart, stage.groups)
        spread = near + stage.empty * mean * mean
        total += (spread * stage.scale).reshape(-1, of.count).sum(axis=0)
    return total


def covariance(design: Design, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the covariance matrix of the sums of several columns of weighted scores.

    Parameters
    ----------
    design : Design
    scores : ndarray, shape (rows, columns)
        Weight times linearised value.

    Returns
    -------
    ndarray, shape (columns, columns)
    """
    left = _explained(design, scores)
    whole = domains(design)
    columns = scores.shape[1]
    total = np.zeros((columns, columns))
    for stage in whole._cells:
        sums = left if stage.cell is None else _rowsum(stage.cell, left, stage.cells)
        mean = _rowsum(stage.group_of_cell, sums, stage.groups) / stage.drawn[:, None]
        if stage.centred is not None:
            mean = np.where(stage.centred[:, None], mean, 0.0)
        apart = sums - mean[stage.group_of_cell]
        weighted = apart * stage.scale[stage.group_of_cell][:, None]
        total += weighted.T @ apart
        total += (mean * (stage.scale * stage.empty)[:, None]).T @ mean
    return total


def _explained(design: Design, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    for adjustment in design.adjustments:
        scores = adjustment.residuals(scores)
    return scores


def _rowsum(
    code: NDArray[np.int64], values: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    return np.stack([np.bincount(code, column, minlength=count) for column in values.T], axis=1)
