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


def looks() -> list[Any]:
    """Return each page with its two looks."""
    return [
        pytest.param(case, *look, id="-".join((case.name, *_names(*look))))
        for number, case in enumerate(PAGES)
        for look in LOOKS[number % len(LOOKS)]
    ]


def _names(theme: str, phone: bool, language: str) -> tuple[str, str, str]:
    return theme, "phone" if phone else "desktop", language


@pytest.mark.parametrize(("case", "theme", "phone", "language"), looks())
def test_page_is_accessible_quiet_and_narrow(
    walk: Callable[..., Visit], case: PageCase, theme: str, phone: bool, language: str
) -> None:
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
