"""Fan-out with durable receipts: POSTs a processor-second of the sender, beside bare aiohttp.

Usage: ``python bench/fanout.py [TARGETS] [MESSAGES]`` (default 200 × 250 = 50,000 deliveries)

The receiver is another process on loopback. The sender's processor time counts everything: the
database thread, signatures, keys, receipts. Each delivery ends as a row with a receipt, committed
before it counts. The peer is a bare aiohttp loop with uvloop that keeps no record of anything.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

from _desk import open_desk, receiver, seen


async def bare_aiohttp(port: int, posts: int) -> dict[str, float]:
    """Post as fast as aiohttp goes, with nothing stored."""
    import aiohttp

    body, numbers = b"x" * 2_500, iter(range(posts))
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=256), cookie_jar=jar
    ) as session:

        async def work() -> None:
            for number in numbers:
                headers = {"Idempotency-Key": str(number)}
                async with session.post(
                    f"http://127.0.0.1:{port}/", data=body, headers=headers
                ) as answer:
                    await answer.read()

        wall, cpu = time.perf_counter(), time.process_time()
        await asyncio.gather(*[work() for _ in range(200)])
        return {
            "per_core": posts / (time.process_time() - cpu),
            "per_second": posts / (time.perf_counter() - wall),
        }


def main(targets: int, messages: int) -> None:
    """Measure and print."""
    open_desk()
    import uvloop
    from django.db import connection
    from tests.support.alert_delivery import make_targets, send_out

    from qalqan.desk.alerts.models import Delivery, Receipt
    from qalqan.desk.alerts.sending.worker import make_engine

    with receiver() as port:
        make_targets([f"http://127.1.{n // 250}.{n % 250 + 1}:{port}/" for n in range(targets)])
        began = time.perf_counter()
        for _ in range(messages):
            send_out()
        enqueued = time.perf_counter() - began
        total = targets * messages
        connection.close()

        async def send() -> int:
            engine = make_engine(may_be_private=True)
            await engine.run(until_empty=True)
            return engine.sent

        wall, cpu = time.perf_counter(), time.process_time()
        sent = uvloop.run(send())
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        report = seen(port)
        stored = Receipt.objects.filter(event="accepted").count()
        left = Delivery.objects.exclude(state="accepted").count()
        peer = uvloop.run(bare_aiohttp(port, min(total, 20_000)))
    print(
        json.dumps(
            {
                "deliveries": total, "sent": sent, "receipts": stored, "left": left,
                "receiver": {"posts": report["posts"], "keys": report["keys"]},
                "posts_per_core_second": round(total / cpu),
                "posts_per_second": round(total / wall),
                "enqueue_per_second": round(total / enqueued),
                "bare_aiohttp": {name: round(value) for name, value in peer.items()},
            },
            indent=2,
        )
    )  # fmt: skip


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    main(*(numbers or [200, 250]))
