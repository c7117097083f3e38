"""Security games beside HiGHS: one million targets, a thousand random games, shifts and zones.

    python bench/game.py [--games 1000] [--seed 1] [--lp-limit 250] [--only-equal]

CPU seconds of one thread, kernels compiled. The linear programme is the peer, solved by HiGHS in
the same run: at 10,000 targets in full, at 100,000 and 1,000,000 cut off at the limit if it is
given (`--lp-limit 0` leaves these two out; they take minutes).
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.science.protection.linear_programmes import (  # noqa: E402
    defender_value_if_attacked,
    least_attacker_value,
)

from qalqan.science.protection.columngen import solve_scheduled  # noqa: E402
from qalqan.science.protection.game import solve  # noqa: E402
from qalqan.science.protection.payoffs import Payoffs, checked  # noqa: E402
from qalqan.science.protection.shifts import shifts  # noqa: E402


def random_game(n: int, rng: np.random.Generator, *, whole: bool = False) -> Payoffs:
    """Draw payoffs: evenly, or whole numbers so that there are many ties."""

    def draw(low: float, high: float) -> np.ndarray:
        values = rng.uniform(low, high, n)
        return np.round(values) if whole else values

    return checked(draw(1, 5), draw(-10, -1), draw(-5, -1), draw(1, 10))


def million(rng: np.random.Generator) -> None:
    for n, resources in ((10_000, 50), (100_000, 500), (1_000_000, 1000), (1_000_000, 100_000)):
        game = random_game(n, rng)
        spent = []
        for _ in range(7):
            start = time.process_time()
            found = solve(game, resources)
            spent.append(time.process_time() - start)
        print(f"ours, {n:9,} targets, {resources:7,} resources: {np.median(spent):.4f} s CPU, "
              f"{found.passes} passes, attacker {found.attacker_value:.6f}")  # fmt: skip


def peer(rng: np.random.Generator, limit: float) -> None:
    for n in (1_000, 10_000) + ((100_000, 1_000_000) if limit else ()):
        game = random_game(n, rng)
        start = time.process_time()
        value = least_attacker_value(game, max(5, n // 1000), limit=limit or None)
        spent = time.process_time() - start
        ours = solve(game, max(5, n // 1000)).attacker_value
        said = "cut off" if value is None else f"difference {abs(value - ours):.1e}"
        print(f"HiGHS, {n:9,} targets: {spent:.2f} s CPU, {said}")


def equal(rng: np.random.Generator, games: int) -> None:
    worst, worst_defender = 0.0, 0.0
    largest = 0
    for number in range(games):
        n = int(np.exp(rng.uniform(0, np.log(10_000))))
        n = 10_000 if number % 100 == 0 else max(1, n)
        game = random_game(n, rng, whole=bool(number % 2))
        resources = int(np.exp(rng.uniform(0, np.log(max(2, n / 3)))))
        found = solve(game, resources)
        worst = max(worst, abs(found.attacker_value - least_attacker_value(game, resources)))
        if n <= 40:
            best = max(defender_value_if_attacked(game, resources, row) for row in range(n))
            worst_defender = max(worst_defender, abs(found.defender_value - best))
        largest = max(largest, n)
    print(f"{games} random games of 1 to {largest:,} targets, half of them with many ties: the "
          f"attacker's value is the programme's to {worst:.1e}; the defender's (games of "
          f"up to 40, one programme a target) to {worst_defender:.1e}")  # fmt: skip


def scheduled(rng: np.random.Generator) -> None:
    for kinds, zones in ((5, 250), (5, 80), (50, 250), (5, 40)):
        n = 1000
        game = random_game(n, rng)
        limits = rng.integers(2, 6, (kinds, zones)) * (rng.random((kinds, zones)) < 0.6)
        limits[0] = np.maximum(1, limits[0])
        may = rng.random((kinds, n)) < 0.8
        may[0] = True
        held = shifts(rng.integers(0, zones, n), limits, [50 // kinds] * kinds, may)
        start = time.process_time()
        found = solve_scheduled(game, held)
        spent = time.process_time() - start
        print(f"shifts: 1,000 targets, 50 resources of {kinds} kinds, {zones} zones: {spent:.2f} s "
              f"CPU, {found.rounds} rounds, defender {found.defender_value:.6f}, bound "
              f"{found.defender_bound:.6f}, gap {found.gap:.1e}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lp-limit", type=float, default=0.0)
    parser.add_argument("--only-equal", action="store_true", help="only compare with HiGHS")
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    solve(random_game(10, rng), 2)
    if not given.only_equal:
        million(rng)
        peer(rng, given.lp_limit)
        scheduled(rng)
    equal(rng, given.games)


if __name__ == "__main__":
    main()
