"""Start a PostgreSQL server in a temporary folder, run a command against it, stop it.

Usage: ``python tests/support/with_postgres.py COMMAND [ARGUMENT ...]``
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")


def binaries() -> Path:
    """Return the folder of the newest PostgreSQL that is installed.

    Raises
    ------
    SystemExit
        There is none.
    """
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3])
    )
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    raise SystemExit("PostgreSQL is missing; type: sudo apt-get install -y postgresql")


def _server_user() -> str | None:
    """Return whom the server must run as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    return next(name for name in ("postgres", "nobody") if _exists(name))


def _exists(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


@contextmanager
def server() -> Iterator[dict[str, str]]:
    """Run a server on a Unix socket and yield the environment that points to it."""
    user = _server_user()
    folder = Path(tempfile.mkdtemp(prefix="qalqan-pg-"))
    if user:
        shutil.chown(folder, user)
    tools = binaries()

    def run(*command: str) -> None:
        result = subprocess.run(
            command, user=user, cwd=folder, capture_output=True, text=True, check=False
        )
        if result.returncode:
            raise SystemExit(f"{command[0]} failed: {result.stdout}{result.stderr}")

    data = folder / "data"
    options = " ".join(f"-c {setting}" for setting in SETTINGS)
    try:
        run(f"{tools}/initdb", "-D", f"{data}", "-U", "qalqan", "--auth=trust", "-E", "UTF8",
            "--locale=C.UTF-8", "--no-sync")  # fmt: skip
        run(f"{tools}/pg_ctl", "-D", f"{data}", "-w", "-l", f"{folder}/log",
            "-o", f"-c listen_addresses='' -k {folder} {options}", "start")  # fmt: skip
        yield {
            "QALQAN_TEST_DATABASE": "postgres",
            "QALQAN_DB_HOST": str(folder),
            "QALQAN_DB_USER": "qalqan",
            "QALQAN_DB_NAME": "postgres",
        }
    finally:
        if (data / "postmaster.pid").exists():
            run(f"{tools}/pg_ctl", "-D", f"{data}", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def main(command: list[str]) -> int:
    """Run the command with a server at hand and return its exit code."""
    if not command:
        raise SystemExit(__doc__)
    with server() as environment:
        return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
