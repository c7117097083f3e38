"""Polls beside `svy` (Rust) and R's survey: a million respondents, five hundred replicates.

    python bench/polls.py [--rows 1000000] [--repeat 3] [--peer-repeat 1] [--r]

Three jobs, each means of 20 variables in 50 domains: Taylor linearisation over 1,000 strata with
10 clusters each; the same without clusters (each respondent drawn by itself); 500 jackknife
replicates (jk1, 500 clusters). Medians of wall seconds and of CPU seconds of the process, all
threads added. `svy` gets a frame that is already in memory and its design already made, for the
jackknife the 500 weights of replicates already written out (its time to write them stands
beside); ours starts from bare columns each time. With --r, where R and its package are installed,
R does one of the 20 variables of the first job. Standard errors must agree to 1e-9 of themselves.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from qalqan.science.polls import replicates
from qalqan.science.polls.design import Design, design
from qalqan.science.polls.estimate import mean
from qalqan.science.polls.variance import domains

STRATA, CLUSTERS, DOMAINS, VARIABLES, REPLICATES = 1000, 10, 50, 20, 500


def drawn(rows: int) -> dict[str, Any]:
    """Draw a poll; clusters and strata lie in order, as in a file sorted by place."""
    rng = np.random.default_rng(7)
    cluster = np.arange(rows) * (STRATA * CLUSTERS) // rows
    shift = rng.normal(0, 0.5, STRATA * CLUSTERS)[cluster]
    return {
        "stratum": cluster // CLUSTERS,
        "cluster": cluster,
        "half": np.arange(rows) * REPLICATES // rows,
        "weight": rng.gamma(4.0, 5.0, rows),
        "domain": rng.integers(0, DOMAINS, rows),
        "y": [rng.normal(10, 2, rows) + shift for _ in range(VARIABLES)],
    }


def median(job: Callable[[], Any], repeat: int) -> tuple[float, float, Any]:
    wall, cpu, result = [], [], None
    for _ in range(repeat):
        began, used = time.perf_counter(), time.process_time()
        result = job()
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
    return float(np.median(wall)), float(np.median(cpu)), result


def ours_taylor(data: dict[str, Any], *, clusters: bool) -> np.ndarray:
    held: Design = design(
        data["weight"], strata=data["stratum"], clusters=[data["cluster"]] if clusters else []
    )
    by = domains(held, data["domain"], DOMAINS)
    return np.array([mean(held, values, by=by).se for values in data["y"]])


def ours_jackknife(data: dict[str, Any]) -> np.ndarray:
    held = design(data["weight"], clusters=[data["half"]])
    made = replicates.jackknife(held)
    found = [replicates.estimate(made, "mean", y, by=data["domain"]) for y in data["y"]]
    return np.array([one.estimates.se for one in found])


def peer_jobs(data: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    import polars as pl
    import svy

    names = [f"y{k}" for k in range(VARIABLES)]
    columns = {name: data[name] for name in ("stratum", "cluster", "half", "weight", "domain")}
    frame = pl.DataFrame(columns | dict(zip(names, data["y"], strict=True)))
    clustered = svy.Sample(frame, svy.Design(stratum="stratum", psu="cluster", wgt="weight"))
    plain = svy.Sample(frame, svy.Design(stratum="stratum", wgt="weight"))
    began = time.perf_counter()
    halves = svy.Sample(frame, svy.Design(psu="half", wgt="weight"))
    written = halves.weighting.create_jk_wgts(rep_prefix="r")
    print(f"svy, writing 500 weights: {time.perf_counter() - began:.2f} s wall", flush=True)
    return {
        "taylor, clusters": lambda: clustered.estimation.mean(names, by="domain"),
        "taylor, rows": lambda: plain.estimation.mean(names, by="domain"),
        "500 replicates": lambda: written.estimation.mean(names, by="domain", method="replication"),
    }


def errors_of(estimates: Any) -> np.ndarray:
    found = np.empty((VARIABLES, DOMAINS))
    for row, one in enumerate(estimates):
        for cell in one.estimates:
            found[row, int(cell.by_level[0])] = cell.se
    return found


R_SCRIPT = """
suppressMessages(library(survey)); a <- commandArgs(TRUE); d <- read.csv(a[1])
began <- proc.time()
s <- svydesign(id=~cluster, strata=~stratum, weights=~weight, data=d)
b <- svyby(~y, ~domain, s, svymean)
used <- proc.time() - began
cat(used[["elapsed"]], used[["user.self"]] + used[["sys.self"]], "\\n")
cat(format(SE(b), digits=15), "\\n")
"""


def in_r(data: dict[str, Any], ours: np.ndarray) -> None:
    if shutil.which("Rscript") is None:
        print("R is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        path, script = Path(folder, "d.csv"), Path(folder, "d.R")
        script.write_text(R_SCRIPT, encoding="utf-8")
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["cluster", "stratum", "weight", "domain", "y"])
            columns = [data[k].tolist() for k in ("cluster", "stratum", "weight", "domain")]
            writer.writerows(zip(*columns, data["y"][0].tolist(), strict=True))
        try:
            done = subprocess.run(
                ["Rscript", str(script), str(path)], capture_output=True, text=True,
                check=True, timeout=1800,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            print("R, taylor, clusters, 1 variable of 20: not done after 1,800 s")
            return
    first, second = done.stdout.strip().split("\n")[:2]
    wall, cpu = (float(part) for part in first.split())
    apart = np.abs(np.array(second.split(), dtype=float) / ours[0] - 1).max()
    print(f"R, taylor, clusters, 1 variable of 20: {wall:.2f} s wall, {cpu:.2f} s CPU; standard "
          f"errors apart by {apart:.1e}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--peer-repeat", type=int, default=1, help="0: without svy")
    parser.add_argument("--r", action="store_true", help="also R, one variable")
    given = parser.parse_args()
    data = drawn(given.rows)
    small = drawn(STRATA * CLUSTERS * 2)
    jobs = {
        "taylor, clusters": lambda held: ours_taylor(held, clusters=True),
        "taylor, rows": lambda held: ours_taylor(held, clusters=False),
        "500 replicates": ours_jackknife,
    }
    for job in jobs.values():
        job(small)
    found = {}
    for name, job in jobs.items():
        wall, cpu, found[name] = median(lambda job=job: job(data), given.repeat)
        print(f"ours, {name}: {wall:.2f} s wall, {cpu:.2f} s CPU", flush=True)
    if given.r:
        in_r(data, found["taylor, clusters"])
    if given.peer_repeat:
        for name, peer in peer_jobs(data).items():
            wall, cpu, estimates = median(peer, given.peer_repeat)
            apart = np.abs(errors_of(estimates) / found[name] - 1).max()
            print(f"svy, {name}: {wall:.2f} s wall, {cpu:.2f} s CPU; standard errors apart by "
                  f"{apart:.1e}", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
