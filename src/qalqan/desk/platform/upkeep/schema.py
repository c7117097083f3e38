"""Bring the database's tables up to date; a new embedded desk copies tables made before.

Making every table one migration at a time takes many seconds of a processor, and the result is the
same for the same migrations. So the empty database is kept in the user's own cache, under a name
that tells the migrations it was made by, and the next new desk begins as a copy of it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

_PREFIX = "tables-"


def bring_up_to_date() -> int:
    """Apply pending migrations to the default database; return how many there were."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    database = _file_of_new_desk()
    if database is not None:
        lay_out(database)
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        call_command("migrate", verbosity=0, interactive=False)
        if database is not None:
            keep(database)
    return len(pending)


def lay_out(database: Path) -> bool:
    """Copy the kept tables to where there is no database yet; return whether there were any.

    Parameters
    ----------
    database
        A file that is not there, or is empty.
    """
    kept = _kept()
    if kept is None or not _is_ours(kept):
        return False
    try:
        with closing(sqlite3.connect(f"file:{kept}?mode=ro", uri=True)) as source:
            if source.execute("PRAGMA quick_check").fetchone() != ("ok",):
                return False
            with closing(sqlite3.connect(database)) as target:
                source.backup(target)
    except sqlite3.Error:
        with suppress(OSError):
            database.unlink(missing_ok=True)
        return False
    return True


def keep(database: Path) -> bool:
    """Keep a database that holds nothing but its tables; return whether it could be kept."""
    kept = _kept()
    if kept is None:
        return False
    try:
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            fresh = Path(folder, kept.name)
            with (
                closing(sqlite3.connect(database)) as source,
                closing(sqlite3.connect(fresh)) as target,
            ):
                source.backup(target)
            fresh.chmod(0o600)
            fresh.replace(kept)
        for old in kept.parent.glob(f"{_PREFIX}*.sqlite3"):
            if old != kept:
                old.unlink(missing_ok=True)
    except (OSError, sqlite3.Error):
        return False
    return True


def _file_of_new_desk() -> Path | None:
    from django.db import connection

    if connection.vendor != "sqlite":
        return None
    name = str(connection.settings_dict["NAME"])
    if "memory" in name:
        return None
    path = Path(name)
    is_new = not path.exists() or path.stat().st_size == 0
    return path if is_new and path.parent.is_dir() else None


def _kept() -> Path | None:
    """Return where the tables of these very migrations are kept."""
    try:
        cache = os.environ.get("XDG_CACHE_HOME") or Path("~").expanduser() / ".cache"
    except RuntimeError:
        return None
    return Path(cache, "qalqan", f"{_PREFIX}{fingerprint()}.sqlite3")


def _is_ours(path: Path) -> bool:
    """Tell whether only we could have written the file."""
    try:
        return all(
            (seen := each.stat()).st_uid == os.geteuid() and not seen.st_mode & 0o022
            for each in (path, path.parent)
        )
    except OSError:
        return False


def fingerprint() -> str:
    """Tell the migrations of all rooms, and what applies them, in one word."""
    import django
    from django.apps import apps

    told = hashlib.sha256(f"{django.get_version()} {sqlite3.sqlite_version}".encode())
    for room in apps.get_app_configs():
        told.update(f"\n{room.label}\n".encode())
        for file in sorted(Path(room.path, "migrations").glob("*.py")):
            told.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return told.hexdigest()[:32]
