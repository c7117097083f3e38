"""The served desk hands out every style, script and picture that its pages ask for."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.test_use import environment, qalqan

ASKED = re.compile(r'<(?:link|script)[^>]+(?:href|src)="(/static/[^"?]+)')
FURTHER = ("/static/mfa/js/webauthn-json.js", "/static/mfa/js/webauthn.js")
"""Scripts of the pages of security keys, which only those who are signed in see."""


def fetch(address: str) -> tuple[int, str, bytes]:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310
        return answer.status, answer.headers["Content-Type"], answer.read()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("served")
    made = qalqan(folder / "desk", "init")
    assert made.returncode == 0, made.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    said = folder / "stderr.txt"
    with said.open("w") as errors:
        server = subprocess.Popen(
            [sys.executable, "-m", "qalqan", "serve", "--port", str(port), "--no-worker"],
            env=environment(folder / "desk"),
            stdout=errors,
            stderr=errors,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        for _attempt in range(300):
            assert server.poll() is None, said.read_text()
            try:
                fetch(address + "/accounts/sign-in/")
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        yield address, said
    finally:
        server.terminate()
        server.wait(timeout=20)


def test_every_static_file_of_a_page_is_there(served: tuple[str, Path]) -> None:
    address, _said = served
    page = fetch(address + "/accounts/sign-in/")[2].decode()
    asked = sorted({*ASKED.findall(page), *FURTHER})
    assert any(name.endswith(".css") for name in asked)
    assert any("htmx" in name for name in asked)
    kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
    for name in asked:
        status, kind, body = fetch(address + name)
        assert status == 200, name
        assert kind.startswith(kinds[Path(name).suffix]), name
        assert body, name


def test_nothing_is_said_about_a_missing_folder(served: tuple[str, Path]) -> None:
    _address, said = served
    assert "No directory" not in said.read_text()
    assert "Warning" not in said.read_text()
