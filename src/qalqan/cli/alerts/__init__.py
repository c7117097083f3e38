"""``qalqan alerts …``: sending public warnings, drills, and what comes in from devices."""

from __future__ import annotations

import typer

from qalqan.cli.alerts import send_command

alerts_app = typer.Typer(help="Public warnings: send, drill, listen.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands under ``alerts``; each imports what it needs when it runs."""
    send_command.register(alerts_app)
    app.add_typer(alerts_app, name="alerts")
