"""Every page: readable by everyone, quiet, narrow enough for a phone."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from tests.browser.harness import Visit, assert_accessible, open_case, screenshot
from tests.browser.pages import PAGES, PageCase

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("QALQAN_SCREENSHOTS", "0") == "1"
"""Pictures of every page are for people; no check reads them, and they cost half the time."""

LOOKS = [
    [("light", False, "kk"), ("dark", True, "ru")],
    [("dark", False, "ru"), ("light", True, "kk")],
    [("light", True, "en"), ("dark", False, "kk")],
]
"""Theme, phone, language; pages take these pairs in turn, so that all values meet every room."""


def looks(half: int) -> list[Any]:
    """Return every second page with its two looks."""
    return [
        pytest.param(case, *look, id="-".join((case.name, *_names(*look))))
        for number, case in enumerate(PAGES)
        if number // len(LOOKS) % 2 == half
        for look in LOOKS[number % len(LOOKS)]
    ]


def _names(theme: str, phone: bool, language: str) -> tuple[str, str, str]:
    return theme, "phone" if phone else "desktop", language


class TestOneHalf:
    """Two processes share the walk, a class each."""

    @pytest.mark.parametrize(("case", "theme", "phone", "language"), looks(0))
    def test_page_is_accessible_quiet_and_narrow(
        self, walk: Callable[..., Visit], case: PageCase, theme: str, phone: bool, language: str
    ) -> None:
        look_at(walk, case, theme, phone, language)


class TestOtherHalf:
    """The pages that the other process leaves."""

    @pytest.mark.parametrize(("case", "theme", "phone", "language"), looks(1))
    def test_page_is_accessible_quiet_and_narrow(
        self, walk: Callable[..., Visit], case: PageCase, theme: str, phone: bool, language: str
    ) -> None:
        look_at(walk, case, theme, phone, language)


def look_at(
    walk: Callable[..., Visit], case: PageCase, theme: str, phone: bool, language: str
) -> None:
    """Open a page in one look and check all that holds of every page."""
    v = walk(role=case.role, language=language, theme=theme, phone=phone)
    open_case(v, case)
    if PICTURES:
        screenshot(v.page, "-".join((case.name, *_names(theme, phone, language))))
    assert v.page.get_attribute("html", "lang") == language
    width = v.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1], f"the page is {width[0]} px wide on {width[1]} px"
    assert_accessible(v)
    noise = [c for c in v.complaints if f"status of {case.status}" not in c]
    assert noise == []
