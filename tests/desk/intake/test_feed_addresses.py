"""Addresses that a feed may have, and those behind which a private network hides."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from qalqan.desk.intake import fetch as fetching
from qalqan.desk.intake.fetch import FetchError, checked_address, fetch


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.7", "169.254.169.254", "[::1]", "[::ffff:10.0.0.7]",
     "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[2001:0:7f00:1::1]"],
)  # fmt: skip
def test_private_networks_are_refused_in_every_disguise(address: str) -> None:
    url = f"http://{address}/feed"
    with pytest.raises(FetchError):
        checked_address(urlsplit(url), url)


def test_a_path_in_kazakh_letters_is_an_address_like_any_other(settings) -> None:
    settings.QALQAN_FEEDS_MAY_BE_PRIVATE = True
    # Nothing listens there; what matters is that the refusal is one the poller knows.
    with pytest.raises(FetchError):
        fetch("http://127.0.0.1:9/жаңалық/rss?тіл=қазақ")


def test_a_server_that_drips_bytes_meets_an_end(settings, monkeypatch) -> None:
    settings.QALQAN_FEEDS_MAY_BE_PRIVATE = True
    monkeypatch.setattr(fetching, "SECONDS", 1.0)
    stop = threading.Event()

    def drip(server: socket.socket) -> None:
        line, _address = server.accept()
        with line, suppress(OSError):
            while not stop.wait(0.1):
                line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=drip, args=[server], daemon=True).start()
        with pytest.raises(FetchError):
            fetch(f"http://127.0.0.1:{server.getsockname()[1]}/feed")
        stop.set()
