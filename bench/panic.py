"""From a pressed panic button to the duty officer's screen, while a thousand devices talk.

    python bench/panic.py [--devices 1000] [--seconds 30] [--json]

Everything is real and on this machine: Mosquitto, `qalqan alerts listen`, `qalqan serve`, and a
browser's stream of server-sent events. Every device sends a heart-beat every ten seconds; twice a
second one of them is pressed. Measured is the time from handing the press to the device's
connection until the part of the page that shows it has arrived; the signals are answered meanwhile,
so that the list stays as short as a duty officer keeps it.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import http.client
import json
import os
import random
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from _desk import free_port, open_desk

BEAT_SECONDS = 10
PRESSES_A_SECOND = 2
CONNECTIONS = 20


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devices", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    folder = open_desk()
    devices, cookie = _prepare(options.devices)
    broker, web = free_port(), free_port()
    environment = {
        **os.environ,
        "QALQAN_DEVICES_BROKER": f"mqtt://127.0.0.1:{broker}",
        "QALQAN_ALLOWED_HOSTS": "127.0.0.1",
    }
    config = folder / "mosquitto.conf"
    config.write_text(f"listener {broker} 127.0.0.1\nallow_anonymous true\n")
    qalqan = [sys.executable, "-m", "qalqan"]
    commands = [
        ["/usr/sbin/mosquitto", "-c", str(config)],
        [*qalqan, "serve", "--no-worker", "--port", str(web)],
        [*qalqan, "alerts", "listen"],
    ]
    log = (folder / "log").open("wb")
    running = [
        subprocess.Popen(command, env=environment, stdout=log, stderr=log) for command in commands
    ]
    try:
        result = _measure(devices, cookie, broker, web, options.seconds, running)
    except Exception:
        sys.stderr.write((folder / "log").read_text()[-3000:])
        raise
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(20)
    _tell(result, as_json=options.json)


def _prepare(count: int) -> tuple[list[tuple[str, bytes]], str]:
    from django.test import Client
    from tests.support.factories import make_user, sign_in

    from qalqan.desk.alerts.services.devices import register_device
    from qalqan.desk.platform.policies import SystemActor

    actor, now = SystemActor("bench"), dt.datetime.now(dt.UTC)
    devices = []
    for number in range(count):
        code = f"PB-{number:04}"
        _device, key = register_device(
            actor=actor, code=code, kind="panic", site=f"Site {number}", district=None, now=now,
            beat_seconds=BEAT_SECONDS,
        )  # fmt: skip
        devices.append((code, key))
    client = sign_in(Client(), make_user())
    from django.conf import settings

    return devices, f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"


class Screen(threading.Thread):
    """Reads the stream as a browser does and notes when each device's signal was first shown."""

    def __init__(self, port: int, cookie: str) -> None:
        super().__init__(daemon=True)
        self.seen: dict[str, float] = {}
        self.events = 0
        self.open = threading.Event()
        self._port, self._cookie = port, cookie

    def run(self) -> None:
        """Read until the server ends it."""
        link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        link.request("GET", "/alerts/signals/stream/", headers={"Cookie": self._cookie})
        answer = link.getresponse()
        if answer.status != 200:
            raise SystemExit(f"the stream answers {answer.status}")
        part: list[bytes] = []
        while line := answer.readline():
            if line.startswith(b"data:"):
                part.append(line)
            elif not line.strip() and part:
                at = time.perf_counter()
                self.events += 1
                for code in re.findall(rb"PB-[0-9]{4}", b"".join(part)):
                    self.seen.setdefault(code.decode(), at)
                part = []
                self.open.set()


