"""``qalqan alerts send``: the worker that sends warnings."""

from __future__ import annotations

from typing import Annotated

import typer

from qalqan.cli.console import messages, print_json
from qalqan.cli.desk import open_desk


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: qalqan alerts send")(send)


def send(
    once: Annotated[
        bool, typer.Option(help="Send everything that waits, also what is tried again, then stop.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Send approved warnings to every target; run as many of these as you like, side by side.

    A worker that is killed loses nothing: another one, or the next one, takes its work over.
    """
    open_desk()
    from qalqan.desk.alerts.sending.worker import run_sending

    if not json:
        messages().print("Sending warnings (Ctrl-C stops after what is under way).")
    sent = run_sending(until_empty=once)
    if json:
        print_json({"sent": sent})
    else:
        messages().print(f"{sent} sent")
