"""Covering everybody with the fewest sites, and covering twice, by mixed-integer programmes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.protection._cover_reduce import Reduced, reduce_cover
from qalqan.science.protection._mip import Programme, Solved, solve
from qalqan.science.protection.checks import ProtectionInputError, as_count, as_vector, refuse
from qalqan.science.protection.coverage import Covering, Reach, Status

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]


def everybody(
    reach: Reach, weights: ArrayLike, *, share: float = 1.0, time_limit: float = math.inf
) -> Covering:
    r"""Choose the fewest sites that reach a share of the weight (set covering, if the share is 1).

    .. math:: \min \sum_j x_j, \quad \sum_i w_i y_i \ge s \sum_i w_i, \quad
              y_i \le \sum_{j \ni i} x_j

    Parameters
    ----------
    reach
        Demands that each site reaches.
    weights : (demands,)
        Weight of each demand, not negative.
    share
        Share of the weight that must be reached, in (0, 1]; of all demands, also those that no
        site reaches.
    time_limit
        Seconds for the solver.

    Returns
    -------
    Covering
        The objective is the number of sites; the bound is from below.

    Raises
    ------
    ProtectionInputError
        Even all sites do not reach the share.

    Examples
    --------
    >>> reach = [np.array([0, 1], np.int32), np.array([2], np.int32), np.array([1, 2], np.int32)]
    >>> everybody(reach, [1.0, 1.0, 1.0]).chosen
    (0, 1)
    """
    values = as_vector(weights, "weight")
    refuse(values < 0, "weight is below 0", "weight")
    if not 0 < share <= 1:
        raise ProtectionInputError(f"the share must lie in (0, 1], not {share}", column="share")
    reduced = reduce_cover(reach, values)
    need = share * float(values.sum())
    reachable = float(reduced.weights.sum())
    if reachable < need * (1 - 1e-12):
        part = reachable / float(values.sum())
        raise ProtectionInputError(
            f"all sites together reach {part:.1%} of the weight, and {share:.1%} are asked for",
            column="share",
        )
    if need == 0:
        return Covering(0.0, 0.0, 0.0, (), "optimal")
    start = _greedy(reduced, need)
    sites, groups = len(reach), len(reduced.weights)
    rows, whole = _cover_rows(reduced), np.r_[np.ones(sites, np.bool_), np.zeros(groups, np.bool_)]
    from scipy.sparse import csr_matrix, vstack

    total = csr_matrix(np.r_[np.zeros(sites), reduced.weights])
    programme = Programme(
        gain=np.r_[-np.ones(sites), np.zeros(groups)],
        matrix=csr_matrix(vstack([rows, total])),
        low=np.r_[np.zeros(groups), min(need, reachable) * (1 - 1e-9)],
        high=np.full(groups + 1, np.inf),
        upper=np.ones(sites + groups),
        whole=whole,
    )
    solved = solve(programme, start=_values(reduced, start), seconds=time_limit)
    chosen = _chosen(solved, sites, start)
    # Sites are counted, so that the next whole number above the solver's bound is a bound too.
    bound = float(math.ceil(-solved.bound - 1e-6)) if math.isfinite(solved.bound) else 1.0
    return _result(float(len(chosen)), max(bound, 1.0), chosen, solved, lower=True)


def twice(
    reach: Reach,
    weights: ArrayLike,
    choose: int,
    *,
    backup: float = 0.5,
    time_limit: float = math.inf,
) -> Covering:
    r"""Choose sites that reach the greatest weight once and twice (backup coverage).

    .. math:: \max \sum_i w_i \bigl((1 - \beta) y_i + \beta z_i\bigr), \quad
              y_i + z_i \le \sum_{j \ni i} x_j, \quad \sum_j x_j \le P

    Parameters
    ----------
    reach, weights, choose
        As in `qalqan.science.protection.coverage.maximal`.
    backup
        What a second site is worth, in [0, 0.5]: at 0.5 it is worth as much as the first.
    time_limit
        Seconds for the solver.

    Raises
    ------
    ProtectionInputError
        The worth of a second site lies outside [0, 0.5].

    References
    ----------
    Hogan and ReVelle (1986), BACOP2.

    Examples
    --------
    >>> reach = [np.array([0, 2], np.int32), np.array([0], np.int32), np.array([1], np.int32)]
    >>> twice(reach, [3.0, 1.0, 1.0], 2).chosen
    (0, 1)
    >>> twice(reach, [3.0, 1.0, 1.0], 2, backup=0.1).chosen
    (0, 2)
    """
    values = as_vector(weights, "weight")
    refuse(values < 0, "weight is below 0", "weight")
    count = as_count(choose, "choose")
    if not 0 <= backup <= 0.5:
        raise ProtectionInputError(
            f"a second site is worth 0 to 0.5, not {backup}", column="backup"
        )
    reduced = reduce_cover(reach, values)
    sites, groups = len(reach), len(reduced.weights)
    if not groups or count == 0:
        return Covering(0.0, 0.0, 0.0, tuple(range(min(count, sites))), "optimal")
    from scipy.sparse import csr_matrix, hstack, identity, vstack

    rows = hstack([_cover_rows(reduced), -identity(groups, format="csr")])
    number = csr_matrix(np.r_[np.ones(sites), np.zeros(2 * groups)])
    programme = Programme(
        gain=np.r_[np.zeros(sites), (1 - backup) * reduced.weights, backup * reduced.weights],
        matrix=csr_matrix(vstack([rows, number])),
        low=np.r_[np.zeros(groups), -np.inf],
        high=np.r_[np.full(groups, np.inf), float(min(count, sites))],
        upper=np.ones(sites + 2 * groups),
        whole=np.r_[np.ones(sites, np.bool_), np.zeros(2 * groups, np.bool_)],
    )
    solved = solve(programme, seconds=time_limit)
    chosen = _chosen(solved, sites, [])
    objective = _worth(reach, values, chosen, backup)
    most = float(programme.gain.sum())
    bound = min(max(solved.bound, objective), most) if math.isfinite(solved.bound) else most
    return _result(objective, bound, chosen, solved, lower=False)


def _cover_rows(reduced: Reduced) -> csr_matrix:
    """Return ``sum of x - y >= 0`` for each group."""
    from scipy.sparse import csr_matrix, hstack, identity

    pointer, index, _, _ = reduced.rows()
    shape = (len(reduced.weights), len(reduced.reach))
    table = csr_matrix((np.ones(len(index)), index, pointer), shape=shape)
    return hstack([table, -identity(shape[0], format="csr")]).tocsr()


def _greedy(reduced: Reduced, need: float) -> list[int]:
    """Take the site that adds most until enough is reached."""
    held = np.zeros(len(reduced.weights), np.bool_)
    chosen: list[int] = []
    while float(reduced.weights[held].sum()) < need * (1 - 1e-9):
        gains = [float(reduced.weights[part[~held[part]]].sum()) for part in reduced.reach]
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            break
        held[reduced.reach[best]] = True
        chosen.append(best)
    return chosen


def _values(reduced: Reduced, chosen: list[int]) -> Floats:
    values = np.zeros(len(reduced.reach) + len(reduced.weights))
    for site in chosen:
        values[site] = 1.0
        values[len(reduced.reach) + reduced.reach[site]] = 1.0
    return values


def _chosen(solved: Solved, sites: int, otherwise: list[int]) -> list[int]:
    if solved.values is None:
        return sorted(otherwise)
    return [int(site) for site in np.nonzero(solved.values[:sites] > 0.5)[0]]


def _worth(reach: Reach, weights: Floats, chosen: list[int], backup: float) -> float:
    held = np.zeros(len(weights), np.int64)
    for site in chosen:
        held[reach[site]] += 1
    once, again = math.fsum(weights[held > 0]), math.fsum(weights[held > 1])
    return (1 - backup) * once + backup * again


def _result(
    objective: float, bound: float, chosen: list[int], solved: Solved, *, lower: bool
) -> Covering:
    status: Status = "optimal" if solved.status == "optimal" else "time_limit"
    if status == "optimal":
        bound = objective
    apart = objective - bound if lower else bound - objective
    if apart <= 0:
        status, bound = "optimal", objective
    gap = 0.0 if apart <= 0 else apart / objective if objective else math.inf
    return Covering(objective, bound, gap, tuple(chosen), status)
