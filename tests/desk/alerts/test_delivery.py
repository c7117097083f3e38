"""Sending warnings, with real receivers on loopback."""

from __future__ import annotations

import asyncio
import hmac
import random
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from tests.support.alert_delivery import (
    SECRET_OF_ALL,
    make_subscribers,
    make_target,
    make_version,
    send_out,
)
from tests.support.receivers import HttpTarget

from qalqan.desk.alerts.models import Delivery, Dispatch, Lane, Receipt, SendingWorker
from qalqan.desk.alerts.sending.engine import Engine, Limits
from qalqan.desk.alerts.sending.worker import make_engine
from qalqan.desk.alerts.services import outbox
from qalqan.desk.platform.policies import SystemActor

pytestmark = pytest.mark.django_db(transaction=True)
QUICK = Limits(upkeep=0.05, tick=0.02, idle=0.02, most=512, finish=0.3)


@pytest.fixture
def http() -> Iterator[HttpTarget]:
    with HttpTarget() as target:
        yield target


def run(until: Callable[[], bool] | None = None, *, engine: Engine | None = None) -> Engine:
    """Send until a condition holds, or until nothing is left to send."""
    engine = engine or make_engine(limits=QUICK, may_be_private=True)

    def watch() -> None:
        ends = time.monotonic() + 60
        try:
            while not _holds(until) and time.monotonic() < ends:
                time.sleep(0.01)
        finally:
            connection.close()
            engine.stop()

    watcher = threading.Thread(target=watch)
    if until is not None:
        watcher.start()
    asyncio.run(engine.run(until_empty=until is None))
    if until is not None:
        watcher.join()
    return engine


def _holds(until: Callable[[], bool] | None) -> bool:
    try:
        return until is not None and until()
    except OperationalError:
        # The engine is writing: SQLite's shared memory refuses readers instead of making them wait.
        return False


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Delivery.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_webhook_gets_the_signed_bytes_with_key_and_signature(http):
    make_target("Hub", http.url())
    version = send_out()
    run()
    (request,) = http.requests
    assert request["body"] == bytes(version.signed_xml)
    headers = request["headers"]
    signed = f"{headers['Qalqan-Timestamp']}.{headers['Idempotency-Key']}.".encode()
    mac = hmac.new(SECRET_OF_ALL.encode(), signed + request["body"], "sha256").hexdigest()
    assert headers["Qalqan-Signature"] == f"v1={mac}"
    assert headers["Content-Type"] == "application/cap+xml"
    receipt = Receipt.objects.get()
    assert (receipt.event, receipt.attempt, receipt.detail) == ("accepted", 1, "202")
    assert states() == {"accepted": 1}
    assert not Lane.objects.exclude(owner="").exists()
    assert not SendingWorker.objects.exists()


def test_message_counts_as_sent_once_nothing_is_on_its_way():
    version = send_out()
    run()
    outbox.close_sent(actor=SystemActor("sender"), now=datetime.now(UTC))
    version.refresh_from_db()
    assert version.state == "sent"
    make_target("Hub", "http://127.0.0.1:1/")
    waiting = send_out()
    outbox.close_sent(actor=SystemActor("sender"), now=datetime.now(UTC))
    waiting.refresh_from_db()
    assert waiting.state == "approved"


def test_failure_is_tried_again_with_the_same_key(http):
    answers = iter([500, 503, 202])
    http.answer = lambda _request: next(answers)
    make_target("Hub", http.url())
    send_out()
    run(lambda: states() == {"accepted": 1})
    keys = {request["headers"]["Idempotency-Key"] for request in http.requests}
    assert len(http.requests) == 3
    assert len(keys) == 1
    events = Receipt.objects.order_by("attempt").values_list("event", "detail")
    assert list(events) == [("tried", "500"), ("tried", "503"), ("accepted", "202")]
    assert Lane.objects.get().failures == 0


def test_refused_for_good_is_not_tried_again_and_the_next_one_goes(http):
    answers = iter([422, 202])
    http.answer = lambda _request: next(answers)
    make_target("Hub", http.url())
    send_out()
    send_out()
    run()
    assert states() == {"failed": 1, "accepted": 1}
    assert len(http.requests) == 2


