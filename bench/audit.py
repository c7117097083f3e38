"""Writing and checking the audit chain: CPU seconds and memory for a million entries.

Usage::

    .venv/bin/python bench/audit.py [ENTRIES]
    .venv/bin/python tests/support/with_postgres.py .venv/bin/python bench/audit.py [ENTRIES]
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

START = datetime(2026, 1, 1, tzinfo=UTC)
BATCH = 20_000


def set_up(home: str) -> None:
    """Create an empty desk on SQLite, or on the PostgreSQL that the environment names."""
    server = os.environ.get("QALQAN_TEST_DATABASE") == "postgres"
    os.environ["QALQAN_HOME"] = home
    os.environ["QALQAN_SECRET_KEY"] = "bench" * 10
    os.environ["DJANGO_SETTINGS_MODULE"] = (
        f"qalqan.desk.settings.{'postgres' if server else 'sqlite'}"
    )
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(count: int) -> None:
    """Write a chain of ``count`` entries in large batches, by the same arithmetic as an act."""
    from qalqan.desk.platform.audit.chain import canonical_detail, entry_hash
    from qalqan.desk.platform.audit.models import GENESIS, AuditEntry, AuditHead

    previous, when = GENESIS, START
    batch = []
    for number in range(1, count + 1):
        when = START + timedelta(seconds=number)
        fields = (
            f"user:{number % 40}",
            "duty_officer",
            "rumours.answer_claim",
            f"rumours.claim:{number}",
            canonical_detail({"copies": number % 700, "verdict": "false"}),
        )
        digest = entry_hash(number, when, *fields, previous)
        batch.append(AuditEntry(number, when, *fields, previous, digest))
        previous = digest
        if len(batch) == BATCH or number == count:
            AuditEntry.objects.bulk_create(batch, batch_size=2000)
            batch.clear()
    AuditHead.objects.bulk_create([AuditHead(1, count, previous, when)])


def cpu() -> float:
    """Return the CPU seconds of this process so far."""
    return time.process_time()


def peak_mb() -> float:
    """Return the most memory this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def acts(count: int) -> tuple[float, float]:
    """Write entries one act at a time; return CPU seconds and seconds by the wall clock."""
    from django.db import transaction

    from qalqan.desk.platform.audit.services import record
    from qalqan.desk.platform.policies import SystemActor

    actor, began, wall = SystemActor("bench"), cpu(), time.perf_counter()
    for number in range(count):
        with transaction.atomic():
            record(actor=actor, action="bench.act", subject=f"thing:{number}", now=START)
    return cpu() - began, time.perf_counter() - wall


def main() -> None:
    """Print one line a capability."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as home:
        set_up(home)
        from django.db import connection

        from qalqan.desk.platform.audit.services import verify

        before = peak_mb()
        fill(count)
        filled = peak_mb()
        began, wall = cpu(), time.perf_counter()
        calls = []
        result = verify(progress=lambda done, total: calls.append(done))
        spent, waited = cpu() - began, time.perf_counter() - wall
        assert result == type(result)(True, count), result
        print(f"database            {connection.vendor}")
        print(f"entries             {count:,}")
        print(
            f"verify              {spent:.1f} CPU s, {waited:.1f} s by the clock, "
            f"{count / spent:,.0f} entries/CPU s, {len(calls)} progress calls"
        )
        print(
            f"memory              {before:.0f} MB before, {filled:.0f} MB after filling, "
            f"{peak_mb():.0f} MB at most"
        )
        spent, waited = acts(2000)
        print(
            f"one act             {spent / 2000 * 1000:.2f} ms CPU, "
            f"{waited / 2000 * 1000:.2f} ms by the clock (2,000 acts)"
        )
        path = Path(home) / "qalqan.sqlite3"
        if path.exists():
            print(f"file                {path.stat().st_size / 2**20:,.0f} MB")
        connection.close()


if __name__ == "__main__":
    main()
