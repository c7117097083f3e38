"""A desk of its own for the browser, and Debian's Chromium to look at it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Response, expect, sync_playwright
from tests.browser.harness import AXE, ROOT, SCREENSHOTS, Backstage, Desk, Visit

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
_START_SECONDS = 60
_PATIENCE_MS = 60_000
"""Nothing is timed here; a busy machine only makes the tests wait longer."""

expect.set_options(timeout=_PATIENCE_MS)

# Playwright keeps an event loop running in this process until the session ends, and Django then
# takes every later test of this worker for asynchronous code. The desk has none of that.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run a browser test once more where the browser itself gave up; never after an assertion.

    The closing line counts it: "1 rerun" is a fault of the test that wants mending.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["^Error: ", "^TimeoutError: "]))


def _environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "qalqan.desk.settings.test",
        "QALQAN_HOME": str(home),
        "QALQAN_DEMO": "1",
        "QALQAN_NATIONAL": "1",
        "PYTHONPATH": str(ROOT),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            pytest.fail("the desk under test stopped at once; see var/screenshots/server.log")
        try:
            urllib.request.urlopen(f"{url}/ui/help/", timeout=5)  # noqa: S310 - our own server
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"the desk under test did not answer within {_START_SECONDS} s")


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Start a desk with its own folder and sample data; stop it at the end."""
    home = tmp_path_factory.mktemp("desk")
    seeded = subprocess.run(
        [sys.executable, "-m", "tests.browser.seed"],
        cwd=ROOT,
        env=_environment(home),
        capture_output=True,
        text=True,
    )
    assert seeded.returncode == 0, seeded.stderr[-4000:]
    sessions = json.loads(seeded.stdout.strip().splitlines()[-1])
    port = _free_port()
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "gunicorn", "qalqan.desk.wsgi:application"]
    command += ["--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4"]
    with (SCREENSHOTS / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, env=_environment(home), stdout=log, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}", server)
            yield Desk(f"http://127.0.0.1:{port}", sessions, home)
        finally:
            server.terminate()
            server.wait(timeout=20)


@pytest.fixture(scope="session")
def backstage(desk: Desk) -> Iterator[Backstage]:
    """Start the program that does the worker's part and looks at what is stored."""
    with (SCREENSHOTS / "backstage.log").open("wb") as log:
        program = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.backstage"],
            cwd=ROOT,
            env=_environment(desk.home),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        yield Backstage(program)
        program.communicate(timeout=20)


@pytest.fixture
def record_is_whole(backstage: Backstage) -> Iterator[Callable[[], list[list[str]]]]:
    """Give a function that tells the acts recorded so far; at the end the record is verified."""
    before = backstage.do("verify")["entries"]
    yield lambda: backstage.do("acts", after=before)
    found = backstage.do("verify")
    assert found["ok"], found["reason"]
    assert found["entries"] > before, "nothing of what was done is in the record"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium; skip with the one command to type where it is missing."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("Chromium is missing; type: sudo apt-get install -y chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def _cookies(
    desk: Desk, url: str, role: str, language: str, theme: str, session: str = ""
) -> list[Any]:
    values = {"django_language": language, "theme": theme}
    if session or role != "public":
        values["sessionid"] = session or desk.sessions[f"{role}:{language}"]
    return [{"name": name, "value": value, "url": url} for name, value in values.items()]


def _listen(visit: Visit) -> None:
    page = visit.page

    def note(response: Response) -> None:
        if response.request.is_navigation_request():
            visit.status = response.status

    page.on("response", note)
    page.on("pageerror", lambda error: visit.complaints.append(f"error: {error}"))
    page.on(
        "console",
        lambda message: (
            visit.complaints.append(f"console: {message.text}")
            if message.type in {"error", "warning"}
            else None
        ),
    )


def _new_context(
    chromium: Browser, url: str, *, phone: bool, javascript: bool = True
) -> BrowserContext:
    context = chromium.new_context(
        base_url=url,
        viewport=PHONE if phone else DESKTOP,
        java_script_enabled=javascript,
        locale="en-GB",
        accept_downloads=True,
    )
    context.set_default_timeout(_PATIENCE_MS)
    return context


@pytest.fixture
def visit(chromium: Browser, desk: Desk) -> Iterator[Callable[..., Any]]:
    """Open pages: ``with visit(role=…, language=…, theme=…, phone=…) as v: v.page.goto(…)``.

    Addresses are relative to the desk. The session is signed in with its second factor;
    ``session`` is another one than the role's, ``host`` another name of this machine.
    """
    opened: list[BrowserContext] = []

    @contextmanager
    def open_page(
        *,
        role: str = "duty_officer",
        language: str = "en",
        theme: str = "light",
        phone: bool = False,
        javascript: bool = True,
        session: str = "",
        host: str = "127.0.0.1",
    ) -> Iterator[Visit]:
        url = desk.url.replace("127.0.0.1", host)
        context = _new_context(chromium, url, phone=phone, javascript=javascript)
        opened.append(context)
        context.add_cookies(_cookies(desk, url, role, language, theme, session))
        found = Visit(context.new_page())
        _listen(found)
        yield found

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture(scope="session")
def walk(chromium: Browser, desk: Desk) -> Iterator[Callable[..., Visit]]:
    """Give a page that is used again and again: only its cookies change with who looks.

    A browser context costs more than most pages; three of them serve the whole walk.
    """
    kept: dict[tuple[bool, bool], Visit] = {}

    def look(
        *,
        role: str,
        language: str = "en",
        theme: str = "light",
        phone: bool = False,
        javascript: bool = True,
    ) -> Visit:
        key = (phone, javascript)
        if key not in kept:
            context = _new_context(chromium, desk.url, phone=phone, javascript=javascript)
            if javascript:
                # Half a megabyte a page is not sent through the driver again and again.
                context.add_init_script(path=AXE)
            kept[key] = Visit(context.new_page())
            _listen(kept[key])
        found = kept[key]
        context = found.page.context
        context.clear_cookies()
        context.add_cookies(_cookies(desk, desk.url, role, language, theme))
        found.complaints.clear()
        found.page.emulate_media(media="screen")
        return found

    yield look
    for found in kept.values():
        found.page.context.close()