def _measure(
    devices: list[tuple[str, bytes]],
    cookie: str,
    broker: int,
    web: int,
    seconds: float,
    running: list[subprocess.Popen[bytes]],
) -> dict[str, Any]:
    _wait_for(web, running)
    time.sleep(3)
    screen = Screen(web, cookie)
    screen.start()
    if not screen.open.wait(30):
        raise SystemExit("the stream says nothing")
    answering = threading.Event()
    duty = threading.Thread(target=_answer, args=(answering,), daemon=True)
    duty.start()
    before = _cpu(running)
    pressed, beats = asyncio.run(_talk(devices, broker, seconds))
    spent = [round(now - then, 2) for now, then in zip(_cpu(running), before, strict=True)]
    time.sleep(3)
    answering.set()
    duty.join(20)
    waits = sorted(screen.seen[c] - at for c, at in pressed.items() if c in screen.seen)
    return {
        "devices": len(devices),
        "seconds": seconds,
        "heart_beats": beats,
        "presses": len(pressed),
        "shown": len(waits),
        "not_shown": sorted(set(pressed) - set(screen.seen)),
        "p50_ms": _at(waits, 0.5),
        "p95_ms": _at(waits, 0.95),
        "p99_ms": _at(waits, 0.99),
        "max_ms": _at(waits, 1.0),
        "cpu_seconds_broker_desk_listener": spent,
        "load": [round(one, 1) for one in os.getloadavg()],
        "cpus": os.cpu_count(),
    }


def _cpu(running: list[subprocess.Popen[bytes]]) -> list[float]:
    """Return the processor seconds of each process and its children so far."""
    ticks = os.sysconf("SC_CLK_TCK")
    found = []
    for process in running:
        family = [process.pid, *_children(process.pid)]
        fields = [Path(f"/proc/{pid}/stat").read_text().rsplit(")")[-1].split() for pid in family]
        found.append(sum(int(f[11]) + int(f[12]) for f in fields) / ticks)
    return found


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in text.split()]


def _at(waits: list[float], share: float) -> float | None:
    if not waits:
        return None
    return round(1000 * waits[min(len(waits) - 1, int(share * len(waits)))], 1)


def _wait_for(port: int, running: list[subprocess.Popen[bytes]]) -> None:
    for _ in range(300):
        if any(process.poll() is not None for process in running):
            raise SystemExit("a process ended at once")
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/public/")
            if link.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the desk does not answer")


def _answer(over: threading.Event) -> None:
    """Acknowledge and close what is older than three seconds, as somebody on duty."""
    from qalqan.desk.alerts.models import Signal
    from qalqan.desk.alerts.services.signals import close_signal
    from qalqan.desk.platform.policies import SystemActor

    actor = SystemActor("bench")
    while not over.wait(1.0):
        now = dt.datetime.now(dt.UTC)
        old = Signal.objects.filter(state="new", received_at__lt=now - dt.timedelta(seconds=3))
        for signal in old:
            close_signal(actor=actor, signal=signal, outcome="bench", is_false_alarm=False, now=now)


async def _talk(
    devices: list[tuple[str, bytes]], port: int, seconds: float
) -> tuple[dict[str, float], int]:
    import aiomqtt

    from qalqan.desk.alerts.envelope import seal_message

    counts = dict.fromkeys((code for code, _key in devices), 0)
    pressed: dict[str, float] = {}
    beats = 0

    def message(code: str, key: bytes, kind: str) -> bytes:
        counts[code] += 1
        now = dt.datetime.now(dt.UTC)
        return seal_message(code, key, count=counts[code], sent_at=now, content={"kind": kind})

    async def beat(share: list[tuple[str, bytes]], until: float) -> None:
        nonlocal beats
        async with aiomqtt.Client("127.0.0.1", port) as client:
            while time.perf_counter() < until:
                for code, key in share:
                    data = message(code, key, "beat")
                    await client.publish(f"qalqan/devices/{code}/beat", data, qos=1)
                    beats += 1
                    await asyncio.sleep(BEAT_SECONDS / len(share))
                    if time.perf_counter() > until:
                        break

    async def press(until: float) -> None:
        order = random.Random(1).sample(devices, len(devices))
        async with aiomqtt.Client("127.0.0.1", port) as client:
            for code, key in order:
                if time.perf_counter() > until:
                    return
                data = message(code, key, "panic")
                pressed[code] = time.perf_counter()
                await client.publish(f"qalqan/devices/{code}/signal", data, qos=1)
                await asyncio.sleep(1 / PRESSES_A_SECOND)

    until = time.perf_counter() + seconds
    shares = [devices[number::CONNECTIONS] for number in range(CONNECTIONS)]
    await asyncio.gather(*(beat(share, until) for share in shares), press(until))
    return pressed, beats


def _tell(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result, indent=2))
        return
    for name, value in result.items():
        print(f"{name:>12}: {value}")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    main()
