"""``qalqan flashpoints …``: the statistics of flash-points on plain files, without a desk."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from qalqan.cli.console import messages
from qalqan.cli.flashpoints import (
    backtest_command,
    hawkes_command,
    knox_command,
    scan_command,
    smooth_command,
)

_STOPPED = 130


class _Commands(TyperGroup):
    """Commands that say in one sentence that they were stopped."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command; results are written whole at its end, so Ctrl-C leaves none."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, Exception) as error:
            if not _was_stopped(error):
                raise
            messages().print("Stopped; nothing was written.", markup=False)
            raise typer.Exit(_STOPPED) from None


def _was_stopped(error: BaseException | None) -> bool:
    """Tell whether Ctrl-C is behind an error: compilers turn it into one of their own."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


flashpoints_app = typer.Typer(
    cls=_Commands, help="Flash-points in plain files: no desk needed.", no_args_is_help=True
)


@flashpoints_app.callback()
def _group() -> None:
    """Flash-points in plain files: no desk needed."""


def register(app: typer.Typer) -> None:
    """Add the commands under ``flashpoints``; each imports what it needs when it runs."""
    for module in (scan_command, hawkes_command, knox_command, smooth_command, backtest_command):
        module.register(flashpoints_app)
    app.add_typer(flashpoints_app, name="flashpoints")
