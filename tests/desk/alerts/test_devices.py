"""Devices: their messages are taken once, and only when sealed, fresh and new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests.support.devices_factories import make_device, make_signal, message_of
from tests.support.factories import NOW, make_user

from qalqan.desk.alerts.envelope import EnvelopeError, open_message, seal_message
from qalqan.desk.alerts.models import Device, Signal
from qalqan.desk.alerts.selectors import devices as selectors
from qalqan.desk.alerts.services import devices as services
from qalqan.desk.alerts.services import signals
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, RefusedError

SECOND = timedelta(seconds=1)
SYSTEM = SystemActor("tests")


@pytest.fixture(autouse=True)
def _limits_begin_anew() -> None:
    services.REFUSALS.forget()


def _refused(code: str, data: bytes, now: datetime = NOW) -> str:
    with pytest.raises(services.DeviceRefused) as refusal:
        services.take_message(code=code, data=data, now=now)
    return refusal.value.why


@pytest.mark.django_db
def test_a_pressed_button_becomes_one_signal_with_its_audit_row() -> None:
    device = make_device()
    data = message_of(device, 1, kind="panic", battery=71)
    signal = services.take_message(code=device.code, data=data, now=NOW)
    assert signal is not None
    assert (signal.kind, signal.state, signal.is_exercise) == ("panic", "new", False)
    device.refresh_from_db()
    assert (device.battery, device.heard_at, device.counter) == (71, NOW, 1)
    assert AuditEntry.objects.filter(action="alerts.take_signal").count() == 1
    again = services.take_message(code=device.code, data=data, now=NOW + SECOND)
    assert again == signal
    assert Signal.objects.count() == 1


@pytest.mark.django_db
def test_forged_stale_replayed_and_malformed_messages_are_refused() -> None:
    device, other = make_device(), make_device()
    good = message_of(device, 5)
    assert _refused(device.code, good.replace(b"panic", b"tampe")) == "forged"
    assert _refused(device.code, b"6" + good[1:]) == "forged"
    assert _refused(other.code, good) == "forged"
    assert _refused(device.code, good, NOW + timedelta(minutes=3)) == "stale"
    assert _refused(device.code, good, NOW - timedelta(minutes=3)) == "stale"
    assert _refused(device.code, b"") == "malformed"
    assert _refused(device.code, b"x" * 5000) == "malformed"
    assert _refused(device.code, message_of(device, 5, kind="other")) == "malformed"
    assert _refused("nobody", good) == "unknown"
    beat = message_of(device, 7, kind="beat")
    assert services.take_message(code=device.code, data=beat, now=NOW) is None
    assert _refused(device.code, beat) == "replayed"
    assert _refused(device.code, message_of(device, 6, kind="beat")) == "replayed"
    assert Signal.objects.count() == 0
    device.refresh_from_db()
    assert device.refused == 9
    assert device.refused_why == "replayed"


@pytest.mark.django_db
def test_heart_beats_of_many_devices_are_taken_together() -> None:
    first, second, off = make_device(), make_device(), make_device()
    services.set_device_enabled(actor=SYSTEM, device=off, is_enabled=False, now=NOW)
    beats = [
        (first.code, message_of(first, 1, kind="beat", battery=50)),
        (first.code, message_of(first, 2, kind="beat")),
        (first.code, message_of(first, 2, kind="beat")),
        (second.code, message_of(first, 3, kind="beat")),
        (second.code, message_of(second, 1, kind="panic")),
        (second.code, message_of(second, 1, kind="beat", fault=True)),
        (off.code, message_of(off, 1, kind="beat")),
        ("nobody", b"x"),
    ]
    assert services.take_beats(messages=beats, now=NOW) == 3
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.counter, first.battery, first.heard_at, first.refused) == (2, 50, NOW, 1)
    assert (second.counter, second.is_faulty, second.refused) == (1, True, 2)
    assert Signal.objects.count() == 0


@pytest.mark.django_db
def test_a_signal_overtaken_by_a_heart_beat_is_not_lost() -> None:
    device = make_device()
    services.take_message(code=device.code, data=message_of(device, 2, kind="beat"), now=NOW)
    assert services.take_message(code=device.code, data=message_of(device, 1), now=NOW)
    device.refresh_from_db()
    assert device.counter == 2
    assert _refused(device.code, message_of(device, 1, kind="tamper")) == "replayed"


@pytest.mark.django_db
def test_a_new_key_and_a_device_out_of_use() -> None:
    device = make_device()
    first = make_signal(device=device)
    old = message_of(device, 900)
    device, key = services.renew_key(actor=SYSTEM, device=device, now=NOW)
    assert _refused(device.code, old) == "forged"
    assert services.key_of(device) == key
    again = message_of(device, first.counter)
    assert services.take_message(code=device.code, data=again, now=NOW) != first
    services.set_device_enabled(actor=SYSTEM, device=device, is_enabled=False, now=NOW)
    assert _refused(device.code, message_of(device, 2000)) == "unknown"
    assert bytes(Device.objects.get().key) != key


@pytest.mark.django_db
def test_registering_asks_who_and_what() -> None:
    with pytest.raises(RefusedError):
        services.register_device(
            actor=make_user(), code="A", kind="panic", site="x", district=None, now=NOW
        )
    make_device(code="A")
    with pytest.raises(ConflictError):
        make_device(code="A")
    for fields in ({"code": "a b"}, {"kind": "drone"}, {"site": " "}, {"beat_seconds": 0}):
        with pytest.raises((InputError, ConflictError)):
            make_device(**fields)


@pytest.mark.django_db
def test_silent_devices_are_told() -> None:
    device, talking = make_device(beat_seconds=60), make_device(beat_seconds=60)
    later = NOW + timedelta(minutes=4)
    beat = message_of(talking, 1, sent_at=later, kind="beat", fault=True, battery=7)
    services.take_message(code=talking.code, data=beat, now=later)
    found = selectors.silent(make_user(), now=later)
    assert [one.code for one in found] == [device.code]
    assert device.silent_since(later) == NOW
    health = selectors.health(make_user(), now=later)
    assert (health.in_use, health.silent, health.faulty, health.low_battery) == (2, 1, 1, 1)
    assert not selectors.silent(make_user(), now=NOW + timedelta(minutes=2)).exists()


@pytest.mark.django_db
def test_acknowledged_then_closed_each_once() -> None:
    officer, signal = make_user(), make_signal()
    done = signals.acknowledge(actor=officer, signal=signal, now=NOW + 9 * SECOND)
    assert (done.state, done.acknowledged_by) == ("acked", officer)
    entry = AuditEntry.objects.get(action="alerts.acknowledge_signal")
    assert entry.detail["seconds"] == 9.0
    with pytest.raises(ConflictError):
        signals.acknowledge(actor=officer, signal=signal, now=NOW)
    with pytest.raises(InputError):
        signals.close_signal(
            actor=officer, signal=signal, outcome=" ", is_false_alarm=False, now=NOW
        )
    closed = signals.close_signal(
        actor=officer, signal=signal, outcome="A child pressed it", is_false_alarm=True, now=NOW
    )
    assert closed.state == "false"
    with pytest.raises(ConflictError):
        signals.close_signal(
            actor=officer, signal=signal, outcome="x", is_false_alarm=True, now=NOW
        )
    with pytest.raises(RefusedError):
        signals.acknowledge(actor=make_user(role=Role.ANALYST), signal=make_signal(), now=NOW)


@pytest.mark.django_db
def test_what_nobody_answers_is_passed_up_once_and_its_work_ends_with_the_answer() -> None:
    officer, signal = make_user(), make_signal()
    answered = make_signal()
    signals.acknowledge(actor=officer, signal=answered, now=NOW)
    assert signals.escalate_unanswered(actor=SYSTEM, now=NOW + 59 * SECOND) == 0
    assert signals.escalate_unanswered(actor=SYSTEM, now=NOW + 60 * SECOND) == 1
    assert signals.escalate_unanswered(actor=SYSTEM, now=NOW + 90 * SECOND) == 0
    item = WorkItem.objects.get()
    assert item.organisation == officer.organisation
    signals.acknowledge(actor=officer, signal=signal, now=NOW + 99 * SECOND)
    item.refresh_from_db()
    assert item.state == "done"


@pytest.mark.django_db
def test_signals_without_anybody_on_duty_are_still_marked() -> None:
    make_signal()
    assert signals.escalate_unanswered(actor=SYSTEM, now=NOW + 61 * SECOND) == 1
    assert Signal.objects.get().escalated_at


@pytest.mark.django_db
def test_the_mark_changes_with_every_act() -> None:
    officer = make_user()
    marks = [selectors.signal_mark(officer)]
    signal = make_signal()
    marks.append(selectors.signal_mark(officer))
    signals.acknowledge(actor=officer, signal=signal, now=NOW + SECOND)
    marks.append(selectors.signal_mark(officer))
    assert len(set(marks)) == 3
    assert [s.pk for s in selectors.open_signals(officer)] == [signal.pk]


@pytest.mark.django_db
def test_over_http(client: Client) -> None:
    device = make_device()
    now = datetime.now(UTC)
    url = f"/alerts/devices/{device.code}/messages/"
    data = message_of(device, 1, sent_at=now)
    kind = "application/octet-stream"
    first = client.post(url, data, content_type=kind)
    assert (first.status_code, first.json()["taken"]) == (202, True)
    assert client.post(url, data, content_type=kind).json() == first.json()
    forged = client.post(url, data.replace(b"panic", b"beat!"), content_type=kind)
    unknown = client.post("/alerts/devices/nobody/messages/", data, content_type=kind)
    assert (forged.status_code, forged.content) == (unknown.status_code, unknown.content)
    assert forged.status_code == 401
    assert client.post(url, b"x" * 9999, content_type=kind).status_code == 413
    assert client.get(url).status_code == 405
    assert Signal.objects.count() == 1


KEY = b"k" * 32


@given(st.integers(1, 2**63 - 1), st.dictionaries(st.text(max_size=9), st.integers(), max_size=3))
def test_what_is_sealed_opens(count: int, content: dict[str, int]) -> None:
    data = seal_message("PB-1", KEY, count=count, sent_at=NOW, content=content)
    said = open_message("PB-1", KEY, data, now=NOW)
    assert (said.count, said.content, said.sent_at) == (count, content, NOW)


@given(st.data())
def test_no_changed_byte_opens(data: st.DataObject) -> None:
    sealed = seal_message("PB-1", KEY, count=12, sent_at=NOW, content={"kind": "panic"})
    at = data.draw(st.integers(0, len(sealed) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != sealed[at]))
    changed = sealed[:at] + bytes([byte]) + sealed[at + 1 :]
    with pytest.raises(EnvelopeError):
        open_message("PB-1", KEY, changed, now=NOW)


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_door(data: bytes) -> None:
    with pytest.raises(EnvelopeError):
        open_message("PB-1", KEY, data, now=NOW)
