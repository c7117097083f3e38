"""A connection that breaks: a small proxy that cuts, doubles and refuses by a seeded plan.

It stands between a real browser and a real desk, so that what is cut is TCP and not a stub.
"""

from __future__ import annotations

import random
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field

FAULTS = ("refuse", "cut_request", "cut_answer", "lose_answer", "twice")
_HEAD_END = b"\r\n\r\n"
_PATIENCE = 30.0


@dataclass
class Flaky:
    """Pass requests on to a port, and break some of them.

    Parameters
    ----------
    upstream
        Port of the desk on this machine.
    seed
        The same seed and the same requests meet the same faults.
    path
        Only requests whose address begins so are broken.
    share
        How many of them are broken while `faults_left` lasts.
    """

    upstream: int
    seed: int
    path: bytes
    share: float = 0.6
    faults_left: int = 0
    is_cut: bool = False
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(browser,), daemon=True).start()

    def _serve(self, browser: socket.socket) -> None:
        with browser:
            browser.settimeout(_PATIENCE)
            try:
                request = _read_request(browser)
                if request and not self.is_cut:
                    self._answer(browser, request)
            except OSError:
                return

    def _fault(self, request: bytes) -> str:
        address = request.split(b" ", 2)[1]
        with self._lock:
            if not address.startswith(self.path) or self.faults_left <= 0:
                return ""
            if self._rng.random() >= self.share:
                return ""
            self.faults_left -= 1
            name = self._rng.choice(FAULTS)
            self.done[name] += 1
            return name

    def _answer(self, browser: socket.socket, request: bytes) -> None:
        fault = self._fault(request)
        if fault == "refuse":
            return
        if fault == "cut_request":
            _exchange(self.upstream, request[: self._rng.randrange(1, len(request))], whole=False)
            return
        answer = _exchange(self.upstream, request)
        if fault == "twice":
            answer = _exchange(self.upstream, request)
        if fault == "lose_answer":
            return
        if fault == "cut_answer":
            answer = answer[: self._rng.randrange(1, max(2, len(answer)))]
        browser.sendall(answer)


def _read_request(browser: socket.socket) -> bytes:
    data = b""
    while _HEAD_END not in data:
        part = browser.recv(65536)
        if not part:
            return b""
        data += part
    head, _sep, body = data.partition(_HEAD_END)
    lines = head.split(b"\r\n")
    fields = dict(line.split(b": ", 1) for line in lines[1:] if b": " in line)
    length = next((int(v) for k, v in fields.items() if k.lower() == b"content-length"), 0)
    while len(body) < length:
        part = browser.recv(65536)
        if not part:
            break
        body += part
    # One request a connection, so that each meets its own fate.
    kept = [line for line in lines if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*kept, b"Connection: close"]) + _HEAD_END + body


def _exchange(port: int, request: bytes, *, whole: bool = True) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as desk:
        desk.sendall(request)
        if not whole:
            return b""
        parts = []
        while part := desk.recv(65536):
            parts.append(part)
        return b"".join(parts)
