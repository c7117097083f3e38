"""Real receivers on loopback for tests: HTTP targets, an SMTP server, an MQTT broker."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class HttpTarget:
    """An aiohttp server in a thread; it honours the key, and answers as the test says."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.taken: Counter[str] = Counter()
        self.answer: Callable[[dict[str, Any]], int | None] = lambda _request: 202
        self.headers: dict[str, str] = {}
        self.port = free_port()
        self._ready = threading.Event()
        self._over = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def url(self, path: str = "/hook") -> str:
        """Return an address on this server."""
        return f"http://127.0.0.1:{self.port}{path}"

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        seen = {"path": request.path, "headers": dict(request.headers), "body": body}
        self.requests.append(seen)
        status = self.answer(seen)
        if status is None:
            await self._over.wait()
        if status is not None and 200 <= status < 300:
            self.taken[request.headers.get("Idempotency-Key", "")] += 1
        return web.Response(status=status or 200, headers=self.headers)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        app = web.Application()
        app.router.add_post("/{tail:.*}", self._take)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", self.port)
        self._loop.run_until_complete(site.start())
        self._ready.set()
        self._loop.run_forever()
        self._over.set()
        self._loop.run_until_complete(runner.cleanup())

    def __enter__(self) -> HttpTarget:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *_why: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)


class Mails:
    """What an aiosmtpd server took; addresses that begin with ``no`` are refused."""

    def __init__(self) -> None:
        self.taken: list[tuple[list[str], bytes]] = []

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("no"):
            return "550 nobody of that name"
        if address.startswith("later"):
            return "450 not now"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append((list(envelope.rcpt_tos), bytes(envelope.content)))
        return "250 taken"


@contextmanager
def smtp_server() -> Iterator[tuple[Mails, int]]:
    """Run an SMTP server in a thread."""
    from aiosmtpd.controller import Controller

    mails = Mails()
    controller = Controller(mails, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield mails, controller.port
    finally:
        controller.stop()


def mosquitto() -> str | None:
    """Return where Mosquitto is; nothing where it is not installed."""
    found = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    return found if Path(found).exists() else None


@contextmanager
def mqtt_broker(folder: Path, port: int | None = None) -> Iterator[Broker]:
    """Run a Mosquitto of our own that keeps its sessions in a folder."""
    broker = Broker(folder, port or free_port())
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


class Broker:
    """A Mosquitto that can be killed and started again."""

    def __init__(self, folder: Path, port: int) -> None:
        self.port, self.folder = port, folder
        self._config = folder / f"mosquitto-{port}.conf"
        self._config.write_text(
            f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\n"
            f"persistence_location {folder}/\nautosave_on_changes true\nautosave_interval 1\n"
            "max_queued_messages 100000\nmax_inflight_messages 200\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections."""
        program = mosquitto()
        assert program is not None
        self._process = subprocess.Popen(
            [program, "-c", str(self._config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError("mosquitto does not start")

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            self._process.wait(10)


class Siren:
    """A controller that plays each message once, and tells what it played, again and again."""

    def __init__(self, port: int, topic: str) -> None:
        import paho.mqtt.client as paho

        self.commands: list[dict[str, Any]] = []
        self.played: Counter[str] = Counter()
        self._topic = topic
        self._client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, client_id=f"siren-{topic}", clean_session=False
        )
        self._subscribed = threading.Event()
        self._client.on_connect = lambda *_all: self._client.subscribe(topic, qos=1)
        self._client.on_subscribe = lambda *_all: self._subscribed.set()
        self._client.on_message = self._hear
        self._client.reconnect_delay_set(1, 1)
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._subscribed.wait(10)

    def _hear(self, _client: Any, _data: Any, message: Any) -> None:
        command = json.loads(json.loads(message.payload)["command"])
        self.commands.append({**command, "raw": message.payload})
        if not self.played[command["key"]]:
            self.played[command["key"]] = 1
        told = {"key": command["key"], "event": "played", "detail": "12 s"}
        self._client.publish("qalqan/alerts/receipts/1", json.dumps(told), qos=1)

    def stop(self) -> None:
        """Leave."""
        self._client.loop_stop()
        self._client.disconnect()
