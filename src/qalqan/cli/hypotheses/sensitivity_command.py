"""``qalqan hypotheses sensitivity``: what the order hangs on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.cli.hypotheses.matrix_file import COLUMNS

if TYPE_CHECKING:
    from qalqan.cli.hypotheses.matrix_file import MatrixFile
    from qalqan.science.hypotheses.sensitivity import Overturn

EXAMPLES = "Example: qalqan hypotheses sensitivity matrix.csv --json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(sensitivity)


def sensitivity(
    matrix: Annotated[Path, typer.Argument(help=f"CSV; columns: {COLUMNS}.")],
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Say which item, or which smallest set of items, would change the order if it were false."""
    from qalqan.cli.hypotheses.matrix_file import read_matrix

    document = _document(read_matrix(matrix))
    if json:
        print_json(document)
    else:
        _show(document)


def _document(read: MatrixFile) -> dict[str, Any]:
    from qalqan.cli.hypotheses.matrix_file import in_order
    from qalqan.science.hypotheses.sensitivity import sensitivity as compute

    found = compute(read.marks, read.credibility, read.relevance)
    return {
        "order": in_order(found.ranks, read.hypotheses),
        "items": [
            {
                "name": read.evidence[one.item],
                "order_without": in_order(one.ranks, read.hypotheses),
                "changes_order": one.changes_order,
                "changes_first": one.changes_first,
            }
            for one in found.singles
        ],
        "smallest_set": None if found.smallest is None else _pair(read, found.smallest),
        "pairs": [_pair(read, one) for one in found.overturns],
    }


def _pair(read: MatrixFile, one: Overturn) -> dict[str, Any]:
    def names(items: tuple[int, ...] | None) -> list[str] | None:
        return None if items is None else [read.evidence[item] for item in items]

    return {
        "ahead": read.hypotheses[one.ahead],
        "behind": read.hypotheses[one.behind],
        "level_without": names(one.ties),
        "passes_without": names(one.passes),
    }


def _show(document: dict[str, Any]) -> None:
    rows = [
        [row["name"], row["order_without"], "yes" if row["changes_order"] else "no",
         "yes" if row["changes_first"] else "no"]
        for row in document["items"]
    ]  # fmt: skip
    print_rows(document["order"], ["if false", "order", "changes it", "changes the first"], rows)
    for row in document["pairs"]:
        level, passes = row["level_without"], row["passes_without"]
        if passes is not None:
            text = f"passes it if these are false: {'; '.join(passes)}"
        elif level is not None:
            text = f"comes level if these are false: {'; '.join(level)}; never passes it"
        else:
            text = "never comes level, whatever is left out"
        say(f"{row['behind']} behind {row['ahead']}: {text}")
