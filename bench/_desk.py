"""A desk of its own for one bench: a fresh SQLite file in a temporary folder."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def open_desk(*, migrate: bool = True) -> Path:
    """Set Django up; call it before any model is imported.

    Parameters
    ----------
    migrate
        Make the database anew. A child of a bench finds its parent's.
    """
    sys.path.insert(0, str(HERE.parent))
    if "QALQAN_HOME" not in os.environ:
        os.environ["QALQAN_HOME"] = tempfile.mkdtemp(prefix="qalqan-alerts-bench-")
        atexit.register(shutil.rmtree, os.environ["QALQAN_HOME"], ignore_errors=True)
    folder = Path(os.environ["QALQAN_HOME"])
    os.environ.setdefault("QALQAN_SECRET_KEY", "bench" + "0" * 50)
    postgres = os.environ.get("QALQAN_TEST_DATABASE") == "postgres"
    settings = "qalqan.desk.settings." + ("postgres" if postgres else "sqlite")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings)
    import django

    django.setup()
    from django.conf import settings as live
    from django.core.management import call_command

    live.QALQAN_TARGETS_MAY_BE_PRIVATE = True
    if migrate:
        call_command("migrate", verbosity=0)
    return folder


def free_port() -> int:
    """Return a port whose next one is free, too."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@contextmanager
def receiver() -> Iterator[int]:
    """Run the HTTP receiver as a process; yield its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, str(HERE / "_receivers.py"), "http", str(port)], stdout=subprocess.PIPE
    )
    try:
        process.stdout.readline()
        yield port
    finally:
        process.kill()
        process.wait()


def seen(port: int) -> dict[str, Any]:
    """Ask the receiver what it saw since the last question."""
    import json

    with socket.create_connection(("127.0.0.1", port + 1)) as line:
        data = b""
        while part := line.recv(65_536):
            data += part
    return json.loads(data)
