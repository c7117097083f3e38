"""A poll from its design to the published map; and somebody who answers by a link, in Kazakh."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.harness import SCREENSHOTS, assert_accessible, assert_fits
from tests.browser.people import press

pytestmark = pytest.mark.browser

Acts = Callable[[], list[list[str]]]


def _submissions(page: Page) -> str:
    """Return made-up answers of fifteen people in each area of the sample that was drawn."""
    address = page.url.rstrip("/") + ".csv"
    rows = list(csv.DictReader(io.StringIO(page.request.get(address).text())))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["cluster", "told_truth", "told_in_time", "acted", "heard", "sex"])
    for number, row in enumerate(rows):
        for one in range(15):
            scale = 1 + (one * 2 + number) % 5
            heard = "yes" if (one + number) % 3 else "no"
            writer.writerow([row["cluster"], scale, scale, 3, heard, "fm"[one % 2]])
    return out.getvalue()


def test_a_poll_from_design_to_published_map(
    visit: Callable[..., Any], record_is_whole: Acts
) -> None:
    with visit(role="analyst") as v:
        page = v.page
        page.goto("/polls/add/")
        for label, text in (
            ("Code", "journey"), ("Title in Kazakh", "Сапар"), ("Title in Russian", "Поездка"),
            ("Title in English", "Journey"), ("Series", "journey"),
            ("First day", "2026-01-01"), ("Last day", "2099-01-01"),
        ):  # fmt: skip
            page.get_by_label(label, exact=True).fill(text)
        press(page, "Store")
        page.get_by_label("Probability sample").check()
        page.locator("#id_method").select_option("pps")
        page.locator("#id_frame").select_option(label="Sample frame")
        press(page, "Store and draw")
        page.get_by_role("link", name="Drawn areas").click()
        expect(page.locator("main tbody tr")).to_have_count(40)
        text = _submissions(page)
        page.go_back()
        press(page, "Open the poll")
        page.get_by_role("link", name="Take in submissions").click()
        page.locator("input[type=file]").set_input_files(
            {"name": "odk.csv", "mimeType": "text/csv", "buffer": text.encode()}
        )
        press(page, "Take in")
        expect(page.locator("main .toast")).to_contain_text("600")
        press(page, "Close the poll")
        press(page, "Compute the results")
        expect(page.locator("main svg.map")).to_be_visible()
        expect(page.locator("main")).to_contain_text("Small-area model")
        assert_accessible(v)
        page.screenshot(path=SCREENSHOTS / "journey-poll-results.png", full_page=True)
        press(page, "Publish the results")
        expect(page.locator("main .toast")).to_contain_text("published")
        assert v.complaints == []
    with visit(role="public", language="kk", phone=True) as v:
        v.page.goto("/public/kk/polls/journey/")
        expect(v.page.locator("h1")).to_contain_text("Сапар")
        expect(v.page.locator("main svg.map")).to_be_visible()
        v.page.screenshot(path=SCREENSHOTS / "journey-poll-public-kk.png", full_page=True)
        assert_fits(v.page)
        assert_accessible(v)
        assert v.complaints == []
    done = {act for act, _who in record_is_whole()}
    assert {"polls.create", "polls.set_design", "polls.open", "polls.import_submissions",
            "polls.close", "polls.compute", "polls.publish"} <= done  # fmt: skip
