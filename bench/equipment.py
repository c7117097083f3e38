"""Equipment for 5,000 sites out of 12 measures, beside plain HiGHS on the same sets of measures.

    python bench/equipment.py [--sites 5000] [--measures 12] [--peers] [--limit 50]

Costs and effects differ by site; two measures need another; 13 districts each get a share of what
could be saved there. The peer gets the textbook programme: one binary variable for each site and
set of measures worth its money, the budget and the floors.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from qalqan.science.protection.budget import Choices, buy, choices, marginal


def problem(sites: int, measures: int) -> Choices:
    """Return made-up sites with the sets of measures worth their money."""
    rng = np.random.default_rng(1)
    weight = rng.lognormal(3, 1, sites)
    cost = rng.uniform(5e4, 2e6, measures) * rng.uniform(0.7, 1.5, (sites, measures))
    effect = rng.uniform(0.05, 0.4, measures) * rng.uniform(0.5, 1.3, (sites, measures))
    needs: list[list[int]] = [[] for _ in range(measures)]
    needs[3], needs[5] = [0], [3]
    return choices(
        weight, cost, np.clip(effect, 0, 0.9), needs=needs,
        district=rng.integers(0, 13, sites).tolist(),
    )  # fmt: skip


def highs(options: Choices, budget: float, floor: float, limit: float) -> str:
    """Return what HiGHS finds for the whole programme."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix, vstack

    site = np.repeat(np.arange(len(options.district)), np.diff(options.pointer))
    count, sites = len(options.costs), len(options.district)
    areas = len(options.most())
    one = csr_matrix((np.ones(count), (site, np.arange(count))), shape=(sites, count))
    saved = csr_matrix(
        (options.gains, (options.district[site], np.arange(count))), shape=(areas, count)
    )
    rows = vstack([one, csr_matrix(options.costs), saved])
    low = np.r_[np.ones(sites), -np.inf, floor * options.most()]
    high = np.r_[np.ones(sites), budget, np.full(areas, np.inf)]
    found = milp(
        -options.gains, bounds=Bounds(0, 1), integrality=np.ones(count),
        constraints=LinearConstraint(rows, low, high), options={"time_limit": limit},
    )  # fmt: skip
    if found.fun is None:
        return "nothing"
    return f"{-found.fun:,.1f}, gap {found.mip_gap:.3%}, {'ended' if not found.status else 'cut'}"


def main() -> None:
    """Run a few budgets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=5_000)
    parser.add_argument("--measures", type=int, default=12)
    parser.add_argument("--peers", action="store_true", help="also run HiGHS")
    parser.add_argument("--limit", type=float, default=50.0, help="seconds for the peer")
    given = parser.parse_args()
    buy(problem(20, 6), 1e6, exact=False)
    for most, floor in ((2e9, 0.0), (2e9, 0.3), (5e8, 0.1)):
        budget = most * given.sites / 5_000
        wall, cpu = time.monotonic(), time.process_time()
        options = problem(given.sites, given.measures)
        found = buy(options, budget, floor=floor, time_limit=8.0)
        took, burnt = time.monotonic() - wall, time.process_time() - cpu
        low, high = marginal(options, found, budget, 1e6, floor=floor)
        print(
            f"budget {budget:,.0f}, floor {floor:.0%}: {took:.2f} s wall, {burnt:.2f} s CPU; "
            f"saved {found.objective:,.1f}, at most {found.bound:,.1f}, gap {found.gap:.4%}, "
            f"{found.status}; one more million saves {low:.2f} to {high:.2f}",
            flush=True,
        )
        if given.peers:
            wall = time.monotonic()
            said = highs(options, budget, floor, given.limit)
            print(f"  HiGHS {time.monotonic() - wall:.1f} s wall: {said}", flush=True)


if __name__ == "__main__":
    main()
