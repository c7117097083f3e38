"""Competing hypotheses, from plain files: ``qalqan hypotheses …``."""

from __future__ import annotations

import typer

from qalqan.cli.hypotheses import rank_command, sensitivity_command

hypotheses_app = typer.Typer(
    help="Competing hypotheses: what speaks against each, and what the order hangs on.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for module in (rank_command, sensitivity_command):
        module.register(hypotheses_app)
    app.add_typer(hypotheses_app, name="hypotheses")
