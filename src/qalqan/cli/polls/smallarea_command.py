"""``qalqan polls smallarea``: districts where few were asked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qalqan.cli.polls.table import Table
    from qalqan.science.polls.checks import PollInputError
    from qalqan.science.polls.smallarea import Areas

EXAMPLES = (
    "Example: qalqan polls smallarea districts.csv --direct trust --sd se --covariates "
    "'income,factor(region)' --area district --method reml --json"
)
_SHOWN = 40


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(smallarea)


def smallarea(
    data: Annotated[Path, typer.Argument(help="CSV, one row an area.")],
    direct: Annotated[str, typer.Option(help="Column of direct estimates.")],
    sd: Annotated[str, typer.Option(help="Column of their standard errors.")],
    area: Annotated[str, typer.Option(help="Column that names the area.")],
    covariates: Annotated[
        str,
        typer.Option(help="Columns A,B; text columns and factor(A) become one column a level."),
    ] = "",
    method: Annotated[str, typer.Option(help="reml or ml.")] = "reml",
    intercept: Annotated[
        bool, typer.Option(help="Add a constant unless the covariates hold one.")
    ] = True,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Strengthen direct estimates by covariates (Fay-Herriot), with mean squared errors.

    The variance of the areas is iterated until it settles. Coefficients are in the order of the
    columns, the constant first.
    """
    from qalqan.cli.polls.table import read_table
    from qalqan.science.polls.checks import PollInputError
    from qalqan.science.polls.smallarea import fay_herriot

    if method not in ("reml", "ml"):
        raise InputError(f"--method is reml or ml, not {method!r}")
    wanted = [_wanted(name) for name in covariates.split(",") if name.strip()]
    table = read_table(data, [direct, sd, area, *(name for name, _ in wanted)])
    areas = _areas(table, area)
    columns, names = _columns(table, wanted, intercept=intercept)
    try:
        found = fay_herriot(
            table.filled_numbers(direct), table.filled_numbers(sd), columns,
            method=method,  # type: ignore[arg-type]
        )  # fmt: skip
    except PollInputError as error:
        raise _told(table, error, direct, sd) from None
    if json:
        print_json(_document(areas, found))
    else:
        _show(areas, names, found, method)


def _wanted(text: str) -> tuple[str, bool]:
    """Return a column, and whether each of its values is a level of its own."""
    name = text.strip()
    if name.startswith("factor(") and name.endswith(")"):
        return name[len("factor(") : -1].strip(), True
    return name, False


def _areas(table: Table, column: str) -> list[str]:
    names = table.names(column)
    seen: set[str] = set()
    for row, name in enumerate(names):
        if name in seen:
            raise table.wrong(f"area {name[:40]!r} stands here twice", row, column)
        seen.add(name)
    return names


def _columns(
    table: Table, wanted: list[tuple[str, bool]], *, intercept: bool
) -> tuple[NDArray[Any], list[str]]:
    import numpy as np

    columns: list[NDArray[Any]] = []
    names: list[str] = []
    for name, levels in wanted:
        if levels or not _is_numeric(table, name):
            for level, column in _levels(table, name):
                columns.append(column)
                names.append(f"{name} {level}")
        else:
            columns.append(table.filled_numbers(name))
            names.append(name)
    ones = np.ones(len(table))
    if intercept and not _holds(columns, ones):
        columns.insert(0, ones)
        names.insert(0, "(constant)")
    if not columns:
        raise InputError("without a constant there must be --covariates")
    return np.stack(columns, axis=1), names


def _is_numeric(table: Table, column: str) -> bool:
    try:
        table.numbers(column)
    except InputError:
        filled = [text for text in table.columns[column] if text]
        # One wrong cell among numbers is a fault; a column of words is a list of levels.
        words = sum(not _number(text) for text in filled)
        if words < len(filled):
            raise
        return False
    return True


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _levels(table: Table, column: str) -> list[tuple[str, NDArray[Any]]]:
    """Return a column for each level but the first."""
    import numpy as np

    from qalqan.cli.polls.levels import coded

    code, levels = coded(table.names(column))
    return [
        (level, (code == place).astype(np.float64))
        for place, level in enumerate(levels)
        if place > 0
    ]


def _holds(columns: list[NDArray[Any]], ones: NDArray[Any]) -> bool:
    """Tell whether the columns make up a constant already."""
    import numpy as np

    if not columns:
        return False
    table = np.stack(columns, axis=1)
    fitted = table @ np.linalg.lstsq(table, ones, rcond=None)[0]
    return bool(np.abs(fitted - ones).max() < 1e-9)


def _told(table: Table, error: PollInputError, direct: str, sd: str) -> InputError:
    fields = {"direct": direct, "sd": sd}
    hint = None if error.hint is None else str(error.hint)
    return table.wrong(
        str(error.message), error.row, fields.get(error.column or "", error.column), hint
    )


def _document(areas: list[str], found: Areas) -> dict[str, Any]:
    return {
        "refvar": found.refvar,
        "coefficients": found.coefficients.tolist(),
        "areas": [
            {"area": name, "eblup": eblup, "mse": mse}
            for name, eblup, mse in zip(
                areas, found.eblup.tolist(), found.mse.tolist(), strict=True
            )
        ],
    }


def _show(areas: list[str], names: list[str], found: Areas, method: str) -> None:
    rows = [
        [name, f"{eblup:.5g}", f"{mse**0.5:.4g}", f"{100 * share:.0f} %"]
        for name, eblup, mse, share in zip(
            areas, found.eblup, found.mse, found.direct_share, strict=True
        )
    ]
    print_rows("", ["area", "estimate", "root mse", "own share"], rows[:_SHOWN])
    if len(rows) > _SHOWN:
        say(f"… and {len(rows) - _SHOWN} more; --json has all")
    pairs = zip(names, found.coefficients, found.coefficient_se, strict=True)
    for name, value, se in pairs:
        say(f"{name}: {value:.5g} (se {se:.3g})")
    say(
        f"variance of the areas: {found.refvar:.6g} ({method}, {found.steps} steps, converged); "
        "root mse counts that it is estimated"
    )
