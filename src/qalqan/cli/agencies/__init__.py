"""Agencies: ``qalqan agencies …``."""

from __future__ import annotations

import typer

from qalqan.cli.agencies import key_commands, return_commands

agencies_app = typer.Typer(
    help="State bodies and groups: monthly returns of provinces, and whose signatures count.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for module in (return_commands, key_commands):
        module.register(agencies_app)
    app.add_typer(agencies_app, name="agencies")
