"""Bring a file in, again and again, dying at random points; print what came of it as JSON.

Usage: ``QALQAN_HOME=FOLDER python intake_kill_driver.py CSV TRIALS SEED``

One process loads everything; each attempt is a fork of it that kills itself with SIGKILL
before a statement drawn at random, or is killed after a random time.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qalqan.desk.settings.sqlite")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from qalqan.desk.intake.models import ImportRun  # noqa: E402
from qalqan.desk.intake.pipeline import Pipeline  # noqa: E402
from qalqan.desk.intake.readers import Record  # noqa: E402
from qalqan.desk.intake.services import importing  # noqa: E402
from qalqan.desk.platform.audit.services import verify  # noqa: E402
from qalqan.desk.platform.policies import SystemActor  # noqa: E402
from qalqan.desk.rumours.search import newest_matches  # noqa: E402
from qalqan.science.rumours.group import ClaimIndex  # noqa: E402

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
ACTOR = SystemActor("test")
DATABASE = Path(os.environ["QALQAN_HOME"]) / "qalqan.sqlite3"
TABLES = (
    "rumours_message", "rumours_claim", "rumours_claimhour", "rumours_claimplace",
    "rumours_claimlanguage", "rumours_tipday", "rumours_tally", "intake_importrun",
    "sources_source", "audit_auditentry",
)  # fmt: skip
importing.BATCH = 100


def attempt(path: Path, die_at: int, die_after: float) -> bool:
    """Import in a child; return whether it came to the end."""
    connection.close()
    child = os.fork()
    if child == 0:
        # Whatever goes wrong, a child must not go on as a second parent.
        done = 1
        try:
            _import(path, die_at, die_after)
            done = 0
        finally:
            os._exit(done)
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return False
    if os.WEXITSTATUS(status):
        raise SystemExit("the import failed by itself")
    return True


def _import(path: Path, die_at: int, die_after: float) -> None:
    seen = 0

    def count(execute, sql, params, many, context):
        nonlocal seen
        seen += 1
        if seen == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    if die_after:
        threading.Timer(die_after, os.kill, (os.getpid(), signal.SIGKILL)).start()
    with connection.execute_wrapper(count):
        importing.import_messages(actor=ACTOR, path=path, now=NOW, keep_good=True)
    (DATABASE.parent / "statements").write_text(str(seen))
    connection.close()


def contents() -> dict[str, str]:
    """Return a digest of each table, of what a search finds and of the audit's check."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
            rows = [tuple(row) for row in cursor.fetchall()]
            found[table] = f"{len(rows)}:{hashlib.sha256(repr(rows).encode()).hexdigest()}"
    hits = [newest_matches("rumours_message_search", word, limit=10_000) for word in ("су", "газ")]
    found["search"] = hashlib.sha256(repr(hits).encode()).hexdigest()
    checked = verify()
    found["audit"] = f"{checked.ok} {checked.entries}"
    connection.close()
    return found


def finished() -> bool:
    """Tell whether the import that was killed had already come to its end."""
    done = ImportRun.objects.filter(state=ImportRun.State.DONE).exists()
    connection.close()
    return done


def restore(template: Path) -> None:
    for suffix in ("-wal", "-shm"):
        Path(str(DATABASE) + suffix).unlink(missing_ok=True)
    shutil.copy(template, DATABASE)


def main() -> None:
    path, trials, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(seed)
    call_command("migrate", verbosity=0)
    Pipeline(ACTOR, NOW, "x").process([Record("су жоқ", NOW)])
    ClaimIndex().add_many(["су жоқ"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    template = DATABASE.with_name("template")
    shutil.copy(DATABASE, template)
    began = time.perf_counter()
    attempt(path, 0, 0.0)
    seconds = time.perf_counter() - began
    statements = int((DATABASE.parent / "statements").read_text())
    whole = contents()
    cut = []
    for trial in range(trials):
        restore(template)
        deaths = 0
        while True:
            by_time = trial % 3 == 2
            die_at = 0 if by_time or deaths > 2 else rng.randint(1, statements)
            die_after = rng.uniform(0.01, seconds) if by_time and deaths < 3 else 0.0
            came_to_the_end = attempt(path, die_at, die_after)
            deaths += not came_to_the_end
            # A blow after the last commit cuts nothing; a new run would rightly be a second one.
            if came_to_the_end or finished():
                break
        cut.append({"deaths": deaths, "contents": contents()})
    sys.stdout.write(json.dumps({"statements": statements, "whole": whole, "cut": cut}) + "\n")


if __name__ == "__main__":
    main()
