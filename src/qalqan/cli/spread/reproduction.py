"""``qalqan spread reproduction``: reproduction numbers over sliding windows."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, progress, say
from qalqan.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qalqan.cli.console import Progress
    from qalqan.cli.spread.files import Table

EXAMPLES = (
    "Examples: qalqan spread reproduction counts.csv --interval delays.csv --window 7 --json · "
    "qalqan spread reproduction counts.csv --mean 2.6 --sd 1.5 --method cases --out r.csv"
)
NOTE = (
    "R belongs to the interval that was given. Where only timestamps are known, other intervals "
    "fit as well: R is not identified, and R above 1 alone is no alarm."
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(reproduction)


def reproduction(
    counts: Annotated[Path, typer.Argument(help="Column `incidence`; also `imported`, `claim`.")],
    interval: Annotated[
        Path | None, typer.Option(help="Delays: column `probability`, from lag 0.")
    ] = None,
    mean: Annotated[float | None, typer.Option(help="Mean delay, instead of a file.")] = None,
    sd: Annotated[float | None, typer.Option(help="Standard deviation of the delay.")] = None,
    shape: Annotated[str, typer.Option(help="gamma or lognormal.")] = "gamma",
    window: Annotated[int, typer.Option(help="Width of the windows in steps.", min=1)] = 7,
    prior_shape: Annotated[float, typer.Option(help="Gamma prior of R: shape.")] = 1.0,
    prior_scale: Annotated[float, typer.Option(help="Gamma prior of R: scale.")] = 5.0,
    method: Annotated[
        str, typer.Option(help="instantaneous (Cori) or cases (Wallinga-Teunis).")
    ] = "instantaneous",
    out: Annotated[Path | None, typer.Option(help="Write here (CSV, or .json).")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Estimate reproduction numbers, by EpiEstim's conventions.

    Windows slide from step 2; the first step counts as imported. Windows that end within the mean
    delay have no estimate and are left out, as EpiEstim leaves them out.
    """
    from qalqan.cli.spread.files import read_table, write_rows

    if method not in ("instantaneous", "cases"):
        raise InputError(f"unknown method: {method}", hint="instantaneous or cases")
    table = read_table(counts, ["incidence"], ["imported", "claim"])
    series = _series(table)
    longest = max(len(rows) for rows in series.values())
    weights = _weights(interval, mean, sd, shape, longest)
    with progress(quiet=json or len(series) < 50) as bars:
        if method == "cases":
            rows = _cases(table, series, weights, window, bars)
        else:
            rows = _instantaneous(table, series, weights, window, (prior_shape, prior_scale), bars)
    document = {"windows": rows, "method": method, "identified": False, "note": NOTE}
    if out:
        write_rows(out, rows, document)
        if not json:
            say(str(out))
    if json:
        print_json(document)
    elif not out:
        columns = list(rows[0]) if rows else []
        print_rows("", columns, [[_shown(row[name]) for name in columns] for row in rows])
        say(NOTE)


def _shown(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _series(table: Table) -> dict[str, list[int]]:
    """Return the rows of each claim, in the order of the file."""
    if not table.has("claim"):
        return {"": list(range(len(table.lines)))}
    series: dict[str, list[int]] = {}
    for place, claim in enumerate(table.text("claim")):
        series.setdefault(claim, []).append(place)
    return series


def _weights(
    interval: Path | None, mean: float | None, sd: float | None, shape: str, steps: int
) -> NDArray[Any]:
    from qalqan.cli.spread.files import read_table
    from qalqan.science.spread.interval import checked_interval, discretise

    if (interval is None) == (mean is None) or (mean is None) != (sd is None):
        raise InputError("give the delays either as --interval FILE or as --mean and --sd")
    if interval is None:
        try:
            return discretise(max(steps, 2), mean or math.nan, sd or math.nan, shape=shape)
        except ValueError as error:
            raise InputError(str(error)) from None
    table = read_table(interval, ["probability"], ["lag"])
    if table.has("lag"):
        for place, lag in enumerate(table.numbers("lag", whole=True)):
            if lag != place:
                raise table.wrong(f"lag {place} belongs here", table.lines[place], "lag")
    try:
        return checked_interval(table.numbers("probability", high=1.0))
    except ValueError as error:
        raise table.wrong(str(error), None, "probability") from None


def _head(table: Table, claim: str, start: Any, end: Any) -> dict[str, Any]:
    head = {"claim": claim} if table.has("claim") else {}
    return {**head, "start": int(start), "end": int(end)}


def _cases(
    table: Table, series: dict[str, list[int]], weights: NDArray[Any], window: int, bars: Progress
) -> list[dict[str, Any]]:
    from qalqan.science.spread.ancestry import wallinga_teunis

    counts, rows = table.numbers("incidence", whole=True), []
    for done, (claim, places) in enumerate(series.items(), start=1):
        try:
            found = wallinga_teunis([counts[place] for place in places], weights, window=window)
        except ValueError as error:
            raise table.wrong(str(error), table.lines[places[0]], "incidence") from None
        for k in range(len(found.start)):
            values = {
                "mean": float(found.mean[k]), "sd": float(found.sd[k]),
                "q0.025": float(found.low[k]), "q0.975": float(found.high[k]),
            }  # fmt: skip
            rows.append({**_head(table, claim, found.start[k], found.end[k]), **values})
        bars("claims", done, len(series))
    return rows


def _instantaneous(
    table: Table,
    series: dict[str, list[int]],
    weights: NDArray[Any],
    window: int,
    prior: tuple[float, float],
    bars: Progress,
) -> list[dict[str, Any]]:
    """Estimate all claims of one length at once, and return them in the order of the file."""
    from qalqan.science.spread.reproduction import estimate

    counts = table.numbers("incidence")
    imported = table.numbers("imported") if table.has("imported") else None
    lengths: dict[int, list[str]] = {}
    for claim, places in series.items():
        lengths.setdefault(len(places), []).append(claim)
    rows: dict[str, list[dict[str, Any]]] = {}
    for claims in lengths.values():
        held = [series[claim] for claim in claims]
        came = None if imported is None else [[imported[k] for k in row] for row in held]
        try:
            found = estimate(
                [[counts[k] for k in row] for row in held], weights, window=window,
                imported=came, prior_shape=prior[0], prior_scale=prior[1],
            )  # fmt: skip
        except ValueError as error:
            raise table.wrong(str(error), table.lines[held[0][0]], "incidence") from None
        names = ["mean", "sd", *(f"q{level:g}" for level in found.levels)]
        tables = [found.mean, found.sd, *found.quantiles]
        for row, claim in enumerate(claims):
            rows[claim] = [
                {
                    **_head(table, claim, found.start[k], found.end[k]),
                    **{n: float(t[row, k]) for n, t in zip(names, tables, strict=True)},
                }
                for k in range(len(found.start))
                if math.isfinite(found.mean[row, k])
            ]
        bars("claims", len(rows), len(series))
    return [row for claim in series for row in rows[claim]]
