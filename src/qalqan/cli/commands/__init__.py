"""The commands, one module a family."""

from __future__ import annotations

import typer

from qalqan.cli import (
    agencies,
    alerts,
    cap,
    disclosure,
    flashpoints,
    hypotheses,
    incidents,
    polls,
    protection,
    rumours,
    spread,
    support,
    verify,
)
from qalqan.cli.commands import brief, demo, imports, serve, upkeep, users


def register(app: typer.Typer) -> None:
    """Add every command to the application."""
    for module in (
        demo,
        brief,
        serve,
        imports,
        users,
        upkeep,
        flashpoints,
        rumours,
        spread,
        protection,
        agencies,
        polls,
        hypotheses,
        incidents,
        alerts,
        cap,
        disclosure,
        support,
        verify,
    ):
        module.register(app)
