"""Bringing a file in: refused as a whole, mended, taken once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.harness import Backstage, Desk
from tests.browser.people import press

pytestmark = pytest.mark.browser

GOOD = (
    "time,text,channel\n"
    "2026-03-01 08:00,Көпір бүгін жөндеуге жабылады дейді,Test channel\n"
    "2026-03-01 09:30,Говорят что школу закроют на карантин,Test channel\n"
    "2026-03-01 10:15,The clinic is said to be open all night,Test channel\n"
)


def _bring_in(page: Page, path: Path) -> None:
    page.goto("/intake/")
    page.locator("main").get_by_role("link", name="Bring in a file").click()
    page.get_by_label("File", exact=True).set_input_files(path)
    press(page, "Bring in")


def _numbers(page: Page) -> dict[str, str]:
    labels = page.locator("main .stat-label").all_inner_texts()
    values = page.locator("main .stat-value").all_inner_texts()
    return dict(zip(labels, values, strict=True))


def test_a_bad_row_stops_the_file_and_the_mended_one_is_taken_once(
    visit: Callable[..., Any],
    backstage: Backstage,
    desk: Desk,
    tmp_path: Path,
    record_is_whole: Callable[[], list[list[str]]],
) -> None:
    file = tmp_path / "posts.csv"
    before = backstage.do("counts")
    with visit(role="analyst") as v:
        file.write_text(GOOD.replace("2026-03-01 09:30", "yesterday"), encoding="utf-8")
        _bring_in(v.page, file)
        expect(v.page.locator("main .error").first).to_contain_text(
            re.compile(r"posts\.csv:3: time: .*yesterday")
        )
        assert backstage.do("counts") == before
        assert list((desk.home / "files" / "intake").glob("*.jsonl")) == []

        file.write_text(GOOD, encoding="utf-8")
        _bring_in(v.page, file)
        expect(v.page.locator("h1")).to_have_text("posts.csv")
        assert _numbers(v.page) == {"Stored": "3", "Known already": "0", "Rejected": "0"}
        _bring_in(v.page, file)
        expect(v.page.locator("h1")).to_have_text("posts.csv")
        assert _numbers(v.page) == {"Stored": "0", "Known already": "3", "Rejected": "0"}
    after = backstage.do("counts")
    assert after["Message"] == before["Message"] + 3
    assert list((desk.home / "files" / "intake").glob("*.jsonl")) == []
    done = {action for action, role in record_is_whole() if role == "analyst"}
    assert "rumours.store_messages" in done
