"""Commands about incidents."""

from __future__ import annotations

import typer

from qalqan.cli.incidents.map_command import column_map

incidents_app = typer.Typer(help="Maps of columns for files of incidents.", no_args_is_help=True)


@incidents_app.callback()
def _root() -> None:
    """Maps of columns for files of incidents."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    incidents_app.command("map", epilog="Example: qalqan incidents map --check my-columns.toml")(
        column_map
    )
    app.add_typer(incidents_app, name="incidents")
