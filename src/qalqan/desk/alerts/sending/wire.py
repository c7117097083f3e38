"""A client that does one thing: post a body over HTTP/1.1, and learn the status.

Addresses are resolved here, each answer is checked against private networks, and the connection
goes to the very address that was checked. Moves are not followed. An answer's body is bounded
and thrown away; what is not plain (chunks, no length) costs the connection, never a wrong status.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from urllib.parse import quote, urlsplit

from qalqan.desk.platform.privacy.outbound import PATH_SIGNS, is_public

MOST_HEAD = 16_384
MOST_BODY = 65_536
MOST_IDLE = 2_048
IDLE_SECONDS = 15.0
_KNOWN_SECONDS = 60.0


class WireError(Exception):
    """No status was learnt; the word says why and holds no address."""


class RefusedAddressError(WireError):
    """The address is not one to which the desk sends."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where to post, taken apart once."""

    is_tls: bool
    host: str
    port: int
    head: bytes
    """The request line and the host header."""

    @classmethod
    def of(cls, url: str, *, may_be_private: bool) -> Address:
        """Take an address apart.

        Raises
        ------
        RefusedAddressError
            It is not plain ``https`` (or ``http`` where private ones are allowed).
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise RefusedAddressError("address") from None
        schemes = ("https", "http") if may_be_private else ("https",)
        if parts.scheme not in schemes or not parts.hostname or parts.username or parts.password:
            raise RefusedAddressError("address")
        path = quote(parts.path or "/", safe=PATH_SIGNS)
        if parts.query:
            path += "?" + quote(parts.query, safe=PATH_SIGNS + "?")
        is_tls = parts.scheme == "https"
        name = parts.hostname if ":" not in parts.hostname else f"[{parts.hostname}]"
        try:
            named = (f"{name}:{port}" if port else name).encode(
                "idna" if ":" not in name else "ascii"
            )
        except UnicodeError:
            raise RefusedAddressError("address") from None
        return cls(
            is_tls, parts.hostname, port or (443 if is_tls else 80),
            b"POST " + path.encode("ascii") + b" HTTP/1.1\r\nHost: " + named + b"\r\n",
        )  # fmt: skip


@lru_cache(maxsize=20_000)
def known_address(url: str, *, may_be_private: bool) -> Address:
    """Take an address apart, or remember how it was; lanes are opened again and again."""
    return Address.of(url, may_be_private=may_be_private)


@dataclass(frozen=True, slots=True)
class Reply:
    """What the target said."""

    status: int
    retry_after: float = 0.0


class _Line(asyncio.Protocol):
    """One connection; at most one request is under way on it."""

    __slots__ = ("future", "got", "is_reusable", "since", "transport")

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.future: asyncio.Future[Reply] | None = None
        self.got = b""
        self.is_reusable = False
        self.since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        self.is_reusable = True

    def data_received(self, data: bytes) -> None:
        if self.future is None or self.future.done():
            self.close()
            return
        self.got = self.got + data if self.got else data
        try:
            reply = self._read()
        except (ValueError, WireError):
            self._fail("bad answer")
            return
        if reply is not None:
            future, self.future, self.got = self.future, None, b""
            future.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_reusable = False
        self._fail("cut" if self.got else "closed")

    def close(self) -> None:
        """End the connection."""
        self.is_reusable = False
        if self.transport is not None:
            self.transport.abort()

    def _fail(self, word: str) -> None:
        future, self.future = self.future, None
        if future is not None and not future.done():
            future.set_exception(WireError(word))
        self.close()

    def _read(self) -> Reply | None:
        """Return the answer once it is whole; an interim one (1xx) is passed over."""
        while True:
            end = self.got.find(b"\r\n\r\n")
            if end < 0:
                if len(self.got) > MOST_HEAD:
                    raise WireError("head")
                return None
            head = self.got[:end].lower()
            if not head.startswith(b"http/1.") or head[8:9] != b" ":
                raise WireError("protocol")
            status = int(head[9:12])
            if 100 <= status < 200:
                if status == 101:
                    raise WireError("protocol")
                self.got = self.got[end + 4 :]
                continue
            length = 0 if status in (204, 304) else _length(head)
            if length is None or length > MOST_BODY or not _stays(head):
                self.is_reusable = False
            elif len(self.got) < end + 4 + length:
                return None
            elif len(self.got) > end + 4 + length:
                # More than was announced: what follows cannot be told from the next answer.
                self.is_reusable = False
            return Reply(status, _retry_after(head))


def _header(head: bytes, name: bytes) -> bytes | None:
    at = head.find(b"\r\n" + name + b":")
    if at < 0:
        return None
    at += len(name) + 3
    end = head.find(b"\r\n", at)
    return head[at : end if end >= 0 else None].strip()


def _length(head: bytes) -> int | None:
    if _header(head, b"transfer-encoding") is not None:
        return None
    value = _header(head, b"content-length")
    return int(value) if value is not None and value.isdigit() else None


def _stays(head: bytes) -> bool:
    return head[7:8] == b"1" and (_header(head, b"connection") or b"") != b"close"


def _retry_after(head: bytes) -> float:
    value = _header(head, b"retry-after")
    return float(value) if value is not None and value.isdigit() and len(value) < 7 else 0.0


class Wire:
    """Posts bodies; connections are kept for the next one to the same place.

    Parameters
    ----------
    may_be_private
        Whether private addresses and plain ``http`` are allowed.
    connect_seconds, seconds
        How long a connection, and all of a request, may take.
    tls
        How servers are checked; the system's authorities by default.
    """

    def __init__(
        self,
        *,
        may_be_private: bool = False,
        connect_seconds: float = 5.0,
        seconds: float = 10.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._may_be_private = may_be_private
        self._connect_seconds, self._seconds = connect_seconds, seconds
        self._tls = tls
        self._idle: OrderedDict[tuple[str, int, bool], list[_Line]] = OrderedDict()
        self._idle_count = 0
        self._known: OrderedDict[tuple[str, int], tuple[float, list[str]]] = OrderedDict()
        # A name server that is slow for one name must not hold up the names of others.
        self._resolvers = ThreadPoolExecutor(64, thread_name_prefix="resolve")

    async def post(self, address: Address, headers: bytes, body: bytes) -> Reply:
        """Send a body, wait for the status.

        Parameters
        ----------
        headers
            Further header lines, each ended by CR LF; ``Content-Length`` is added here.

        Raises
        ------
        WireError
            No status came in time.
        """
        data = b"%b%bContent-Length: %d\r\n\r\n%b" % (address.head, headers, len(body), body)
        until = asyncio.get_running_loop().time() + self._seconds
        line = self._kept(address)
        if line is not None:
            try:
                return await self._ask(line, address, data, until)
            except WireError as error:
                # The server closed what it had kept for us just now; the key makes this safe.
                if str(error) != "closed":
                    raise
        line = await self._connect(address, until)
        return await self._ask(line, address, data, until)

    async def _ask(self, line: _Line, address: Address, data: bytes, until: float) -> Reply:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Reply] = loop.create_future()
        line.future = future
        timer = loop.call_at(until, line._fail, "timeout")
        try:
            assert line.transport is not None  # noqa: S101 - it was connected
            line.transport.write(data)
            reply = await future
        except BaseException:
            line.close()
            raise
        finally:
            timer.cancel()
        if line.is_reusable:
            self._keep(address, line)
        else:
            line.close()
        return reply

    async def _connect(self, address: Address, until: float) -> _Line:
        loop = asyncio.get_running_loop()
        word = "unreachable"
        try:
            async with asyncio.timeout_at(min(until, loop.time() + self._connect_seconds)):
                for numeric in await self._resolve(address.host, address.port):
                    try:
                        _transport, line = await loop.create_connection(
                            _Line,
                            numeric,
                            address.port,
                            ssl=self._context() if address.is_tls else None,
                            server_hostname=address.host if address.is_tls else None,
                        )
                    except ssl.SSLError:
                        word = "certificate"
                    except OSError as error:
                        word = type(error).__name__
                    else:
                        return line
        except TimeoutError:
            word = "timeout"
        raise WireError(word)

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls

    async def _resolve(self, host: str, port: int) -> list[str]:
        """Return numeric addresses, all of them allowed.

        Raises
        ------
        RefusedAddressError
            One of them is private, or there is none.
        """
        try:
            ipaddress.ip_address(host)
        except ValueError:
            found = await self._look_up(host, port)
        else:
            found = [host]
        if not found or not (self._may_be_private or all(map(is_public, found))):
            raise RefusedAddressError("address")
        return found[:2]

    async def _look_up(self, host: str, port: int) -> list[str]:
        key, now = (host, port), monotonic()
        known = self._known.get(key)
        if known is not None and now - known[0] < _KNOWN_SECONDS:
            return known[1]
        loop = asyncio.get_running_loop()
        try:
            entries = await loop.run_in_executor(self._resolvers, _ask_system, host, port)
        except (OSError, UnicodeError):
            raise WireError("unknown host") from None
        self._known[key] = (now, entries)
        while len(self._known) > MOST_IDLE:
            self._known.popitem(last=False)
        return entries

    def _kept(self, address: Address) -> _Line | None:
        key = (address.host, address.port, address.is_tls)
        lines = self._idle.get(key)
        while lines:
            line = lines.pop()
            self._idle_count -= 1
            if not lines:
                del self._idle[key]
            if line.is_reusable and monotonic() - line.since < IDLE_SECONDS:
                return line
            line.close()
        return None

    def _keep(self, address: Address, line: _Line) -> None:
        key = (address.host, address.port, address.is_tls)
        line.since = monotonic()
        self._idle.setdefault(key, []).append(line)
        self._idle.move_to_end(key)
        self._idle_count += 1
        while self._idle_count > MOST_IDLE:
            oldest, lines = next(iter(self._idle.items()))
            lines.pop(0).close()
            self._idle_count -= 1
            if not lines:
                del self._idle[oldest]

    async def close(self) -> None:
        """End all connections."""
        for lines in self._idle.values():
            for line in lines:
                line.close()
        self._idle.clear()
        self._idle_count = 0
        self._resolvers.shutdown(wait=False, cancel_futures=True)


def _ask_system(host: str, port: int) -> list[str]:
    entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in entries))
