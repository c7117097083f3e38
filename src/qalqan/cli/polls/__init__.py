"""Polls, from plain files: ``qalqan polls …``."""

from __future__ import annotations

import typer

from qalqan.cli.polls import association_command, estimate_command, smallarea_command

polls_app = typer.Typer(
    help="Polls: estimates with the doubt of the design, tests, small areas.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for module in (estimate_command, association_command, smallarea_command):
        module.register(polls_app)
    app.add_typer(polls_app, name="polls")
