"""Receivers on loopback for the benches of the sending, each run as a process of its own.

``python bench/_receivers.py http PORT`` answers every POST with 202 at once. Addresses in
127.9.0.0/16 never answer (dead), those in 127.8.0.0/16 after two seconds (slow). It honours
``Idempotency-Key`` and tells on ``GET /``-less port + 1 what it saw, as JSON, then forgets it.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

import uvloop

TAKEN = b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
SLOW_SECONDS = 2.0


class Seen:
    """What came in: keys with how often, and when the first and last came."""

    def __init__(self) -> None:
        self.keys: dict[bytes, int] = {}
        self.posts = 0
        self.times: list[float] = []
        self.firsts: dict[str, float] = {}

    def note(self, key: bytes, body: bytes) -> None:
        now = time.time()
        self.posts += 1
        self.keys[key] = self.keys.get(key, 0) + 1
        self.times.append(now)
        at = body.find(b"<identifier>") + 12
        if at >= 12:
            self.firsts.setdefault(body[at : body.find(b"<", at)].decode(), now)


class Target(asyncio.Protocol):
    """Just enough of HTTP/1.1 to take posts."""

    def __init__(self, seen: Seen) -> None:
        self.seen, self.got, self.how = seen, b"", "well"

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        own = transport.get_extra_info("sockname")[0]
        self.how = {"127.9": "dead", "127.8": "slow"}.get(own[:5], "well")

    def data_received(self, data: bytes) -> None:
        if self.how == "dead":
            return
        self.got += data
        while True:
            end = self.got.find(b"\r\n\r\n")
            if end < 0:
                return
            head = self.got[:end].lower()
            at = head.find(b"content-length:")
            size = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.got) < end + 4 + size:
                return
            at = head.find(b"idempotency-key:")
            body = self.got[end + 4 : end + 4 + size]
            key = head[at + 16 :].split(b"\r\n", 1)[0].strip() if at >= 0 else body
            self.got = self.got[end + 4 + size :]
            if self.how == "slow":
                asyncio.get_running_loop().call_later(SLOW_SECONDS, self._answer, key, body)
            else:
                self._answer(key, body)

    def _answer(self, key: bytes, body: bytes) -> None:
        self.seen.note(key, body)
        if not self.transport.is_closing():
            self.transport.write(TAKEN)


async def serve(port: int) -> None:
    """Take posts on every loopback address until killed."""
    import resource

    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    seen, loop = Seen(), asyncio.get_running_loop()

    async def tell(reader: Any, writer: Any) -> None:
        times = sorted(seen.times)
        writer.write(
            json.dumps(
                {
                    "posts": seen.posts, "keys": len(seen.keys),
                    "first": times[0] if times else 0, "last": times[-1] if times else 0,
                    "firsts": seen.firsts,
                    "times": times if len(times) < 20_000 else [],
                }
            ).encode()
        )  # fmt: skip
        seen.__init__()
        await writer.drain()
        writer.close()

    await loop.create_server(lambda: Target(seen), "0.0.0.0", port, backlog=8_192)
    await asyncio.start_server(tell, "127.0.0.1", port + 1)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[2])))
