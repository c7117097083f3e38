"""Pages of signals, devices and exercises, and the stream that keeps the screen live."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.desk.query_budgets import BUDGETS
from tests.support.devices_factories import make_device, make_signal
from tests.support.factories import make_user, sign_in

from qalqan.desk.alerts.models import Device, Drill, Signal
from qalqan.desk.alerts.services import drills as drill_services
from qalqan.desk.alerts.services import signals as services
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.ui import streams

pytestmark = pytest.mark.django_db
SYSTEM = SystemActor("tests")


@pytest.fixture
def duty(client: Client) -> Client:
    """Return a duty officer's browser."""
    return sign_in(client, make_user())


def test_acknowledged_and_closed_from_the_screen(duty: Client) -> None:
    signal = make_signal(now=timezone.now())
    page = duty.get(reverse("alerts:signals")).content.decode()
    assert f'id="signal-{signal.pk}"' in page
    assert 'data-unanswered="1"' in page
    duty.post(reverse("alerts:signal_acknowledge", args=[signal.pk]))
    signal.refresh_from_db()
    assert signal.state == "acked"
    duty.post(reverse("alerts:signal_close", args=[signal.pk]), {"outcome": "Play", "how": "false"})
    signal.refresh_from_db()
    assert (signal.state, signal.outcome) == ("false", "Play")
    page = duty.get(reverse("alerts:signals")).content.decode()
    assert 'data-unanswered="0"' in page
    assert "Play" in page


def test_an_outcome_is_asked_for(duty: Client) -> None:
    signal = make_signal(now=timezone.now())
    duty.post(reverse("alerts:signal_close", args=[signal.pk]), {"outcome": "", "how": "closed"})
    signal.refresh_from_db()
    assert signal.state == "new"


def test_the_stream_tells_at_once_and_whenever_something_changes() -> None:
    officer = make_user()
    clock = iter(range(10_000))
    told: list[int] = []

    def look(seconds: float) -> None:
        told.append(1)
        if len(told) == 2:
            make_signal(now=timezone.now())

    from qalqan.desk.alerts.selectors import devices as selectors

    answer: Any = streams.event_stream(
        None,  # type: ignore[arg-type]
        mark=lambda: selectors.signal_mark(officer),
        render=lambda: f"{len(selectors.open_signals(officer))} stand\n<b>",
        clock=lambda: float(next(clock)),
        sleep=look,
    )
    assert answer["Content-Type"] == "text/event-stream"
    assert answer["Cache-Control"] == "no-store"
    body = iter(answer)
    assert next(body) == b"retry: 1000\n\n"
    assert next(body).endswith(b"data: 0 stand\ndata: <b>\n\n")
    assert next(body).endswith(b"data: 1 stand\ndata: <b>\n\n")
    assert next(body) == b": still here\n\n"
    assert streams.running() == 1
    answer.close()
    assert streams.running() == 0


def test_no_more_streams_than_the_server_can_bear(duty: Client, settings: Any) -> None:
    settings.QALQAN_STREAMS = 1
    first = duty.get(reverse("alerts:signals_stream"))
    assert (first.status_code, streams.running()) == (200, 1)
    second = duty.get(reverse("alerts:signals_stream"))
    assert (second.status_code, second["Retry-After"]) == (204, "1")
    first.close()
    assert streams.running() == 0


def test_the_part_for_browsers_that_ask(duty: Client) -> None:
    signal = make_signal(now=timezone.now(), kind="panic", exercise=True)
    answer = duty.get(reverse("alerts:signals_part"))
    assert answer["Cache-Control"] == "no-store"
    assert f'data-newest="{signal.pk}"' in answer.content.decode()
    assert "Exercise" in answer.content.decode()


def test_a_device_is_registered_and_its_key_shown_once(client: Client) -> None:
    admin = sign_in(client, make_user(role=Role.ADMINISTRATOR))
    fields = {"code": "PB-7", "kind": "panic", "site": "School", "beat_seconds": 60}
    page = admin.post(reverse("alerts:device_add"), fields)
    device = Device.objects.get()
    from qalqan.desk.alerts.services.devices import key_of

    key = key_of(device).hex()
    assert key in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert key not in admin.get(reverse("alerts:devices")).content.decode()
    assert admin.post(reverse("alerts:device_add"), fields).status_code == 422
    change = reverse("alerts:device_change", args=[device.pk])
    assert key not in admin.post(change, {"act": "renew"}).content.decode()
    device.refresh_from_db()
    assert key_of(device).hex() != key
    admin.post(change, {"act": "disable"})
    device.refresh_from_db()
    assert not device.is_enabled


def test_an_exercise_from_plan_to_report(duty: Client) -> None:
    planned = timezone.localtime() + timedelta(days=1)
    fields = {"title": "Flood", "planned_at": planned.strftime("%Y-%m-%dT%H:%M")}
    duty.post(reverse("alerts:drill_add"), fields)
    drill = Drill.objects.get()
    duty.post(reverse("alerts:drill_begin", args=[drill.pk]))
    drill.refresh_from_db()
    assert drill.alert is not None
    assert (drill.state, drill.alert.status) == ("running", "Exercise")
    assert duty.get(reverse("alerts:drill", args=[drill.pk])).status_code == 200
    now = timezone.now()
    signal = make_signal(now=now, kind="panic", exercise=True)
    services.acknowledge(actor=make_user(), signal=signal, now=now + timedelta(seconds=7))
    later = reverse("alerts:drill_end", args=[drill.pk])
    assert duty.post(later, {"lessons": ""}).status_code == 422
    Drill.objects.update(begun_at=now - timedelta(seconds=1))
    duty.post(later, {"lessons": "The gate has no key"})
    drill.refresh_from_db()
    assert drill.state == "done"
    assert (drill.report["signals"], drill.report["to_answer"]) == (1, 7.0)
    assert drill.report["to_95"] is None
    assert (
        "The gate has no key" in duty.get(reverse("alerts:drill", args=[drill.pk])).content.decode()
    )


@pytest.mark.parametrize(
    "name", ["alerts:signals", "alerts:signals_part", "alerts:devices", "alerts:drills"]
)
def test_pages_keep_their_budget(duty: Client, name: str) -> None:
    now = timezone.now()

    def fill() -> None:
        device = make_device(now=now)
        make_signal(device=device, now=now)
        signal = make_signal(device=device, now=now)
        services.close_signal(
            actor=SYSTEM, signal=signal, outcome="x", is_false_alarm=False, now=now
        )
        drill_services.plan_drill(actor=SYSTEM, title="x", planned_at=now, now=now)

    fill()
    duty.get(reverse(name))
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert duty.get(reverse(name)).status_code == 200
        counts.append(len(queries))
        for _more in range(4):
            fill()
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[name]
    assert Signal.objects.count() == 18
