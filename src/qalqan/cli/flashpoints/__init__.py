"""``qalqan flashpoints …``: the statistics of flash-points on plain files, without a desk."""

from __future__ import annotations

import typer

from qalqan.cli.flashpoints import (
    backtest_command,
    hawkes_command,
    knox_command,
    scan_command,
    smooth_command,
)

flashpoints_app = typer.Typer(
    help="Flash-points in plain files: no desk needed.", no_args_is_help=True
)


@flashpoints_app.callback()
def _group() -> None:
    """Flash-points in plain files: no desk needed."""


def register(app: typer.Typer) -> None:
    """Add the commands under ``flashpoints``; each imports what it needs when it runs."""
    for module in (scan_command, hawkes_command, knox_command, smooth_command, backtest_command):
        module.register(flashpoints_app)
    app.add_typer(flashpoints_app, name="flashpoints")
