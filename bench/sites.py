"""Server time of the pages of protection with a large register.

Usage: ``python bench/sites.py [--sites 10000] [--inspections 100000] [--answers 10]
[--home FOLDER]``

Fills a desk with the sample province and, in bulk, sites, devices, inspections and their
answers (10,000 sites, 100,000 inspections, 1,000,000 answers), asks for the pages as the role
named in the browser's table, and prints the median and the largest of 15 answers, the CPU time
and the number of queries. One process without a network: what the server spends. The target is
held against the CPU time, as the wall clock also counts whatever else the machine does.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET_MS = 100
REPEATS = 15
_KINDS = ("school", "hospital", "market", "power", "transport", "government")
_WORDS = (
    ("мектеп", "Школа"),
    ("аурухана", "Больница"),
    ("базар", "Рынок"),
    ("қосалқы станция", "Подстанция"),
    ("бекет", "Станция"),
    ("әкімдік", "Акимат"),
)


def fill(home: Path, sites: int, inspections: int, answers: int) -> None:
    """Make the desk, if it is not there from an earlier run."""
    if (home / "filled").is_file():
        return
    home.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"QALQAN_HOME": str(home)}
    command = [sys.executable, "-m", "qalqan", "demo", "--json"]
    subprocess.run(command, env=environment, check=True, stdout=sys.stderr)
    began = time.process_time()
    base = sqlite3.connect(home / "qalqan.sqlite3")
    _fill(base, sites, inspections, answers)
    base.commit()
    base.execute("ANALYZE")
    base.close()
    print(f"filled in bulk in {time.process_time() - began:.0f} s of CPU time", file=sys.stderr)
    (home / "filled").touch()


def _fill(base: sqlite3.Connection, sites: int, inspections: int, answers: int) -> None:
    rng = random.Random(1)
    now = datetime.now(UTC)
    districts = [row[0] for row in base.execute(
        "SELECT id FROM places_place WHERE kind = 'district'")]  # fmt: skip
    (inspector,) = base.execute(
        "SELECT id FROM accounts_user WHERE username = 'inspector'").fetchone()  # fmt: skip
    (version,) = base.execute(
        "SELECT v.id FROM protection_checklistversion v JOIN protection_checklist c "
        "ON c.id = v.checklist_id WHERE c.code = 'general_premises'"
    ).fetchone()
    questions = [row[0] for row in base.execute(
        "SELECT id FROM protection_question WHERE version_id = ?", [version])]  # fmt: skip
    first = base.execute("SELECT MAX(id) FROM protection_site").fetchone()[0] + 1
    keys = range(first, first + sites)
    _insert(base, "protection_site", [_site(key, rng, districts, now) for key in keys])
    _insert(base, "protection_equipment", [
        _device(key, number, now) for key in keys for number in range(3)])  # fmt: skip
    start = (base.execute("SELECT MAX(id) FROM protection_inspection").fetchone()[0] or 0) + 1
    _insert(base, "protection_inspection", [
        _inspection(start + n, first + n % sites, version, inspector, rng, now)
        for n in range(inspections)])  # fmt: skip
    for part in range(0, inspections, 10_000):
        _insert(base, "protection_given", [
            {"inspection_id": start + n, "question_id": question,
             "value": "no" if rng.random() < 0.1 else "yes", "note": "", "failed": 0}
            for n in range(part, min(part + 10_000, inspections))
            for question in questions[:answers]])  # fmt: skip


def _insert(base: sqlite3.Connection, table: str, rows: list[dict[str, object]]) -> None:
    names = list(rows[0])
    marks = ", ".join("?" * len(names))
    base.executemany(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",
        [tuple(row.values()) for row in rows],
    )


def _time(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(" ")


def _site(key: int, rng: random.Random, districts: list[int], now: datetime) -> dict[str, object]:
    kind = rng.randrange(len(_KINDS))
    kk, ru = _WORDS[kind]
    place = rng.choice(districts)
    capacity = rng.randrange(10, 3000)
    listed = _time(now - timedelta(days=500))
    return {
        "id": key, "number": 100_000 + key, "name_kk": f"№ {key} {kk}", "name_ru": f"{ru} № {key}",
        "name_en": f"Site {key}", "category": _KINDS[kind], "capacity": capacity,
        "tier": 1 if capacity < 200 else 2 if capacity < 800 else 3, "owner_name": "Bench",
        "owner_language": "kk", "duty_contact": "", "place_id": place, "district_id": place,
        "latitude": 48 + 2 * rng.random(), "longitude": 55 + 5 * rng.random(), "address": "",
        "status": "listed", "listed_at": listed, "last_result": "pass",
        "last_inspected_on": (now - timedelta(days=rng.randrange(400))).date().isoformat(),
        "next_due_on": (now + timedelta(days=rng.randrange(-100, 400))).date().isoformat(),
        "recorded_at": listed, "changed_at": listed, "search_text": f" {ru.lower()} {key} {kk}",
        "is_sample": 1,
    }  # fmt: skip


def _device(site: int, number: int, now: datetime) -> dict[str, object]:
    return {
        "site_id": site, "kind": ("camera", "panic_button", "lighting")[number],
        "label": f"Device {number}", "state": "works", "is_speech": 0,
        "expires_on": (now + timedelta(days=site % 900)).date().isoformat(),
        "recorded_at": _time(now), "is_sample": 1,
    }  # fmt: skip


def _inspection(
    key: int, site: int, version: int, inspector: int, rng: random.Random, now: datetime
) -> dict[str, object]:
    finished = now - timedelta(minutes=rng.randrange(700_000))
    return {
        "id": key, "client_id": uuid.UUID(int=rng.getrandbits(128)).hex, "site_id": site,
        "version_id": version, "inspector_id": inspector,
        "started_at": _time(finished - timedelta(hours=1)), "finished_at": _time(finished),
        "received_at": _time(finished), "clock_offset_seconds": 0,
        "result": rng.choice(("pass", "pass", "minor", "serious")), "score": 0.9,
        "failed_count": 1, "next_due_on": (finished + timedelta(days=200)).date().isoformat(),
        "representative_office": "", "inspector_signature": "", "owner_signature": "",
        "payload_digest": "", "is_sample": 1,
    }  # fmt: skip


def measure() -> int:
    """Print a line a page; return how many missed the target."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings
    from pages import address_of
    from tests.browser.pages import PAGES, PageCase
    from tests.support.factories import sign_in

    cases = [case for case in PAGES if case.path.startswith("/protection/") and not case.fill]
    cases += [
        PageCase("sites-search", "/protection/?q=Школа+1", role="inspector"),
        PageCase("sites-district", "/protection/?category=market&due=soon&tier=3"),
        PageCase("sites-last-page", "/protection/?page=99999", role="inspector"),
        PageCase("inspections-last-page", "/protection/inspections/?page=99999"),
        PageCase("search-all-rooms", "/ui/search/?q=Школа"),
    ]
    missed, clients = 0, {"public": Client()}
    with override_settings(ALLOWED_HOSTS=["*"]), connection.cursor() as cursor:
        for table in ("site", "inspection", "given"):
            cursor.execute(f"SELECT COUNT(*) FROM protection_{table}")
            print(f"{table}: {cursor.fetchone()[0]:,}")
        print(f"{'page':26}{'median ms':>10}{'largest':>9}{'CPU ms':>8}{'queries':>9}")
        for case in cases:
            if case.role not in clients:
                user = get_user_model().objects.get(username=case.role)
                clients[case.role] = sign_in(Client(), user)
            client = clients[case.role]
            address = address_of(client, case)
            if not address:
                print(f"{case.name:26} nothing to follow in this desk")
                continue
            with CaptureQueriesContext(connection) as queries:
                status = client.get(address).status_code
                asked = len(queries)
            times, spent = [], []
            for _ in range(REPEATS):
                began, busy = time.perf_counter(), time.process_time()
                client.get(address)
                times.append(1000 * (time.perf_counter() - began))
                spent.append(1000 * (time.process_time() - busy))
            late = statistics.median(spent) > TARGET_MS
            missed += late
            note = "  over" if late else "" if status == 200 else f"  status {status}"
            print(
                f"{case.name:26}{statistics.median(times):10.1f}{max(times):9.1f}"
                f"{statistics.median(spent):8.1f}{asked:9d}{note}"
            )
    return missed


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sites", type=int, default=10_000)
    options.add_argument("--inspections", type=int, default=100_000)
    options.add_argument("--answers", type=int, default=10)
    options.add_argument("--home", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="qalqan-bench-") as folder:
        home = (chosen.home or Path(folder) / "home").resolve()
        fill(home, chosen.sites, chosen.inspections, chosen.answers)
        os.environ["QALQAN_HOME"] = str(home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "qalqan.desk.settings.sqlite"
        sys.path[:0] = [str(ROOT), str(ROOT / "bench")]
        missed = measure()
        print(f"target {TARGET_MS} ms a page: {missed} over")


if __name__ == "__main__":
    main()
