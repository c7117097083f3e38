"""Scan statistics on real data, in CPU seconds.

    python bench/scan.py [--data ../shared/data] [--repeats 9] [--big] [--null] [--commands]

Each figure is the median of several runs in this process, kernels compiled, zones and all, on one
thread. What it took to compile or load the kernels is printed beside it, and with --commands what
`qalqan flashpoints scan` takes as a whole: start, files, scan, result, with bytecode and kernels
cached as on any second run. The figures of other programs were recorded elsewhere, as whole
commands; none of them could be installed and run here, so they are context, not a race.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from qalqan.science.flashpoints.cylinders import Cylinders
from qalqan.science.flashpoints.montecarlo import Multinomial, null_maxima
from qalqan.science.flashpoints.scan import (
    ScanData,
    ScanOptions,
    ScanResult,
    Stream,
    scan,
    scan_permutation,
    scan_poisson,
)
from qalqan.science.flashpoints.zones import circular_zones

ROOT = Path(__file__).resolve().parent.parent


def leukaemia(folder: Path) -> Callable[[], ScanResult]:
    """New York leukaemia: 281 tracts, half the population, 999 replicates."""
    table = np.genfromtxt(folder / "nydf" / "nydf.csv", delimiter=",", names=True)
    places = np.column_stack([table["longitude"], table["latitude"]])
    cases, population = np.floor(table["cases"]), table["population"]

    def run() -> ScanResult:
        zones = circular_zones(places, population=population)
        return scan_poisson(cases, population, zones, seed=1)

    return run


def ellipses(folder: Path) -> Callable[[], ScanResult]:
    """New York leukaemia with 46 shapes and directions of ellipses about each tract."""
    table = np.genfromtxt(folder / "nydf" / "nydf.csv", delimiter=",", names=True)
    data = ScanData(
        [f"{i:03}" for i in range(len(table))],
        np.column_stack([table["longitude"], table["latitude"]]),
        (Stream(np.floor(table["cases"]), population=table["population"]),),
    )

    def run() -> ScanResult:
        return scan(data, ScanOptions(zones="ellipse", penalty="medium"))

    return run


def type_one(folder: Path, sets: int = 5000) -> tuple[float, float]:
    """Return the share of null sets above the 5 % point, northeast map, 600 cases, and CPU."""
    table = np.genfromtxt(folder / "neast" / "neast.csv", delimiter=",", names=True, dtype=None,
                          encoding="utf-8")  # fmt: skip
    population = table["population"].astype(float)
    start = time.process_time()
    zones = circular_zones(np.column_stack([table["x"], table["y"]]), population=population)
    expected = (population * (600 / population.sum()))[:, None]
    one = np.zeros(1, np.int64)
    cylinders = Cylinders(zones.pointer, zones.members, zones.closed, one, one, expected)
    maxima = null_maxima(
        Multinomial.of(expected, 600), cylinders, total=600, replicates=sets + 99_999, seed=1
    )
    critical = np.quantile(maxima[sets:], 0.95)
    return float((maxima[:sets] > critical).mean()), time.process_time() - start


def fever(folder: Path, *, prospective: bool) -> Callable[[], ScanResult]:
    """New York City fever: 192 postcodes, 24 days, 999 replicates."""
    samples = folder / "satscan_samples"
    rows = [line.split() for line in (samples / "NYCfever.geo").read_text().splitlines() if line]
    index = {row[0]: i for i, row in enumerate(rows)}
    places = np.array([[float(row[1]), float(row[2])] for row in rows])
    cases = np.zeros((len(rows), 24), np.int64)
    for line in (samples / "NYCfever.cas").read_text().splitlines():
        if line.strip():
            area, count, day = line.split()
            cases[index[area], int(day.split("/")[2]) - 1] += int(count)
    radius, duration = (3.0, 7) if prospective else (None, None)

    def run() -> ScanResult:
        zones = circular_zones(
            places, population=cases.sum(axis=1), max_radius=radius, metric="greatcircle"
        )
        return scan_permutation(
            cases, zones, seed=1, prospective=prospective, max_duration=duration
        )

    return run


def big(folder: Path) -> Callable[[], ScanResult]:
    """10,000 areas, 52 weeks, 20,000 cases; 5 % and 12 weeks make 60 million cylinders."""
    with np.load(folder / "synthetic" / "big_10k_52w.npz") as data:
        places, area, week, population = data["xy"], data["area"], data["wk"], data["pop"]
    cases = np.zeros((len(places), 52), np.int64)
    np.add.at(cases, (area, week), 1)

    def run() -> ScanResult:
        zones = circular_zones(places, population=population, max_share=0.05)
        return scan_poisson(cases, population, zones, seed=1, prospective=True, max_duration=12)

    return run


def commands(folder: Path) -> dict[str, list[str]]:
    """Return the arguments of whole commands, by what they scan."""
    nydf, samples = folder / "nydf", folder / "satscan_samples"
    return {
        "nydf Poisson, 50 %, 999": [
            "--cases", str(nydf / "satscan_ny_cases.txt"), "--population",
            str(nydf / "satscan_ny_pop.txt"), "--coordinates",
            str(nydf / "satscan_ny_coords.txt"), "--metric", "plane",
        ],
        "NYC fever permutation, retrospective, 999": [
            "--cases", str(samples / "NYCfever.cas"), "--coordinates",
            str(samples / "NYCfever.geo"), "--model", "permutation", "--time", "retrospective",
        ],
        "NYC fever permutation, prospective, 3 km, 7 d, 999": [
            "--prm", str(samples / "NYCSpaceTimePermutation.prm"),
        ],
    }  # fmt: skip


def whole_command(arguments: list[str], repeats: int = 3) -> float:
    """Return the median CPU seconds of a process that reads, scans and writes."""
    spent = []
    with tempfile.TemporaryDirectory() as name:
        call = [
            sys.executable, "-c", "from qalqan.cli import main; main()", "flashpoints", "scan",
            *arguments, "--workers", "1", "--json", str(Path(name) / "out.json"),
        ]  # fmt: skip
        around = {key: value for key, value in os.environ.items() if "BYTECODE" not in key}
        around["PYTHONPYCACHEPREFIX"] = str(Path(name) / "bytecode")
        for _ in range(repeats + 1):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(call, check=True, capture_output=True, env=around)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent[1:])


def measure(run: Callable[[], ScanResult], repeats: int) -> dict[str, float]:
    """Return the first and the median CPU time, and what was found."""
    start = time.process_time()
    result = run()
    first = time.process_time() - start
    times = []
    for _ in range(repeats):
        start = time.process_time()
        result = run()
        times.append(time.process_time() - start)
    return {
        "first_cpu_s": first,
        "median_cpu_s": statistics.median(times) if times else first,
        "repeats": repeats,
        "llr": result.clusters[0].log_likelihood_ratio,
        "p": result.clusters[0].p_value,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--big", action="store_true", help="also 10,000 areas, one run")
    parser.add_argument("--null", action="store_true", help="also 5,000 sets without a cluster")
    parser.add_argument("--commands", action="store_true", help="also as whole commands")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    folder = options.data / "flashpoints"
    runs = {
        "nydf Poisson, 50 %, 999": (leukaemia(folder), options.repeats, "SaTScan 0.23, smerc 2.1"),
        "nydf Poisson, ellipses, medium penalty, 999": (ellipses(folder), 1, "-"),
        "NYC fever permutation, retrospective, 999": (
            fever(folder, prospective=False), options.repeats, "SaTScan 8.2"
        ),
        "NYC fever permutation, prospective, 3 km, 7 d, 999": (
            fever(folder, prospective=True), options.repeats, "SaTScan 0.073"
        ),
    }  # fmt: skip
    if options.big:
        runs["10,000 areas x 52 weeks, prospective, 999"] = (
            big(folder), 0, "SaTScan about 210, scanstatistics about 10,000"
        )  # fmt: skip
    table = {name: measure(run, repeats) for name, (run, repeats, _) in runs.items()}
    if options.commands:
        for name, arguments in commands(folder).items():
            table[name]["command_cpu_s"] = whole_command(arguments)
    if options.json:
        print(json.dumps(table, indent=2))
        return
    print(
        f"{'what':52} {'CPU s':>8} {'first':>7} {'LLR':>11} {'p':>7} {'command':>8}  "
        "recorded, not run here"
    )
    for name, row in table.items():
        print(
            f"{name:52} {row['median_cpu_s']:8.4f} {row['first_cpu_s']:7.2f} {row['llr']:11.6f} "
            f"{row['p']:7.3f} {row.get('command_cpu_s', math.nan):8.2f}  {runs[name][2]}"
        )
    if options.null:
        share, seconds = type_one(folder)
        print(f"type-I error at 5 %, northeast, 5,000 null sets: {share:.4f} ({seconds:.1f} CPU s)")
    print(f"peak memory {max(row['peak_mb'] for row in table.values()):.0f} MB")


if __name__ == "__main__":
    main()
