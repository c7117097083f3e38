"""Create the embedded desk with the sample province."""

from __future__ import annotations

from typing import Annotated

import typer

from qalqan.cli.commands.serve import check_port
from qalqan.cli.console import messages, print_json, progress
from qalqan.cli.desk import now, open_desk
from qalqan.errors import ConflictError

STARTED = "demo.started"
"""Marks a desk that the demo made; it is written before anything else."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: qalqan demo --serve --port 8000")(demo)


def refuse_own_desk() -> None:
    """Refuse to mix made-up data into a desk that was not made by the demo.

    Raises
    ------
    ConflictError
        The folder holds a desk of somebody's own.
    """
    from qalqan.cli.desk import home
    from qalqan.desk.platform.upkeep import home as desk_home

    mark = home() / STARTED
    if desk_home.exists(home()) and not mark.is_file():
        raise ConflictError(
            f"{home()} holds a desk that is no demo; sample data would mix with its own",
            hint="serve it with `qalqan serve`, or set QALQAN_HOME to another folder",
        )
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()


def demo(
    serve: Annotated[bool, typer.Option("--serve", help="Serve the desk afterwards.")] = False,
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    seed: Annotated[int, typer.Option(help="Seed of the sample province.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Load the sample province, compute the brief, print a one-time log-in.

    Everything goes into the folder ``var`` (or QALQAN_HOME). A second call finds the work done.
    """
    import os

    if serve:
        check_port("127.0.0.1", port)
    refuse_own_desk()
    # The one-time log-in works only where the demo says so itself.
    os.environ["QALQAN_DEMO"] = "1"
    from qalqan.cli.server import tell_own_address

    tell_own_address(port)
    folder = open_desk(create=True)
    from qalqan.cli.sample_desk import load_sample_desk

    with progress(quiet=json) as bars:
        result = load_sample_desk(folder, seed=seed, now=now(), progress=bars)
    base = f"http://127.0.0.1:{port}"
    if json:
        print_json({**result.as_dict(), "login": f"{base}{result.login_path}"})
    else:
        out = messages()
        out.print("[bold]The morning brief[/bold] (sample data)")
        for path in result.written:
            out.print(f"  {path}", soft_wrap=True)
        out.print(f"Accounts of every role, with passwords: {result.accounts}", soft_wrap=True)
        if serve:
            out.print(
                f"One-time log-in (15 minutes): [bold]{base}{result.login_path}[/bold]",
                soft_wrap=True,
            )
        else:
            out.print("Serve the desk with: make run (or qalqan demo --serve)")
    if serve:
        from qalqan.cli.server import run_server

        messages().print(f"The desk is on [bold]{base}[/bold] (Ctrl-C stops it).")
        run_server(host="127.0.0.1", port=port, threads=4, with_worker=True)
