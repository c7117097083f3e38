"""``qalqan polls test``: do two answers go together, or is it the sample?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.errors import InputError

EXAMPLES = (
    "Example: qalqan polls test answers.csv --strata region --cluster village --weight w "
    "--fpc villages --rows age --columns trust --json"
)
_REMEDIES = ("fail", "remove", "certainty", "adjust", "average")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(name="test", epilog=EXAMPLES)(association)


def association(
    data: Annotated[Path, typer.Argument(help="CSV, one row a respondent.")],
    rows: Annotated[str, typer.Option(help="Column of the first answer.")],
    columns: Annotated[str, typer.Option(help="Column of the second answer.")],
    weight: Annotated[str, typer.Option(help="Column of weights.")],
    strata: Annotated[str | None, typer.Option(help="Column of strata.")] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Columns of clusters, first stage first: C1,C2.")
    ] = None,
    fpc: Annotated[
        str | None, typer.Option(help="Columns of finite populations, one a stage.")
    ] = None,
    statistic: Annotated[str, typer.Option(help="F (second order) or chisq (first order).")] = "F",
    nest: Annotated[
        bool, typer.Option("--nest", help="Clusters are numbered anew in each stratum.")
    ] = False,
    lonely: Annotated[
        str,
        typer.Option(help="One cluster in a stratum: fail, remove, certainty, adjust, average"),
    ] = "fail",
    na: Annotated[str, typer.Option(help="Rows without an answer: fail or drop.")] = "fail",
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Test whether two answers are independent (Rao and Scott), as R's svychisq does."""
    import numpy as np

    from qalqan.cli.polls.estimate_command import names_of
    from qalqan.cli.polls.job import read_design, whole_design
    from qalqan.cli.polls.levels import coded
    from qalqan.cli.polls.table import read_table
    from qalqan.science.polls.association import rao_scott

    _check(statistic, lonely, na)
    job = whole_design(
        data, strata=strata, clusters=names_of("cluster", cluster), weight=weight,
        fpc=names_of("fpc", fpc), nest=nest, lonely=lonely, column=rows, other=columns,
    )  # fmt: skip
    table = read_table(data, job.columns)
    drawn = read_design(job, table)
    if na == "fail":
        for name in (rows, columns):
            table.names(name)
    first, down = coded(table.columns[rows])
    second, across = coded(table.columns[columns])
    found = job.blamed(
        table, lambda: rao_scott(drawn, first, second, statistic=statistic)  # type: ignore[arg-type]
    )  # fmt: skip
    document: dict[str, Any] = {
        "statistic": found.statistic,
        "df": list(found.df),
        "p": found.p,
        "rows": down,
        "columns": across,
        "shares": np.asarray(found.shares).tolist(),
        "n": int(((first >= 0) & (second >= 0)).sum()),
        "method": _method(statistic),
    }
    if json:
        print_json(document)
    else:
        _show(document)


def _check(statistic: str, lonely: str, na: str) -> None:
    for option, value, allowed in (
        ("statistic", statistic, ("F", "chisq")),
        ("lonely", lonely, _REMEDIES),
        ("na", na, ("fail", "drop")),
    ):
        if value not in allowed:
            raise InputError(f"--{option} is one of {', '.join(allowed)}, not {value!r}")


def _method(statistic: str) -> str:
    if statistic == "F":
        return (
            "Pearson's statistic over the sum of the generalised design effects, against F with "
            "Satterthwaite's degrees of freedom (Rao-Scott, second order)"
        )
    return (
        "Pearson's statistic; p after dividing by the mean design effect (Rao-Scott, first order)"
    )


def _show(document: dict[str, Any]) -> None:
    body = [
        [name, *(f"{100 * share:.1f} %" for share in line)]
        for name, line in zip(document["rows"], document["shares"], strict=True)
    ]
    print_rows("shares of all", ["", *document["columns"]], body)
    degrees = " and ".join(f"{one:.4g}" for one in document["df"])
    say(f"statistic {document['statistic']:.5g}, {degrees} df, p = {document['p']:.4g}")
    say(f"n = {document['n']:,}; {document['method']}")
