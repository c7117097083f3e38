"""Maximal covering beside spopt and plain HiGHS, in one run.

    python bench/coverage.py [--peers] [--limit 120] [--only NAME]

Demands and sites fall evenly on a square of 10 km, weights are whole numbers from 1 to 100, seed 0.
Seconds are of the wall and of the processor (children of the process included: spopt calls CBC as
one). spopt gets the table of distances ready made; its answer counts as proven only if the solver
ended before the limit. "HiGHS" is the textbook programme with one row a demand, nothing merged.

Radii differ in difficulty: few overlaps are easy for everybody; hardest is where the sites chosen
could just about reach everybody. The rows with "hard" are of that kind and have no target.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qalqan.science.protection.coverage import Covering, maximal, within

SIDE = 10_000.0


@dataclass(frozen=True)
class Case:
    """One problem with its target."""

    name: str
    demands: int
    sites: int
    choose: int
    radius: float
    limit: float
    gap: float = 0.0
    peers: tuple[str, ...] = ()


CASES = (
    Case("2k x 300, 20", 2_000, 300, 20, 1_000, 30, peers=("spopt", "highs")),
    Case("2k x 300, 20, more overlap", 2_000, 300, 20, 1_100, 30, peers=("spopt", "highs")),
    Case("2k x 300, 20, hard", 2_000, 300, 20, 1_300, 60, peers=("highs",)),
    Case("5k x 1000, 40", 5_000, 1_000, 40, 500, 30, peers=("spopt", "highs")),
    Case("5k x 1000, 40, more overlap", 5_000, 1_000, 40, 600, 30, peers=("spopt", "highs")),
    Case("5k x 1000, 40, hard", 5_000, 1_000, 40, 800, 30, peers=("highs",)),
    Case("1M x 300, 40", 1_000_000, 300, 40, 500, 20, 0.005),
    Case("1M x 300, 40, more overlap", 1_000_000, 300, 40, 650, 20, 0.005),
    Case("1M x 300, 40, hard", 1_000_000, 300, 40, 1_000, 20, 0.005),
    Case("20k x 2000, 60", 20_000, 2_000, 60, 500, 60, 0.01),
    Case("20k x 2000, 60, hard", 20_000, 2_000, 60, 700, 60, 0.01),
)


def problem(case: Case) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return demands, sites and weights."""
    rng = np.random.default_rng(0)
    demand = rng.uniform(0, SIDE, (case.demands, 2))
    sites = rng.uniform(0, SIDE, (case.sites, 2))
    return demand, sites, rng.integers(1, 101, case.demands).astype(float)


def spent() -> float:
    """Return CPU seconds of this process and its children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def ours(case: Case) -> Covering:
    """Return our answer; finding who is within reach is part of it."""
    demand, sites, weights = problem(case)
    start = time.monotonic()
    reach = within(demand, sites, case.radius)
    left = case.limit - (time.monotonic() - start)
    return maximal(reach, weights, case.choose, clock=time.monotonic, time_limit=left, gap=case.gap)


def spopt(case: Case, limit: float) -> str:
    """Return what spopt finds."""
    import pulp
    from scipy.spatial.distance import cdist
    from spopt.locate import MCLP

    demand, sites, weights = problem(case)
    model = MCLP.from_cost_matrix(
        cdist(demand, sites), weights, service_radius=case.radius, p_facilities=case.choose
    )
    solved = model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=limit))
    return f"{pulp.value(solved.problem.objective):.0f} ({pulp.LpStatus[solved.problem.status]})"


def highs(case: Case, limit: float) -> str:
    """Return what HiGHS finds for the textbook programme."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix, hstack, identity, vstack

    demand, sites, weights = problem(case)
    reach = within(demand, sites, case.radius)
    rows = np.concatenate(reach)
    columns = np.repeat(np.arange(case.sites), [len(part) for part in reach])
    table = csr_matrix((-np.ones(len(rows)), (rows, columns)), shape=(case.demands, case.sites))
    matrix = vstack([
        hstack([table, identity(case.demands)]),
        hstack([csr_matrix(np.ones((1, case.sites))), csr_matrix((1, case.demands))]),
    ])  # fmt: skip
    found = milp(
        np.r_[np.zeros(case.sites), -weights], bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, ub=np.r_[np.zeros(case.demands), case.choose]),
        integrality=np.r_[np.ones(case.sites), np.zeros(case.demands)],
        options={"time_limit": limit, "mip_rel_gap": 0.0},
    )  # fmt: skip
    value = "nothing" if found.fun is None else f"{-found.fun:.0f}"
    return f"{value} ({'proven' if found.status == 0 else 'cut off'}, gap {found.mip_gap:.2%})"


def timed(name: str, act: Callable[[], str]) -> None:
    """Print what an act says and how long it took."""
    wall, cpu = time.monotonic(), spent()
    said = act()
    print(
        f"  {name:<8} {time.monotonic() - wall:8.2f} s wall {spent() - cpu:8.2f} s CPU  {said}",
        flush=True,
    )


def words(found: Covering) -> str:
    """Return an answer in one line."""
    return f"{found.objective:.0f}, at most {found.bound:.0f}, gap {found.gap:.3%}, {found.status}"


def main() -> None:
    """Run every case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", action="store_true", help="also run spopt and HiGHS")
    parser.add_argument("--limit", type=float, default=120.0, help="seconds for a peer")
    parser.add_argument("--only", default="", help="part of a case's name")
    options = parser.parse_args()
    maximal([np.array([0, 1]), np.array([1, 2]), np.array([0, 2])], [1.0, 1.0, 1.0], 1)
    for case in (case for case in CASES if options.only in case.name):
        print(f"{case.name} (radius {case.radius:.0f} m)", flush=True)
        timed("ours", lambda case=case: words(ours(case)))
        if options.peers:
            for name, act in (("spopt", spopt), ("HiGHS", highs)):
                if name.lower() in case.peers:
                    timed(name, lambda act=act, case=case: act(case, options.limit))


if __name__ == "__main__":
    main()
