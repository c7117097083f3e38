"""The test database begins as a copy of tables that an earlier run made from the same migrations.

Making every table takes half a minute of a processor in every process of tests. What is kept lies
apart from what real desks keep, as settings of tests must never reach those.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from qalqan.desk.platform.upkeep.schema import fingerprint


@contextmanager
def copied_tables() -> Iterator[None]:
    """Let the embedded test database be made from kept tables; others are made as ever."""
    from django.db import connection

    if connection.vendor != "sqlite":
        yield
        return
    creation = connection.creation
    begin, make = creation._create_test_db, creation.create_test_db
    kept = _kept()

    def begin_with_tables(*arguments: Any, **options: Any) -> str:
        name = begin(*arguments, **options)
        connection.settings_dict["NAME"] = name
        connection.ensure_connection()
        with suppress(OSError, sqlite3.DatabaseError):
            if kept.stat().st_uid == os.geteuid():
                with closing(
                    sqlite3.connect(f"file:{kept}?mode=ro&immutable=1", uri=True)
                ) as source:
                    source.backup(connection.connection)
        return name

    def make_and_keep(*arguments: Any, **options: Any) -> str:
        name = make(*arguments, **options)
        # A run without migrations makes tables that no later run could migrate.
        is_migrated = "django_migrations" in connection.introspection.table_names()
        if is_migrated and not kept.exists():
            _keep(connection.connection, kept)
        return name

    creation._create_test_db, creation.create_test_db = begin_with_tables, make_and_keep
    yield
    creation._create_test_db, creation.create_test_db = begin, make


def _kept() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path("~").expanduser() / ".cache"
    return Path(cache, "qalqan", "tests", f"{fingerprint()}.sqlite3")


def _keep(database: sqlite3.Connection, kept: Path) -> None:
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
            fresh = Path(folder, kept.name)
            with closing(sqlite3.connect(fresh)) as target:
                database.backup(target)
            fresh.replace(kept)
        for old in kept.parent.glob("*.sqlite3"):
            if old != kept:
                old.unlink(missing_ok=True)
