"""The queue: a wrong merge undone, and a morning's walk in Kazakh on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.harness import assert_fits, screenshot

pytestmark = pytest.mark.browser


def _copies(page: Page) -> int:
    """Read how many copies the claim on the page has."""
    stat = page.locator(".stat").filter(has_text="Copies in all").locator(".stat-value")
    return int("".join(sign for sign in stat.inner_text() if sign.isdigit()))


def _number(page: Page) -> str:
    return page.locator("h1").inner_text().split()[-1]


def test_a_wrong_merge_is_undone(
    visit: Callable[..., Any], record_is_whole: Callable[[], list[list[str]]]
) -> None:
    with visit(role="analyst") as v:
        page = v.page
        page.goto("/rumours/?sort=copies")
        links = page.locator("main tbody th a")
        first, second = links.nth(1).get_attribute("href"), links.nth(2).get_attribute("href")
        page.goto(str(first))
        staying, copies = _number(page), _copies(page)
        page.goto(str(second))
        going, others = _number(page), _copies(page)

        page.get_by_text("Merge by number").click()
        page.get_by_label("Number of the claim that stays").fill(staying)
        page.get_by_role("button", name="Merge into it").click()
        expect(page.locator("h1")).to_have_text(f"Claim {staying}")
        assert _copies(page) == copies + others
        page.goto("/rumours/?sort=copies")
        assert page.locator(f'main tbody a[href="{second}"]').count() == 0

        page.goto(str(second))
        expect(page.locator("h1")).to_have_text(f"Claim {staying}")
        page.get_by_role("button", name=f"Undo the merge {going}").click()
        expect(page.locator("h1")).to_have_text(f"Claim {going}")
        assert _copies(page) == others
        page.goto(str(first))
        assert _copies(page) == copies
        assert v.complaints == []
    acts = [act for act, _role in record_is_whole()]
    assert "rumours.merge_claims" in acts
    assert "rumours.undo_merge" in acts


def test_queue_claim_and_attention_in_kazakh_on_a_phone(visit: Callable[..., Any]) -> None:
    with visit(role="duty_officer", language="kk", phone=True) as v:
        page = v.page
        page.goto("/rumours/")
        screenshot(page, "journey-queue-phone-1")
        assert_fits(page)
        expect(page.locator("h1")).to_have_text("Қауесеттер")
        page.locator("main tbody details summary").first.click()
        expect(page.locator("main tbody details li").first).to_be_visible()
        page.locator("main tbody th a").first.click()
        expect(page.get_by_role("heading", name="Кезектегі орны")).to_be_visible()
        assert_fits(page)
        page.locator("#id_severity").select_option("violence")
        page.get_by_role("button", name="Ауырлығын растау").click()
        expect(page.locator("main")).to_contain_text("адам белгілеген")
        screenshot(page, "journey-queue-phone-2")
        page.goto("/rumours/")
        page.get_by_role("link", name="Назар", exact=True).click()
        page.get_by_label("Қызметкер-сағат").fill("1,5")
        page.get_by_role("button", name="Көрсету").click()
        expect(page.get_by_role("heading", name="Не істеу керек, осы ретпен")).to_be_visible()
        expect(page.locator("main tbody tr").first).to_be_visible()
        assert_fits(page)
        screenshot(page, "journey-queue-phone-3")
        assert v.complaints == []
