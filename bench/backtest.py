"""Weekly forecasts of real thefts beside the all-past count map, scored honestly.

    python bench/backtest.py [--data ../shared/data] [--size 1.0] [--embargo 1] [--json]

Vehicle thefts in New York City 2014 to 2017, square cells; only cells that had a theft in the
first two years, and their neighbours, take part. Week by week over the last 52 weeks of 2017 each
method forecasts the counts of all cells from what lay before the embargo. The method called "ours"
is the one that scored best on the 52 weeks of 2016; the weeks of 2017 took no part in the choice.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import sys
import time
from pathlib import Path

import numpy as np

from qalqan.science.flashpoints.forecast import (
    CountMap,
    KernelDensity,
    RecentCounts,
    SeasonalCountMap,
    SelfExciting,
)
from qalqan.science.flashpoints.grid import RectangularGrid, count_events, to_plane
from qalqan.science.flashpoints.scoring import (
    SHARES,
    Events,
    Forecast,
    Forecaster,
    Origin,
    OriginScore,
    Panel,
    backtest,
    judge,
    pooled,
    randomised_pit,
    uniformity,
)
from qalqan.science.flashpoints.selfexciting.region import rectangle
from qalqan.science.flashpoints.selfexciting.spacetime import Model, fit_space_time, prepare
from qalqan.science.flashpoints.stacked import StackedMaps

ROOT = Path(__file__).resolve().parent.parent
WEEKS = 208
LAST = dt.datetime(2017, 12, 31)  # noqa: DTZ001 - the file has local times without a zone
JITTER = 0.1
BASELINE = "all-past count map"


def read(folder: Path, size: float) -> tuple[Panel, int]:
    """Return the counts and events of cells that take part, and how many events lie outside."""
    path = folder / "flashpoints" / "nyc_vehicle_thefts" / "nycvehiclethefts.csv"
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    first = LAST - dt.timedelta(weeks=WEEKS)
    moments = [dt.datetime.fromisoformat(row["date_single"]) for row in rows]
    times = np.array([(moment - first) / dt.timedelta(weeks=1) for moment in moments])
    places = to_plane(
        [float(row["longitude"]) for row in rows], [float(row["latitude"]) for row in rows]
    )
    grid = RectangularGrid.over(places, size=size)
    cells = grid.cells(places)
    counts = count_events(
        cells, np.floor(times).astype(int), n_cells=len(grid.centres), n_periods=WEEKS
    )
    early = np.pad(counts[:, :104].sum(axis=1).reshape(grid.rows, grid.columns) > 0, 1)
    shifts = [(r, c) for r in range(3) for c in range(3)]
    near = np.any([early[r : r + grid.rows, c : c + grid.columns] for r, c in shifts], axis=0)
    part = near.ravel()
    number = np.where(part, np.cumsum(part) - 1, -1)[cells]
    kept = np.flatnonzero((number >= 0) & (times >= 0) & (times < WEEKS))
    kept = kept[np.argsort(times[kept], kind="stable")]
    events = Events(places[kept], times[kept])
    lost = int(counts[~part].sum())
    return Panel(counts[part], grid.centres[part], events), lost


def contagion(panel: Panel, until: int, size: float) -> Model:
    """Fit the self-exciting process on the weeks before the first forecast."""
    events = panel.events
    early = events.times < until
    times = events.times[early]
    # Thefts are placed at the middle of a street segment: events on one spot would draw the
    # spatial kernel together to a point, so all are moved by up to half a block.
    jitter = np.random.default_rng(1).uniform(-JITTER, JITTER, (len(times), 2))
    places = events.places[early] + jitter
    low, high = places.min(axis=0) - 0.1, places.max(axis=0) + 0.1
    region = rectangle(*low, *high)
    prepared = prepare(times, places, region, float(until), max_lag=8.0, max_distance=2.0)
    totals = panel.counts[:, :until].sum(axis=1)
    nearest = np.argmin(
        [((panel.centres - place) ** 2).sum(axis=1) for place in prepared.points], axis=1
    )
    # Each event is left out of the map at its own place.
    density = (np.maximum(totals[nearest] - 1, 0) + 0.5) / (totals.sum() + 0.5 * len(totals))
    fit = fit_space_time(prepared, density / size**2)
    if not fit.converged:
        raise SystemExit("the self-exciting process could not be fitted")
    print(
        f"self-exciting before week {until}: branching ratio {fit.model.alpha:.3f}, mean lag "
        f"{7 / fit.model.time:.1f} days, {fit.model.space:.2f} km", file=sys.stderr,
    )  # fmt: skip
    return fit.model


def table(panel: Panel, forecasters: dict[str, Forecaster], origins: list[Origin]) -> dict:
    """Score every forecaster on the same weeks and judge it beside the first."""
    result: dict[str, dict] = {}
    base: list[OriginScore] = []
    for name, forecaster in forecasters.items():
        start = time.process_time()
        scores = backtest(forecaster, panel, origins, seed=1)
        spent = time.process_time() - start
        base = base or scores
        events = sum(score.observed.sum() for score in scores)
        whole = judge(scores, base, rng=np.random.default_rng(1))
        where = judge(
            scores, base, rng=np.random.default_rng(1), loss=lambda score: score.share_log_score
        )
        pit = randomised_pit(
            Forecast(
                np.concatenate([score.forecast.mean for score in scores]),
                np.concatenate([score.forecast.dispersion for score in scores]),
            ),
            np.concatenate([score.observed for score in scores]),
            rng=np.random.default_rng(1),
        )
        result[name] = {
            "log_score": sum(score.log_score for score in scores) / events,
            "crps": sum(score.crps for score in scores) / events,
            "gain": [whole.gain, whole.low, whole.high, whole.word],
            "map_gain": [where.gain, where.low, where.high, where.word],
            "hits": {
                f"{share:.0%}": pooled([score.hotspots[i] for score in scores])
                for i, share in enumerate(SHARES)
            },
            "pit_p": uniformity(pit),
            "cpu_s": spent,
        }
    return result


def show(title: str, rows: dict) -> None:
    """Print one year."""
    print(f"\n{title}")
    print(
        f"{'':24} {'log score':>9} {'gain, nats an event':>26} {'of the map alone':>25} "
        f"{'CRPS':>7} {'hit rate/PAI/PEI at 1, 5, 10 %':>42} {'PIT p':>6} {'CPU s':>6}"
    )
    for name, row in rows.items():
        gains = "  ".join(
            f"{row[key][0]:+.4f} [{row[key][1]:+.4f}, {row[key][2]:+.4f}]"
            for key in ("gain", "map_gain")
        )
        hits = " ".join(
            f"{hit['hit_rate']:.2f}/{hit['pai']:.1f}/{hit['pei']:.2f}"
            for hit in row["hits"].values()
        )
        print(f"{name:24} {row['log_score']:9.4f}  {gains} {row['crps']:7.4f} {hits:>42} "
              f"{row['pit_p']:6.3f} {row['cpu_s']:6.1f}")  # fmt: skip


def main() -> None:
    """Choose on 2016, judge on 2017, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--size", type=float, default=1.0, help="side of a cell, km")
    parser.add_argument("--embargo", type=int, default=1, help="weeks before the target unseen")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    panel, lost = read(options.data, options.size)
    years = {}
    for year, first in (("2016", 104), ("2017", 156)):
        model = contagion(panel, first - options.embargo, options.size)
        forecasters: dict[str, Forecaster] = {
            BASELINE: CountMap(),
            "recent counts, 26 weeks": RecentCounts(26.0),
            "kernel density": KernelDensity(),
            "self-exciting": SelfExciting(model, options.size),
            "self-exciting, seasonal": SelfExciting(model, options.size, SeasonalCountMap()),
            "seasonal count map": SeasonalCountMap(),
            "stacked maps": StackedMaps(),
        }
        origins = [Origin(week - options.embargo, week) for week in range(first, first + 52)]
        years[year] = table(panel, forecasters, origins)
    chosen = min(years["2016"], key=lambda name: years["2016"][name]["log_score"])
    gain, low, high, word = years["2017"][chosen]["gain"]
    if options.json:
        print(json.dumps({"years": years, "chosen": chosen, "verdict": word}, indent=2))
        return
    print(f"{len(panel.counts)} cells of {options.size} km, {int(panel.counts.sum())} thefts, "
          f"{lost} outside all cells; embargo {options.embargo} week(s)")  # fmt: skip
    show("52 weeks of 2016, on which the method is chosen", years["2016"])
    show("52 weeks of 2017, on which it is judged", years["2017"])
    said = "no gain" if word == "no evidence of gain" else word
    print(f"\nours, chosen on 2016: {chosen}. On 2017: {said}: {gain:+.4f} nats an event over the "
          f"{BASELINE}, 95 % interval {low:+.4f} to {high:+.4f}")  # fmt: skip


if __name__ == "__main__":
    main()
