"""``qalqan rumours …``: the rumour functions on plain files, one module a command."""

from __future__ import annotations

import typer

from qalqan.cli.rumours import group, match, pairs

rumours_app = typer.Typer(help="Rumours in plain files: no desk needed.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands under ``rumours``; each imports what it needs when it runs."""
    for module in (group, match, pairs):
        module.register(rumours_app)
    app.add_typer(rumours_app, name="rumours")
