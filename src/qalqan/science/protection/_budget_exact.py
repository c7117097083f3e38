"""What is left of the gap, closed by a solver on the sets that a better purchase can hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from qalqan.science.protection._budget_kernels import priced
from qalqan.science.protection._budget_relax import Relaxed
from qalqan.science.protection._mip import Programme, solve

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    from qalqan.science.protection.budget import Choices

Floats = NDArray[np.float64]
Index = NDArray[np.int64]
_MOST_SETS = 400_000


def improve(
    options: Choices,
    budget: float,
    floors: Floats,
    relaxed: Relaxed,
    places: Index | None,
    bound: float,
    *,
    seconds: float,
) -> tuple[Index | None, float, Literal["optimal", "time_limit"]]:
    """Return a purchase that is no worse, a bound that is no higher, and whether it is proven.

    A set whose price-adjusted gain falls so short of the best of its site that the bound with it
    lies below the purchase in hand cannot be in a better one.
    """
    site = np.repeat(np.arange(len(options.district)), np.diff(options.pointer))
    raised = 1.0 + relaxed.floor_prices[options.district]
    best, _ = priced(
        options.pointer, options.costs, options.gains,
        np.full(len(raised), relaxed.price), raised,
    )  # fmt: skip
    short = best[site] - (raised[site] * options.gains - relaxed.price * options.costs)
    reached = -math.inf if places is None else math.fsum(options.gains[places])
    keep = bound - short >= reached * (1 - 1e-12)
    if places is not None:
        keep[places] = True
    kept = np.nonzero(keep)[0]
    if len(kept) > _MOST_SETS:
        return places, bound, "time_limit"
    start = None if places is None else np.isin(kept, places).astype(np.float64)
    solved = solve(
        _programme(options, budget, floors, kept, site[kept]), start=start, seconds=seconds
    )
    if solved.status == "infeasible" and places is None:
        return None, bound, "time_limit"
    if solved.values is not None:
        found = kept[solved.values > 0.5]
        if math.fsum(options.gains[found]) > reached and len(found) == len(options.district):
            places, reached = found, math.fsum(options.gains[found])
    if solved.status == "optimal":
        return places, reached, "optimal"
    if math.isfinite(solved.bound):
        bound = max(reached, min(bound, solved.bound * (1 + 1e-9)))
    return places, bound, "time_limit"


def _programme(
    options: Choices, budget: float, floors: Floats, kept: Index, site: Index
) -> Programme:
    """One set for each site, the money, and the floors."""
    from scipy.sparse import csr_matrix, vstack

    count = len(kept)
    one = csr_matrix(
        (np.ones(count), (site, np.arange(count))), shape=(len(options.district), count)
    )
    rows: list[csr_matrix] = [one, csr_matrix(options.costs[kept])]
    areas = np.nonzero(floors > 0)[0]
    for area in areas:
        inside = options.district[site] == area
        rows.append(csr_matrix(np.where(inside, options.gains[kept], 0.0)))
    sites = len(options.district)
    return Programme(
        gain=options.gains[kept],
        matrix=csr_matrix(vstack(rows)),
        low=np.r_[np.ones(sites), -np.inf, floors[areas] * (1 - 1e-9)],
        high=np.r_[np.ones(sites), budget, np.full(len(areas), np.inf)],
        upper=np.ones(count),
        whole=np.ones(count, np.bool_),
    )
