"""Forecast of copies on real cascades, split in time: coverage, error beside persistence, cost.

    python bench/forecast.py [--data ../shared/data]

Replies to COVID-19 rumours have dates: fitted to the first 60 %, tested on the rest. The Chilean
cascades have times since their root only, so no date to split at: fitted to one half of the
cascades (by identifier), tested on the other. Every forecast sees only copies before its moment.
Then the model of the package, and either model on the other kind: what happens without a fit of
one's own. Persistence says: as many as in the hours before.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from pathlib import Path

import numpy as np

from qalqan.science.spread.forecast import HORIZONS, CopiesForecast, forecast_copies, moments
from qalqan.science.spread.forecast_model import CopiesModel, fit_copies_model

ROOT = Path(__file__).resolve().parent.parent
HOURS = 168 + 24
Moments = tuple[np.ndarray, np.ndarray, np.ndarray]


def cascades(path: Path, order: str) -> list[np.ndarray]:
    """Return hourly counts of each cascade since its root, in that order."""
    with gzip.open(path, "rt") as lines:
        rows = [json.loads(line) for line in lines]
    rows.sort(key=lambda row: row[order])
    tables = []
    for row in rows:
        hours = (np.array(row["t"]) // 3600).astype(np.int64)
        tables.append(np.bincount(hours[hours < HOURS], minlength=HOURS))
    return tables


def halves(tables: list[np.ndarray], share: float) -> tuple[Moments, Moments]:
    cut = int(len(tables) * share)
    return moments(np.array(tables[:cut])), moments(np.array(tables[cut:]))


def coverage(forecast: CopiesForecast, after: np.ndarray) -> np.ndarray:
    return (after >= forecast.low) & (after <= forecast.high)


def report(name: str, model: CopiesModel | None, test: Moments) -> None:
    before, after, age = test
    found = forecast_copies(before, model=model, age_hours=age)
    seen, recent = before.sum(axis=1), before[:, -24:].sum(axis=1)
    alive = recent > 0
    groups = {
        "all alive": alive, "1-9 copies": alive & (seen < 10),
        "10-99": alive & (seen >= 10) & (seen < 100), "100 and more": alive & (seen >= 100),
        "quiet for a day": ~alive,
    }  # fmt: skip
    print(f"\n{name}")
    print("  hours  claims            moments  coverage  width  error/persistence: median  mean")
    for k, hours in enumerate(HORIZONS):
        persistence = before[:, -hours:].sum(axis=1)
        inside = coverage(found, after)[:, k]
        for label, rows in groups.items():
            truth = after[rows, k]
            usual = np.abs(persistence[rows] - truth).mean()
            by_median = np.abs(found.median[rows, k] - truth).mean() / max(usual, 1e-12)
            by_mean = np.abs(found.mean[rows, k] - truth).mean() / max(usual, 1e-12)
            width = np.median(found.high[rows, k] - found.low[rows, k])
            print(
                f"  {hours:>5}  {label:<16} {rows.sum():>8}  {inside[rows].mean():8.3f}  "
                f"{width:>5.0f}  {by_median:25.3f} {by_mean:5.3f}"
            )


def joined(parts: list[Moments]) -> tuple[Moments, np.ndarray]:
    weights = np.concatenate([np.full(len(part[2]), 1 / len(part[2])) for part in parts])
    return tuple(np.concatenate([part[k] for part in parts]) for k in range(3)), weights  # type: ignore[return-value]


def fitted(parts: list[Moments]) -> CopiesModel:
    (before, after, age), weights = joined(parts)
    start = time.process_time()
    model = fit_copies_model(before, after, age_hours=age, weights=weights)
    print(f"fitted to {len(age):,} moments in {time.process_time() - start:.1f} CPU s")
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--show-model", action="store_true", help="fit to everything, print it")
    folder = parser.parse_args().data / "spread" / "cascades"
    covid = halves(cascades(folder / "covid19_rumor_replies.jsonl.gz", "t0"), 0.6)
    chile = halves(cascades(folder / "mendoza2023_chile.jsonl.gz", "id"), 0.5)
    own_covid, own_chile = fitted([covid[0]]), fitted([chile[0]])
    both = fitted([covid[0], chile[0]])
    report("COVID-19 replies, later 40 % by date, fitted to the earlier", own_covid, covid[1])
    report("Chile, other half of the cascades", own_chile, chile[1])
    report("COVID-19 replies, fitted to the first parts of both kinds", both, covid[1])
    report("Chile, fitted to the first parts of both kinds", both, chile[1])
    report("COVID-19 replies, fitted to Chile (transfer)", own_chile, covid[1])
    report("Chile, fitted to COVID-19 replies (transfer)", own_covid, chile[1])
    if parser.parse_args().show_model:
        for horizon in fitted([*covid, *chile]).horizons:
            print(horizon.hours, np.round(horizon.vector(), 3).tolist())
    table = np.random.default_rng(1).poisson(0.2, (50_000, 336))
    start = time.process_time()
    forecast_copies(table)
    print(f"\n50,000 claims, 3 horizons: {time.process_time() - start:.2f} CPU s")


if __name__ == "__main__":
    main()
