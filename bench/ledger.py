"""Server time of the ledger's pages with a million events and their whole history.

Usage: ``python bench/ledger.py [--events 1000000] [--ucdp FOLDER] [--target 150]``, for
PostgreSQL ``python tests/support/with_postgres.py python bench/ledger.py``

Fills an empty desk in bulk: events of twenty years, each with two reports and two or three
versions (2.5 on average). Asks for the list, its filters, searches for rare and common words, the
page, the history and the first piece of the export, now and as of a day, and prints the median
CPU time of 9 answers. On PostgreSQL the server's processes are counted, too. With ``--ucdp`` it
first imports that file of UCDP GED into the empty ledger and prints the CPU time of it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

REPEATS = 9
_WORDS = ("shubarshi", "kenkiyak", "temir", "aktobe", "hromtau", "kandyagash", "emba", "shalkar")
_KINDS = ("explosion", "armed_attack", "robbery", "clash", "arson", "threat", "killing", "other")


def server_cpu() -> float:
    """Return the CPU seconds of the database's own process for this connection."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    pid = connection.connection.info.backend_pid
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def busy() -> float:
    """Return the CPU seconds spent so far, the database's included."""
    return time.process_time() + server_cpu()


def import_ucdp(path: Path) -> float:
    """Import the events of UCDP GED; return the CPU seconds."""
    from django.utils import timezone

    from qalqan.desk.incidents.models import Incident, IncidentVersion, Report
    from qalqan.desk.incidents.services import import_incidents
    from qalqan.desk.platform.policies import SystemActor

    began = busy()
    made = import_incidents(actor=SystemActor("bench"), path=path, now=timezone.now())
    spent = busy() - began
    print(f"UCDP: {made.stored:,} events, {Report.objects.count():,} reports, "
          f"{IncidentVersion.objects.count():,} versions in {spent:.1f} s of CPU time")  # fmt: skip
    for model in (IncidentVersion, Report, Incident):
        model.objects.all().delete()
    return spent


def fill(events: int) -> None:
    """Write events, reports and versions with a few statements."""
    from django.db import connection
    from django.utils import timezone

    from qalqan.desk.incidents.models import Incident
    from qalqan.desk.platform.places.models import Place
    from qalqan.desk.platform.sources.models import Source, SourceGrade

    now = timezone.now()
    districts = [
        Place.objects.create(
            kind="district", name_kk=word, name_ru=word, name_en=word, latitude=49, longitude=57,
            kato=f"15{number:04d}",
        ).pk
        for number, word in enumerate(_WORDS)
    ]  # fmt: skip
    for number in range(50):
        one = Source.objects.create(
            name=f"Bench {number}", kind="press", reliability="C", created_at=now
        )
        SourceGrade.objects.create(source=one, reliability="C", since=now, reason="Bench")
    first = Source.objects.order_by("pk").first().pk
    lite = connection.vendor == "sqlite"
    began = busy()
    with connection.cursor() as cursor:
        if lite:
            _fill_lite(cursor, events, districts, first)
        else:
            _fill_postgres(cursor, events, districts, first)
    print(f"{Incident.objects.count():,} events filled in bulk, {busy() - began:.0f} s of CPU time",
          file=sys.stderr)  # fmt: skip


_HELD = (
    "external_id, title_kk, title_ru, title_en, kind, occurred_from, occurred_to, time_precision, "
    "place_id, district_id, place_text, latitude, longitude, place_precision, killed, injured, "
    "officers_killed, weapons, official_position, what_is_known, contested, unknown, reported_at, "
    "who_claims, why, states, search_text, is_sample"
)
_SAYS = (
    '\'{"what": {"value": "robbery"}, "killed": {"value": \' || n % 3 || \'}, "injured": '
    '{"value": \' || n % 5 || \'}, "when": {"value": {"from": "\' || {DAY} || \'T07:00:00+00:00", '
    '"to": "\' || {DAY} || \'T08:00:00+00:00", "precision": "day"}}}\''
)
_STATES = (
    '\'{"when": "known", "where": "known", "what": "known", "killed": "contested", '
    '"injured": "known", "officers_killed": "unknown", "weapons": "unknown", '
    '"who_claims": "unknown", "why": "unknown"}\''
)
_COPY = ("occurred_from, occurred_to, time_precision, place_id, district_id, place_text, latitude, "
         "longitude, place_precision")  # fmt: skip


