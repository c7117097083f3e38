"""E-mail through aiosmtpd, sirens through a real Mosquitto."""

from __future__ import annotations

import email
import email.policy
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.desk.alerts.test_delivery import run, states
from tests.support.alert_delivery import (
    SECRET_OF_ALL,
    make_subscribers,
    make_target,
    make_version,
    send_out,
)
from tests.support.receivers import Siren, mosquitto, mqtt_broker, smtp_server

from qalqan.desk.alerts.content import MARKS
from qalqan.desk.alerts.keys import delivery_key
from qalqan.desk.alerts.models import Delivery, Receipt, Subscriber
from qalqan.desk.alerts.seals import seal_subscriber
from qalqan.desk.alerts.sending import upkeep
from qalqan.desk.alerts.sending.adapters.smtp import mail_bytes
from qalqan.desk.alerts.sending.message import Letter, Parcel
from qalqan.desk.alerts.services import receipts, resending
from qalqan.desk.platform.policies import SystemActor

pytestmark = pytest.mark.django_db(transaction=True)
needs_mosquitto = pytest.mark.skipif(
    mosquitto() is None, reason="type: sudo apt-get install -y mosquitto"
)


def mail_target(port: int) -> None:
    make_target(
        "Relay", f"smtp://127.0.0.1:{port}", kind="mail", secret="",
        options={"sender": "warn@example.test", "tls": False},
    )  # fmt: skip


