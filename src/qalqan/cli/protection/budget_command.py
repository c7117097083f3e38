"""``qalqan protection budget``: which measure where, and what one more million buys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.cli.protection.columns import Table
    from qalqan.science.protection.budget import Choices, Purchase

EXAMPLES = (
    "Examples: qalqan protection budget --sites sites.csv --measures measures.csv "
    "--budget 50000000 --floor 0.1 --json · qalqan protection budget --sites sites.csv "
    "--measures measures.csv --options options.csv --budget 50000000"
)


@dataclass(frozen=True, slots=True)
class _Read:
    """What the files say."""

    sites: list[str]
    measures: list[str]
    districts: list[str]
    cost: Any
    options: Choices


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(budget)


def budget(
    sites: Annotated[Path, typer.Option(help="CSV: id, weight; also district.")],
    measures: Annotated[
        Path, typer.Option(help="CSV: id, cost, effect (0-1); also requires (ids, blanks between).")
    ],
    budget: Annotated[float, typer.Option(help="Money, in the unit of the costs.")],
    options: Annotated[
        Path | None,
        typer.Option(
            help="CSV: site, measure, cost, effect where they differ; no cost: not there."
        ),
    ] = None,
    floor: Annotated[
        float, typer.Option(help="Share of what could be saved that each district gets, 0-1.")
    ] = 0.0,
    extra: Annotated[
        float, typer.Option(help="Money beyond the budget whose worth is told.")
    ] = 1_000_000.0,
    time_limit: Annotated[float, typer.Option(help="Seconds for the search.")] = 30.0,
    gap: Annotated[
        float, typer.Option(help="End at this proven gap, as 0.01; 0 for the optimum.", min=0.0)
    ] = 0.0,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Choose measures at sites so that the greatest weight is saved within the budget.

    A set of measures saves weight x (1 - product of (1 - effect)), so that each further measure at
    a site brings less. The status is "optimal" only if that is proven; no purchase whatever can
    save more than the bound.
    """
    from qalqan.science.protection.budget import buy, marginal

    _check(budget, floor, extra, time_limit)
    read = _read(sites, measures, options)
    found = buy(read.options, budget, floor=floor, time_limit=time_limit, gap=gap)
    least, most = marginal(read.options, found, budget, extra, floor=floor)
    document = _document(read, found, budget, floor)
    document["marginal"] = {
        "extra": extra, "gain_at_least": least, "gain_at_most": most, "price": found.price,
    }  # fmt: skip
    if json:
        print_json(document)
    else:
        _show(document)


def _check(budget: float, floor: float, extra: float, time_limit: float) -> None:
    if not 0 <= budget < float("inf"):
        raise InputError("--budget is an amount of money, 0 or more")
    if not 0 <= floor <= 1:
        raise InputError("--floor is a share between 0 and 1")
    if not 0 < extra < float("inf"):
        raise InputError("--extra is an amount of money above 0")
    if not time_limit > 0:
        raise InputError("--time-limit is a number of seconds above 0")


def _read(sites: Path, measures: Path, options: Path | None) -> _Read:
    import numpy as np

    from qalqan.cli.protection.columns import read_table
    from qalqan.science.protection.budget import MOST_MEASURES, choices

    places = read_table(sites, ["id", "weight"], ["district"])
    kinds = read_table(measures, ["id", "cost", "effect"], ["requires"])
    site_names, names = places.names("id", unique=True), kinds.names("id", unique=True)
    if len(names) > MOST_MEASURES:
        raise kinds.wrong(f"at most {MOST_MEASURES} measures", MOST_MEASURES, "id")
    weight = places.numbers("weight", low=0)
    cost = np.tile(kinds.numbers("cost", low=0), (len(site_names), 1))
    effect = np.tile(kinds.numbers("effect", low=0, high=1), (len(site_names), 1))
    if options is not None:
        _override(options, site_names, names, cost, effect)
    areas = places.names("district") if places.has("district") else ["all"] * len(site_names)
    districts = sorted(set(areas))
    number = {name: k for k, name in enumerate(districts)}
    held = choices(
        weight, cost, effect, needs=_needs(kinds, names), district=[number[a] for a in areas]
    )
    return _Read(site_names, names, districts, cost, held)


