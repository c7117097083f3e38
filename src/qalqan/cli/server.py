"""The web server of the embedded desk."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from gunicorn.app.base import BaseApplication


class DeskServer(BaseApplication):
    """gunicorn with our settings instead of a configuration file."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for key, value in self.options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        """Return the WSGI application."""
        from qalqan.desk.wsgi import application

        return application


def run_server(*, host: str, port: int, threads: int, with_worker: bool) -> None:
    """Serve until stopped; the worker, if wanted, runs beside and ends with the server."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    beside: list[subprocess.Popen[bytes]] = []
    if with_worker:
        # A Ctrl-C at the terminal is for the server; each worker gets exactly one signal, below.
        beside = [
            subprocess.Popen(  # noqa: S603 - our own commands, fixed words
                [sys.executable, "-m", "qalqan", *words], start_new_session=True
            )
            for words in (["worker"], ["alerts", "send"])
        ]
    try:
        DeskServer(
            {
                "bind": address,
                "worker_class": "gthread",
                "workers": 1,
                "threads": threads,
                "timeout": 60,
                "graceful_timeout": 10,
                "loglevel": "warning",
                "worker_tmp_dir": None,
                "control_socket_disable": True,
            }
        ).run()
    finally:
        for process in beside:
            process.terminate()
        for process in beside:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                # Its task goes back on the queue at the next start.
                process.kill()
                process.wait()
