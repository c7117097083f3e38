"""Looking at pages: what a visit finds, axe-core, and pictures."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Locator, Page
from tests.browser.pages import PageCase

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "var" / "screenshots"
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")


@dataclass(frozen=True)
class Desk:
    """A running desk: where it is, and a session key for each ``role:language``."""

    url: str
    sessions: dict[str, str]
    home: Path


@dataclass(frozen=True)
class Backstage:
    """The part of the desk that no page shows; see ``backstage.py`` for what it does."""

    program: subprocess.Popen[str]

    def do(self, act: str, **fields: Any) -> Any:
        """Have something done, and return the answer."""
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        self.program.stdin.write(json.dumps({"act": act, "with": fields}) + "\n")
        self.program.stdin.flush()
        answer = self.program.stdout.readline()
        assert answer, f"{act} failed behind the stage; see var/screenshots/backstage.log"
        return json.loads(answer)


@dataclass
class Visit:
    """A page with what it complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    status: int = 0
    """The HTTP status of the page that came last."""

    def axe(self) -> list[str]:
        """Return axe-core's violations, one line each."""
        # Evaluated by the debugger, so the page's strict policy stays in force.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]


def open_case(v: Visit, case: PageCase) -> None:
    """Go to the page that is meant, and wait for what must be there."""
    if case.paper:
        v.page.emulate_media(media="print")
    v.page.goto(case.path)
    if case.follow:
        v.page.goto(v.page.get_attribute(case.follow, "href") or "")
    for selector, text in case.fill:
        v.page.fill(selector, text)
    for selector, value in case.choose:
        v.page.select_option(selector, value)
    if case.press:
        v.page.click(case.press)
    v.page.wait_for_selector(case.content)
    assert v.status == case.status


def assert_accessible(visit: Visit) -> None:
    """Fail with every violation that axe-core finds on the page."""
    violations = visit.axe()
    assert not violations, "\n".join(violations)


def assert_fits(page: Page, width: int = 360) -> None:
    """Fail where the page is wider than the phone; waits for the page on its way in."""
    page.wait_for_load_state()
    page.locator("main").first.wait_for()
    found = page.locator("html").evaluate("root => root.scrollWidth")
    assert found <= width, f"the page is {found} px wide on {width} px"


def submit(button: Locator) -> None:
    """Press a button that sends a form, and wait for the page that answers."""
    with button.page.expect_navigation():
        button.click()


def screenshot(page: Page, name: str) -> Path:
    """Write a picture of the whole page to ``var/screenshots``."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=str(path), full_page=True)
    return path