def test_target_that_never_answers_delays_no_other(http):
    http.answer = lambda request: None if request["path"] == "/dead" else 202
    for number in range(20):
        make_target(f"Dead {number}", http.url("/dead"))
    for number in range(20):
        make_target(f"Well {number}", http.url("/well"))
    send_out()
    limits = Limits(upkeep=0.05, tick=0.02, idle=0.02, young=4, most=64, patience=0.05, finish=0.1)
    run(
        lambda: states().get("accepted") == 20,
        engine=make_engine(limits=limits, may_be_private=True),
    )
    assert states()["accepted"] == 20


def test_most_urgent_goes_first_in_a_target_s_queue(http):
    make_target("Hub", http.url())
    for severity in ("Minor", "Moderate", "Extreme"):
        send_out(severity=severity)
    exercise = make_version(status="Exercise", severity="Extreme")
    outbox.enqueue(version=exercise, now=datetime.now(UTC))
    run()
    order = [
        Delivery.objects.get(version__identifier=_identifier(r)).version.severity
        for r in http.requests
    ]
    assert order == ["Extreme", "Moderate", "Minor"]


def _identifier(request: dict[str, Any]) -> str:
    body = request["body"].decode()
    return body[body.index("<identifier>") + 12 : body.index("</identifier>")]


def test_exercise_goes_only_to_those_who_take_part(http):
    make_target("Takes part", http.url("/yes"), accepts_exercise=True)
    make_target("Does not", http.url("/no"), accepts_test=True)
    send_out(status="Exercise")
    run()
    assert [request["path"] for request in http.requests] == ["/yes"]


def test_expired_is_never_sent(http):
    http.answer = lambda _request: 500
    make_target("Hub", http.url())
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    version = send_out(now=long_ago, minutes=60)
    assert version.expires_at < datetime.now(UTC)
    run()
    assert http.requests == []
    assert states() == {"expired": 1}
    assert Dispatch.objects.get().is_swept


def test_clock_that_jumps_ahead_silences_no_warning(http):
    make_target("Hub", http.url())
    send_out(minutes=60)
    engine = make_engine(limits=QUICK, may_be_private=True)
    ahead = datetime.now(UTC) + timedelta(days=3)
    engine._store.clock = engine._upkeep.clock = lambda: ahead
    run(lambda: states() == {"accepted": 1}, engine=engine)
    assert states() == {"accepted": 1}


def test_clock_that_jumps_back_keeps_nobody_waiting(http):
    make_target("Hub", http.url())
    send_out()
    Lane.objects.update(due_at=datetime.now(UTC) + timedelta(hours=5))
    run(lambda: states() == {"accepted": 1})
    assert states() == {"accepted": 1}


def test_update_takes_the_place_of_what_still_waits(http):
    make_target("Hub", http.url())
    first = send_out(severity="Extreme")
    update = make_version(alert=first.alert, msg_type="Update", severity="Minor")
    outbox.enqueue(version=update, now=datetime.now(UTC))
    run()
    assert [_identifier(request) for request in http.requests] == [update.identifier]
    assert states() == {"replaced": 1, "accepted": 1}
    assert Dispatch.objects.get(version=update).priority == 0


def test_work_of_a_dead_worker_is_taken_over(http):
    make_target("Hub", http.url())
    send_out()
    # The process that held the lane was killed: its number belongs to nobody.
    SendingWorker.objects.create(
        name="dead", host=__import__("socket").gethostname(), pid=2**22 + 1,
        started_at=datetime.now(UTC),
    )  # fmt: skip
    Lane.objects.update(owner="dead", due_at=None)
    run(lambda: states() == {"accepted": 1})
    assert states() == {"accepted": 1}
    assert not SendingWorker.objects.filter(name="dead").exists()


def test_worker_on_another_machine_is_dead_when_its_heart_stops(http):
    make_target("Hub", http.url())
    send_out()
    SendingWorker.objects.create(name="far", host="elsewhere", pid=1, started_at=datetime.now(UTC))
    Lane.objects.update(owner="far", due_at=None)
    engine = make_engine(limits=QUICK, may_be_private=True)
    seconds = iter(range(0, 10**9, 6))
    engine._upkeep._steady = lambda: next(seconds)
    run(lambda: states() == {"accepted": 1}, engine=engine)
    assert states() == {"accepted": 1}


def test_two_workers_share_and_repeat_nothing(http):
    for number in range(30):
        make_target(f"Hub {number}", http.url())
    for _ in range(5):
        send_out()
    engines = [make_engine(limits=QUICK, may_be_private=True) for _ in range(2)]

    async def both() -> None:
        await asyncio.gather(*(engine.run(until_empty=True) for engine in engines))

    asyncio.run(both())
    assert sum(http.taken.values()) == len(http.taken) == 150
    assert sum(engine.sent for engine in engines) == 150


