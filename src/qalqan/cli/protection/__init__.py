"""Protection, from plain files: ``qalqan protection …``."""

from __future__ import annotations

import typer

from qalqan.cli.protection import (
    budget_command,
    coverage_command,
    game_command,
    plan_command,
    risk_command,
    sample_command,
)

protection_app = typer.Typer(
    help="Protection: which site next, which measure where, and who hears the loudspeaker.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for module in (
        game_command,
        sample_command,
        plan_command,
        risk_command,
        coverage_command,
        budget_command,
    ):
        module.register(protection_app)
    app.add_typer(protection_app, name="protection")
