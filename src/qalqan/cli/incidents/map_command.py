"""Check a map of columns, or print one that comes with the desk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from qalqan.cli.console import print_json, say
from qalqan.cli.desk import open_desk
from qalqan.errors import InputError, Location


def column_map(
    check: Annotated[
        Path | None, typer.Option(help="Check this map and say all that is wrong with it.")
    ] = None,
    show: Annotated[
        str | None, typer.Option(help="Print a map that comes with the desk: gtd or acled.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Say what is wrong with a map of columns, or print one to begin from.

    Ends with 1 where the map has faults, with 2 where it cannot be read at all.
    """
    open_desk()
    if (check is None) == (show is None):
        raise InputError("give either --check or --show", location=Location(field="--check"))
    if show is not None:
        _print(show)
        return
    from qalqan.desk.incidents.services.readers.column_map import check_map

    found = check_map(Path(str(check)))
    faults: list[dict[str, Any]] = [
        {"file": Path(str(check)).name, "line": line, "field": field, "reason": reason}
        for line, field, reason in found
    ]
    if json:
        print_json({"faults": faults})
    else:
        for one in faults:
            where = Location(one["file"], one["line"], one["field"])
            say(f"{where}: {one['reason']}")
        if not faults:
            say(f"{Path(str(check)).name}: the map can be used")
    if faults:
        raise typer.Exit(1)


def _print(name: str) -> None:
    from qalqan.desk.incidents.services.readers.column_map import SHIPPED

    names = sorted(path.stem for path in SHIPPED.glob("*.toml"))
    if name not in names:
        raise InputError(
            f"there is no map “{name}”; use {', '.join(names)}", location=Location(field="--show")
        )
    say((SHIPPED / f"{name}.toml").read_text(encoding="utf-8").rstrip())
