"""``qalqan protection risk``: a transparent score of sites, and how firm the ranking is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.errors import InputError

EXAMPLES = (
    "Example: qalqan protection risk --sites sites.csv --json · "
    "qalqan protection risk --sites sites.csv --weight vulnerability=2 --weight consequence=1 "
    "--weight exposure=1 --top 20"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(risk)


def risk(
    sites: Annotated[
        Path,
        typer.Option(help="CSV or JSON; columns `id`, `vulnerability`, `consequence`, `exposure`, "
                          "each 0 (best) to 1 (worst)."),
    ],
    weight: Annotated[
        list[str] | None, typer.Option(help="name=number, one a component; 0.4, 0.4, 0.2 else.")
    ] = None,
    top: Annotated[int, typer.Option(help="How many sites would be chosen.", min=1)] = 10,
    draws: Annotated[
        int, typer.Option(help="Other weights tried.", min=1, max=1_000_000)
    ] = 2000,
    seed: Annotated[int, typer.Option(help="Seed.", min=0)] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:  # fmt: skip
    """Score sites from parts that everybody can see, with what hangs on the weights."""
    from qalqan.cli.protection.rows import ids, refused
    from qalqan.cli.spread.files import read_table
    from qalqan.science.protection import risk as science
    from qalqan.science.protection.checks import ProtectionInputError

    table = read_table(sites, ("id", *science.WEIGHTS))
    names = ids(table)
    components = {name: table.numbers(name, high=1.0) for name in science.WEIGHTS}
    weights = _weights(weight or [], list(science.WEIGHTS)) or dict(science.WEIGHTS)
    try:
        document = _document(names, components, weights, top, draws, seed)
    except ProtectionInputError as error:
        raise refused(table, error) from None
    if json:
        print_json(document)
    else:
        _show(document)


def _weights(given: list[str], names: list[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for text in given:
        name, _equals, number = text.partition("=")
        try:
            value = float(number)
        except ValueError:
            raise InputError(f"--weight {text!r} is no name=number") from None
        if name not in names:
            raise InputError(f"--weight {name!r} is no component", hint=", ".join(names))
        found[name] = value
    return {name: found.get(name, 0.0) for name in names} if found else {}


def _document(
    names: list[str], components: dict[str, list[float]], weights: dict[str, float], top: int,
    draws: int, seed: int,
) -> dict[str, Any]:  # fmt: skip
    import numpy as np

    from qalqan.science.protection.risk import score, sensitivity

    found = score(components, weights)
    firm = sensitivity(components, weights, top=top, rng=np.random.default_rng(seed), draws=draws)
    order = np.argsort(-found.total, kind="stable")
    return {
        "weights": found.weights,
        "sites": [
            {
                "id": names[row], "rank": rank, "score": float(found.total[row]),
                "low": float(firm.low[row]), "high": float(firm.high[row]),
                "parts": {name: float(part[row]) for name, part in found.parts.items()},
                "top_share": float(firm.top_share[row]),
            }
            for rank, row in enumerate(order.tolist(), start=1)
        ],
        "top": min(top, len(names)), "stays_without": firm.without, "draws": draws, "seed": seed,
        "method": "weighted sum of shown parts; low and high are 5 % and 95 % points over weights "
        "drawn around those given; top_share is the share of them with the site among the first",
    }  # fmt: skip


def _show(document: dict[str, Any]) -> None:
    rows = [
        [
            str(site["rank"]), site["id"], f"{site['score']:.1f}",
            f"{site['low']:.1f} to {site['high']:.1f}",
            " + ".join(f"{part:.1f}" for part in site["parts"].values()),
            f"{site['top_share']:.0%}",
        ]
        for site in document["sites"][:30]
    ]  # fmt: skip
    parts = " + ".join(f"{name} {share:.2f}" for name, share in document["weights"].items())
    columns = ["rank", "site", "score", "other weights", "parts", f"first {document['top']}"]
    print_rows(parts, columns, rows)
    for name, share in document["stays_without"].items():
        say(f"without {name}, {share:.0%} of the first {document['top']} stay")
