"""A million subscribers behind one gateway: throughput and memory of the sender as it goes.

Usage: ``python bench/subscribers.py [SUBSCRIBERS] [sms|mail]`` (1,000,000 by SMS by default)

The gateway is another process on loopback: HTTP for SMS, aiosmtpd for e-mail. The approval
writes one row a gateway; the worker turns it into deliveries piece by piece while it sends.
The curve gives, for each twentieth of the way, what was sent a second and the sender's memory.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from _desk import free_port, open_desk, receiver, seen

RELAY = """
import sys, time
from aiosmtpd.controller import Controller
class Mails:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"
controller = Controller(Mails(), hostname="127.0.0.1", port=int(sys.argv[1]))
controller.start()
print("ready", flush=True)
while True:
    time.sleep(60)
"""


def fill(count: int, channel: str) -> float:
    """Write subscribers row by row, each address sealed; return the seconds."""
    from django.db import connection, transaction

    from qalqan.desk.alerts.seals import SUBSCRIBER, seal_subscriber
    from qalqan.desk.platform.privacy.sealing import lookups

    now = connection.ops.adapt_datetimefield_value(datetime.now(UTC))
    later = connection.ops.adapt_datetimefield_value(datetime.now(UTC) + timedelta(days=365))
    began = time.perf_counter()
    query = (
        "INSERT INTO alerts_subscriber (channel, lookup, address, language, least, wrong_codes, "
        "asked_at, confirmed_at, ends_at) VALUES (%s, %s, %s, %s, 1, 0, %s, %s, %s)"
    )
    for start in range(0, count, 20_000):
        rows = []
        for n in range(start, min(start + 20_000, count)):
            address = f"+77{n:09d}" if channel == "sms" else f"p{n}@example.test"
            rows.append(
                (
                    channel, lookups(address, purpose=SUBSCRIBER)[0], seal_subscriber(address),
                    ("kk", "ru")[n % 2], now, now, later,
                )
            )  # fmt: skip
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(query, rows)
    return time.perf_counter() - began


def memory() -> float:
    """Return the resident memory of this process in MiB."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 2**20


async def send(count: int) -> tuple[list[dict[str, float]], float, float]:
    """Send until all have it; sample on the way."""
    from qalqan.desk.alerts.sending.worker import make_engine

    engine = make_engine(may_be_private=True)
    sending = asyncio.create_task(engine.run())
    wall, cpu = time.perf_counter(), time.process_time()
    curve: list[dict[str, float]] = []
    last = (0, wall, cpu)
    step = max(1, count // 20)
    while engine.sent < count:
        await asyncio.sleep(0.05)
        if engine.sent - last[0] >= step or engine.sent >= count:
            at, used = time.perf_counter(), time.process_time()
            curve.append(
                {
                    "sent": engine.sent,
                    "per_second": round((engine.sent - last[0]) / (at - last[1])),
                    "per_core_second": round((engine.sent - last[0]) / (used - last[2])),
                    "memory_mib": round(memory(), 1),
                }
            )
            print(json.dumps(curve[-1]), file=sys.stderr, flush=True)
            last = (engine.sent, at, used)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    engine.stop()
    await sending
    return curve, wall, cpu


def main(count: int, channel: str) -> None:
    """Measure and print."""
    open_desk()
    import uvloop
    from django.db import connection
    from tests.support.alert_delivery import make_target, send_out

    from qalqan.desk.alerts.models import Receipt

    filled = fill(count, channel)
    with receiver() as port:
        relay = None
        if channel == "sms":
            make_target("Gateway", f"http://127.0.0.1:{port}/sms", kind="sms")
        else:
            mail = free_port()
            relay = subprocess.Popen(
                [sys.executable, "-c", RELAY, str(mail)], stdout=subprocess.PIPE
            )
            relay.stdout.readline()
            make_target(
                "Relay", f"smtp://127.0.0.1:{mail}", kind="mail", secret="",
                options={"sender": "warn@example.test", "tls": False},
            )  # fmt: skip
        began = time.perf_counter()
        send_out(severity="Extreme", minutes=600)
        approval = time.perf_counter() - began
        before = memory()
        connection.close()
        curve, wall, cpu = uvloop.run(send(count))
        report = seen(port) if channel == "sms" else {}
        if relay is not None:
            relay.kill()
    print(
        json.dumps(
            {
                "subscribers": count, "channel": channel, "filled_in_s": round(filled, 1),
                "approval_s": round(approval, 3), "receipts": Receipt.objects.count(),
                "gateway": {name: report.get(name) for name in ("posts", "keys")},
                "per_second": round(count / wall), "per_core_second": round(count / cpu),
                "memory_before_mib": round(before, 1),
                "memory_most_mib": max(point["memory_mib"] for point in curve),
                "curve": curve,
            },
            indent=1,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000_000, sys.argv[2] if sys.argv[2:] else "sms")
