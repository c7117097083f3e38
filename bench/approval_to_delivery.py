"""From the approval to the first delivery, while at least 100,000 deliveries are queued.

Usage: ``python bench/approval_to_delivery.py [APPROVALS]``

300 healthy targets have a queue of 1,000 moderate warnings each, and the sender works them off
as fast as it can. Meanwhile another process approves extreme warnings one by one, in the way
of the desk: four eyes, signature, intents, audit, one transaction. Time counts from the call
of the approval to the moment at which the first target has the whole message.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from datetime import UTC, datetime

from _desk import open_desk, receiver, seen

TARGETS, MESSAGES = 300, 1_000


def approve_some(count: int) -> None:
    """Approve warnings; print when each began and ended, by identifier."""
    open_desk(migrate=False)
    from tests.support.alert_delivery import staff
    from tests.support.alerts_factories import make_content, make_submitted

    from qalqan.desk.alerts import services
    from qalqan.desk.platform.places.models import Place

    writer, approver = staff("bench writer"), staff("bench approver")
    district = Place.objects.get(kind="district")
    for _ in range(count):
        time.sleep(0.5)
        version = make_submitted(
            writer, content=make_content(district, severity="Extreme"), now=datetime.now(UTC)
        )
        began = time.time()
        row = services.approve(
            actor=approver, version=version, shown_hash=version.xml_sha256, now=datetime.now(UTC)
        )
        print(json.dumps([row.identifier, began, time.time()]), flush=True)


def main(count: int) -> None:
    """Measure and print."""
    open_desk()
    import uvloop
    from django.db import connection
    from tests.support.alert_delivery import make_targets, send_out
    from tests.support.alerts_factories import make_district

    from qalqan.desk.alerts.models import Delivery
    from qalqan.desk.alerts.sending.worker import make_engine

    make_district()
    with receiver() as port:
        make_targets([f"http://127.1.{n // 250}.{n % 250 + 1}:{port}/" for n in range(TARGETS)])
        for _ in range(MESSAGES):
            send_out(severity="Moderate", urgency="Future", minutes=600)
        connection.close()

        async def run() -> list[list[float | str]]:
            engine = make_engine(may_be_private=True)
            sending = asyncio.create_task(engine.run())
            child = await asyncio.create_subprocess_exec(
                sys.executable, __file__, "approve", str(count), stdout=subprocess.PIPE
            )
            out, _err = await child.communicate()
            engine.stop()
            await sending
            return [json.loads(line) for line in out.decode().splitlines()]

        approvals = uvloop.run(run())
        firsts = seen(port)["firsts"]
    left = Delivery.objects.filter(state="queued").count()
    waits = sorted(firsts[name] - began for name, began, _ended in approvals)
    commits = sorted(ended - began for _name, began, ended in approvals)
    after = sorted(firsts[name] - ended for name, _began, ended in approvals)

    def at(values: list[float], share: float) -> float:
        return round(values[min(len(values) - 1, int(len(values) * share))], 3)

    print(
        json.dumps(
            {
                "approvals": len(waits), "queued_at_the_end": left,
                "approval_to_first_delivery": {
                    "median": at(waits, 0.5), "p95": at(waits, 0.95), "p99": at(waits, 0.99),
                    "most": at(waits, 1.0),
                },
                "of_which_approval": {"median": at(commits, 0.5), "p99": at(commits, 0.99)},
                "commit_to_first": {"median": at(after, 0.5), "p99": at(after, 0.99)},
            },
            indent=2,
        )
    )  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1:2] == ["approve"]:
        approve_some(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 30)
