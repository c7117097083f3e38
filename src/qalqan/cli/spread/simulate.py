"""``qalqan spread simulate``: a claim and its correction on a network."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, progress, say
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.cli.console import Progress
    from qalqan.cli.spread.networks import Named
    from qalqan.science.spread.simulate import Scenario

EXAMPLES = (
    "Examples: qalqan spread simulate edges.csv --start forum --chance 0.2 · "
    "qalqan spread simulate edges.csv --nodes nodes.csv --start forum --answer city,clinic "
    "--answer-at 6 --json"
)
NOTE = (
    "Intervals say what more runs could change. What chances and delays are worth, they do not say."
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(simulate)


def simulate(
    edges: Annotated[Path, typer.Argument(help="Columns `source`, `target`; also `chance`.")],
    start: Annotated[str, typer.Option(help="Where the claim starts, with commas between.")],
    nodes: Annotated[
        Path | None, typer.Option(help="Nodes: column `id`; also `weight`, `kind`.")
    ] = None,
    answer: Annotated[str, typer.Option(help="Who publishes the correction.")] = "",
    answer_at: Annotated[float, typer.Option(help="Hours until the correction.")] = 6.0,
    chance: Annotated[
        float, typer.Option(help="Chance that an edge passes on, where the file has none.")
    ] = 0.1,
    both_ways: Annotated[bool, typer.Option("--both-ways", help="Edges lead back too.")] = False,
    delay: Annotated[float, typer.Option(help="Mean hours before passing on.")] = 1.0,
    answer_delay: Annotated[
        float, typer.Option(help="Mean hours before passing on the correction.")
    ] = 1.0,
    answer_ratio: Annotated[
        float, typer.Option(help="Chance to pass on the correction, over that of the claim.")
    ] = 1.0,
    convinces: Annotated[
        float, typer.Option(help="Chance that it convinces who believes the claim.")
    ] = 0.5,
    hours: Annotated[float, typer.Option(help="How long to look.")] = 168.0,
    runs: Annotated[int, typer.Option(help="How often.", min=1, max=10_000_000)] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the simulation.", min=0)] = 0,
    out: Annotated[Path | None, typer.Option(help="Write here (CSV, or .json).")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Simulate how a claim spreads, with a correction, without, and with it an hour later."""
    from qalqan.cli.spread.files import write_rows
    from qalqan.cli.spread.networks import read_network
    from qalqan.science.spread.simulate import Scenario

    held = read_network(edges, nodes, chance=chance, both_ways=both_ways, need_kinds=False)
    scenario = Scenario(
        held.numbers(start, "--start"), delay, held.numbers(answer, "--answer"), answer_at,
        answer_delay, answer_ratio, convinces, hours,
    )  # fmt: skip
    try:
        with progress(quiet=json) as bars:
            document = _document(held, scenario, runs, seed, bars)
    except ValueError as error:
        raise InputError(str(error)) from None
    rows = document["outcomes"]
    if out:
        write_rows(out, rows, document)
        if not json:
            say(str(out))
    if json:
        print_json(document)
    elif not out:
        columns = list(rows[0])
        print_rows("", columns, [[_shown(row[name]) for name in columns] for row in rows])
        say(NOTE)


def _shown(value: Any) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _document(
    held: Named, scenario: Scenario, runs: int, seed: int, bars: Progress
) -> dict[str, Any]:
    from qalqan.science.spread.simulate import later, mean_of
    from qalqan.science.spread.simulate import simulate as run

    cases = {"as given": scenario}
    if scenario.answerers:
        cases["without correction"] = replace(scenario, answerers=())
        cases["correction an hour later"] = later(scenario, 1.0)
    bins = max(1, min(int(scenario.end), 10_000))
    spreads = {
        name: run(
            held.network, case, runs=runs, seed=seed, weights=held.weights, bins=bins,
            progress=lambda done, total, stage=name: bars(stage, done, total),  # type: ignore[misc]
        )
        for name, case in cases.items()
    }  # fmt: skip
    rows = []
    for name, spread in spreads.items():
        row: dict[str, Any] = {"case": name}
        for what in ("believed", "corrected", "still_believing"):
            mean = mean_of(getattr(spread, what))
            row |= {what: mean.value, f"{what}_low": mean.low, f"{what}_high": mean.high}
        rows.append({key: _finite(value) for key, value in row.items()})
    document: dict[str, Any] = {
        "nodes": held.network.nodes, "edges": len(held.network.targets), "runs": runs,
        "seed": seed, "outcomes": rows,
        "curve": [float(value) for value in spreads["as given"].curve.mean(axis=0)],
        "curve_bin_hours": spreads["as given"].bin_hours, "note": NOTE,
    }  # fmt: skip
    if scenario.answerers:
        cost = mean_of(spreads["correction an hour later"].believed - spreads["as given"].believed)
        document["one_hour_costs"] = {k: _finite(v) for k, v in asdict(cost).items()}
    return document


def _finite(value: Any) -> Any:
    """Return nothing for what a single run cannot tell: JSON has no infinity."""
    return None if isinstance(value, float) and abs(value) == float("inf") else value
