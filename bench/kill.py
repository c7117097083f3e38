"""Kill −9 at random points: worker, broker, connection to the database. Nothing lost or doubled.

Usage: ``python bench/kill.py [POINTS] [SEED]`` (50 by default), on SQLite; under
``python tests/support/with_postgres.py`` the sessions of the database are killed, too.

Two workers send warnings to programs that honour the key, to sirens behind a real Mosquitto and
to subscribers behind an SMS gateway, while something is killed at each point and started again.
At the end every delivery must have been taken, and no receiver may have taken a key twice.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _desk import open_desk

PROGRAMS, SIRENS, SUBSCRIBERS = 40, 10, 150
PATIENCE = 90.0


def start_worker() -> subprocess.Popen[bytes]:
    """Start a sending worker as an operator does, only with private targets allowed."""
    code = (
        "import sys; sys.path.insert(0, 'bench'); import _desk; _desk.open_desk(migrate=False); "
        "from qalqan.desk.alerts.sending.worker import run_sending; run_sending()"
    )
    return subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parent.parent)


class Trouble:
    """Kills one of several things, and starts it again."""

    def __init__(self, rng: random.Random, broker: Any) -> None:
        self.rng, self.broker = rng, broker
        self.workers = [start_worker(), start_worker()]
        self.done = {"worker": 0, "broker": 0, "database": 0}

    def strike(self) -> None:
        """Kill something."""
        from django.db import connection

        kinds = ["worker", "worker", "broker"]
        kinds += ["database"] * 2 if connection.vendor == "postgresql" else []
        kind = self.rng.choice(kinds)
        self.done[kind] += 1
        if kind == "worker":
            which = self.rng.randrange(len(self.workers))
            self.workers[which].kill()
            self.workers[which].wait()
            self.workers[which] = start_worker()
        elif kind == "broker":
            self.broker.kill()
            time.sleep(self.rng.uniform(0.0, 0.3))
            self.broker.start()
        else:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND datname = current_database()"
                )

    def end(self) -> None:
        """End the workers in order."""
        for worker in self.workers:
            worker.terminate()
        for worker in self.workers:
            try:
                worker.wait(15)
            except subprocess.TimeoutExpired:
                worker.kill()


def wait_for_the_rest(sent: int, expected: int) -> None:
    """Wait until everything has arrived, or until nothing has moved for a while."""
    from qalqan.desk.alerts.models import Delivery

    before, since = (-1, -1), time.monotonic()
    while time.monotonic() - since < PATIENCE:
        arrived = Delivery.objects.filter(state__in=("accepted", "played")).count()
        played = Delivery.objects.filter(state="played").count()
        if arrived == expected and played == sent * SIRENS:
            return
        if (arrived, played) != before:
            before, since = (arrived, played), time.monotonic()
            print(f"{arrived} of {expected} arrived, {played} played", file=sys.stderr)
        time.sleep(1.0)


def main(points: int, seed: int) -> int:
    """Strike at every point, then wait for the rest and count."""
    folder = open_desk()
    os.environ["QALQAN_HOME"] = str(folder)
    from tests.support.alert_delivery import make_subscribers, make_target, send_out
    from tests.support.receivers import HttpTarget, Siren, mqtt_broker

    from qalqan.desk.alerts.models import Delivery, Receipt

    rng = random.Random(seed)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="qalqan-mosquitto-") as store,
        HttpTarget() as http,
        mqtt_broker(Path(store)) as broker,
    ):
        # A part of the answers fails, so that repeating is a part of what is tried.
        draw = random.Random(seed + 1)
        http.answer = lambda _request: 503 if draw.random() < 0.1 else 202
        for n in range(PROGRAMS):
            make_target(f"Program {n}", http.url(f"/p{n}"))
        sirens = []
        for n in range(SIRENS):
            make_target(
                f"Siren {n}", f"mqtt://127.0.0.1:{broker.port}", kind="mqtt",
                options={"topic": f"qalqan/play/{n}", "tells": True},
            )  # fmt: skip
            sirens.append(Siren(broker.port, f"qalqan/play/{n}"))
        make_target("Gateway", http.url("/sms"), kind="sms")
        make_subscribers(SUBSCRIBERS, channel="sms")
        trouble = Trouble(rng, broker)
        sent = 0
        for _point in range(points):
            send_out(severity="Extreme")
            sent += 1
            time.sleep(rng.uniform(0.02, 0.6))
            trouble.strike()
        expected = sent * (PROGRAMS + SIRENS + SUBSCRIBERS)
        wait_for_the_rest(sent, expected)
        trouble.end()
        states: dict[str, int] = {}
        for state in Delivery.objects.values_list("state", flat=True):
            states[state] = states.get(state, 0) + 1
        for siren in sirens:
            siren.stop()
        report = {
            "points": points, "killed": trouble.done, "expected": expected, "states": states,
            "not_arrived_at_targets": sent * (PROGRAMS + SUBSCRIBERS) - len(http.taken),
            "not_arrived_at_sirens": sent * SIRENS - sum(len(siren.played) for siren in sirens),
            "sent_more_than_once_under_one_key": sum(n - 1 for n in http.taken.values()),
            "siren_commands_repeated_under_one_key": sum(
                len(siren.commands) - len(siren.played) for siren in sirens
            ),
            "taken_twice_by_a_target_that_honours_the_key": len(
                {r["headers"]["Idempotency-Key"] for r in http.requests}
            ) - expected + sent * SIRENS,
            "receipts_accepted_twice": _doubles(Receipt),
            "seconds": round(time.monotonic() - began),
        }  # fmt: skip
    print(json.dumps(report, indent=2))
    whole = report["not_arrived_at_targets"] == report["not_arrived_at_sirens"] == 0
    whole = whole and states.get("played") == sent * SIRENS
    once = report["taken_twice_by_a_target_that_honours_the_key"] == 0
    return 0 if whole and once and sum(states.values()) == expected else 1


def _doubles(model: Any) -> int:
    from django.db.models import Count

    rows = model.objects.filter(event="accepted").exclude(delivery__channel="mqtt")
    rows = rows.values("delivery").annotate(n=Count("pk"))
    return int(rows.filter(n__gt=1).count())


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(given[0] if given else 50, given[1] if len(given) > 1 else 1))
