"""A citizen with a small old phone and no scripts finds an answer in Kazakh, then the account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect
from tests.browser.harness import SCREENSHOTS, assert_accessible, assert_fits

pytestmark = pytest.mark.browser

SMALL = {"width": 320, "height": 568}
MOST_BYTES = 60_000


def _weigh(page: Page) -> list[Response]:
    """Return a list that gathers what the pages load from now on."""
    loaded: list[Response] = []

    def note(response: Response) -> None:
        loaded.append(response)

    page.on("response", note)
    return loaded


def test_a_citizen_finds_an_answer_in_kazakh_on_a_small_phone(visit: Callable[..., Any]) -> None:
    with visit(role="public", language="kk", phone=True, javascript=False) as v:
        page = v.page
        page.set_viewport_size(SMALL)
        loaded = _weigh(page)
        page.goto("/public/kk/")
        assert_fits(page, SMALL["width"])
        weight = sum(len(one.body()) for one in loaded)
        assert weight < MOST_BYTES, f"{weight} bytes"
        page.screenshot(path=str(SCREENSHOTS / "journey-citizen-start.png"), full_page=True)
        # Typed without the letters that a foreign keyboard lacks, and with an ending.
        page.locator("#id_q").fill("киылыстарда")
        page.get_by_role("button", name="Іздеу").click()
        page.get_by_role("link", name="Жаңа камера үш қиылыста ғана орнатылды").click()
        expect(page.locator("h1")).to_have_text("Жаңа камера үш қиылыста ғана орнатылды")
        expect(page.locator(".answer-text")).to_contain_text("Камералар жылдамдықты өлшейді.")
        assert_fits(page, SMALL["width"])
        page.get_by_role("link", name="Русский").click()
        expect(page.locator("h1")).to_have_text("Новые камеры стоят только в трёх местах города")
        page.get_by_role("link", name="Қазақша").click()

        page.locator("footer").get_by_role("link", name="Операциялар туралы есептер").click()
        page.locator("main article a").first.click()
        assert_fits(page, SMALL["width"])
        page.get_by_role("link", name="1-нұсқа").click()
        expect(page.locator("main .notice").first).to_contain_text("Бұл нұсқаның орнын басқасы")
        page.locator("footer").get_by_role("link", name="Түзетулер").click()
        expect(page.locator("main article").first).to_be_visible()
        assert_fits(page, SMALL["width"])
        page.locator("footer").get_by_role("link", name="Деректер").click()
        assert_fits(page, SMALL["width"])
        address = page.locator('a[href$="/data/accounts.csv"]').get_attribute("href")
        answer = page.request.get(address or "")
        assert answer.text().startswith("number,version,about,")
        assert v.complaints == []


def test_what_a_citizen_reads_is_accessible(visit: Callable[..., Any]) -> None:
    with visit(role="public", language="kk", phone=True) as v:
        v.page.set_viewport_size(SMALL)
        for path in ("", "answers/?q=камера", "accounts/1/", "accounts/1/versions/1/"):
            v.page.goto(f"/public/kk/{path}")
            assert_accessible(v)
            assert_fits(v.page, SMALL["width"])
        assert v.complaints == []
