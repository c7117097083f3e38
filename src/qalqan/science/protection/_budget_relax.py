"""The linear programme of the budget, solved exactly: steps of all sites sorted by their worth.

The best use of money in parts takes the steps of the concave hulls, steepest first: in each
district until its floor is reached, then in all districts until the money is gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from qalqan.science.protection.budget import Choices

Floats = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Solution of the linear programme.

    Attributes
    ----------
    price : float
        Gain that the next unit of money brings.
    floor_prices : ndarray, shape (districts,)
        What each unit of a floor costs in gain elsewhere.
    floored : ndarray, shape (sites,)
        Sets after the whole steps that the floors need.
    whole : ndarray, shape (sites,)
        Sets after all whole steps; the step taken in part is left out.
    """

    price: float
    floor_prices: Floats
    floored: Index
    whole: Index


@dataclass(frozen=True, slots=True)
class _Steps:
    """Steps along the hulls, steepest first."""

    site: Index
    to: Index
    cost: Floats
    gain: Floats
    slope: Floats


def _steps(options: Choices) -> _Steps:
    places = np.nonzero(options.on_hull)[0]
    site = np.searchsorted(options.pointer, places, side="right") - 1
    follows = np.r_[False, site[1:] == site[:-1]]
    to, before = places[follows], places[np.r_[follows[1:], False]]
    cost = options.costs[to] - options.costs[before]
    gain = options.gains[to] - options.gains[before]
    with np.errstate(divide="ignore"):
        slope = gain / cost
    order = np.lexsort((to, -slope))
    return _Steps(site[follows][order], to[order], cost[order], gain[order], slope[order])


def _floor_parts(
    steps: _Steps, district: Index, floors: Floats
) -> tuple[NDArray[np.bool_], Floats, Floats]:
    """Return steps that floors need whole, the slopes at which they are met, and part costs."""
    needed = np.zeros(len(steps.site), np.bool_)
    slopes, part = np.full(len(floors), np.inf), np.zeros(len(floors))
    areas = district[steps.site]
    for area in np.nonzero(floors > 0)[0]:
        mine = np.nonzero(areas == area)[0]
        total = np.cumsum(steps.gain[mine])
        # Rounding in the sum must not ask for a step that gains nothing.
        last = min(int(np.searchsorted(total, floors[area] * (1 - 1e-9))), len(mine) - 1)
        needed[mine[:last]] = True
        slopes[area] = steps.slope[mine[last]]
        before = float(total[last - 1]) if last else 0.0
        share = min(1.0, (floors[area] - before) / steps.gain[mine[last]])
        part[area] = share * steps.cost[mine[last]]
    return needed, slopes, part


def _beyond(options: Choices, floors: Floats) -> Floats:
    """Return what the floors ask for beyond what costs nothing."""
    missing: Floats = floors - options.saved(options.pointer[:-1])
    # Rounding must not leave a district to pay for what it has.
    return np.where(missing > 1e-9 * floors, missing, 0.0)


def floor_cost(options: Choices, floors: Floats) -> float:
    """Return the least money that any purchase needs to keep the floors."""
    steps = _steps(options)
    needed, _, part = _floor_parts(steps, options.district, _beyond(options, floors))
    return float(steps.cost[needed].sum() + part.sum())


def relax(options: Choices, budget: float, floors: Floats) -> Relaxed | None:
    """Solve the linear programme; None if the floors alone cost more than the budget."""
    steps = _steps(options)
    needed, slopes, part = _floor_parts(steps, options.district, _beyond(options, floors))
    left = budget - float(steps.cost[needed].sum() + part.sum())
    if left < -1e-9 * max(budget, 1.0):
        return None
    floored, whole = options.pointer[:-1].copy(), options.pointer[:-1].copy()
    np.maximum.at(floored, steps.site[needed], steps.to[needed])
    free = np.nonzero(~needed)[0]
    # The part of a step that a floor has paid for is not paid for again.
    paid = np.zeros(len(steps.site))
    areas = options.district[steps.site]
    for area in np.nonzero(part > 0)[0]:
        mine = free[areas[free] == area]
        if len(mine):
            paid[mine[0]] = part[area]
    total = np.cumsum(steps.cost[free] - paid[free])
    count = int(np.searchsorted(total, left * (1 + 1e-12), side="right"))
    price = float(steps.slope[free[count]]) if count < len(free) else 0.0
    np.maximum.at(whole, steps.site[needed], steps.to[needed])
    np.maximum.at(whole, steps.site[free[:count]], steps.to[free[:count]])
    with np.errstate(divide="ignore", invalid="ignore"):
        raised = np.where(slopes < price, price / slopes - 1.0, 0.0)
    return Relaxed(price, np.maximum(raised, 0.0), floored, whole)
