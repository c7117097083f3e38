"""``qalqan protection sample``: schedules with these probabilities and no pattern to learn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, say
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.cli.spread.files import Table

EXAMPLES = (
    "Example: qalqan protection sample --marginals coverage.csv --count 5 --draws 10 --seed 7 "
    "--json"
)
NAMES = ("probability", "coverage", "marginal")
_MOST_VISITS = 50_000_000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(sample)


def sample(
    marginals: Annotated[
        Path,
        typer.Option(help="CSV or JSON; columns `id`, `probability` (or `coverage`, `marginal`)."),
    ],
    count: Annotated[int, typer.Option(help="Targets in each schedule.", min=0)],
    draws: Annotated[int, typer.Option(help="How many schedules.", min=1, max=10_000_000)] = 1,
    seed: Annotated[
        int, typer.Option(help="Seed; same seed, same schedules.", min=0, max=2**64 - 1)
    ] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Draw schedules of a fixed size with exactly these probabilities, at maximum entropy.

    The probabilities must sum to the count. The entropy is that of the distribution, in bits:
    what an observer who knows every probability still does not know about the next schedule.
    """
    from qalqan.cli.protection.rows import ids, refused
    from qalqan.cli.spread.files import read_table
    from qalqan.science.protection.checks import ProtectionInputError
    from qalqan.science.protection.sampling import conditional_poisson

    table = read_table(marginals, ("id",), NAMES)
    names, column = ids(table), _column(table)
    shares = table.numbers(column, high=1.0)
    try:
        found = conditional_poisson(shares, count)
    except ProtectionInputError as error:
        if error.column == "probability":
            error.column = column
        raise refused(table, error) from None
    document = _document(names, shares, found, draws, seed)
    if json:
        print_json(document)
        return
    for schedule in document["schedules"]:
        say(", ".join(schedule))
    say(f"entropy {document['entropy_bits']:.4f} bits; in fixed order by a comb it were "
        f"{document['comb_entropy_bits']:.4f}")  # fmt: skip


def _column(table: Table) -> str:
    held = [name for name in NAMES if table.has(name)]
    if len(held) != 1:
        reason = "there is no column" if not held else "there is more than one column"
        raise table.wrong(f"{reason} of probabilities: `probability`", 1)
    return held[0]


def _document(
    names: list[str], shares: list[float], found: Any, draws: int, seed: int
) -> dict[str, Any]:
    import numpy as np

    from qalqan.science.protection.sampling import comb_entropy_bits

    if draws * max(1, found.count) > _MOST_VISITS:
        raise InputError("these are more than 50 million visits; ask for fewer draws")
    chosen = found.draw(draws, np.random.default_rng(seed))
    return {
        "schedules": [[names[row] for row in schedule] for schedule in chosen.tolist()],
        "entropy_bits": found.entropy_bits,
        "comb_entropy_bits": comb_entropy_bits(shares),
        "marginals": dict(zip(names, shares, strict=True)),
        "largest_error": found.error,
        "count": found.count,
        "draws": draws,
        "seed": seed,
        "method": "conditional Poisson: the highest entropy with these probabilities",
    }
