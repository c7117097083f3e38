"""10,000 targets, 10 % dead and 5 % slow: when are all the healthy ones served?

Usage: ``python bench/fanout_dead.py [TARGETS]``

Half of the dead ones take the connection and never answer, half have nobody listening. Slow
ones answer after two seconds. All of them have addresses of their own in 127.0.0.0/8. Time
counts from the moment of the approval's commit to the last healthy target's receiving.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time

from _desk import free_port, open_desk, receiver, seen


def addresses(count: int, port: int, rng: random.Random) -> tuple[list[str], int]:
    """Return shuffled addresses, and how many of them are healthy."""
    nobody = free_port()
    urls, healthy = [], 0
    for n in range(count):
        tail = f"{n // 250 % 250}.{n % 250 + 1}"
        kind = n % 20
        if kind == 0:
            urls.append(f"http://127.9.{tail}:{port}/")
        elif kind == 1:
            urls.append(f"http://127.7.{tail}:{nobody}/")
        elif kind == 2:
            urls.append(f"http://127.8.{tail}:{port}/")
        else:
            urls.append(f"http://127.1.{tail}:{port}/")
            healthy += 1
    rng.shuffle(urls)
    return urls, healthy


def main(count: int) -> None:
    """Measure and print."""
    open_desk()
    import uvloop
    from django.db import connection
    from tests.support.alert_delivery import make_targets, send_out

    from qalqan.desk.alerts.models import Delivery, Lane
    from qalqan.desk.alerts.sending.worker import make_engine

    with receiver() as port:
        urls, healthy = addresses(count, port, random.Random(1))
        make_targets(urls)
        connection.close()

        async def run() -> dict[str, float]:
            engine = make_engine(may_be_private=True)
            loop = asyncio.get_running_loop()
            sending = asyncio.create_task(engine.run())
            await asyncio.sleep(1.5)
            cpu = time.process_time()
            approved = time.time()
            await loop.run_in_executor(None, send_and_close)
            committed = time.time()
            await asyncio.sleep(12.0)
            cpu = time.process_time() - cpu
            engine.stop()
            await sending
            return {"approved": approved, "committed": committed, "cpu": cpu}

        def send_and_close() -> None:
            send_out(severity="Extreme")
            connection.close()

        times = uvloop.run(run())
        report = seen(port)
    came = [at - times["committed"] for at in report["times"]]
    well = came[:healthy]
    states = {
        state: Delivery.objects.filter(state=state).count()
        for state in ("accepted", "queued", "waiting", "failed")
    }
    print(
        json.dumps(
            {
                "targets": count, "healthy": healthy, "reached_in_all": len(came),
                "seconds_to_write_intents": round(times["committed"] - times["approved"], 2),
                "healthy_first": round(well[0], 3), "healthy_half": round(well[len(well) // 2], 2),
                "healthy_99_percent": round(well[int(len(well) * 0.99)], 2),
                "healthy_all": round(well[-1], 2),
                "sender_cpu_seconds_in_12_s": round(times["cpu"], 2),
                "states": states,
                "resting_lanes": Lane.objects.filter(failures__gt=0).count(),
            },
            indent=2,
        )
    )  # fmt: skip


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:] or ["10000"]))
