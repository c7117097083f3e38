"""A phone that is carried into cellars: a browser with its own store behind a bad connection."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Page
from tests.browser import inspecting
from tests.browser.conftest import CHROMIUM_FLAGS, PHONE
from tests.browser.harness import Desk
from tests.support.flaky import Flaky

_SKEWED = """(() => {
  const Real = Date, now = Real.now.bind(Real);
  globalThis.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(now() + SKEW); }
    static now() { return now() + SKEW; }
  };
})()"""


@dataclass
class Carried:
    """The phone: what it runs, and what happens to it."""

    chromium: Browser
    desk: Desk
    folder: Path
    proxy: Flaky
    skew_seconds: int = 0
    context: BrowserContext | None = None
    kills: int = 0

    def start(self) -> Page:
        """Start the browser, signed in, with its clock as wrong as told; open the page."""
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        url = f"http://127.0.0.1:{self.proxy.port}"
        self.context = self.chromium.browser_type.launch_persistent_context(
            str(self.folder), executable_path=path, args=CHROMIUM_FLAGS, viewport=PHONE,
            base_url=url, locale="en-GB",
        )  # fmt: skip
        self.context.set_default_timeout(60_000)
        self.context.add_init_script(_SKEWED.replace("SKEW", str(self.skew_seconds * 1000)))
        cookies = {"django_language": "en", "sessionid": self.desk.sessions["inspector:en"]}
        self.context.add_cookies(
            [{"name": name, "value": value, "url": url} for name, value in cookies.items()]
        )
        return self.open(self.context.pages[0])

    def open(self, page: Page) -> Page:
        """Open the page; its first answer may be cut, so it is asked for until it is there."""
        for _try in range(50):
            try:
                page.goto(inspecting.PAGE)
                page.locator("#view h2").first.wait_for(timeout=10_000)
            except Error:
                continue
            return page
        raise AssertionError("the page for inspections did not open")

    def another_page(self) -> Page:
        """Open the page in a second window of the same browser."""
        assert self.context is not None
        return self.open(self.context.new_page())

    def kill(self) -> None:
        """End the browser as an empty battery does: at once, and only this one."""
        mark = f"--user-data-dir={self.folder}".encode()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and _is_browser(entry / "cmdline", mark):
                os.kill(int(entry.name), signal.SIGKILL)
                self.kills += 1
        self.stop()

    def stop(self) -> None:
        """Close the browser."""
        if self.context is None:
            return
        context, self.context = self.context, None
        try:
            context.close()
        except Error:
            return  # It is dead already.


def _is_browser(path: Path, mark: bytes) -> bool:
    try:
        words = path.read_bytes().split(b"\0")
    except OSError:
        return False
    return mark in words and not any(word.startswith(b"--type=") for word in words)


@contextmanager
def carried(chromium: Browser, desk: Desk, folder: Path, *, seed: int) -> Iterator[Carried]:
    """Give a phone whose connection runs through a proxy that can break it."""
    proxy = Flaky(int(desk.url.rsplit(":", 1)[1]), seed, inspecting.PAGE.encode())
    made = Carried(chromium, desk, folder, proxy)
    try:
        yield made
    finally:
        made.stop()
        proxy.close()
