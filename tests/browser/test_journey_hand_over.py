"""A matter is refused and taken by another body; a national desk takes three provinces in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.harness import Backstage
from tests.browser.people import press

pytestmark = pytest.mark.browser


def test_a_refused_matter_is_taken_by_another_body(
    visit: Callable[..., Any], backstage: Backstage
) -> None:
    bodies = backstage.do("make_three_bodies")
    title = "The river may flood the club"
    url = backstage.do("open_matter", body=bodies["Sports office"]["body"], title=title)
    with visit(session=bodies["Sports office"]["session"]) as sender:
        sender.page.goto(url)
        sender.page.locator("details > summary", has_text="Hand over").click()
        sender.page.get_by_label("To which body").select_option(label="School office")
        sender.page.get_by_label("Why", exact=True).fill("The club is in the school.")
        press(sender.page, "Hand over")
        expect(sender.page.locator("main .toast")).to_contain_text("you hold it until then")
        assert backstage.do("holder", url=url)["holder"] == "Sports office"
    with visit(session=bodies["School office"]["session"], phone=True) as asked:
        asked.page.goto("/agencies/matters/")
        asked.page.get_by_role("link", name=title).click()
        asked.page.locator("details > summary", has_text="Refuse").click()
        asked.page.locator("[name=refuse-reason]").fill("The club has left the school.")
        press(asked.page, "Refuse")
        expect(asked.page.locator("main .toast")).to_contain_text("the sender is told")
        assert asked.complaints == []
    now = backstage.do("holder", url=url)
    assert (now["holder"], now["sought"]) == ("Sports office", True)
    with visit(session=bodies["Youth league"]["session"], javascript=False) as other:
        other.page.goto("/agencies/matters/?waits=sought")
        other.page.get_by_role("link", name=title).click()
        expect(other.page.locator("main")).to_contain_text("The club has left the school.")
        other.page.locator("[name=take-reason]").fill("We run the club.")
        press(other.page, "Take the matter")
        expect(other.page.locator("main")).to_contain_text("Your body holds the matter now.")
    now = backstage.do("holder", url=url)
    assert now == {"holder": "Youth league", "held": ["Sports office", "Youth league"],
                   "sought": False}  # fmt: skip


def test_a_national_desk_takes_three_provinces_in_and_shows_who_is_missing(
    visit: Callable[..., Any], backstage: Backstage
) -> None:
    files = [
        {"name": one["name"], "mimeType": "application/json", "buffer": one["text"].encode()}
        for one in backstage.do("sign_returns")
    ]
    with visit(role="secretary") as v:
        page = v.page
        page.goto("/agencies/returns/import/")
        page.locator("input[type=file]").set_input_files(files)
        press(page, "Take in")
        # One stranger among them, and nothing is stored.
        expect(page.locator("main")).to_contain_text("a key that this desk does not know")
        page.locator("input[type=file]").set_input_files(files[:3])
        press(page, "Take in")
        expect(page.locator("main .toast").first).to_contain_text("new")
        page.goto("/agencies/returns/nation/?month=2026-01&count=protection.inspected")
        table = page.locator("table").last
        for name in ("Atyrau Region", "Kostanay Region", "Almaty"):
            row = table.locator("tr").filter(has_text=name).first
            expect(row.get_by_role("link")).to_have_count(1)
        north = table.locator("tr").filter(has_text="North Kazakhstan Region")
        expect(north).to_contain_text("missing")
        expect(page.locator("figure svg").first).to_be_visible()
        assert v.complaints == []
