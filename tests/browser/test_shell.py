"""The frame in use: keys, menu, switches, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_slash_goes_to_search_and_escape_closes_the_help(visit: Callable[..., Any]) -> None:
    with visit() as v:
        v.page.goto("/ui/help/")
        v.page.keyboard.press("/")
        assert v.page.evaluate("document.activeElement.id") == "search-box"
        v.page.keyboard.type("a?b")
        assert v.page.input_value("#search-box") == "a?b"
        v.page.locator("h1").click()
        v.page.keyboard.press("?")
        assert v.page.locator("dialog#help").is_visible()
        v.page.keyboard.press("Escape")
        assert not v.page.locator("dialog#help").is_visible()
        assert v.complaints == []


def test_g_and_a_letter_go_to_a_page_on_any_layout(visit: Callable[..., Any]) -> None:
    with visit() as v:
        v.page.goto("/ui/help/")
        link = v.page.locator("nav.side-menu a[data-go]").first
        letter = link.get_attribute("data-go")
        target = link.get_attribute("href")
        # What a Russian layout sends: other characters from the same keys.
        for code in ("KeyG", f"Key{letter.upper()}"):
            v.page.evaluate(
                "code => document.dispatchEvent(new KeyboardEvent('keydown', "
                "{code, key: 'ы', bubbles: true}))",
                code,
            )
        v.page.wait_for_url(f"**{target}")


def test_the_first_tab_skips_to_the_content(visit: Callable[..., Any]) -> None:
    with visit() as v:
        v.page.goto("/ui/help/")
        v.page.keyboard.press("Tab")
        assert v.page.evaluate("document.activeElement.className") == "skip-link"
        v.page.keyboard.press("Enter")
        assert v.page.evaluate("document.activeElement.id") == "main"


def test_the_phone_menu_opens_without_javascript(visit: Callable[..., Any]) -> None:
    with visit(phone=True, javascript=False) as v:
        v.page.goto("/ui/help/")
        link = v.page.locator("details.phone-menu a").first
        assert not link.is_visible()
        v.page.locator("details.phone-menu summary").click()
        assert link.is_visible()


def test_the_public_switches_language_and_theme_without_javascript(
    visit: Callable[..., Any],
) -> None:
    with visit(role="public", javascript=False) as v:
        v.page.goto("/public/")
        v.page.locator("nav.language a[hreflang=ru]").click()
        assert v.page.get_attribute("html", "lang") == "ru"
        assert v.page.url.endswith("/public/ru/")
        v.page.goto("/accounts/sign-in/")
        v.page.locator("button[value=kk]").click()
        assert v.page.get_attribute("html", "lang") == "kk"
        v.page.locator("details.user-menu summary").click()
        v.page.locator("button[value=dark]").click()
        assert v.page.get_attribute("html", "data-theme") == "dark"
        assert v.page.url.endswith("/accounts/sign-in/")


def test_toasts_close_and_dialogs_open(visit: Callable[..., Any]) -> None:
    with visit() as v:
        v.page.goto("/ui/components/")
        v.page.locator("[data-dialog=example-dialog]").click()
        assert v.page.locator("#example-dialog").is_visible()
        v.page.keyboard.press("Escape")
        v.page.locator("main section .toast [data-dismiss]").click()
        assert v.page.locator("main section .toast").count() == 0
        assert v.complaints == []
