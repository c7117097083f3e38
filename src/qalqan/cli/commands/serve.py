"""Serve the desk, and run its background work."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from qalqan.cli.console import messages
from qalqan.cli.desk import open_desk
from qalqan.errors import SettingsError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: qalqan serve --port 8080")(serve)
    app.command(epilog="Example: qalqan worker --once")(worker)


def check_port(host: str, port: int) -> None:
    """Refuse a port that something else listens on.

    Raises
    ------
    SettingsError
        The port is taken or may not be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"port {port} cannot be used: {error.strerror}",
                hint="choose another one, e.g. --port 8001 (make run PORT=8001)",
            ) from None


def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    threads: Annotated[int, typer.Option(help="Requests served side by side.", min=1)] = 4,
    with_worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Also run the background work.")
    ] = True,
) -> None:
    """Serve the desk on this machine."""
    check_port(host, port)
    from qalqan.cli.server import run_server, tell_own_address

    tell_own_address(port)
    open_desk()

    messages().print(f"The desk is on [bold]http://{host}:{port}[/bold] (Ctrl-C stops it).")
    run_server(host=host, port=port, threads=threads, with_worker=with_worker)


def worker(
    once: Annotated[bool, typer.Option(help="Do what is due now, then stop.")] = False,
    interval: Annotated[
        float, typer.Option(help="Seconds between looks at the queue.", min=0.1)
    ] = 1.0,
) -> None:
    """Run the background work: imports, feeds, reminders, the nightly scan and brief."""
    open_desk()
    from qalqan.desk.platform.jobs.worker import run_worker

    messages().print("The worker is running (Ctrl-C stops it after the task in hand).")
    run_worker(once=once, interval=interval)
