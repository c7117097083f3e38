"""Calling servers outside: only public addresses, looked up once, within a time.

The connection goes to the address that was checked, so that a name which answers differently
the second time cannot lead into the desk's own network.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from time import monotonic
from urllib.parse import SplitResult, quote, urlsplit

from django.utils.translation import gettext as _

from qalqan.errors import InputError

SECONDS = 10.0
PATH_SIGNS = "/%:@!$&'()*+,;=~"
_MOST_ANSWER = 65_536
_INNER = ("ipv4_mapped", "sixtofour")
_WITHIN = tuple(
    ipaddress.ip_network(net)
    # Translation of IPv4 (RFC 6052, RFC 8215) and addresses that once held one (RFC 4291).
    for net in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96")
)


class OutboundError(InputError):
    """A server outside could not be called, or did not take what it was sent."""

    code = "outbound.failed"


def is_public(address: str) -> bool:
    """Tell whether a numeric address lies outside every private network.

    >>> is_public("9.9.9.9"), is_public("127.0.0.1"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    """
    number = ipaddress.ip_address(address)
    inner = next((i for name in _INNER if (i := getattr(number, name, None))), number)
    if any(number in net for net in _WITHIN) or getattr(number, "teredo", None):
        return False
    if getattr(number, "is_site_local", False):
        return False
    return bool(inner.is_global and not inner.is_multicast)


def checked_address(
    parts: SplitResult, *, schemes: tuple[str, ...], may_be_private: bool = False
) -> tuple[str, int]:
    """Return the numeric address and port to connect to.

    Raises
    ------
    OutboundError
        The scheme is another one, the host is unknown or on a private network.
    """
    if parts.scheme not in schemes or not parts.hostname or parts.username:
        raise OutboundError(
            _("Only plain %(schemes)s addresses are called.") % {"schemes": ", ".join(schemes)}
        )
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError, UnicodeError):
        raise OutboundError(_("The host is not known.")) from None
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not may_be_private and not all(map(is_public, addresses)):
        raise OutboundError(_("The address lies in a private network."))
    return addresses[0], port


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


@contextmanager
def _connected(
    parts: SplitResult, address: str, port: int, until: float
) -> Iterator[socket.socket]:
    wait = max(0.1, until - monotonic())
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
        yield sock
    finally:
        end.cancel()
        line.close()
        sock.close()


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    may_be_private: bool = False,
    seconds: float = SECONDS,
) -> None:
    """Send a body and wait until the server says that it took it.

    Moves are not followed: what is signed for one address is not for another.

    Parameters
    ----------
    may_be_private
        Whether ``http`` and addresses in private networks are allowed.

    Raises
    ------
    OutboundError
        The address is refused, the server cannot be reached in time, or answers other than 2xx.
        The message never holds the address, which may carry a key.
    """
    until = monotonic() + seconds
    try:
        parts = urlsplit(url)
        schemes = ("https", "http") if may_be_private else ("https",)
        address, port = checked_address(parts, schemes=schemes, may_be_private=may_be_private)
        with _connected(parts, address, port, until) as sock:
            link = http.client.HTTPConnection(parts.netloc, timeout=seconds)
            link.sock = sock
            target = quote(parts.path or "/", safe=PATH_SIGNS)
            if parts.query:
                target += "?" + quote(parts.query, safe=PATH_SIGNS + "?")
            link.request("POST", target, body=body, headers=dict(headers))
            response = link.getresponse()
            status = response.status
            response.read(_MOST_ANSWER)
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise OutboundError(_("No answer: %(why)s.") % {"why": type(error).__name__}) from None
    if not 200 <= status < 300:
        raise OutboundError(_("The server answered %(status)d.") % {"status": status})
