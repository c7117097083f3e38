"""Taking in what devices say over MQTT: signals first, nothing dropped unanswered.

A device repeats a signal until it gets its answer on ``…/answer``; so a listener that is killed
loses nothing, and a message taken twice raises one signal.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from qalqan.desk.alerts.envelope import MOST_BYTES
from qalqan.desk.alerts.services import devices as services
from qalqan.errors import SettingsError

TOPIC: Final = re.compile(r"qalqan/devices/([A-Za-z0-9][A-Za-z0-9_-]{0,31})/(signal|beat)\Z")
FILTERS: Final = ("qalqan/devices/+/signal", "qalqan/devices/+/beat")
MOST_WAITING: Final = 10_000
"""Heart-beats that may wait; beyond that the oldest are left out, signals never."""
AGAIN_SECONDS: Final = 2.0
LOCKED_SECONDS: Final = 0.1
MOST_TOGETHER: Final = 50
TOGETHER_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is, and how one gets in."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: ssl.SSLContext | None


@dataclass(slots=True)
class Counts:
    """What a listener has done so far."""

    signals: int = 0
    beats: int = 0
    refused: int = 0
    left_out: int = 0
    lost_connections: int = 0


@dataclass(slots=True)
class _Work:
    signals: asyncio.Queue[tuple[str, bytes]] = field(default_factory=asyncio.Queue)
    beats: asyncio.Queue[tuple[str, bytes]] = field(default_factory=asyncio.Queue)


def broker_of(url: str, *, ca_file: str | None = None) -> Broker:
    """Read an address such as ``mqtts://desk:secret@broker.example:8883``.

    Raises
    ------
    SettingsError
        It is no such address, the file of certificates cannot be read, or a password would go
        over the network in the clear.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
        raise SettingsError("the broker's address is mqtts://user:password@host:port")
    is_local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme == "mqtt" and not is_local:
        raise SettingsError("without TLS only a broker on this machine is used", hint="mqtts://")
    tls = None
    if parts.scheme == "mqtts":
        try:
            tls = ssl.create_default_context(cafile=ca_file)
        except OSError as error:
            raise SettingsError(f"{ca_file}: {error}") from None
    return Broker(
        parts.hostname,
        parts.port or (8883 if tls else 1883),
        unquote(parts.username) if parts.username else None,
        unquote(parts.password) if parts.password else None,
        tls,
    )


async def listen(
    broker: Broker,
    *,
    stop: asyncio.Event,
    name: str = "qalqan-desk",
    told: Callable[[str], None] = lambda text: None,
    counts: Counts | None = None,
) -> Counts:
    """Listen until stopped; a broker that goes away is asked again every two seconds.

    Parameters
    ----------
    name
        The client's name at the broker, which keeps what comes while the desk is away.
    told
        Hears, for people, when the connection comes and goes.
    counts
        Where to count; returned at the end.
    """
    import aiomqtt

    counts = counts or Counts()
    while not stop.is_set():
        client = aiomqtt.Client(
            broker.host,
            broker.port,
            username=broker.user,
            password=broker.password,
            tls_context=broker.tls,
            identifier=name,
            clean_session=False,
            max_queued_incoming_messages=0,
        )
        try:
            async with client:
                for one in FILTERS:
                    await client.subscribe(one, qos=1)
                told("listening")
                await _serve(client, stop, counts)
        except aiomqtt.MqttError as error:
            counts.lost_connections += 1
            told(f"no connection: {error}")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)
    return counts


async def _serve(client: Any, stop: asyncio.Event, counts: Counts) -> None:
    work = _Work()
    # Signals have a thread of their own, so that no heap of heart-beats stands before them.
    with ThreadPoolExecutor(1) as urgent, ThreadPoolExecutor(1) as common:
        tasks = [
            asyncio.create_task(_receive(client, work, counts)),
            asyncio.create_task(_take_signals(client, work.signals, urgent, counts)),
            asyncio.create_task(_take_beats(work.beats, common, counts)),
            asyncio.create_task(stop.wait()),
        ]
        try:
            done, _pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _receive(client: Any, work: _Work, counts: Counts) -> None:
    async for message in client.messages:
        match = TOPIC.match(str(message.topic))
        payload = message.payload
        if match is None or not isinstance(payload, bytes) or len(payload) > MOST_BYTES:
            counts.refused += 1
            continue
        if match[2] == "signal":
            work.signals.put_nowait((match[1], payload))
            continue
        if work.beats.qsize() >= MOST_WAITING:
            work.beats.get_nowait()
            counts.left_out += 1
        work.beats.put_nowait((match[1], payload))


async def _take_signals(
    client: Any,
    queue: asyncio.Queue[tuple[str, bytes]],
    threads: ThreadPoolExecutor,
    counts: Counts,
) -> None:
    """Take signals one by one, each in a transaction of its own, and answer each at once."""
    loop = asyncio.get_running_loop()
    while True:
        code, payload = await queue.get()
        try:
            signal = await loop.run_in_executor(threads, _take, code, payload)
        except services.DeviceRefused:
            counts.refused += 1
            continue
        except DatabaseError:
            # Tried again until it is too old; the device asks again, too.
            await asyncio.sleep(LOCKED_SECONDS)
            queue.put_nowait((code, payload))
            continue
        if signal is None:
            counts.beats += 1
            continue
        counts.signals += 1
        answer = json.dumps({"taken": signal})
        await client.publish(f"qalqan/devices/{code}/answer", answer, qos=1)


async def _take_beats(
    queue: asyncio.Queue[tuple[str, bytes]], threads: ThreadPoolExecutor, counts: Counts
) -> None:
    """Take heart-beats a few at a time: fewer transactions, each too short to keep a signal."""
    loop = asyncio.get_running_loop()
    while True:
        batch = [await queue.get()]
        while len(batch) < MOST_TOGETHER and not queue.empty():
            batch.append(queue.get_nowait())
        try:
            taken = await loop.run_in_executor(threads, _take_together, batch)
        except DatabaseError:
            await asyncio.sleep(LOCKED_SECONDS)
            for one in batch:
                queue.put_nowait(one)
            continue
        counts.beats += taken
        counts.refused += len(batch) - taken
        await asyncio.sleep(TOGETHER_SECONDS)


def _take(code: str, payload: bytes) -> int | None:
    close_old_connections()
    signal = services.take_message(code=code, data=payload, now=timezone.now())
    return signal.counter if signal else None


def _take_together(batch: list[tuple[str, bytes]]) -> int:
    close_old_connections()
    return services.take_beats(messages=batch, now=timezone.now())
