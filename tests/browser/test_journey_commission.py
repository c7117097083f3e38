"""Meeting, decision, overdue, escalated, closed with evidence; a recommendation reopened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser.harness import Backstage, submit

pytestmark = pytest.mark.browser


def _press(page: Page, name: str) -> None:
    submit(page.get_by_role("button", name=name, exact=True))


def _called(page: Page) -> None:
    """Call a meeting of the sample's commission with one item, and begin it."""
    page.goto("/commission/")
    page.locator("section[aria-labelledby=commissions] a").first.click()
    page.get_by_role("link", name="Call a meeting").click()
    begins = timezone.localtime() + timedelta(minutes=5)
    page.get_by_label("Begins").fill(begins.strftime("%Y-%m-%dT%H:%M"))
    page.get_by_label("Where").fill("Small hall")
    _press(page, "Call the meeting")
    page.get_by_role("link", name="Put an item on the agenda").click()
    page.get_by_label("Item").fill("Light at the river station")
    _press(page, "Put it on")
    page.get_by_role("link", name="Begin the meeting").click()
    _press(page, "Begin the meeting")
    expect(page.locator("main")).to_contain_text("Under way")


def _decided(page: Page, body: str) -> str:
    """Decide the last item, close the meeting, return the decision's address."""
    item = page.locator("article", has_text="Light at the river station")
    item.get_by_role("link", name="Enter a decision").click()
    page.get_by_label("Text in English").fill("Lamps are to stand at the river station.")
    page.get_by_label("Legal basis").fill("Rules of the commission, point 7")
    page.get_by_label("Who owes it").select_option(label=body)
    page.get_by_label("Due").fill((timezone.localdate() + timedelta(days=1)).isoformat())
    _press(page, "Enter the decision")
    address = page.url
    page.locator("dl.facts a").first.click()
    _press(page, "Close the meeting")
    expect(page.locator("main")).to_contain_text("Minutes as PDF")
    return address


def test_a_decision_goes_overdue_is_escalated_and_closed_with_evidence(
    visit: Callable[..., Any], backstage: Backstage, record_is_whole: Callable[[], list[list[str]]]
) -> None:
    body = backstage.do("make_body", name="River works")
    worker = backstage.do("make_user", role="inspector", username="river-duty", body=body)
    with visit(role="secretary") as v:
        _called(v.page)
        address = _decided(v.page, "River works")
        backstage.do("remind", days_later=12)
        v.page.goto(address)
        expect(v.page.locator("main h1 + p")).to_contain_text("Escalated, step 3")
        assert v.complaints == []
    with visit(session=worker["session"]) as other:
        other.page.goto("/work/?whose=body")
        other.page.get_by_role("link", name="carry it out and show the evidence").click()
        other.page.goto(address)
        other.page.locator("details > summary", has_text="Show what was done").click()
        other.page.get_by_label("What was done, and what shows it").fill("Six lamps stand.")
        _press(other.page, "Hand the evidence in")
        expect(other.page.locator("#evidence ~ form")).to_have_count(0)
    with visit(role="secretary") as v:
        v.page.goto(address)
        v.page.get_by_label("Verdict").select_option(label="Accept")
        _press(v.page, "Judge the evidence")
        expect(v.page.locator("main h1 + p")).to_contain_text("Closed with evidence")
    acts = [act for act, _role in record_is_whole()]
    assert [act for act in acts if act in ("commission.decide", "commission.judge")] == [
        "commission.decide", "commission.judge",
    ]  # fmt: skip


def test_a_recommendation_is_refused_and_opened_again(
    visit: Callable[..., Any], backstage: Backstage
) -> None:
    body = backstage.do("make_body", name="Gate keepers")
    worker = backstage.do("make_user", role="inspector", username="gate-duty", body=body)
    soon = (timezone.localdate() + timedelta(days=20)).isoformat()
    with visit(role="secretary") as v:
        page = v.page
        page.goto("/commission/lessons/")
        page.locator("section[aria-labelledby=reviews] a").first.click()
        page.locator("details > summary", has_text="Issue a recommendation").click()
        page.locator("#id_r-text").fill("Two people hold keys of every gate.")
        page.get_by_label("Addressed to").select_option(label="Gate keepers")
        _press(page, "Issue the recommendation")
        address = page.url
    with visit(session=worker["session"]) as other:
        other.page.goto(address)
        other.page.get_by_label("Response").fill("One key is enough for us.")
        _press(other.page, "Hand the response in")
        expect(other.page.locator("#id_r-state")).to_have_count(0)
    with visit(role="secretary") as v:
        page = v.page
        for state, due in (("open_unacceptable", soon), ("closed_reconsidered", ""),
                           ("open_await", soon)):  # fmt: skip
            page.goto(address)
            page.locator("#id_r-state").select_option(state)
            page.locator("#id_r-reason").fill("The commission looked at it.")
            page.locator("#id_r-due_on").fill(due)
            _press(page, "Enter the ruling")
        expect(page.locator("main h1 + p")).to_contain_text("Open: response awaited")
        assert v.complaints == []
