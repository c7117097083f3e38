"""Fetching a feed from the network, within bounds of time and size.

The address is looked up once and the connection goes to what was checked, so that a name which
answers differently the second time cannot lead into the desk's own network.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from qalqan.desk.platform.privacy import outbound
from qalqan.errors import InputError, Location

MOST_BYTES = 2 << 20
SECONDS = 20.0
_MOST_HOPS = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_PATH_SIGNS = "/%:@!$&'()*+,;=~"


class FetchError(InputError):
    """A feed could not be fetched."""

    code = "feed.unreachable"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; ``body`` is ``None`` where nothing has changed."""

    body: bytes | None
    etag: str
    last_modified: str


def fetch(url: str, *, etag: str = "", last_modified: str = "") -> Answer:
    """Fetch a feed, unless it is unchanged.

    Parameters
    ----------
    url
        ``http`` or ``https``; up to three moves are followed, each checked again.
    etag, last_modified
        What the server said last time.

    Raises
    ------
    FetchError
        The address is refused or private, the server slow or wrong, the answer too large.
    """
    until = monotonic() + SECONDS
    headers = {"User-Agent": "qalqan", "Accept-Encoding": "identity"}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    for _hop in range(_MOST_HOPS + 1):
        try:
            answer, moved_to = _once(url, headers, until)
        except (OSError, ValueError, http.client.HTTPException) as error:
            reason = type(error).__name__ if not str(error) else str(error)[:100]
            raise _error(url, _("No answer: %(why)s.") % {"why": reason}) from None
        if answer is not None:
            return answer
        try:
            url = urljoin(url, moved_to)
        except ValueError:
            raise _error(url, _("The host is not known.")) from None
    raise _error(url, _("The address moves on without end."))


def _error(url: str, why: str) -> FetchError:
    return FetchError(why, location=Location(url[:200]))


def checked_address(parts: SplitResult, url: str) -> tuple[str, int]:
    """Return the numeric address and port to connect to.

    Raises
    ------
    FetchError
        The scheme is not http or https, or the host is on a private network.
    """
    try:
        return outbound.checked_address(
            parts,
            schemes=("http", "https"),
            may_be_private=getattr(settings, "QALQAN_FEEDS_MAY_BE_PRIVATE", False),
        )
    except outbound.OutboundError as error:
        raise _error(url, str(error.message)) from None


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _once(url: str, headers: dict[str, str], until: float) -> tuple[Answer | None, str]:
    parts = urlsplit(url)
    address, port = checked_address(parts, url)
    wait = min(10.0, max(0.1, until - monotonic()))
    sock = socket.create_connection((address, port), timeout=wait)
    # A timeout counts from byte to byte; a server that drips them must meet an end all the same.
    line = sock.dup()
    end = threading.Timer(max(0.1, until - monotonic()), _cut, [line])
    end.daemon = True
    end.start()
    try:
        if parts.scheme == "https":
            context = ssl.create_default_context()
            sock = context.wrap_socket(sock, server_hostname=parts.hostname)
        link = http.client.HTTPConnection(parts.netloc, timeout=wait)
        link.sock = sock
        target = quote(parts.path or "/", safe=_PATH_SIGNS)
        query = quote(parts.query, safe=_PATH_SIGNS + "?")
        link.request("GET", f"{target}?{query}" if query else target, headers=headers)
        response = link.getresponse()
        if response.status in _MOVED and response.headers.get("Location"):
            return None, response.headers["Location"]
        if response.status == 304:
            return Answer(None, headers.get("If-None-Match", ""),
                          headers.get("If-Modified-Since", "")), ""  # fmt: skip
        if response.status != 200:
            raise _error(url, _("The server answered %(status)d.") % {"status": response.status})
        body = _read(response, url, until)
        tag = response.headers.get("ETag", "")[:200]
        return Answer(body, tag, response.headers.get("Last-Modified", "")[:60]), ""
    finally:
        end.cancel()
        line.close()
        sock.close()


def _read(response: http.client.HTTPResponse, url: str, until: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    while block := response.read1(65_536):
        parts.append(block)
        size += len(block)
        if size > MOST_BYTES:
            raise _error(url, _("The feed is larger than %(most)d MB.") % {"most": 2})
        if monotonic() > until:
            raise _error(url, _("The server is too slow."))
    return b"".join(parts)
