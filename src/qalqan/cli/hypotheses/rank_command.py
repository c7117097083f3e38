"""``qalqan hypotheses rank``: which hypothesis has least against it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.cli.hypotheses.matrix_file import COLUMNS

if TYPE_CHECKING:
    from qalqan.cli.hypotheses.matrix_file import MatrixFile

EXAMPLES = (
    "Example: qalqan hypotheses rank matrix.csv --json · "
    "qalqan hypotheses rank matrix.csv --priors 0.5,0.3,0.2"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(rank)


def rank(
    matrix: Annotated[Path, typer.Argument(help=f"CSV; columns: {COLUMNS}.")],
    priors: Annotated[
        str, typer.Option(help="Probability of each hypothesis before the evidence, by comma.")
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Rank hypotheses by what speaks against them (Heuer), plain and weighted.

    Beside it: how far each item tells them apart, how far analysts agree, and a Bayesian reading
    under the stated priors (equal ones where none are stated).
    """
    from qalqan.cli.hypotheses.matrix_file import read_matrix

    read = read_matrix(matrix)
    document = _document(read, _priors(priors, len(read.hypotheses)))
    if json:
        print_json(document)
    else:
        _show(document)


def _priors(text: str, number: int) -> list[float]:
    from qalqan.errors import InputError, Location

    if not text:
        return [1 / number] * number
    where = Location(field="--priors")
    try:
        found = [float(one) for one in text.split(",")]
    except ValueError:
        raise InputError(f"{text[:60]!r} are not numbers with commas", location=where) from None
    if len(found) != number:
        raise InputError(f"{len(found)} priors for {number} hypotheses", location=where)
    return found


def _document(read: MatrixFile, priors: list[float]) -> dict[str, Any]:
    from qalqan.cli.hypotheses.matrix_file import in_order
    from qalqan.science.hypotheses import bayes
    from qalqan.science.hypotheses import matrix as science

    found = science.rank(read.marks, read.credibility, read.relevance)
    reading = bayes.read(read.marks, priors, credibility=read.credibility, relevance=read.relevance)
    told = science.diagnosticity(read.marks)
    spread = reading.low is not None and reading.high is not None
    return {
        "order": in_order(found.plain_ranks, read.hypotheses),
        "order_weighted": in_order(found.weighted_ranks, read.hypotheses),
        "hypotheses": [
            {
                "name": name,
                "against": float(found.plain[k]),
                "rank": int(found.plain_ranks[k]),
                "against_weighted": float(found.weighted[k]),
                "rank_weighted": int(found.weighted_ranks[k]),
                "prior": priors[k],
                "posterior": float(reading.posterior[k]),
                "posterior_low": float(reading.low[k]) if reading.low is not None else None,
                "posterior_high": float(reading.high[k]) if reading.high is not None else None,
            }
            for k, name in enumerate(read.hypotheses)
        ],
        "evidence": [
            {
                "name": name,
                "diagnosticity": float(told[k]),
                "credibility": float(read.credibility[k]),
                "relevance": float(read.relevance[k]),
            }
            for k, name in enumerate(read.evidence)
        ],
        "analysts": len(read.analysts),
        "agreement": science.agreement(read.marks),
        "likelihoods": bayes.LIKELIHOODS,
        "assumes": "the posterior takes hypotheses as shutting each other out and items as "
        "independent; "
        + ("its interval is from the lowest to the highest analyst" if spread else
           "one analyst has no spread, so it has no interval"),
    }  # fmt: skip


def _show(document: dict[str, Any]) -> None:
    rows = [
        [
            str(row["rank"]), row["name"], f"{row['against']:g}", f"{row['against_weighted']:.2f}",
            f"{row['prior']:.2f}", f"{row['posterior']:.3f}", _span(row),
        ]
        for row in sorted(document["hypotheses"], key=lambda row: row["rank"])
    ]  # fmt: skip
    columns = ["rank", "hypothesis", "against", "weighted", "prior", "posterior", "analysts"]
    print_rows(document["order"], columns, rows)
    told = sorted(document["evidence"], key=lambda row: -row["diagnosticity"])
    print_rows(
        "What tells them apart",
        ["evidence", "diagnosticity"],
        [[row["name"], f"{row['diagnosticity']:.2f}"] for row in told],
    )
    if document["order_weighted"] != document["order"]:
        say(f"weighted: {document['order_weighted']}")
    if document["agreement"] is not None:
        say(f"agreement of {document['analysts']} analysts (alpha): {document['agreement']:.2f}")
    say(f"assumes: {document['assumes']}")


def _span(row: dict[str, Any]) -> str:
    if row["posterior_low"] is None:
        return "–"
    return f"{row['posterior_low']:.3f}–{row['posterior_high']:.3f}"
