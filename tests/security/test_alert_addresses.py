"""Addresses of targets cannot lead the sender into the desk's own network, whenever it looks."""

from __future__ import annotations

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from qalqan.desk.alerts.sending import wire as wiring
from qalqan.desk.alerts.sending.wire import Address, RefusedAddressError, Wire, WireError


def post(url: str, *, may_be_private: bool, seconds: float = 3.0) -> int:
    async def run() -> int:
        wire = Wire(may_be_private=may_be_private, seconds=seconds)
        try:
            address = Address.of(url, may_be_private=may_be_private)
            return (await wire.post(address, b"", b"x")).status
        finally:
            await wire.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    "url",
    [
        "http://9.9.9.9/", "https://user:word@9.9.9.9/", "ftp://9.9.9.9/", "https:///x",
        "https://9.9.9.9:99999/", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_only_plain_https_is_called(url):
    with pytest.raises(RefusedAddressError):
        post(url, may_be_private=False)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "[::]", "[::1]",
        "[fe80::1]", "[::ffff:127.0.0.1]", "[fd00::1]", "100.64.0.1",
    ],
)  # fmt: skip
def test_private_address_is_refused_when_connecting(host):
    with pytest.raises(RefusedAddressError):
        post(f"https://{host}/", may_be_private=False)


@pytest.mark.parametrize("answers", [["127.0.0.1"], ["9.9.9.9", "10.0.0.1"], []])
def test_name_that_leads_inside_is_refused(monkeypatch, answers):
    monkeypatch.setattr(wiring, "_ask_system", lambda _host, _port: answers)
    with pytest.raises(RefusedAddressError):
        post("https://inner.example.test/", may_be_private=False)


def test_connection_goes_to_the_address_that_was_checked(monkeypatch):
    asked = []
    monkeypatch.setattr(
        wiring, "_ask_system", lambda host, _port: asked.append(host) or ["127.0.0.1"]
    )
    with serve(lambda handler: handler.send_response(202)) as port:
        assert post(f"http://name.example.test:{port}/", may_be_private=True) == 202
    # Asked once: a name that answers differently the second time is not asked a second time.
    assert asked == ["name.example.test"]


class serve:  # noqa: N801 - used like a function
    """Run a server that answers in one way."""

    def __init__(self, answer) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                answer(self)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_words) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self) -> int:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return int(self._server.server_address[1])

    def __exit__(self, *_why) -> None:
        self._server.shutdown()
        self._server.server_close()


def test_moves_are_not_followed():
    def move(handler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "http://127.0.0.1:1/inner")

    with serve(move) as port:
        assert post(f"http://127.0.0.1:{port}/", may_be_private=True) == 302


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", 202),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200),
        (b"HTTP/1.0 503 No\r\n\r\nlater", 503),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", 200),
    ],
)
def test_statuses_are_read_from_whatever_servers_say(answer, status):
    assert asyncio.run(raw(answer)) == status


@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 101 S\r\n\r\n", b"x" * 20_000],
)
def test_what_is_no_answer_is_an_error(answer):
    with pytest.raises(WireError):
        asyncio.run(raw(answer))


async def raw(answer: bytes) -> int:
    async def talk(reader, writer) -> None:
        await reader.read(1_000)
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    wire = Wire(may_be_private=True, seconds=3.0)
    try:
        address = Address.of(f"http://127.0.0.1:{port}/", may_be_private=True)
        return (await wire.post(address, b"", b"x")).status
    finally:
        await wire.close()
        server.close()
