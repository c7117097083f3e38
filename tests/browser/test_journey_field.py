"""A group's worker enters an event without a network, in Kazakh; it is at the desk once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.harness import assert_accessible, assert_fits

pytestmark = pytest.mark.browser
PAGE = "/outreach/phone/"
EVENT = "Қаржы алаяқтығы туралы әңгіме"
NOTE = "Базардың су құбыры жарылған"


def _choose_first(page: Page, name: str) -> None:
    page.locator(f"#f-{name} option[value]:not([value=''])").first.wait_for(state="attached")
    value = page.locator(f"#f-{name} option[value]:not([value=''])").first.get_attribute("value")
    page.locator(f"#f-{name}").select_option(value)


def _enter_an_event(page: Page) -> None:
    page.get_by_role("button", name="Іс-шара енгізу").click()
    expect(page.locator("#f-title")).to_be_visible()
    page.locator("button[type=submit]").click()
    # Nothing is finished while something is missing, and the page says what.
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator("#f-title").fill(EVENT)
    for name in ("activity_kind", "activity_theme", "place"):
        _choose_first(page, name)
    page.locator("#f-reach").fill("35")
    page.locator("#f-reach_is").select_option("counted")
    page.locator("button[type=submit]").click()
    expect(page.locator("li[data-state='ready']")).to_have_count(1)


def _write_a_note(page: Page) -> None:
    page.get_by_role("button", name="Жазба жазу").click()
    expect(page.locator("#f-text")).to_be_visible()
    for name in ("theme", "spot", "place"):
        _choose_first(page, name)
    page.locator("#f-text").fill(NOTE)
    page.locator("button[type=submit]").click()
    expect(page.locator("li[data-state='ready']")).to_have_count(2)


def test_an_event_written_offline_in_kazakh_comes_in_once(
    visit: Callable[..., Any], record_is_whole: Callable[[], list[list[str]]]
) -> None:
    with visit(role="group_worker", language="kk", phone=True) as v:
        page = v.page
        page.goto(PAGE)
        expect(page.locator("h1")).to_have_text("Осы телефондағы іс-шаралар мен жазбалар")
        page.evaluate("navigator.serviceWorker.ready")
        expect(page.get_by_role("button", name="Іс-шара енгізу")).to_be_visible()
        assert_accessible(v)
        page.context.set_offline(True)
        page.reload()
        _enter_an_event(page)
        _write_a_note(page)
        assert_accessible(v)
        assert_fits(page)
        page.context.set_offline(False)
        expect(page.locator("li[data-state='sent']")).to_have_count(2)
        # The answer may have been lost on its way: the same is sent again, and known.
        page.evaluate(_SEND_AGAIN)
        page.reload()
        expect(page.locator("li[data-state='sent']")).to_have_count(2)
        english = {"Enter", "Send", "phone", "Place", "Choose", "desk", "Theme", "Kept"}
        assert not english & set(page.locator("body").inner_text().replace(".", " ").split())
        page.goto(f"/outreach/?q={EVENT}")
        expect(page.get_by_text(EVENT)).to_have_count(1)
        page.goto("/outreach/notes/")
        expect(page.get_by_text(NOTE)).to_have_count(1)
        noise = [c for c in v.complaints if "ERR_INTERNET_DISCONNECTED" not in c]
        assert noise == []
    done = [action for action, _role in record_is_whole()]
    assert done.count("outreach.add_activity") == 1
    assert done.count("outreach.write_note") == 1


_SEND_AGAIN = """new Promise((done) => {
  const opened = indexedDB.open("qalqan-outreach");
  opened.onsuccess = () => {
    const work = opened.result.transaction("entries", "readwrite");
    const rows = work.objectStore("entries");
    const all = rows.getAll();
    all.onsuccess = () => { for (const row of all.result) rows.put({ ...row, state: "ready" }); };
    work.oncomplete = () => { opened.result.close(); done(true); };
  };
})"""
