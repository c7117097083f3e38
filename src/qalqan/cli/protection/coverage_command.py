"""``qalqan protection coverage``: where a few loudspeakers reach most people, with a bound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, say
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.science.protection.coverage import Covering, Reach

EXAMPLES = (
    "Examples: qalqan protection coverage --demand people.csv --sites masts.csv --radius 700 "
    "--choose 20 --json · qalqan protection coverage --demand people.csv --sites masts.csv "
    "--radius 700 --everybody 0.9"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(coverage)


def coverage(
    demand: Annotated[Path, typer.Option(help="CSV: id, x, y in metres, weight.")],
    sites: Annotated[Path, typer.Option(help="CSV: id, x, y in metres; also radius.")],
    radius: Annotated[
        float | None, typer.Option(help="Reach in metres, edge included; or a column of sites.")
    ] = None,
    choose: Annotated[int | None, typer.Option(help="How many sites to choose.", min=0)] = None,
    everybody: Annotated[
        float | None, typer.Option(help="Instead: the fewest sites that reach this share, 0-1.")
    ] = None,
    backup: Annotated[
        float | None, typer.Option(help="Worth of a second site that reaches somebody, 0-0.5.")
    ] = None,
    time_limit: Annotated[
        float, typer.Option(help="Seconds for the search; then the best so far, with its bound.")
    ] = 30.0,
    gap: Annotated[
        float, typer.Option(help="End at this proven gap, as 0.005; 0 for the optimum.", min=0.0)
    ] = 0.0,
    seed: Annotated[int, typer.Option(help="Seed of the random exchanges.", min=0)] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Choose the sites that reach the greatest weight of demand.

    The status is "optimal" only if that is proven; otherwise "time_limit" or "gap_limit", and no
    choice whatever can pass the bound. Sites that add nobody fill up the number, those first that
    give the most people a second site. The first run on a machine compiles for some seconds.
    """
    import time

    # Loading and compiling are no part of the search that the limit is for.
    _check(radius, choose, everybody, backup, time_limit)
    reach, weights, names = _read(demand, sites, radius)
    if everybody is None:
        _warm()
    began = time.monotonic()
    found = _solve(reach, weights, choose, everybody, backup, time_limit, gap, seed)
    document = {
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "chosen": [names[site] for site in found.chosen],
        "status": found.status,
        "task": _task(everybody, backup),
        "total": float(weights.sum()),
        "seconds": round(time.monotonic() - began, 3),
    }
    if json:
        print_json(document)
    else:
        _show(document)


def _task(everybody: float | None, backup: float | None) -> str:
    return "maximal" if everybody is None and backup is None else "backup" if backup else "set"


def _check(
    radius: float | None, choose: int | None, everybody: float | None, backup: float | None,
    time_limit: float,
) -> None:  # fmt: skip
    if radius is not None and not 0 <= radius < float("inf"):
        raise InputError("--radius is a number of metres, 0 or more")
    if not time_limit > 0:
        raise InputError("--time-limit is a number of seconds above 0")
    if (choose is None) == (everybody is None):
        raise InputError("give either --choose or --everybody")
    if everybody is not None and not 0 < everybody <= 1:
        raise InputError("--everybody is a share above 0 and at most 1")
    if backup is not None and (everybody is not None or not 0 < backup <= 0.5):
        raise InputError("--backup is above 0 and at most 0.5, and goes with --choose")


def _read(demand: Path, sites: Path, radius: float | None) -> tuple[Reach, Any, list[str]]:
    import numpy as np

    from qalqan.cli.protection.columns import read_table
    from qalqan.science.protection.coverage import within

    people = read_table(demand, ["id", "x", "y", "weight"])
    people.names("id", unique=True)
    masts = read_table(sites, ["id", "x", "y"], ["radius"])
    if radius is None and not masts.has("radius"):
        raise InputError("give --radius, or a column radius in the sites")
    names = masts.names("id", unique=True)
    reaches = masts.numbers("radius", low=0) if radius is None else radius
    weights = people.numbers("weight", low=0)
    places = [np.column_stack([t.numbers("x"), t.numbers("y")]) for t in (people, masts)]
    return within(places[0], places[1], reaches), weights, names


def _warm() -> None:
    """Compile, or load what was compiled, on a problem of two sites."""
    import numpy as np

    from qalqan.science.protection.coverage import maximal

    two = [np.array([0, 1], np.int32), np.array([1, 2], np.int32)]
    maximal([*two, np.array([0, 2], np.int32)], [1.0, 1.0, 1.0], 1)


def _solve(
    reach: Reach, weights: Any, choose: int | None, everybody: float | None,
    backup: float | None, time_limit: float, gap: float, seed: int,
) -> Covering:  # fmt: skip
    import time

    from qalqan.science.protection.cover_tasks import everybody as cover_all
    from qalqan.science.protection.cover_tasks import twice
    from qalqan.science.protection.coverage import maximal

    if everybody is not None:
        return cover_all(reach, weights, share=everybody, time_limit=time_limit)
    if backup is not None:
        return twice(reach, weights, choose or 0, backup=backup, time_limit=time_limit)
    return maximal(
        reach, weights, choose or 0, clock=time.monotonic, time_limit=time_limit, gap=gap,
        seed=seed,
    )  # fmt: skip


def _show(document: dict[str, Any]) -> None:
    total = document["total"]
    if document["task"] == "set":
        say(f"sites needed: {document['objective']:.0f}, at least {document['bound']:.0f}")
    else:
        part = f" of {total:,.0f}" if total else ""
        say(f"reached: {document['objective']:,.0f}{part}; at most {document['bound']:,.0f}")
    proof = {"optimal": "proven optimal", "gap_limit": "within the gap asked for"}
    say(f"gap: {document['gap']:.3%}, {proof.get(document['status'], 'not proven optimal')}")
    say("chosen: " + ", ".join(document["chosen"]))
