"""How the cost of a scan grows with areas, weeks, cases and replicates, in CPU seconds.

    python bench/scale.py [--large]

Areas lie at random in a square with equal population; prospective Poisson scan of space and time.
One thing is changed at a time. The run with 50,000 areas (``--large``) takes a minute or more.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from qalqan.science.flashpoints.scan import scan_poisson
from qalqan.science.flashpoints.zones import circular_zones

BASE = {"areas": 2_000, "weeks": 52, "cases": 10_000, "replicates": 999, "members": 100}
CHANGES = {
    "areas": (1_000, 2_000, 4_000, 8_000),
    "weeks": (13, 26, 52, 104),
    "cases": (2_500, 10_000, 40_000, 160_000),
    "replicates": (255, 999, 3_999),
    "members": (50, 100, 200),
}
WINDOWS = 12


def run(
    areas: int, weeks: int, cases: int, replicates: int, members: int
) -> tuple[float, float, float]:
    """Return CPU seconds of the zones, of the scan, and millions of cylinders."""
    rng = np.random.default_rng(1)
    places = rng.random((areas, 2))
    table = rng.multinomial(cases, np.full(areas * weeks, 1 / (areas * weeks)))
    start = time.process_time()
    zones = circular_zones(places, population=np.ones(areas), max_share=members / areas)
    made = time.process_time()
    scan_poisson(
        table.reshape(areas, weeks), np.ones(areas), zones, seed=1, replicates=replicates,
        prospective=True, max_duration=WINDOWS,
    )  # fmt: skip
    end = time.process_time()
    return made - start, end - made, zones.n_zones * WINDOWS / 1e6


def show(title: str, settings: dict[str, int]) -> None:
    """Measure and print one row."""
    zones, scan, millions = run(**settings)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{title:24} {millions:10.2f} {zones:9.2f} {scan:9.2f} {peak:9.0f}", flush=True)


def main() -> None:
    """Change one thing at a time and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="also 50,000 areas")
    options = parser.parse_args()
    run(**{**BASE, "areas": 200, "replicates": 9, "members": 20})
    print(f"base: {BASE}, windows of 1 to {WINDOWS} weeks")
    print(f"{'changed':24} {'10^6 cyl.':>10} {'zones s':>9} {'scan s':>9} {'peak MB':>9}")
    for name, values in CHANGES.items():
        for value in values:
            show(f"{name} {value:,}", {**BASE, name: value})
    if options.large:
        show(
            "50,000 areas, 255",
            {"areas": 50_000, "weeks": 52, "cases": 100_000, "replicates": 255, "members": 100},
        )


if __name__ == "__main__":
    main()
