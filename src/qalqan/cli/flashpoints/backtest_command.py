"""``qalqan flashpoints backtest``: would a forecast have beaten the plain count map?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import Progress, messages, print_rows, progress, say
from qalqan.cli.flashpoints.options import (
    DateColumn,
    End,
    EventsFile,
    JsonFile,
    Start,
    XColumn,
    YColumn,
)
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.cli.flashpoints.events import EventList
    from qalqan.science.flashpoints.scoring import Forecaster, OriginScore, Panel

EXAMPLES = (
    "Example: qalqan flashpoints backtest --events thefts.csv --cell 1 --targets 52 --embargo 1 "
    "--json score.json"
)
BASELINE = "all-past count map"
METHODS = ("recent", "seasonal", "kernel", "stacked")
_MOST_CELLS = 2_000_000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(backtest)


def backtest(
    events: EventsFile,
    cell: Annotated[
        float, typer.Option(help="Side of a square cell: km, or the unit of the plane.")
    ] = 1.0,
    days: Annotated[
        float, typer.Option(help="Length of a period: days, or the unit of the times.")
    ] = 7.0,
    targets: Annotated[int, typer.Option(help="Periods to forecast, the last ones.")] = 52,
    embargo: Annotated[int, typer.Option(help="Periods before each that were not yet known.")] = 1,
    methods: Annotated[str, typer.Option(help="Of " + ", ".join(METHODS) + ".")] = ",".join(
        METHODS
    ),
    seed: Annotated[int, typer.Option(help="Of ties and of the bootstrap.")] = 1,
    start: Start = "",
    end: End = "",
    date_column: DateColumn = "",
    x_column: XColumn = "",
    y_column: YColumn = "",
    json: JsonFile = None,
) -> None:
    """Forecast the last periods from what was known then, and score beside the count map.

    Cells that had an event before the first forecast, and their neighbours, take part. The
    verdict on each method is "gain", "no evidence of gain" or "worse".
    """
    from qalqan.cli.flashpoints.columns import Named
    from qalqan.cli.flashpoints.events import read_events
    from qalqan.cli.flashpoints.files import check_outputs, write_json

    check_outputs(json)
    names = [name.strip() for name in methods.split(",") if name.strip()]
    if any(name not in METHODS for name in names):
        raise InputError(f"--methods: {methods}", hint="of " + ", ".join(METHODS))
    if not (0 < cell < 1e300 and 0 < days < 1e300) or targets < 1 or not 0 <= seed < 2**64:
        raise InputError("--cell and --days must be above 0, --targets 1 or more, --seed 0 or more")
    named = Named(date=date_column, x=x_column, y=y_column)
    found = read_events(events, named, places=True, start=start, end=end)
    panel, told = _panel(found, cell, days, targets)
    with progress(quiet=str(json) == "-") as bars:
        data = _scored(panel, names, (targets, embargo), seed, bars)
    data |= told | {
        "cell": cell,
        "days": days,
        "targets": targets,
        "embargo": embargo,
        "seed": seed,
    }
    if found.left_out:
        messages().print(f"note: {found.left_out} events outside the study left out", markup=False)
    if json:
        write_json(json, data)
    else:
        _show(data)


def _panel(
    found: EventList, cell: float, days: float, targets: int
) -> tuple[Panel, dict[str, Any]]:
    """Return the counts of the cells that take part."""
    import numpy as np

    from qalqan.cli.flashpoints.events import in_plane
    from qalqan.science.flashpoints.grid import RectangularGrid, count_events
    from qalqan.science.flashpoints.scoring import Events, Panel

    places = in_plane(found)
    n_periods = int(found.horizon // days)
    if n_periods <= targets:
        raise InputError(f"{n_periods} periods of {days:g} leave nothing to learn from before "
                         f"{targets} forecasts")  # fmt: skip
    # Counted backwards from the end, so that the last period is a full one.
    times = (found.times - (found.horizon - n_periods * days)) / days
    spans = np.floor(places.max(axis=0) / cell) - np.floor(places.min(axis=0) / cell) + 1
    if float(np.prod(spans)) > _MOST_CELLS:
        raise InputError(f"--cell {cell:g} makes more than {_MOST_CELLS} cells")
    grid = RectangularGrid.over(places, size=cell)
    cells, periods = grid.cells(places), np.floor(times).astype(np.int64)
    counts = count_events(cells, periods, n_cells=len(grid.centres), n_periods=n_periods)
    early = counts[:, : n_periods - targets].sum(axis=1).reshape(grid.rows, grid.columns) > 0
    padded = np.pad(early, 1)
    near = np.any(
        [padded[r : r + grid.rows, c : c + grid.columns] for r in range(3) for c in range(3)],
        axis=0,
    ).ravel()
    number = np.where(near, np.cumsum(near) - 1, -1)[cells]
    kept = np.flatnonzero((number >= 0) & (times >= 0) & (times < n_periods))
    panel = Panel(counts[near], grid.centres[near], Events(places[kept], times[kept]))
    told = {
        "cells": int(near.sum()), "periods": n_periods, "events": int(counts[near].sum()),
        "events_outside_cells": int(counts[~near].sum()),
    }  # fmt: skip
    return panel, told


def _scored(
    panel: Panel, names: list[str], when: tuple[int, int], seed: int, bars: Progress
) -> dict[str, Any]:
    """Score every method at the same origins and judge it beside the count map."""
    from qalqan.science.flashpoints.forecast import (
        CountMap,
        KernelDensity,
        RecentCounts,
        SeasonalCountMap,
    )
    from qalqan.science.flashpoints.scoring.rolling import rolling_origins, score_origin
    from qalqan.science.flashpoints.stacked import StackedMaps

    known: dict[str, Forecaster] = {
        "recent": RecentCounts(26.0), "seasonal": SeasonalCountMap(), "kernel": KernelDensity(),
        "stacked": StackedMaps(),
    }  # fmt: skip
    chosen: dict[str, Forecaster] = {BASELINE: CountMap()}
    chosen |= {name: known[name] for name in names}
    n_periods = panel.counts.shape[1]
    origins = rolling_origins(n_periods, first=n_periods - when[0], embargo=when[1])
    scores: dict[str, list[OriginScore]] = {}
    done, total = 0, len(chosen) * len(origins)
    for name, forecaster in chosen.items():
        scores[name] = []
        for origin in origins:
            scores[name].append(score_origin(forecaster, panel, origin, seed=seed))
            done += 1
            bars("forecasts", done, total)
    return {
        "baseline": BASELINE,
        "methods": {name: _row(scores[name], scores[BASELINE], seed) for name in chosen},
    }


def _row(scores: list[OriginScore], base: list[OriginScore], seed: int) -> dict[str, Any]:
    """Return the scores of one method."""
    import numpy as np

    from qalqan.cli.flashpoints.files import finite
    from qalqan.science.flashpoints.scoring import (
        SHARES,
        Forecast,
        judge,
        pooled,
        randomised_pit,
        uniformity,
    )

    def rng() -> np.random.Generator:
        return np.random.Generator(np.random.Philox(key=seed))

    events = max(sum(float(score.observed.sum()) for score in scores), 1.0)
    every = Forecast(
        np.concatenate([score.forecast.mean for score in scores]),
        np.concatenate([score.forecast.dispersion for score in scores]),
    )
    seen = np.concatenate([score.observed for score in scores])
    row: dict[str, Any] = {
        "log_score": finite(sum(score.log_score for score in scores) / events),
        "crps": finite(sum(score.crps for score in scores) / events),
        "calibration_p": finite(uniformity(randomised_pit(every, seen, rng=rng()))),
        "hits": {
            f"{share:g}": {
                name: finite(value)
                for name, value in pooled([score.hotspots[i] for score in scores]).items()
            }
            for i, share in enumerate(SHARES)
        },
    }
    if scores is not base:
        verdict = judge(scores, base, rng=rng())
        row |= {
            "gain": finite(verdict.gain), "low": finite(verdict.low), "high": finite(verdict.high),
            "unit": "nats an event", "verdict": verdict.word, "reason": verdict.reason,
        }  # fmt: skip
    return row


def _show(data: dict[str, Any]) -> None:
    rows = []
    for name, row in data["methods"].items():
        gain = ""
        if "gain" in row and row["gain"] is not None:
            gain = f"{row['gain']:+.4f}"
            if row["low"] is not None and row["high"] is not None:
                gain += f" ({row['low']:+.4f} to {row['high']:+.4f})"
        rate = row["hits"]["0.1"]["hit_rate"]
        rows.append([
            name, f"{row['log_score']:.4f}", gain, row.get("verdict", ""),
            "" if rate is None else f"{rate:.1%}",
        ])  # fmt: skip
    title = f"{data['targets']} forecasts of {data['days']:g} days; {data['cells']} cells, " \
            f"{data['events']} events"  # fmt: skip
    print_rows(
        title, ["method", "log score", "gain, nats an event", "verdict", "hits in 10 %"], rows
    )
    verdicts = [row["verdict"] for row in data["methods"].values() if "verdict" in row]
    if verdicts and "gain" not in verdicts:
        say("no gain: the all-past count map does as well")
