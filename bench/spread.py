"""Spread: claim-windows and node-runs a second, memory, and the choice of messengers.

    python bench/spread.py [--nodes 1000000] [--runs 8]

Times are CPU seconds; a node-run is one node of the network in one run, reached or not. Two cores
do twice as many, as runs share nothing (wall-clock figures are printed beside).
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from qalqan.science.spread.messengers import choose_messengers
from qalqan.science.spread.network import Network, random_network
from qalqan.science.spread.reproduction import estimate
from qalqan.science.spread.simulate import Scenario, simulate


def reproduction() -> None:
    """5,000 claims of two weeks of hours, windows of a day."""
    rng = np.random.default_rng(1)
    counts = rng.poisson(3 * rng.gamma(0.5, 2, (5000, 1)), (5000, 336))
    interval = np.concatenate([[0.0], rng.dirichlet(np.ones(24))])
    estimate(counts[:10], interval, window=24)
    best = np.inf
    for _ in range(5):
        start = time.process_time()
        found = estimate(counts, interval, window=24)
        best = min(best, time.process_time() - start)
    size = found.mean.size
    print(f"reproduction: {size:,} claim-windows, {size / best / 1e6:.1f} million a CPU second")


def memory() -> str:
    """Most memory of this process so far."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return "unknown"
    peak = next(line for line in lines if line.startswith("VmHWM"))
    return f"{int(peak.split()[1]) // 1024} MB"


def spreads(nodes: int, runs: int) -> None:
    rng = np.random.default_rng(1)
    degrees = rng.negative_binomial(2, 0.25, nodes) + 1
    for chance in (0.12, 0.15, 0.2):
        net: Network = random_network(degrees, chance=chance, rng=rng)
        for name, scenario in {
            "claim alone": Scenario(tuple(range(20)), end=1000.0),
            "with correction at 3 h": Scenario(
                tuple(range(20)), answerers=tuple(range(20, 40)), answer_at=3.0, end=1000.0
            ),
        }.items():
            simulate(net, scenario, runs=1)
            for threads in (1, 2):
                wall, cpu = time.perf_counter(), time.process_time()
                found = simulate(net, scenario, runs=runs, threads=threads)
                wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
                print(
                    f"  chance {chance}, {name:<22} {threads} threads: believed "
                    f"{found.believed.mean() / nodes:5.1%}, corrected "
                    f"{found.corrected.mean() / nodes:5.1%}; million node-runs: "
                    f"{runs * nodes / cpu / 1e6:.2f} a CPU second, "
                    f"{runs * nodes / wall / 1e6:.2f} a second on the clock"
                )
    print(f"  most memory: {memory()}")


def messengers() -> None:
    rng = np.random.default_rng(2)
    net = random_network(rng.zipf(2.2, 20_000).clip(1, 500), chance=0.05, rng=rng)
    kinds = ["group"] * net.nodes
    for epsilon in (0.3, 0.1):
        start = time.process_time()
        found = choose_messengers(net, kinds, 10, epsilon=epsilon, runs=1000)
        print(
            f"messengers, 20,000 groups, 10 asked, epsilon {epsilon}: {found.sets:,} sets, "
            f"{time.process_time() - start:.1f} CPU s; reach {found.reach.value:.1f}, most "
            f"connected {found.plain_reach.value:.1f}, difference {found.gain.value:.2f} "
            f"({found.gain.low:.2f} to {found.gain.high:.2f}): "
            f"{'better' if found.better else 'no better'}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=8)
    given = parser.parse_args()
    print(f"simulation, {given.nodes:,} nodes, {given.runs} runs:")
    spreads(given.nodes, given.runs)
    reproduction()
    messengers()


if __name__ == "__main__":
    main()
