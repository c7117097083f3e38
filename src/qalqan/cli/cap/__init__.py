"""The Common Alerting Protocol as a toolbox: ``qalqan cap …``."""

from __future__ import annotations

import typer

from qalqan.cli.cap import (
    chain_command,
    convert_command,
    feed_command,
    show_command,
    sign_command,
    validate_command,
    verify_command,
)

cap_app = typer.Typer(
    help="Alerts in CAP 1.2: validate, show, convert, sign, verify, chain, feeds.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands under ``cap``; each imports what it needs when it runs."""
    for module in (
        validate_command,
        show_command,
        convert_command,
        sign_command,
        verify_command,
        chain_command,
        feed_command,
    ):
        module.register(cap_app)
    app.add_typer(cap_app, name="cap")
