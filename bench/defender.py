"""What the defender gets in 200 random games of 50 targets and 5 resources, by rule.

    python bench/defender.py [--games 200] [--seed 1]

Payoffs drawn evenly: defender 1 to 5 covered, -10 to -1 not; attacker -5 to -1 covered, 1 to 10
not. All rules meet the same attacker, who knows the probabilities and breaks ties for the
defender. Intervals: bootstrap over games, paired, 95 %.
"""

from __future__ import annotations

import argparse

import numpy as np

from qalqan.science.protection.baselines import baselines
from qalqan.science.protection.game import respond, solve
from qalqan.science.protection.payoffs import checked
from qalqan.science.protection.robust import interval, maximin

RULES = ("uniform", "fixed", "proportional")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--games", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    values: dict[str, list[float]] = {name: [] for name in (*RULES, "maximin", "equilibrium")}
    robust: list[tuple[float, float]] = []
    for _ in range(given.games):
        own = rng.uniform(1, 5, 50), rng.uniform(-10, -1, 50)
        theirs = rng.uniform(-5, -1, 50), rng.uniform(1, 10, 50)
        game = checked(*own, *theirs)
        for name, rule in baselines(game, 5).items():
            values[name].append(rule.response.defender_value)
        found = solve(game, 5)
        values["equilibrium"].append(found.defender_value)
        values["maximin"].append(respond(game, maximin(game, 5).coverage).defender_value)
        # The attacker's payoffs are known to within 1 only.
        low = checked(*own, theirs[0] - 1, theirs[1] - 1)
        high = checked(*own, theirs[0] + 1, theirs[1] + 1)
        true = checked(*own, *(part + rng.uniform(-1, 1, 50) for part in theirs))
        sure = interval(low, high, 5).coverage
        robust.append(
            (respond(true, found.coverage).defender_value, respond(true, sure).defender_value)
        )
    best = np.array(values["equilibrium"])
    picks = rng.integers(0, given.games, (10_000, given.games))
    for name, held in values.items():
        gains = best - np.array(held)
        low, high = np.quantile(gains[picks].mean(axis=1), [0.025, 0.975])
        print(f"{name:13} {np.mean(held):6.2f}   equilibrium gains {gains.mean():5.2f} "
              f"({low:.2f} to {high:.2f}); never loses: {(gains >= -1e-9).all()}")  # fmt: skip
    off = np.array(robust)
    gains = off[:, 1] - off[:, 0]
    low, high = np.quantile(gains[picks].mean(axis=1), [0.025, 0.975])
    print(f"payoffs off by up to 1: equilibrium {off[:, 0].mean():.2f}, interval "
          f"{off[:, 1].mean():.2f}, gain {gains.mean():.2f} ({low:.2f} to {high:.2f})")  # fmt: skip


if __name__ == "__main__":
    main()
