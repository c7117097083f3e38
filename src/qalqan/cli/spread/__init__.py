"""How claims spread, from plain files: ``qalqan spread …``."""

from __future__ import annotations

import typer

from qalqan.cli.spread import forecast, messengers, reproduction, simulate

spread_app = typer.Typer(
    help="How claims spread: reproduction numbers, forecasts, simulation, messengers.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for module in (reproduction, forecast, simulate, messengers):
        module.register(spread_app)
    app.add_typer(spread_app, name="spread")
