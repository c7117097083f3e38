"""The web server of the embedded desk."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from typing import Any

from gunicorn.app.base import BaseApplication

from qalqan.cli.console import messages

AGAIN_AFTER = 2.0
"""Seconds that something beside the server ran at least before it is started again."""
LONGEST_PAUSE = 30.0


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
    """Serve until stopped; worker, sender and listener, if wanted, run beside and end with it."""
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    beside = Beside(_words_beside() if with_worker else [])
    beside.start()
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
        beside.stop()


def _words_beside() -> list[list[str]]:
    """Return what runs beside the server; who listens needs a broker."""
    words = [["worker"], ["alerts", "send"]]
    if os.environ.get("QALQAN_DEVICES_BROKER"):
        words.append(["alerts", "listen"])
    return words


class Beside:
    """Our own commands in processes of their own; one that dies is started again."""

    def __init__(self, commands: list[list[str]]) -> None:
        self._commands = commands
        self._running: list[subprocess.Popen[bytes]] = []
        self._began: list[float] = []
        self._pause = [AGAIN_AFTER] * len(commands)
        self._owner = os.getpid()
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._keep, name="beside", daemon=True)

    def start(self) -> None:
        """Start them, and watch them from now on."""
        self._running = [self._begin(words) for words in self._commands]
        self._began = [time.monotonic()] * len(self._running)
        self._watch.start()

    def stop(self) -> None:
        """End them in order; what is under way is finished or taken up at the next start."""
        if os.getpid() != self._owner:
            # A process of the web server that ends comes by here as well; nothing here is its own.
            return
        self._stopping.set()
        self._watch.join()
        for process in self._running:
            process.terminate()
        for process in self._running:
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                # Its task goes back on the queue at the next start.
                process.kill()
                process.wait()

    def _begin(self, words: list[str]) -> subprocess.Popen[bytes]:
        # A Ctrl-C at the terminal is for the server; each of these gets one signal, from stop().
        return subprocess.Popen(  # noqa: S603 - our own commands, fixed words
            [sys.executable, "-m", "qalqan", *words], start_new_session=True
        )

    def _keep(self) -> None:
        while not self._stopping.wait(AGAIN_AFTER / 4):
            for place, process in enumerate(self._running):
                if process.poll() is not None:
                    self._again(place)

    def _again(self, place: int) -> None:
        """Start one again; the sooner it ended, the longer the wait before that."""
        ran = time.monotonic() - self._began[place]
        if ran < self._pause[place]:
            return
        calm = ran > LONGEST_PAUSE * 2
        self._pause[place] = AGAIN_AFTER if calm else min(LONGEST_PAUSE, self._pause[place] * 2)
        words = " ".join(self._commands[place])
        # The web server reaps our children too, so what they ended with is often not known.
        messages().print(f"qalqan {words} has ended; starting it again", soft_wrap=True)
        self._running[place] = self._begin(self._commands[place])
        self._began[place] = time.monotonic()


def tell_own_address(port: int) -> None:
    """Let links in mails and messages lead to this desk where no address is set for it."""
    if not (os.environ.get("QALQAN_PUBLIC_URL") or os.environ.get("QALQAN_ORIGINS")):
        os.environ["QALQAN_PUBLIC_URL"] = f"http://localhost:{port}"