def _needs(kinds: Table, names: list[str]) -> list[list[int]]:
    """Return the places of the measures that each measure needs."""
    if not kinds.has("requires"):
        return [[] for _ in names]
    known = {name: k for k, name in enumerate(names)}
    result: list[list[int]] = []
    for row, text in enumerate(kinds.columns["requires"]):
        wanted = text.replace(";", " ").split()
        for name in wanted:
            if name not in known:
                raise kinds.wrong(f"there is no measure {name[:40]!r}", row, "requires")
            if known[name] == row:
                raise kinds.wrong("a measure cannot require itself", row, "requires")
        result.append([known[name] for name in wanted])
    _refuse_circles(kinds, result)
    return result


def _refuse_circles(kinds: Table, needs: list[list[int]]) -> None:
    """Refuse measures that can never be bought, as each waits for the other."""
    done: set[int] = set()
    left = list(range(len(needs)))
    while left:
        ready = [one for one in left if done.issuperset(needs[one])]
        if not ready:
            raise kinds.wrong("these measures require each other in a circle", left[0], "requires")
        done.update(ready)
        left = [one for one in left if one not in done]


def _override(path: Path, sites: list[str], measures: list[str], cost: Any, effect: Any) -> None:
    """Put the costs and effects of single sites in place."""
    from qalqan.cli.protection.columns import read_table

    table = read_table(path, ["site", "measure", "cost", "effect"])
    site_of = {name: k for k, name in enumerate(sites)}
    measure_of = {name: k for k, name in enumerate(measures)}
    blank = [not text for text in table.columns["cost"]]
    for row, empty in enumerate(blank):
        if empty:
            table.columns["cost"][row] = table.columns["effect"][row] = "0"
    costs, effects = table.numbers("cost", low=0), table.numbers("effect", low=0, high=1)
    seen: set[tuple[int, int]] = set()
    pairs = zip(table.names("site"), table.names("measure"), strict=True)
    for row, (site, measure) in enumerate(pairs):
        if site not in site_of:
            raise table.wrong(f"there is no site {site[:40]!r}", row, "site")
        if measure not in measure_of:
            raise table.wrong(f"there is no measure {measure[:40]!r}", row, "measure")
        pair = (site_of[site], measure_of[measure])
        if pair in seen:
            raise table.wrong("this site and measure stand here twice", row, "measure")
        seen.add(pair)
        cost[pair] = float("inf") if blank[row] else costs[row]
        effect[pair] = effects[row]


def _document(read: _Read, found: Purchase, budget: float, floor: float) -> dict[str, Any]:
    from qalqan.cli.flashpoints.files import finite

    most, saved = read.options.most(), read.options.saved(found.places)
    return {
        "objective": found.objective,
        "bound": found.bound,
        "gap": finite(found.gap),
        "chosen": [
            {"site": read.sites[site], "measure": read.measures[measure],
             "cost": float(read.cost[site, measure])}
            for site, measure in found.chosen
        ],
        "status": found.status,
        "spent": found.spent,
        "budget": budget,
        "floor": floor,
        "districts": [
            {"district": name, "saved": float(saved[k]), "possible": float(most[k])}
            for k, name in enumerate(read.districts)
        ],
    }  # fmt: skip


def _show(document: dict[str, Any]) -> None:
    print_rows(
        "", ["site", "measure", "cost"],
        [[row["site"], row["measure"], f"{row['cost']:,.0f}"] for row in document["chosen"]],
    )  # fmt: skip
    more = document["marginal"]
    say(f"spent: {document['spent']:,.0f} of {document['budget']:,.0f}")
    say(f"saved: {document['objective']:,.2f}; at most {document['bound']:,.2f}")
    proof = {"optimal": "proven optimal", "gap_limit": "within the gap asked for"}
    gap = "unknown" if document["gap"] is None else f"{document['gap']:.3%}"
    say(f"gap: {gap}, {proof.get(document['status'], 'not proven optimal')}")
    say(
        f"{more['extra']:,.0f} more would save between {more['gain_at_least']:,.2f} "
        f"and {more['gain_at_most']:,.2f}"
    )