def test_sms_gateway_gets_one_post_a_subscriber_in_their_language(http):
    make_target("Gateway", http.url("/sms"), kind="sms", options={"sender": "Qalqan"})
    make_subscribers(25, channel="sms")
    send_out()
    run()
    assert len(http.requests) == 25
    assert len({r["headers"]["Idempotency-Key"] for r in http.requests}) == 25
    bodies = [__import__("json").loads(r["body"]) for r in http.requests]
    assert {body["to"] for body in bodies} == {f"+7701{n:07d}" for n in range(25)}
    words = {body["text"].split(":")[0] for body in bodies}
    assert words == {"Су тасқыны", "Паводок"}


def test_wide_queue_sends_nothing_twice_while_it_is_refilled(http):
    make_target("Gateway", http.url("/sms"), kind="sms", shards=2)
    make_subscribers(1_500, channel="sms")
    send_out()
    run()
    assert len(http.requests) == len(http.taken) == 1_500


def test_subscribers_of_another_district_are_not_told(http):
    from tests.support.alerts_factories import make_district

    from qalqan.desk.alerts.models import AlertDistrict, Subscriber

    here, elsewhere = make_district("Алға"), make_district("Мәртөк", latitude=51.0)
    make_target("Gateway", http.url("/sms"), kind="sms")
    make_subscribers(3, channel="sms")
    keys = list(Subscriber.objects.order_by("pk").values_list("pk", flat=True))
    Subscriber.objects.filter(pk=keys[0]).update(district=here)
    Subscriber.objects.filter(pk=keys[1]).update(district=elsewhere)
    version = make_version()
    AlertDistrict.objects.create(version=version, district=here)
    outbox.enqueue(version=version, now=datetime.now(UTC))
    run()
    told = set(Delivery.objects.values_list("subscriber", flat=True))
    assert told == {keys[0], keys[2]}


def test_bot_posts_in_its_channel(http):
    make_target("Bot", http.url(""), kind="bot", secret="12:ab", options={"chat": "@warn"})
    send_out()
    run()
    (request,) = http.requests
    assert request["path"] == "/bot12:ab/sendMessage"
    body = __import__("json").loads(request["body"])
    assert body["chat_id"] == "@warn"
    assert body["text"].startswith("Су тасқыны")


def test_paused_target_gets_nothing_until_it_is_back(http):
    target = make_target("Hub", http.url())
    send_out()
    target.is_enabled = False
    target.save()
    run(lambda: Lane.objects.filter(owner="", due_at=None).exists())
    assert http.requests == []
    assert states() == {"queued": 1}


def test_lanes_nobody_remembers_are_given_back_after_a_broken_connection(http):
    make_target("Hub", http.url())
    send_out()
    engine = make_engine(limits=QUICK, may_be_private=True)
    engine._upkeep.register()
    Lane.objects.update(owner=engine._upkeep.name, due_at=None)
    engine._upkeep.reconcile([])
    assert Lane.objects.get().owner == ""
    run(lambda: states() == {"accepted": 1}, engine=engine)
    assert len(http.taken) == 1


def test_gate_lets_the_urgent_pass_and_the_slow_step_aside():
    from qalqan.desk.alerts.sending.gate import Gate

    async def play() -> list[str]:
        gate, order = Gate(young=1, most=3, patience=0.01), []
        await gate.enter(5)

        async def ask(name: str, priority: int) -> None:
            ticket = await gate.enter(priority)
            order.append(name)
            gate.leave(ticket)

        tasks = [asyncio.create_task(ask("calm", 9)), asyncio.create_task(ask("urgent", 0))]
        await asyncio.gather(*tasks)
        return order

    assert asyncio.run(play()) == ["urgent", "calm"]


def test_pauses_grow_are_drawn_and_end_at_a_minute():
    from qalqan.desk.alerts.sending.backoff import pause

    rng = random.Random(7)
    drawn = [[pause(n, rng) for _ in range(200)] for n in (1, 4, 30)]
    assert all(0.25 <= value <= 0.5 for value in drawn[0])
    assert all(2.0 <= value <= 4.0 for value in drawn[1])
    assert all(30.0 <= value <= 60.0 for value in drawn[2])
    assert len(set(drawn[1])) > 100
    assert pause(1, rng, asked=3600) == 60.0
