"""Disclosure control, from plain files: ``qalqan disclosure …``."""

from __future__ import annotations

import typer

from qalqan.cli.disclosure import anonymity_command, audit_command, protect_command

disclosure_app = typer.Typer(
    help="Disclosure: hide small counts so that nobody can compute them, and attack the result.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for module in (protect_command, audit_command, anonymity_command):
        module.register(disclosure_app)
    app.add_typer(disclosure_app, name="disclosure")
