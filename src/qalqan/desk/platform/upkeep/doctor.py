"""Look the desk over: what works, what does not, and what to do about it."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import selectors as audit

GOOD, WARNING, BAD = "good", "warning", "bad"
LEAST_FREE = 1 << 30
LITTLE_FREE = 5 << 30


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its name, state, what was seen, and what to do."""

    name: str
    state: str
    seen: str
    remedy: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the check as plain data."""
        return asdict(self)


def examine(*, home: Path, now: datetime) -> Iterator[Check]:
    """Yield the checks one by one; none of them changes anything.

    Parameters
    ----------
    home
        The desk's folder.
    now
        What the machine's clock says.
    """
    checks: tuple[Callable[[], Check], ...] = (
        _check_database,
        _check_migrations,
        lambda: check_clock(now),
        lambda: check_disk(home),
        _check_fonts,
        lambda: check_keys(home),
        _check_catalogues,
    )
    for check in checks:
        yield check()


def _check_database() -> Check:
    name = _("database")
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA quick_check(1)")
                verdict = cursor.fetchone()[0]
                cursor.execute("PRAGMA journal_mode")
                mode = cursor.fetchone()[0]
                if verdict != "ok":
                    return Check(name, BAD, verdict, _("restore the last backup"))
                return Check(name, GOOD, f"SQLite {mode}")
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0]
    except DatabaseError as error:
        return Check(name, BAD, str(error).splitlines()[0], _("see that the server is running"))
    if int(version.split(".")[0]) < 15:
        return Check(name, BAD, f"PostgreSQL {version}", _("PostgreSQL 15 or newer is needed"))
    return Check(name, GOOD, f"PostgreSQL {version}")


def _check_migrations() -> Check:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        seen = _("%(count)d pending") % {"count": len(pending)}
        return Check(_("migrations"), BAD, seen, "qalqan migrate")
    return Check(_("migrations"), GOOD, _("all applied"))


def check_clock(now: datetime) -> Check:
    """Compare the machine's clock with the last entry of the audit chain."""
    name = _("clock")
    head = audit.head()
    if head and head.written_at and now < head.written_at - timedelta(seconds=5):
        seen = _("the clock is behind the audit chain (%s)") % head.written_at.isoformat()
        return Check(name, BAD, seen, _("set the machine's clock"))
    if now < datetime(2026, 1, 1, tzinfo=UTC):
        return Check(name, BAD, now.isoformat(), _("set the machine's clock"))
    return Check(name, GOOD, f"{now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")


def check_disk(home: Path) -> Check:
    """See how much room the desk's disk has."""
    free = shutil.disk_usage(home).free
    seen = _("%(free).1f GB free") % {"free": free / (1 << 30)}
    if free < LEAST_FREE:
        return Check(_("disk"), BAD, seen, _("make room"))
    if free < LITTLE_FREE:
        return Check(_("disk"), WARNING, seen, _("make room soon"))
    return Check(_("disk"), GOOD, seen)


def _check_fonts() -> Check:
    from qalqan.desk.platform.ui.fonts import missing_letters

    missing = missing_letters()
    if missing:
        return Check(_("fonts"), BAD, missing, _("reinstall the desk"))
    return Check(_("fonts"), GOOD, _("all Kazakh letters"))


def check_keys(home: Path) -> Check:
    """See that the keys are there and that nobody else may read them."""
    name = _("keys")
    if os.environ.get("QALQAN_SECRET_KEY"):
        return Check(name, GOOD, _("from the environment"))
    files = [path for path in (home / "keys").glob("*") if path.is_file()]
    if not files:
        return Check(name, BAD, _("none in %s") % (home / "keys"), "qalqan init")
    open_to_others = [
        path.name
        for path in files
        if path.suffix != ".pub" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if open_to_others:
        seen = _("others may read %s") % ", ".join(open_to_others)
        return Check(name, BAD, seen, f"chmod 600 {home / 'keys'}/*")
    return Check(name, GOOD, ", ".join(sorted(path.name for path in files)))


def _check_catalogues() -> Check:
    root = Path(settings.BASE_PACKAGE)
    stale = [path for path in root.rglob("*.po") if not path.with_suffix(".mo").is_file()]
    if stale:
        seen = _("%(count)d not compiled") % {"count": len(stale)}
        return Check(_("translations"), WARNING, seen, "make messages")
    return Check(_("translations"), GOOD, "kk, ru, en")