def _columns(at: str, hour: str, words: str, districts: list[int]) -> str:
    kinds = "CASE n % 8 " + " ".join(
        f"WHEN {number} THEN '{kind}'" for number, kind in enumerate(_KINDS)
    ) + " END"  # fmt: skip
    district = f"{districts[0]} + n % {len(districts)}"
    return (
        f"'b-' || n, '', '', 'Event ' || n, {kinds}, {at}, {hour}, 'day', {district}, {district}, "
        f"'Bench', 49.0, 57.0, 'settlement', n % 3, n % 5, NULL, 'unknown', '', "
        f"'What is known of ' || n, '', '', {at}, '', '', {_STATES}, {words}, {{FALSE}}"
    )


def _statements(
    day: str, ago: Callable[[str], str], hash_of: str, districts: list[int], source: int
) -> list[tuple[str, str]]:
    """Return inserts as (table and columns, selected values) over the numbers 1 to the end."""
    words = "'b' || n || ' event bench ' || CASE n % 8 " + " ".join(
        f"WHEN {number} THEN '{word}'" for number, word in enumerate(_WORDS)
    ) + " END || CASE WHEN n % 5000 = 0 THEN ' hapax' ELSE '' END"  # fmt: skip
    held = _columns(ago("0"), ago("0.04"), words, districts)
    early = held.replace("n % 3, n % 5, NULL", "NULL, n % 5, NULL")
    says = _SAYS.replace("{DAY}", day)
    report = f"{says}, {{FALSE}}, '', '', NULL, NULL, NULL, NULL"
    tail = "NULL, NULL, NULL"
    return [
        ("incidents_incident (id, identity, recorded_at, changed_at, version, merged_into_id, "
         f"split_from_id, {_HELD})",
         f"n, {hash_of}, {ago('0.2')}, {ago('9')}, 2 + n % 2, NULL, NULL, {held}"),
        ("incidents_report (id, incident_id, source_id, credibility, citation, reported_at, "
         "recorded_at, first_recorded_at, says, is_official, ended_as, ended_why, ended_at, "
         "recorded_by_id, moved_to_id, x)".replace(", x)", ")"),
         f"n * 2, n, {source} + n % 50, 3, 'p. ' || n, {ago('0.1')}, {ago('0.2')}, {ago('0.2')}, "
         + report.removesuffix(", NULL")),
        ("incidents_report (id, incident_id, source_id, credibility, citation, reported_at, "
         "recorded_at, first_recorded_at, says, is_official, ended_as, ended_why, ended_at, "
         "recorded_by_id, moved_to_id)",
         f"n * 2 + 1, n, {source} + (n + 7) % 50, 2, 'p. ' || n, {ago('1')}, {ago('2')}, "
         f"{ago('2')}, " + report.removesuffix(", NULL")),
        (f"incidents_incidentversion (id, incident_id, number, recorded_from, recorded_to, act, "
         f"reason, merged_into_id, report_id, done_by_id, {_HELD})",
         f"n * 3, n, 1, {ago('0.2')}, {ago('2')}, 'recorded', '', {tail}, {early}"),
        (f"incidents_incidentversion (id, incident_id, number, recorded_from, recorded_to, act, "
         f"reason, merged_into_id, report_id, done_by_id, {_HELD})",
         f"n * 3 + 1, n, 2, {ago('2')}, CASE WHEN n % 2 = 1 THEN {ago('9')} END, 'report_added', "
         f"'', {tail}, {held}"),
        (f"incidents_incidentversion (id, incident_id, number, recorded_from, recorded_to, act, "
         f"reason, merged_into_id, report_id, done_by_id, {_HELD}) -- odd",
         f"n * 3 + 2, n, 3, {ago('9')}, NULL, 'held', 'Two hospitals', {tail}, {held}"),
    ]  # fmt: skip


def _fill_lite(cursor: Any, events: int, districts: list[int], source: int) -> None:
    span = 20 * 365

    def ago(later: str) -> str:
        return (
            f"strftime('%Y-%m-%d %H:%M:%f', 'now', '-' || (n * {span}.0 / {events}) || ' days', "
            f"'+{later} days', '-10 days')"
        )

    day = f"strftime('%Y-%m-%d', 'now', '-' || (n * {span}.0 / {events}) || ' days', '-10 days')"
    numbers = f"WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < {events}) "
    hashed = "printf('%032d', n)"
    for table, values in _statements(day, ago, hashed, districts, source):
        odd = " WHERE n % 2 = 1" if table.endswith("-- odd") else ""
        values = values.replace("{FALSE}", "0")
        table = table.removesuffix(" -- odd")
        cursor.execute(f"INSERT INTO {table} {numbers} SELECT {values} FROM t{odd}")
    cursor.execute("ANALYZE")


