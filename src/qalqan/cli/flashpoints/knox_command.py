"""``qalqan flashpoints knox``: is what is close in time also close in space?"""

from __future__ import annotations

from typing import Annotated, Any

import typer

from qalqan.cli.console import messages, print_rows, say
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

EXAMPLES = (
    "Example: qalqan flashpoints knox --events burglaries.csv --distances 0.1,0.2,0.4 "
    "--periods 7,14,28 --json knox.json"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(knox)


def knox(
    events: EventsFile,
    distances: Annotated[
        str, typer.Option(help="Upper bounds of the distances: km, or the unit of the plane.")
    ] = "0.1,0.2,0.4,0.8",
    periods: Annotated[
        str, typer.Option(help="Upper bounds of the time between: days, or the unit of the times.")
    ] = "7,14,28",
    permutations: Annotated[int, typer.Option(help="Times dealt anew so often.")] = 999,
    seed: Annotated[int, typer.Option(help="0 to 2**64 - 1; same seed, same numbers.")] = 1,
    start: Start = "",
    end: End = "",
    date_column: DateColumn = "",
    x_column: XColumn = "",
    y_column: YColumn = "",
    json: JsonFile = None,
) -> None:
    """Knox's test: pairs near in space and time, beside the same events with times dealt anew."""
    from qalqan.cli.flashpoints.columns import Named
    from qalqan.cli.flashpoints.events import read_events
    from qalqan.cli.flashpoints.files import check_outputs, write_json
    from qalqan.science.flashpoints import nearrepeat

    check_outputs(json)
    bounds = {"distances": _bounds(distances, "distances"), "periods": _bounds(periods, "periods")}
    named = Named(date=date_column, x=x_column, y=y_column)
    found = read_events(events, named, places=True, start=start, end=end)
    if found.places is None:
        raise InputError("the events have no places")
    result = nearrepeat.knox(
        found.times, found.places[:, ::-1] if found.degrees else found.places, **bounds,
        seed=seed, permutations=permutations, metric="greatcircle" if found.degrees else "plane",
    )  # fmt: skip
    if found.left_out:
        messages().print(f"note: {found.left_out} events outside the study left out", markup=False)
    data = {
        "cells": _cells(result),
        "p_any": result.p_any,
        "permutations": result.permutations,
        "seed": result.seed,
        "events": result.events,
        "start": found.start,
        "left_out": found.left_out,
        "distance_unit": "km" if found.degrees else "unit of the coordinates",
        "time_unit": "day" if found.dated else "unit of the times",
        "method": "Knox, times permuted; a band holds its upper bound, the first holds 0",
    }
    if json:
        write_json(json, data)
    else:
        _show(data)


def _bounds(text: str, name: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",") if part.strip()]
    except ValueError as error:
        raise InputError(f"--{name}: {text!r} is no list of numbers") from error


def _cells(result: Any) -> list[dict[str, Any]]:
    """Return the cells, distances first."""
    from qalqan.cli.flashpoints.files import finite

    return [
        {
            "distance": float(distance),
            "period": float(period),
            "observed": int(result.observed[i, j]),
            "expected": finite(result.expected[i, j]),
            "ratio": finite(result.ratio[i, j]),
            "z": finite(result.z[i, j]),
            "p": finite(result.p_value[i, j]),
        }
        for i, distance in enumerate(result.distances)
        for j, period in enumerate(result.periods)
    ]


def _show(data: dict[str, Any]) -> None:
    rows = [
        [
            f"{cell['distance']:g}", f"{cell['period']:g}", str(cell["observed"]),
            f"{cell['expected']:.2f}", "" if cell["ratio"] is None else f"{cell['ratio']:.3f}",
            f"{cell['p']:.4g}",
        ]
        for cell in data["cells"]
    ]  # fmt: skip
    title = f"{data['events']} events, {data['permutations']} permutations, seed {data['seed']}"
    print_rows(title, ["distance ≤", "time ≤", "pairs", "expected", "ratio", "p"], rows)
    say(f"any cell stands out as much by chance with p = {data['p_any']:.4g}")
