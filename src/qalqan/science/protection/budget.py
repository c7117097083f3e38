"""Which measure where under a budget: what is bought, what is proven, what one more million buys.

A site loses ``weight`` if nothing is done. A set of measures removes the share
:math:`1 - \\prod_k (1 - e_k)` of it, so that each further measure at a site brings less. One set is
chosen for each site: a knapsack with multiple choice, whose linear programme is solved exactly by
sorting (Zemel E, 1980, The linear multiple choice knapsack problem, Operations Research 28; Sinha
P, Zoltners A, 1979, Operations Research 27).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.protection._budget_kernels import frontiers, priced, spend
from qalqan.science.protection._budget_relax import Relaxed, floor_cost, relax
from qalqan.science.protection.checks import ProtectionInputError, as_vector, refuse

Floats = NDArray[np.float64]
Index = NDArray[np.int64]
Status = Literal["optimal", "gap_limit", "time_limit"]
MOST_MEASURES = 16


@dataclass(frozen=True, slots=True)
class Choices:
    """Every set of measures worth its money, for each site.

    Attributes
    ----------
    pointer : ndarray, shape (sites + 1,)
        Where the sets of each site begin; the first of each costs nothing.
    costs, gains : ndarray, shape (sets,)
        Money, and weight that is no longer lost; both ascend within a site.
    bits : ndarray, shape (sets,)
        Measures in each set, one bit each.
    on_hull : ndarray, shape (sets,)
        Whether the set lies on the concave hull of its site.
    district : ndarray, shape (sites,)
        District of each site, from 0.
    """

    pointer: Index
    costs: Floats
    gains: Floats
    bits: Index
    on_hull: NDArray[np.bool_]
    district: Index

    def most(self) -> Floats:
        """Return what money without limit would save in each district."""
        last = self.gains[self.pointer[1:] - 1]
        return np.bincount(self.district, last).astype(np.float64)

    def saved(self, chosen: Index) -> Floats:
        """Return what is saved in each district."""
        return np.bincount(self.district, self.gains[chosen], minlength=len(self.most())).astype(
            np.float64
        )


@dataclass(frozen=True, slots=True)
class Purchase:
    """What to buy.

    Attributes
    ----------
    objective : float
        Weight saved.
    bound : float
        What no purchase within the budget can save.
    gap : float
        Difference of the two by the objective.
    spent : float
        Money spent.
    chosen : tuple of (int, int)
        Site and measure.
    places : ndarray, shape (sites,)
        The set chosen for each site, as a place in `Choices`.
    price : float
        Weight that the next unit of money would save if sets could be bought in part: the shadow
        price of the budget, a guide for small sums and no promise for a single purchase.
    status : str
        ``"optimal"`` only if proven.
    """

    objective: float
    bound: float
    gap: float
    spent: float
    chosen: tuple[tuple[int, int], ...]
    places: Index
    price: float
    status: Status


def choices(
    weight: ArrayLike,
    cost: ArrayLike,
    effect: ArrayLike,
    *,
    needs: Sequence[Sequence[int]] | None = None,
    district: Sequence[int] | None = None,
) -> Choices:
    """List the sets of measures that are worth their money at each site.

    Parameters
    ----------
    weight : (sites,)
        What is lost at each site if nothing is done, not negative.
    cost : (sites, measures)
        Money, not negative; infinite where a measure is not possible.
    effect : (sites, measures)
        Share of the loss that the measure alone would remove, in [0, 1].
    needs
        Measures that each measure needs at the same site.
    district
        District of each site, from 0; all in one if not given.

    Raises
    ------
    ProtectionInputError
        A number is out of its range, or there are more than 16 measures.

    Examples
    --------
    >>> found = choices([10.0], [[1.0, 2.0]], [[0.5, 0.5]])
    >>> found.costs.tolist(), found.gains.tolist()
    ([0.0, 1.0, 3.0], [0.0, 5.0, 7.5])
    """
    weights = as_vector(weight, "weight")
    refuse(weights < 0, "weight is below 0", "weight")
    prices, shares = (np.ascontiguousarray(a, dtype=np.float64) for a in (cost, effect))
    if prices.ndim != 2 or prices.shape != shares.shape or len(prices) != len(weights):
        raise ProtectionInputError("cost and effect need one row a site and one column a measure")
    if prices.shape[1] > MOST_MEASURES:
        raise ProtectionInputError(f"at most {MOST_MEASURES} measures can be weighed at once")
    refuse(np.asarray((~(prices >= 0)).any(axis=1)), "cost is below 0 or no number", "cost")
    refuse(
        np.asarray((~((shares >= 0) & (shares <= 1))).any(axis=1)),
        "effect is not between 0 and 1", "effect",
    )  # fmt: skip
    areas = np.zeros(len(weights), np.int64) if district is None else np.asarray(district, np.int64)
    if len(areas) != len(weights) or (len(areas) and areas.min() < 0):
        raise ProtectionInputError("district needs one number from 0 for each site")
    masks = _masks(needs, prices.shape[1])
    pointer, costs, gains, bits, hull = frontiers(prices, shares, masks, weights)
    return Choices(pointer, costs, gains, bits, hull > 0, areas)


def _masks(needs: Sequence[Sequence[int]] | None, measures: int) -> Index:
    masks = np.zeros(measures, np.int64)
    for one, others in enumerate(needs or [()] * measures):
        for other in others:
            if not 0 <= other < measures or other == one:
                raise ProtectionInputError(f"measure {one} cannot need measure {other}")
            masks[one] |= 1 << other
    return masks


def buy(
    options: Choices,
    budget: float,
    *,
    floor: float = 0.0,
    exact: bool = True,
    time_limit: float = math.inf,
    gap: float = 0.0,
) -> Purchase:
    """Choose a set of measures for each site so that most is saved within the budget.

    Parameters
    ----------
    options
        Sets worth their money.
    budget
        Money, not negative.
    floor
        Equity: in each district at least this share of what could be saved there is saved.
    exact
        Whether a solver closes what is left of the gap.
    time_limit
        Seconds for the solver.
    gap
        Relative gap at which the search may end.

    Raises
    ------
    ProtectionInputError
        The budget is below 0, the floor is no share, or the floors cost more than the budget.

    Examples
    --------
    >>> options = choices([10.0, 8.0], [[1.0], [1.0]], [[0.5], [0.5]])
    >>> found = buy(options, 1.0)
    >>> found.objective, found.chosen, found.status
    (5.0, ((0, 0),), 'optimal')
    """
    if not (math.isfinite(budget) and budget >= 0):
        raise ProtectionInputError(f"the budget must be 0 or more, not {budget}", column="budget")
    if not 0 <= floor <= 1:
        raise ProtectionInputError(f"the floor must lie in [0, 1], not {floor}", column="floor")
    floors = floor * options.most()
    relaxed = relax(options, budget, floors)
    if relaxed is None:
        least = floor_cost(options, floors)
        raise ProtectionInputError(
            f"the floors alone cost at least {least:,.0f}, more than the budget of {budget:,.0f}",
            column="budget",
        )
    places = _rounded(options, budget, floors, relaxed)
    bound = _dual(options, budget, floors, relaxed)
    status: Status = "time_limit"
    if places is None or (exact and not _close(options, places, bound, gap)):
        from qalqan.science.protection._budget_exact import improve

        places, bound, status = improve(
            options, budget, floors, relaxed, places, bound, seconds=time_limit
        )
    if places is None:
        raise ProtectionInputError(
            "no purchase was found that keeps every floor within the budget; "
            f"the floors cost at least {floor_cost(options, floors):,.0f}", column="budget",
        )  # fmt: skip
    return _purchase(options, places, bound, relaxed.price, status, gap)


def marginal(
    options: Choices, purchase: Purchase, budget: float, extra: float, *, floor: float = 0.0
) -> tuple[float, float]:
    """Return the least and the most that ``extra`` money beyond the budget can save.

    The difference of two optima, each known between what was found and what is proven.
    """
    more = buy(options, budget + extra, floor=floor, exact=False)
    least = max(0.0, more.objective - purchase.bound)
    most = more.bound - purchase.objective
    return least, max(least, most)


def _dual(options: Choices, budget: float, floors: Floats, relaxed: Relaxed) -> float:
    """Return the bound that the prices of money and floors prove, in plain sums."""
    raised = 1.0 + relaxed.floor_prices
    best, _ = priced(
        options.pointer, options.costs, options.gains,
        np.full(len(options.district), relaxed.price), raised[options.district],
    )  # fmt: skip
    value = math.fsum(best) + relaxed.price * budget - math.fsum(relaxed.floor_prices * floors)
    return min(value * (1 + 1e-12), math.fsum(options.most()))


def _rounded(options: Choices, budget: float, floors: Floats, relaxed: Relaxed) -> Index | None:
    """Return whole sets: those of the linear programme, then what the rest of the money buys."""
    for start in (relaxed.whole, relaxed.floored):
        places = start.copy()
        if not _lift(options, places, floors):
            continue
        left = budget - float(options.costs[places].sum())
        if left >= -1e-9 * max(budget, 1.0):
            spend(options.pointer, options.costs, options.gains, places, max(left, 0.0))
            return places
    return None


def _lift(options: Choices, places: Index, floors: Floats) -> bool:
    """Bring each district to its floor by the cheapest single steps that reach it."""
    missing = floors - options.saved(places)
    missing[missing <= 1e-9 * floors] = 0.0
    for area in np.nonzero(missing > 0)[0]:
        sites = np.nonzero(options.district == area)[0]
        while missing[area] > 1e-9 * floors[area]:
            step = _cheapest(options, places, sites, float(missing[area]))
            if step is None:
                return False
            site, place = step
            missing[area] -= options.gains[place] - options.gains[places[site]]
            places[site] = place
    return True


def _cheapest(
    options: Choices, places: Index, sites: Index, missing: float
) -> tuple[int, int] | None:
    """Return the cheapest step that reaches what is missing, or else the one that gains most."""
    best: tuple[float, int, int] | None = None
    most: tuple[float, int, int] | None = None
    for site in sites.tolist():
        now, end = int(places[site]), int(options.pointer[site + 1])
        if now + 1 >= end:
            continue
        gains = options.gains[now + 1 : end] - options.gains[now]
        place = now + 1 + int(np.searchsorted(gains, missing))
        if place < end:
            extra = float(options.costs[place] - options.costs[now])
            best = min(best, (extra, site, place)) if best else (extra, site, place)
        top = (float(gains[-1]), site, end - 1)
        most = max(most, top) if most else top
    found = best or most
    return None if found is None else (found[1], found[2])


def _close(options: Choices, places: Index, bound: float, gap: float) -> bool:
    reached = math.fsum(options.gains[places])
    return bound <= reached * (1 + max(gap, 1e-9))


def _purchase(
    options: Choices, places: Index, bound: float, price: float, status: Status, gap: float
) -> Purchase:
    objective = math.fsum(options.gains[places])
    if status == "optimal" or bound <= objective * (1 + 1e-9):
        status, bound = "optimal", objective
    apart = (bound - objective) / objective if objective else (math.inf if bound > 0 else 0.0)
    if status != "optimal" and gap and apart <= gap:
        status = "gap_limit"
    chosen = tuple(
        (site, measure)
        for site, place in enumerate(places.tolist())
        for measure in range(MOST_MEASURES)
        if int(options.bits[place]) >> measure & 1
    )
    spent = math.fsum(options.costs[places])
    return Purchase(objective, bound, apart, spent, chosen, places, price, status)
