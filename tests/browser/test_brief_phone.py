"""The first ten lines fit one screen of a phone, on the fullest day, in every language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from tests.browser.conftest import PHONE
from tests.support import brief_factories as made

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_ten_lines_fit_one_screen_of_a_phone(chromium: Browser, language: str) -> None:
    from qalqan.desk.brief import content, render
    from qalqan.desk.brief.models import BriefEdition

    context = chromium.new_context(viewport=PHONE, java_script_enabled=True)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        for brief in (made.full(), made.overfull()):
            edition = BriefEdition(
                created_at=brief.made_at, as_of=brief.as_of, payload=content.as_json(brief),
                digest="0" * 64, is_sample=True,
            )  # fmt: skip
            page.set_content(render.html(edition, language=language).decode())
            first = page.locator("#first")
            assert first.locator("ol > li").count() == 10
            box = first.bounding_box()
            assert box is not None
            assert box["height"] <= PHONE["height"], f"{box['height']} px"
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= PHONE["width"]
    finally:
        context.close()
