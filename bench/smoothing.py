"""Empirical Bayes, local statistics and Knox's test, in CPU seconds.

    python bench/smoothing.py [--data ../shared/data] [--repeats 9]

10,000 areas on a hexagonal lattice, 999 permutations; medians of several runs in this process,
kernels compiled. esda is timed in the same run if it can be imported (it is not a dependency);
its 0.53 s for the same task was measured elsewhere.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np

from qalqan.science.flashpoints.local import getis_ord, local_moran
from qalqan.science.flashpoints.nearrepeat import knox
from qalqan.science.flashpoints.smoothing import (
    gamma_poisson,
    global_empirical_bayes,
    spatial_empirical_bayes,
)
from qalqan.science.flashpoints.weights import spatial_weights

ROOT = Path(__file__).resolve().parent.parent
SIDE = 100
STEPS = ((-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, 1))


def cpu(function: Callable[[], object], repeats: int) -> float:
    """Return the median CPU seconds of a call, after one that compiles."""
    function()
    spent = []
    for _ in range(repeats):
        start = time.process_time()
        function()
        spent.append(time.process_time() - start)
    return statistics.median(spent)


def neighbours() -> list[list[int]]:
    rows = []
    for i in range(SIDE * SIDE):
        r, c = divmod(i, SIDE)
        near = ((r + a, c + b) for a, b in STEPS)
        rows.append([a * SIDE + b for a, b in near if 0 <= a < SIDE and 0 <= b < SIDE])
    return rows


def esda_seconds(values: np.ndarray, rows: list[list[int]], repeats: int) -> float | None:
    try:
        from esda.moran import Moran_Local
        from libpysal.weights import W
    except ImportError:
        return None
    weights = W(dict(enumerate(rows)), silence_warnings=True)
    weights.transform = "r"
    return cpu(lambda: Moran_Local(values, weights, permutations=999, seed=1), repeats)


def thefts(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    with (folder / "nyc_vehicle_thefts" / "nycvehiclethefts.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    days = [date.fromisoformat(row["date_single"][:10]).toordinal() for row in rows]
    places = [(float(row["latitude"]), float(row["longitude"])) for row in rows]
    return np.array(days), np.array(places)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--repeats", type=int, default=9)
    given = parser.parse_args()
    rng, rows = np.random.default_rng(1), neighbours()
    values, people = rng.normal(size=SIDE * SIDE), rng.integers(100, 5000, SIDE * SIDE)
    cases, weights = rng.poisson(people * 0.005), spatial_weights(rows)
    standard = weights.row_standardised()
    for name, call in (
        ("local Moran's I, 999 permutations", lambda: local_moran(values, standard, seed=1)),
        ("Getis and Ord's G*, 999 permutations", lambda: getis_ord(values, weights, seed=1)),
        ("global empirical Bayes", lambda: global_empirical_bayes(cases, people)),
        ("spatial empirical Bayes", lambda: spatial_empirical_bayes(cases, people, weights)),
        ("Gamma-Poisson with intervals", lambda: gamma_poisson(cases, people)),
    ):
        print(f"{name:<52} {cpu(call, given.repeats):8.4f} CPU s")
    peer = esda_seconds(values, rows, given.repeats)
    told = "not installed; 0.53 measured elsewhere" if peer is None else f"{peer:8.4f} CPU s"
    print(f"{'esda, local Moran, 999 permutations':<52} {told}")
    folder = given.data / "flashpoints"
    if folder.is_dir():
        times, places = thefts(folder)
        spent = cpu(
            lambda: knox(
                times, places, distances=np.arange(1, 11) / 10, periods=np.arange(1, 9) * 7,
                seed=1, metric="greatcircle",
            ),
            1,
        )  # fmt: skip
        print(f"{f'Knox, {times.size:,} thefts, 10 × 8 bands, 999':<52} {spent:8.2f} CPU s")


if __name__ == "__main__":
    main()
