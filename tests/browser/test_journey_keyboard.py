"""The desk by keyboard alone, and in all languages and colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.harness import Backstage

pytestmark = pytest.mark.browser

_FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  return {
    tag: one.tagName, inMain: Boolean(one.closest('main')), id: one.id,
    seen: box.width > 1 && box.height > 1,
    marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
  };
}"""


def _focused(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(_FOCUSED)
    return found


def test_a_search_and_its_hit_are_reached_without_a_mouse(visit: Callable[..., Any]) -> None:
    with visit(role="analyst") as v:
        v.page.goto("/")
        v.page.keyboard.press("/")
        v.page.keyboard.type("Темір")
        v.page.keyboard.press("Enter")
        v.page.wait_for_url("**/ui/search/**")
        v.page.keyboard.press("Tab")
        assert _focused(v.page)["id"] == ""
        v.page.keyboard.press("Enter")
        assert _focused(v.page)["id"] == "main"
        v.page.keyboard.press("Tab")
        hit = _focused(v.page)
        assert (hit["tag"], hit["inMain"], hit["seen"], hit["marked"]) == ("A", True, True, True)
        v.page.keyboard.press("Enter")
        v.page.wait_for_url(lambda url: "/ui/search/" not in url)
        expect(v.page.locator("h1")).to_be_visible()
        assert v.complaints == []


def test_g_and_a_letter_lead_to_rumours_and_a_question_mark_to_the_keys(
    visit: Callable[..., Any],
) -> None:
    with visit(role="analyst") as v:
        v.page.goto("/")
        v.page.keyboard.press("g")
        v.page.keyboard.press("r")
        v.page.wait_for_url("**/rumours/")
        v.page.keyboard.press("?")
        keys = v.page.locator("dialog#help")
        expect(keys).to_be_visible()
        expect(keys).to_contain_text("Go to Rumours")
        v.page.keyboard.press("Escape")
        expect(keys).not_to_be_visible()


def test_tab_shows_where_it_is_and_gets_through_a_form(visit: Callable[..., Any]) -> None:
    with visit(role="analyst") as v:
        v.page.goto("/intake/upload/")
        v.page.keyboard.press("Tab")
        v.page.keyboard.press("Enter")
        reached = []
        for _step in range(12):
            v.page.keyboard.press("Tab")
            where = _focused(v.page)
            if not where["inMain"]:
                break
            assert where["seen"], where
            assert where["marked"], where
            reached.append(where["id"])
        names = ("file", "format", "kind", "source_name", "keep_good")
        assert [one for one in reached if one.startswith("id_")] == [f"id_{n}" for n in names]


def test_the_language_switch_keeps_the_page_and_its_filters(
    visit: Callable[..., Any], backstage: Backstage, record_is_whole: Callable[[], Any]
) -> None:
    body = backstage.do("make_body", name="Agency of three languages")
    user = backstage.do(
        "make_user", role="duty_officer", username="polyglot", body=body, language="kk"
    )
    with visit(session=user["session"], language="kk", javascript=False) as v:
        v.page.goto("/rumours/?sort=first")
        address = v.page.url
        headings = [v.page.locator("h1").inner_text()]
        for language in ("ru", "en"):
            v.page.locator(f"button[name=language][value={language}]").click()
            assert v.page.url == address
            assert v.page.get_attribute("html", "lang") == language
            headings.append(v.page.locator("h1").inner_text())
        assert headings == ["Қауесеттер", "Слухи", "Rumours"]
        v.page.locator("details.user-menu summary").click()
        v.page.locator("button[name=theme][value=dark]").click()
        v.page.wait_for_load_state()
        assert v.page.url == address
        assert v.page.get_attribute("html", "data-theme") == "dark"
        shade = v.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(int(part) for part in shade[4:-1].split(",")) < 64
    record_is_whole()
