"""Devices over a real Mosquitto with TLS, passwords and the access list that we hand out."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ipaddress
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiomqtt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.support.devices_factories import make_device, message_of
from tests.support.receivers import free_port, mosquitto

from qalqan.desk.alerts.listening import Broker, Counts, broker_of, listen
from qalqan.desk.alerts.models import Device, Signal
from qalqan.errors import SettingsError

SAMPLES = Path(__file__).parents[3] / "docs" / "how-to" / "samples"
PASSWORD = "word"
TURN = 30.0

needs_broker = pytest.mark.skipif(
    mosquitto() is None or shutil.which("mosquitto_passwd") is None,
    reason="mosquitto is not installed (scripts/test-needs.sh)",
)


@dataclass
class Running:
    """A broker of the test's own."""

    port: int
    ca: Path

    def url(self, user: str = "desk") -> str:
        """Return the address for somebody."""
        return f"mqtts://{user}:{PASSWORD}@127.0.0.1:{self.port}"


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Broker of a test")])
    now = dt.datetime.now(dt.UTC)
    host = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([host]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(Encoding.PEM)
    (folder / "ca.pem").write_bytes(pem)
    (folder / "broker.pem").write_bytes(pem)
    (folder / "broker.key").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )


@contextlib.contextmanager
def running(folder: Path, users: list[str]) -> Iterator[Running]:
    """Run Mosquitto with our sample files, only the paths and the port replaced."""
    _certificate(folder)
    passwords = folder / "passwords"
    passwords.touch(mode=0o600)
    for user in ("desk", *users):
        subprocess.run(
            ["mosquitto_passwd", "-b", str(passwords), user, PASSWORD],
            check=True,
            capture_output=True,
        )
    port = free_port()
    shutil.copy(SAMPLES / "mosquitto.acl", folder / "mosquitto.acl")
    text = (SAMPLES / "mosquitto.conf").read_text().replace("/etc/mosquitto/qalqan", str(folder))
    text = text.replace("/var/lib/mosquitto", str(folder))
    text = text.replace("listener 8883", f"listener {port} 127.0.0.1\nuser root")
    (folder / "mosquitto.conf").write_text(text)
    program = mosquitto()
    assert program is not None
    process = subprocess.Popen(
        [program, "-c", str(folder / "mosquitto.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Running(port, folder / "ca.pem")
    finally:
        process.terminate()
        process.wait(10)


@contextlib.asynccontextmanager
async def desk_listening(broker: Running) -> Any:
    """Run the listener beside the test."""
    stop, heard, counts = asyncio.Event(), asyncio.Event(), Counts()
    task = asyncio.create_task(
        listen(
            broker_of(broker.url(), ca_file=str(broker.ca)),
            stop=stop,
            told=lambda text: heard.set() if text == "listening" else None,
            counts=counts,
        )
    )
    await asyncio.wait_for(heard.wait(), TURN)
    try:
        yield counts
    finally:
        stop.set()
        await asyncio.wait_for(task, TURN)


def as_device(broker: Running, code: str) -> aiomqtt.Client:
    """Return a connection of a device."""
    tls = ssl.create_default_context(cafile=str(broker.ca))
    return aiomqtt.Client(
        "127.0.0.1", broker.port, username=code, password=PASSWORD, tls_context=tls
    )


async def _press(broker: Running, code: str, data: bytes) -> bytes:
    async with as_device(broker, code) as client:
        await client.subscribe(f"qalqan/devices/{code}/answer", qos=1)
        await client.publish(f"qalqan/devices/{code}/signal", data, qos=1)
        async for message in client.messages:
            return bytes(message.payload)
    raise AssertionError


@needs_broker
@pytest.mark.django_db(transaction=True)
def test_a_press_is_answered_and_stands(tmp_path: Path) -> None:
    device = make_device(code="PB-1")
    data = message_of(device, 1, sent_at=dt.datetime.now(dt.UTC))

    async def walk(broker: Running) -> None:
        async with desk_listening(broker):
            answer = await asyncio.wait_for(_press(broker, "PB-1", data), TURN)
            assert answer == b'{"taken": 1}'
            assert await asyncio.wait_for(_press(broker, "PB-1", data), TURN) == answer

    with running(tmp_path, ["PB-1"]) as broker:
        asyncio.run(walk(broker))
    assert Signal.objects.get().device == device


@needs_broker
@pytest.mark.django_db(transaction=True)
def test_what_comes_while_the_desk_is_away_waits_for_it(tmp_path: Path) -> None:
    device = make_device(code="PB-1")

    data = message_of(device, 1, sent_at=dt.datetime.now(dt.UTC))

    async def walk(broker: Running) -> None:
        async with desk_listening(broker):
            pass
        async with as_device(broker, "PB-1") as client:
            await client.publish("qalqan/devices/PB-1/signal", data, qos=1)
        async with desk_listening(broker) as counts:
            while not counts.signals:
                await asyncio.sleep(0.05)

    with running(tmp_path, ["PB-1"]) as broker:
        asyncio.run(asyncio.wait_for(walk(broker), TURN))
    assert Signal.objects.get().device == device


@needs_broker
@pytest.mark.django_db(transaction=True)
def test_one_device_cannot_speak_for_another_nor_without_its_key(tmp_path: Path) -> None:
    """The broker keeps devices to their own topics; the seal holds even where it does not."""
    first, second = make_device(code="PB-1"), make_device(code="PB-2")
    now = dt.datetime.now(dt.UTC)
    stolen = message_of(second, 1, sent_at=now)
    own = message_of(first, 2, sent_at=now)

    async def walk(broker: Running) -> None:
        async with desk_listening(broker) as counts:
            async with as_device(broker, "PB-1") as client:
                await client.publish("qalqan/devices/PB-2/signal", stolen, qos=1)
                await client.publish("qalqan/devices/PB-1/signal", stolen, qos=1)
                await client.publish("qalqan/devices/PB-1/signal", b"\0\xff", qos=1)
            await asyncio.wait_for(_press(broker, "PB-1", own), TURN)
            assert counts.refused == 2

    with running(tmp_path, ["PB-1", "PB-2"]) as broker:
        asyncio.run(walk(broker))
    assert [signal.device for signal in Signal.objects.all()] == [first]
    assert Device.objects.get(code="PB-2").refused == 0


@needs_broker
def test_nobody_enters_without_a_password_or_tls(tmp_path: Path) -> None:
    async def enter(**how: Any) -> None:
        async with aiomqtt.Client("127.0.0.1", timeout=5, **how):
            pass

    with running(tmp_path, []) as broker:
        tls = ssl.create_default_context(cafile=str(broker.ca))
        for how in ({"tls_context": tls}, {"username": "desk", "password": PASSWORD}):
            with pytest.raises(aiomqtt.MqttError):
                asyncio.run(enter(port=broker.port, **how))


def test_addresses_of_brokers() -> None:
    found = broker_of("mqtt://desk:a%40b@localhost")
    assert found == Broker("localhost", 1883, "desk", "a@b", None)
    assert broker_of("mqtts://broker.example").port == 8883
    for wrong in ("", "http://x", "mqtt://broker.example", "mqtts://"):
        with pytest.raises(SettingsError):
            broker_of(wrong)
    with pytest.raises(SettingsError):
        broker_of("mqtts://broker.example", ca_file="/nowhere")