def test_mails_in_the_reader_s_language_with_a_way_to_leave():
    with smtp_server() as (mails, port):
        mail_target(port)
        make_subscribers(12)
        version = send_out(severity="Extreme")
        run()
    assert len(mails.taken) == 12
    assert {to for tos, _content in mails.taken for to in tos} == {
        f"p{n}@example.test" for n in range(12)
    }
    found = [email.message_from_bytes(c, policy=email.policy.default) for _to, c in mails.taken]
    assert {mail["Subject"] for mail in found} == {"Су тасқыны: 1", "Паводок: 1"}
    assert len({mail["Message-ID"] for mail in found}) == 12
    assert found[0]["X-CAP-Identifier"] == version.identifier
    assert found[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = found[0]["List-Unsubscribe"].strip("<>")
    assert link in found[0].get_content()


def test_mailbox_that_is_refused_or_busy_holds_up_nobody():
    with smtp_server() as (mails, port):
        mail_target(port)
        make_subscribers(4)
        for key, address in zip(
            Subscriber.objects.order_by("pk")[:2], ("no@example.test", "later@example.test"),
            strict=True,
        ):  # fmt: skip
            Subscriber.objects.filter(pk=key.pk).update(address=seal_subscriber(address))
        send_out()
        run(lambda: states() == {"failed": 1, "waiting": 1, "accepted": 2})
    assert states() == {"failed": 1, "waiting": 1, "accepted": 2}
    assert len(mails.taken) == 2


def test_whoever_left_gets_nothing_that_was_on_its_way():
    from qalqan.desk.alerts.services import outbox

    with smtp_server() as (mails, port):
        mail_target(port)
        make_subscribers(3)
        version = make_version()
        outbox.enqueue(version=version, now=datetime.now(UTC))
        spread = version.dispatch.spreads.get()
        outbox.spread_some(spread_id=spread.pk, most=10**6, now=datetime.now(UTC))
        Subscriber.objects.order_by("pk").first().delete()
        run()
    assert len(mails.taken) == 2
    assert states() == {"replaced": 1, "accepted": 2}


@pytest.mark.parametrize(
    "address",
    ["a@b.test\r\nBcc: all@b.test", "a@b.test>\r\nRCPT TO:<x@y.test", "", "a b@c.test", "a,b@c.t"],
)
def test_address_that_would_begin_another_line_is_refused(address):
    letter = Letter("Subject", "Text")
    parcel = Parcel(1, "1-0-" + "a" * 24, letter, "kk", 1, 0, address)
    with pytest.raises(ValueError, match="address"):
        mail_bytes(parcel, sender="warn@example.test")


def test_headline_cannot_write_headers():
    letter = Letter("Flood\r\nBcc: all@example.test\r\n\r\nBody", "Text")
    parcel = Parcel(1, "1-0-" + "a" * 24, letter, "kk", 1, 0, "p@example.test")
    mail = email.message_from_bytes(
        mail_bytes(parcel, sender="warn@example.test"), policy=email.policy.default
    )
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Flood Bcc: all@example.test Body"
    assert mail.get_content().strip() == "Text"


@needs_mosquitto
def test_siren_plays_once_and_is_reminded_until_it_tells(tmp_path, monkeypatch):
    # Nobody hears the first report: the ear comes up while the command is already out.
    monkeypatch.setattr(upkeep, "REMIND_AFTER", timedelta(seconds=0.3))
    monkeypatch.setattr(upkeep, "_LOOK_EVERY", 0.1)
    with mqtt_broker(tmp_path) as broker:
        make_target(
            "Siren", f"mqtt://127.0.0.1:{broker.port}", kind="mqtt",
            options={"topic": "qalqan/play/1", "tells": True},
        )  # fmt: skip
        siren = Siren(broker.port, "qalqan/play/1")
        send_out(siren="attention")
        run(lambda: states() == {"played": 1})
        siren.stop()
    assert states() == {"played": 1}
    assert sum(siren.played.values()) == 1
    assert len({command["key"] for command in siren.commands}) == 1
    command = siren.commands[0]
    assert (command["signal"], command["status"]) == ("attention", "Actual")
    assert command["speech"]["kk"].startswith("Су тасқыны")
    sealed = json.loads(command["raw"])
    mac = hmac.new(SECRET_OF_ALL.encode(), sealed["command"].encode(), "sha256").hexdigest()
    assert sealed["mac"] == mac
    events = set(Receipt.objects.values_list("event", flat=True))
    assert events == {"accepted", "played"}


@needs_mosquitto
def test_exercise_gives_speech_and_never_the_signal(tmp_path):
    with mqtt_broker(tmp_path) as broker:
        make_target(
            "Siren", f"mqtt://127.0.0.1:{broker.port}", kind="mqtt", accepts_exercise=True,
            options={"topic": "qalqan/play/1"},
        )  # fmt: skip
        siren = Siren(broker.port, "qalqan/play/1")
        send_out(siren="attention", status="Exercise")
        run(lambda: bool(siren.commands))
        siren.stop()
    (command,) = siren.commands
    assert (command["signal"], command["status"]) == ("none", "Exercise")
    assert command["speech"]["ru"].startswith(MARKS["Exercise"]["ru"])


def test_telemetry_counts_only_with_the_right_key_and_never_leads_back():
    make_target("Siren", "mqtt://127.0.0.1:1", kind="mqtt")
    version = send_out()
    row, now = Delivery.objects.get(), datetime.now(UTC)
    key = delivery_key(row.pk, identifier=version.identifier, again=0)
    forged = key[:-1] + ("0" if key[-1] != "0" else "1")
    assert receipts.note(told=[(forged, "played", "")], now=now) == 0
    assert receipts.note(told=[("nonsense", "played", ""), (key, "burnt", "")], now=now) == 0
    assert states() == {"queued": 1}
    assert receipts.note(told=[(key, "played", "12 s")], now=now) == 1
    assert receipts.note(told=[(key, "played", "12 s"), (key, "delivered", "")], now=now) == 1
    assert states() == {"played": 1}


def test_sending_again_reaches_only_the_rest_under_a_new_key():
    make_target("Siren that took it and stayed silent", "mqtt://127.0.0.1:1", kind="mqtt")
    make_target("Siren that played", "mqtt://127.0.0.1:1", kind="mqtt")
    make_target("Program that refused", "https://example.test/a")
    make_target("Program that has it", "https://example.test/b")
    version = send_out()
    rows = list(Delivery.objects.order_by("target__name"))
    for row, state in zip(rows, ("accepted", "failed", "played", "accepted"), strict=True):
        Delivery.objects.filter(pk=row.pk).update(state=state)
    assert [row.target.name[:10] for row in rows] == ["Program th"] * 2 + ["Siren that"] * 2
    late = make_target("Added since", "https://example.test/c")
    count = resending.resend_to_rest(
        actor=SystemActor("test"), version=version, now=datetime.now(UTC)
    )
    assert count == 3
    queued = Delivery.objects.filter(state="queued")
    assert {row.target.name: row.again for row in queued.select_related("target")} == {
        "Program that refused": 1, "Siren that took it and stayed silent": 1, late.name: 0,
    }  # fmt: skip


def test_sending_again_ends_with_the_warning():
    from qalqan.errors import ConflictError

    make_target("Program", "https://example.test/a")
    version = send_out()
    with pytest.raises(ConflictError):
        resending.resend_to_rest(
            actor=SystemActor("test"), version=version, now=version.expires_at + timedelta(1)
        )
