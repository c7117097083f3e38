"""Where to put a few loudspeakers so that most people hear one: covering with a proven bound.

Church R, ReVelle C (1974), The maximal covering location problem, Papers of the Regional Science
Association 32. Toregas C et al. (1971), The location of emergency service facilities, Operations
Research 19. Hogan K, ReVelle C (1986), Concepts and applications of backup coverage, Management
Science 32. Bounds by prices on the demands: Galvão R, ReVelle C (1996), European Journal of
Operational Research 88; their descent: Barahona F, Anbil R (2000), The volume algorithm,
Mathematical Programming 87.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.protection._cover_reduce import Reduced, dominated, reduce_cover
from qalqan.science.protection.checks import ProtectionInputError, as_count, as_vector, refuse

Floats = NDArray[np.float64]
Reach = list[NDArray[np.int32]]
Clock = Callable[[], float]
Status = Literal["optimal", "gap_limit", "time_limit"]


@dataclass(frozen=True, slots=True)
class Covering:
    """A choice of sites and what is proven about it.

    Attributes
    ----------
    objective : float
        What the choice reaches.
    bound : float
        What no choice can pass: an upper bound, or a lower one where the objective is a number of
        sites to be small.
    gap : float
        Difference of the two by the objective; 0 when both are 0.
    chosen : tuple of int
        Sites, ascending.
    status : str
        ``"optimal"`` only if proven; ``"gap_limit"`` if the gap asked for was reached;
        ``"time_limit"`` if the search was cut off by time (or by memory).
    """

    objective: float
    bound: float
    gap: float
    chosen: tuple[int, ...]
    status: Status


def within(demand: ArrayLike, sites: ArrayLike, radius: ArrayLike) -> Reach:
    """Return the demands within reach of each site, edge included.

    Parameters
    ----------
    demand : (demands, dimensions)
        Places in metres, in a plane or in space (points on a sphere with chords as radii).
    sites : (sites, dimensions)
        Places of the sites.
    radius : float or (sites,)
        Reach in metres, not negative.

    Returns
    -------
    list of ndarray
        Ascending rows of demand of each site.

    Raises
    ------
    ProtectionInputError
        A place or radius is not finite, or a radius is negative.

    Examples
    --------
    >>> [part.tolist() for part in within([[0, 0], [3, 4]], [[0, 0], [3, 0]], 4)]
    [[0], [0, 1]]
    """
    from scipy.spatial import cKDTree

    points, places = _points(demand, "demand"), _points(sites, "sites")
    radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), (len(places),))
    refuse(~np.isfinite(radii) | (radii < 0), "radius is below 0 or not finite", "radius")
    if not len(points):
        return [np.empty(0, np.int32) for _ in places]
    if points.shape[1] != places.shape[1]:
        raise ProtectionInputError("demand and sites differ in dimensions", column="sites")
    tree = cKDTree(points, balanced_tree=False, compact_nodes=False)
    return [
        np.sort(np.asarray(tree.query_ball_point(place, reach), dtype=np.int32))
        for place, reach in zip(places, radii, strict=True)
    ]


def on_sphere(latitude: ArrayLike, longitude: ArrayLike) -> Floats:
    """Return points of a sphere of the Earth's mean radius, (points, 3), in metres.

    A distance ``r`` over ground is the chord ``2 R sin(r / 2R)``: 1 mm shorter than 2 km over 2 km.

    >>> on_sphere([0.0], [90.0]).round(3).tolist()
    [[0.0, 6371008.8, 0.0]]
    """
    phi, theta = np.radians(as_vector(latitude, "latitude")), np.radians(np.asarray(longitude))
    return np.column_stack(
        [np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)]
    ) * 6_371_008.8  # fmt: skip


def maximal(
    reach: Reach,
    weights: ArrayLike,
    choose: int,
    *,
    clock: Clock | None = None,
    time_limit: float = math.inf,
    gap: float = 0.0,
    seed: int = 0,
) -> Covering:
    r"""Choose sites that reach the greatest weight.

    .. math:: \max \sum_i w_i y_i, \quad y_i \le \sum_{j \ni i} x_j, \quad \sum_j x_j \le P

    Demands with one set of sites are merged, dominated sites dropped, and the rest is searched by
    branch and bound with priced upper bounds; a choice is filled up to ``choose`` sites by those
    that give the most people a second one.

    Parameters
    ----------
    reach
        Demands that each site reaches.
    weights : (demands,)
        Weight of each demand, not negative.
    choose
        Number of sites.
    clock
        Returns seconds; needed for a time limit.
    time_limit
        Seconds after which the best choice so far is returned, with its bound.
    gap
        Relative gap at which the search may end.
    seed
        Seed of the random exchanges; equal seeds give equal choices if no time limit cuts in.

    Raises
    ------
    ProtectionInputError
        A weight is negative or not finite, or the number is below 0.

    Examples
    --------
    >>> reach = [np.array([0, 1], np.int32), np.array([2], np.int32), np.array([1, 2], np.int32)]
    >>> found = maximal(reach, [4.0, 1.0, 0.5], 1)
    >>> found.objective, found.chosen, found.status
    (5.0, (0,), 'optimal')
    """
    from qalqan.science.protection._cover_search import Search

    values, count, left = _checked(weights, choose, clock, time_limit)
    reduced = reduce_cover(reach, values)
    small, sites = _core(reduced, min(count, len(reach)))
    if not len(sites) or count == 0:
        return _filled(reach, values, [], count, 0.0, 0.0, "optimal")
    search = Search(small.rows(), small.weights, min(count, len(sites)), left=left, gap=gap,
                    seed=seed)  # fmt: skip
    search.run()
    chosen = sites[np.nonzero(search.chosen)[0]].tolist()
    objective = _weight(reach, values, chosen)
    bound = max(search.bound, objective)
    proven = bound < search.floor
    status: Status = "optimal" if proven else "time_limit"
    if not proven and bound <= objective * (1 + gap):
        status = "gap_limit"
    return _filled(reach, values, chosen, count, objective, objective if proven else bound, status)


def _checked(
    weights: ArrayLike, choose: int, clock: Clock | None, time_limit: float
) -> tuple[Floats, int, Clock]:
    values = as_vector(weights, "weight")
    refuse(values < 0, "weight is below 0", "weight")
    count = as_count(choose, "choose")
    if time_limit < math.inf and clock is None:
        raise ProtectionInputError("a time limit needs a clock")
    return values, count, _countdown(clock, time_limit)


def _countdown(clock: Clock | None, seconds: float) -> Clock:
    if clock is None or seconds == math.inf:
        return lambda: math.inf
    end = clock() + seconds
    return lambda: end - clock()


def _core(reduced: Reduced, choose: int) -> tuple[Reduced, NDArray[np.int64]]:
    """Drop sites that another one dominates, and groups of no weight."""
    heavy = reduced.weights > 0
    label = np.where(heavy, np.cumsum(heavy) - 1, -1).astype(np.int32)
    reach = [label[part[heavy[part]]] for part in reduced.reach]
    weights = reduced.weights[heavy]
    sites = np.nonzero(~dominated(reach, weights))[0] if choose else np.empty(0, np.int64)
    kept = [reach[j] for j in sites]
    if not weights.size:
        return Reduced(weights, [], reduced.members), np.empty(0, np.int64)
    again = reduce_cover(kept, weights)
    return Reduced(again.weights, again.reach, again.members), sites


def _weight(reach: Reach, weights: Floats, chosen: list[int]) -> float:
    held = np.zeros(len(weights), np.bool_)
    for site in chosen:
        held[reach[site]] = True
    return math.fsum(weights[held]) if held.sum() < 100_000 else float(weights[held].sum())


def _filled(
    reach: Reach, weights: Floats, chosen: list[int], choose: int,
    objective: float, bound: float, status: Status,
) -> Covering:  # fmt: skip
    """Fill up with the sites that give most weight a second one; equal ones in their order."""
    taken = list(chosen)
    held = np.zeros(len(weights), np.int32)
    for site in taken:
        held[reach[site]] += 1
    spare = [site for site in range(len(reach)) if site not in set(taken)]
    while len(taken) < choose and spare:
        second = [float(weights[reach[site]][held[reach[site]] == 1].sum()) for site in spare]
        site = spare.pop(int(np.argmax(second)))
        held[reach[site]] += 1
        taken.append(site)
    gap = 0.0 if bound <= objective else (bound - objective) / objective
    return Covering(objective, bound, gap, tuple(sorted(taken)), status)


def _points(values: ArrayLike, name: str) -> Floats:
    try:
        array = np.ascontiguousarray(np.asarray(values, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise ProtectionInputError(f"{name} is no list of places", column=name) from error
    if array.size == 0:
        return array.reshape(0, 2) if array.ndim < 2 else array
    if array.ndim != 2:
        raise ProtectionInputError(f"{name} needs one place a row", column=name)
    refuse(~np.asarray(np.isfinite(array).all(axis=1)), f"{name} is not finite", name)
    return array
