"""``qalqan protection game``: where to be with which probability."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say

if TYPE_CHECKING:
    from qalqan.cli.spread.files import Table
    from qalqan.science.protection.payoffs import Payoffs

EXAMPLES = (
    "Example: qalqan protection game --targets targets.csv --resources 5 --json · "
    "qalqan protection game --targets targets.csv --resources 5 --spread 1.5"
)
COLUMNS = "id, defender_covered, defender_uncovered, attacker_covered, attacker_uncovered"
_SHOWN = 30


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(game)


def game(
    targets: Annotated[Path, typer.Option(help=f"CSV or JSON; columns {COLUMNS}.")],
    resources: Annotated[int, typer.Option(help="Targets covered at the same time.", min=0)],
    spread: Annotated[
        float,
        typer.Option(
            help="How far off the attacker's payoffs may be; adds a robust answer.", min=0
        ),
    ] = 0.0,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Compute the strong Stackelberg equilibrium, beside three plain rules.

    Covering a target must not harm the defender nor help the attacker. The attacker knows the
    probabilities, takes what is best for him, and among equals what is best for the defender.
    """
    from qalqan.cli.protection.rows import ids
    from qalqan.cli.spread.files import read_table
    from qalqan.science.protection.payoffs import COLUMNS as NUMBERS

    table = read_table(targets, ("id", *NUMBERS))
    names = ids(table)
    payoffs = read_payoffs(table)
    document = _document(names, payoffs, resources, spread)
    if json:
        print_json(document)
    else:
        _show(document, len(names), resources)


def read_payoffs(table: Table) -> Payoffs:
    """Return the four columns of payoffs; a rule that is broken names its line and column."""
    from qalqan.cli.protection.rows import refused
    from qalqan.science.protection.checks import ProtectionInputError
    from qalqan.science.protection.payoffs import COLUMNS as NUMBERS
    from qalqan.science.protection.payoffs import checked

    columns = [table.numbers(name, low=-math.inf) for name in NUMBERS]
    try:
        return checked(*columns)
    except ProtectionInputError as error:
        raise refused(table, error) from None


def _document(names: list[str], payoffs: Payoffs, resources: int, spread: float) -> dict[str, Any]:
    from qalqan.cli.protection.rows import by_id
    from qalqan.science.protection.baselines import baselines
    from qalqan.science.protection.game import solve

    found = solve(payoffs, resources)
    plain = {
        name: {
            "defender_value": rule.response.defender_value,
            "attacker_value": rule.response.attacker_value,
            "attacked": names[rule.response.attacked],
        }
        for name, rule in baselines(payoffs, resources).items()
    }
    document: dict[str, Any] = {
        "coverage": by_id(names, found.coverage),
        "attacker_value": found.attacker_value,
        "defender_value": found.defender_value,
        "attacked": names[found.attacked],
        "baselines": {name: row["defender_value"] for name, row in plain.items()},
        "baseline_details": plain,
        "resources": resources,
        "spare": found.spare,
        "assumes": "the attacker knows the probabilities and acts rationally; ties are broken in "
        "the defender's favour; any target can be covered by any resource",
    }
    if spread:
        document["robust"] = _robust(names, payoffs, resources, spread)
    return document


def _robust(names: list[str], payoffs: Payoffs, resources: int, spread: float) -> dict[str, Any]:
    from qalqan.cli.protection.rows import by_id
    from qalqan.science.protection.payoffs import checked
    from qalqan.science.protection.robust import interval, maximin

    mine = payoffs.defender_covered, payoffs.defender_uncovered
    low = checked(*mine, payoffs.attacker_covered - spread, payoffs.attacker_uncovered - spread)
    high = checked(*mine, payoffs.attacker_covered + spread, payoffs.attacker_uncovered + spread)
    sure, floor = interval(low, high, resources), maximin(payoffs, resources)
    return {
        "spread": spread,
        "interval": {
            "coverage": by_id(names, sure.coverage), "defender_value": sure.defender_value,
        },
        "maximin": {
            "coverage": by_id(names, floor.coverage), "defender_value": floor.defender_value,
        },
    }  # fmt: skip


def _show(document: dict[str, Any], targets: int, resources: int) -> None:
    ranked = sorted(document["coverage"].items(), key=lambda row: -row[1])
    rows = [[name, f"{share:.4f}"] for name, share in ranked[:_SHOWN]]
    print_rows(f"{targets} targets, {resources} resources", ["target", "probability"], rows)
    if targets > _SHOWN:
        say(f"and {targets - _SHOWN} more; --json prints all")
    say(
        f"defender {document['defender_value']:.4f}, attacker {document['attacker_value']:.4f}, "
        f"attacked: {document['attacked']}"
    )
    for name, row in document["baseline_details"].items():
        say(f"  {name}: {row['defender_value']:.4f}, attacked: {row['attacked']}")
    for name in ("interval", "maximin") if "robust" in document else ():
        say(f"  {name}, at least: {document['robust'][name]['defender_value']:.4f}")
    say(f"assumes: {document['assumes']}")
