"""``qalqan support …``: keys and envelopes of a helping service, and certificates."""

from __future__ import annotations

import typer

from qalqan.cli.support import certificate_command, envelope_commands

support_app = typer.Typer(
    help="Sealed help: a service's own key, its envelopes, and certificates.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands under ``support``; each imports what it needs when it runs."""
    for module in (envelope_commands, certificate_command):
        module.register(support_app)
    app.add_typer(support_app, name="support")
