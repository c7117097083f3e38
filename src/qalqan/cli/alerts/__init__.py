"""``qalqan alerts …``: sending public warnings, drills, and what comes in from devices."""

from __future__ import annotations

import typer

from qalqan.cli.alerts import drill_command, listen_command, send_command

alerts_app = typer.Typer(help="Public warnings: send, drill, listen.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands under ``alerts``; each imports what it needs when it runs."""
    for module in (send_command, drill_command, listen_command):
        module.register(alerts_app)
    app.add_typer(alerts_app, name="alerts")