def _fill_postgres(cursor: Any, events: int, districts: list[int], source: int) -> None:
    span = 20 * 365

    def ago(later: str) -> str:
        return f"now() - (n * {span}.0 / {events} + 10 - {later}) * interval '1 day'"

    day = f"to_char({ago('0')}, 'YYYY-MM-DD')"
    hashed = "lpad(n::text, 32, '0')"
    for table, values in _statements(day, ago, hashed, districts, source):
        odd = " WHERE n % 2 = 1" if table.endswith("-- odd") else ""
        values = values.replace("{FALSE}", "false").replace(_STATES, f"{_STATES}::jsonb")
        values = values.replace('"day"}}}\'', '"day"}}}\')::jsonb').replace(
            '\'{"what"', '(\'{"what"'
        )
        table = table.removesuffix(" -- odd")
        cursor.execute(
            f"INSERT INTO {table} SELECT {values} FROM generate_series(1, {events}) AS t(n){odd}"
        )
    cursor.execute("VACUUM ANALYZE")


def pages(events: int) -> list[tuple[str, str]]:
    """Return names and addresses of what is measured."""
    from django.utils import timezone

    from qalqan.desk.incidents.models import Incident

    middle, now = events // 2, timezone.now()
    day = f"as_of={now.year - 10}-06-12"
    late = f"as_of={now.year}-01-15"
    district = Incident.objects.get(pk=middle).district_id
    filters = {
        "list": "", "kind": "kind=robbery", "district": f"district={district}",
        "days": f"since={now.year - 12}-01-01&until={now.year - 11}-01-01",
        "search, rare word": "q=hapax", "search, common word": "q=temir",
        "search, every row": "q=bench", "search, number": f"q=b{middle}",
        "search, no row": "q=nowhere", "search and kind": "q=hromtau&kind=clash",
        "page 200": "page=200",
    }  # fmt: skip
    found = []
    for name, query in filters.items():
        for when in ("", day, late):
            label = f"{name} {when}".strip()
            found.append((label, "/incidents/?" + "&".join(filter(None, (query, when)))))
    found += [
        ("page", f"/incidents/{middle}/"), (f"page {day}", f"/incidents/{middle + 1000}/?{day}"),
        ("page, not yet", f"/incidents/1/?{day}"), ("history", f"/incidents/{middle + 1}/history/"),
        ("judge", f"/incidents/{middle}/hold/killed/"), ("merge", f"/incidents/{middle}/merge/"),
        ("export, first piece", "/incidents/export.csv?"),
        (f"export, first piece {day}", f"/incidents/export.csv?{day}"),
        (f"export of a year {day}",
         f"/incidents/export.csv?{day}&since={now.year - 12}-01-01&until={now.year - 11}-01-01"),
    ]  # fmt: skip
    return found


def measure(events: int, target: float) -> int:
    """Print a line a page; return how many missed the target."""
    from django.test import Client
    from django.test.utils import override_settings
    from tests.support.factories import make_user, sign_in

    from qalqan.desk.platform.policies import Role

    missed = 0
    print(f"{'page':44}{'CPU ms':>8}{'largest':>9}")
    with override_settings(ALLOWED_HOSTS=["*"]):
        client = sign_in(Client(), make_user(Role.ANALYST))
        for name, address in pages(events):
            spent = []
            for _ in range(REPEATS + 1):
                began = busy()
                response = client.get(address)
                if response.streaming:
                    next(iter(response.streaming_content))
                    next(iter(response.streaming_content))
                spent.append(1000 * (busy() - began))
                response.close()
            # The first answer fills the caches of the process; it is not what a desk pays.
            typical = statistics.median(spent[1:])
            missed += typical > target
            note = "  over" if typical > target else ""
            note += "" if response.status_code == 200 else f"  status {response.status_code}"
            print(f"{name:44}{typical:8.1f}{max(spent[1:]):9.1f}{note}", flush=True)
    return missed


def main() -> int:
    """Fill, measure, and tell how many pages missed the target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--ucdp", type=Path)
    parser.add_argument("--target", type=float, default=150.0)
    asked = parser.parse_args()
    from _desk import open_desk

    open_desk()
    from django.db import connection

    late = 0
    if asked.ucdp is not None:
        late += import_ucdp(next(asked.ucdp.glob("*.csv"))) > 10
    fill(asked.events)
    missed = measure(asked.events, asked.target)
    print(f"{connection.vendor}: {missed} of {len(pages(asked.events))} over {asked.target:.0f} ms")
    return 1 if missed or late else 0


if __name__ == "__main__":
    sys.exit(main())
