"""The week: a visit is changed by hand, with its price seen first and kept afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_plan_is_changed_by_hand_at_its_price(
    visit: Callable[..., Any], record_is_whole: Callable[[], list[list[str]]]
) -> None:
    with visit(role="duty_officer") as v:
        page = v.page
        page.goto("/protection/plan/")
        page.locator("main tbody a").first.click()
        expect(page.get_by_role("heading", name="Calendar")).to_be_visible()
        line = page.locator("section[aria-labelledby=visits] tbody tr").first
        old = line.locator("th").inner_text().split("\n")[0]
        line.get_by_role("link", name="Change").click()
        expect(page.locator("main .lead")).to_contain_text(old)
        chooser = page.get_by_label("Visit instead")
        chooser.select_option(index=1)
        new = chooser.locator("option:checked").inner_text()
        page.get_by_role("button", name="See the price").click()
        lost = page.locator("#protection-lost").inner_text()
        bits = page.locator("#bits-lost").inner_text()
        assert float(bits.replace(",", ".")) >= 0
        page.get_by_label("Why").fill("The owner asked for another day")
        page.get_by_role("button", name="Change it at this price").click()
        row = page.locator("section[aria-labelledby=changes] tbody tr").first
        expect(row).to_contain_text("The owner asked for another day")
        for text in (old, new, lost, bits):
            expect(row).to_contain_text(text)
        expect(page.locator("section[aria-labelledby=calendar]")).to_contain_text(new)
        assert v.complaints == []
    acts = [act for act, _role in record_is_whole()]
    assert acts.count("protection.change_plan") == 1
    # The week before, the price, the week after: each look is in the record.
    assert acts.count("protection.read") >= 3
