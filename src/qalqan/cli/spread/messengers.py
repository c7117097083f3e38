"""``qalqan spread messengers``: which groups and channels to ask first."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.cli.spread.networks import Named
    from qalqan.science.spread.messengers import Messengers

EXAMPLES = (
    "Examples: qalqan spread messengers edges.csv --nodes nodes.csv -k 5 · "
    "qalqan spread messengers edges.csv --nodes nodes.csv -k 10 --epsilon 0.2 --json"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(messengers)


def messengers(
    edges: Annotated[Path, typer.Argument(help="Columns `source`, `target`; also `chance`.")],
    nodes: Annotated[
        Path,
        typer.Option(help="Columns `id`, `kind` (group, channel); also `weight`, `ask` (yes, no)."),
    ],
    k: Annotated[int, typer.Option("-k", help="How many to ask.", min=1)] = 5,
    chance: Annotated[
        float, typer.Option(help="Chance that an edge passes on, where the file has none.")
    ] = 0.1,
    both_ways: Annotated[bool, typer.Option("--both-ways", help="Edges lead back too.")] = False,
    epsilon: Annotated[float, typer.Option(help="Error of the choice.")] = 0.1,
    delta: Annotated[float, typer.Option(help="Chance that the error is larger.")] = 0.01,
    runs: Annotated[
        int, typer.Option(help="Simulated runs of the comparison.", min=2, max=10_000_000)
    ] = 2000,
    seed: Annotated[int, typer.Option(help="Seed.", min=0)] = 0,
    out: Annotated[Path | None, typer.Option(help="Write here (CSV, or .json).")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Choose the groups and channels that together pass a correction on to most.

    Always beside the plain choice, those with most connections, and with a word on whether it is
    any better. Groups and channels only, never people.
    """
    from qalqan.cli.spread.files import write_rows
    from qalqan.cli.spread.networks import read_network
    from qalqan.science.spread.messengers import choose_messengers

    held = read_network(edges, nodes, chance=chance, both_ways=both_ways, need_kinds=True)
    try:
        found = choose_messengers(
            held.network, held.kinds, k, weights=held.weights, allowed=held.ask,
            epsilon=epsilon, delta=delta, runs=runs, seed=seed,
        )  # fmt: skip
    except ValueError as error:
        raise InputError(str(error)) from None
    document = _document(held, found)
    rows = document["messengers"]
    if out:
        write_rows(out, rows, document)
        if not json:
            say(str(out))
    if json:
        print_json(document)
    elif not out:
        columns = list(rows[0])
        print_rows("", columns, [[str(row[name]) for name in columns] for row in rows])
        say(document["verdict"])


def _document(held: Named, found: Messengers) -> dict[str, Any]:
    rows = [
        {"rank": rank, "ask": held.names[a], "most_connected": held.names[b]}
        for rank, (a, b) in enumerate(zip(found.chosen, found.most_connected, strict=True), 1)
    ]
    gain = f"{found.gain.value:.1f} ({found.gain.low:.1f} to {found.gain.high:.1f})"
    verdict = (
        f"better than the most connected by {gain}" if found.better
        else f"no better than the most connected: difference {gain}"
    )  # fmt: skip
    return {
        "messengers": rows, "reach": asdict(found.reach),
        "most_connected_reach": asdict(found.plain_reach), "gain": asdict(found.gain),
        "better": found.better, "verdict": verdict, "epsilon": found.epsilon,
        "delta": found.delta, "sets": found.sets,
    }  # fmt: skip
