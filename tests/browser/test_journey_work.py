"""Work that goes from body to body, and work that is late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect
from tests.browser.harness import Backstage
from tests.browser.people import press

pytestmark = pytest.mark.browser

Acts = Callable[[], list[list[str]]]


@pytest.fixture(scope="module")
def bodies(backstage: Backstage) -> dict[str, Any]:
    """Enter two agencies with a duty officer each."""
    names = {"water": "Water office", "school": "School board"}
    made: dict[str, Any] = {}
    for key, name in names.items():
        body = backstage.do("make_body", name=name)
        user = backstage.do("make_user", role="duty_officer", username=f"{key}-duty", body=body)
        made[key] = {"name": name, "body": body, "session": user["session"]}
    return made


def _narrow(page: Page, title: str) -> None:
    page.goto("/work/?" + urlencode({"whose": "all", "q": title}))


def _open(page: Page, title: str) -> None:
    _narrow(page, title)
    page.get_by_role("link", name=title).click()
    expect(page.locator("h1")).to_have_text(title)


def _offer(page: Page, body: str, reason: str) -> None:
    page.locator("details > summary", has_text="Hand this over").click()
    page.get_by_label("To which body").select_option(label=body)
    page.get_by_label("Why", exact=True).fill(reason)
    press(page, "Offer")
    expect(page.locator("main .toast")).to_contain_text("It stays with you until")


def test_work_is_taken_offered_and_taken_over_by_another_body(
    visit: Callable[..., Any], backstage: Backstage, bodies: dict[str, Any], record_is_whole: Acts
) -> None:
    water, school = bodies["water"], bodies["school"]
    title = "Check the pump of the school"
    item = backstage.do("open_work", title=title, body=water["body"], due_in_days=2)
    with visit(session=school["session"]) as other:
        _narrow(other.page, title)
        expect(other.page.locator("main")).not_to_contain_text(title)
    with visit(session=water["session"]) as v:
        _open(v.page, title)
        press(v.page, "I take this")
        expect(v.page.locator("main .facts")).to_contain_text("water-duty")
        _offer(v.page, school["name"], "The pump stands on the ground of the school.")
        assert backstage.do("work", item=item)["body"] == water["body"]
    with visit(session=school["session"]) as other:
        _open(other.page, title)
        expect(other.page.locator("main")).to_contain_text("stands on the ground of the school")
        press(other.page, "We take this over")
        expect(other.page.locator("main .toast")).to_contain_text("taken over this work")
        stored = backstage.do("work", item=item)
        assert (stored["body"], stored["state"]) == (school["body"], "open")
        press(other.page, "I take this")
        other.page.locator("details > summary", has_text="Close this work").click()
        other.page.get_by_label("What came of it").fill("The pump was changed.")
        press(other.page, "Close this work")
        expect(other.page.locator("main .timeline")).to_contain_text("The pump was changed.")
        assert other.complaints == []
    assert backstage.do("work", item=item)["state"] == "done"
    with visit(session=water["session"]) as v:
        _narrow(v.page, title)
        expect(v.page.locator("main")).not_to_contain_text(title)
    done = [action for action, _role in record_is_whole()]
    assert done == [
        "work.open_item",
        "work.accept",
        "work.hand_over",
        "work.accept_hand_over",
        "work.accept",
        "work.close_item",
    ]


def test_refused_work_stays_where_it_was_with_the_reason(
    visit: Callable[..., Any], backstage: Backstage, bodies: dict[str, Any], record_is_whole: Acts
) -> None:
    water, school = bodies["water"], bodies["school"]
    title = "Tell the parents about the water"
    item = backstage.do("open_work", title=title, body=water["body"], due_in_days=1)
    with visit(session=water["session"]) as v:
        _open(v.page, title)
        _offer(v.page, school["name"], "You know the parents.")
    with visit(session=school["session"], phone=True, javascript=False) as other:
        _open(other.page, title)
        press(other.page, "Refuse")
        # Without a reason the form asks again, and nothing is refused.
        expect(other.page.get_by_label("Why it is refused")).to_be_visible()
        other.page.get_by_label("Why it is refused").fill("The water office answers for water.")
        press(other.page, "Refuse")
        expect(other.page.locator("h1")).to_have_text("Work")
        expect(other.page.locator("main")).not_to_contain_text(title)
    with visit(session=water["session"]) as v:
        _open(v.page, title)
        expect(v.page.locator("main .timeline")).to_contain_text("refused")
    stored = backstage.do("work", item=item)
    assert (stored["body"], stored["state"]) == (water["body"], "open")
    done = [action for action, _role in record_is_whole()]
    assert done == ["work.open_item", "work.hand_over", "work.refuse_hand_over"]


def test_late_work_stands_on_the_next_brief(
    visit: Callable[..., Any], backstage: Backstage, bodies: dict[str, Any], record_is_whole: Acts
) -> None:
    water = bodies["water"]
    title = "Mend the gauge at the river"
    # The brief names the latest first, and other journeys leave late work behind.
    backstage.do("open_work", title=title, body=water["body"], due_in_days=-400)
    edition = backstage.do("compute_brief", days_later=4)
    try:
        with visit(session=water["session"]) as v:
            v.page.goto("/")
            late = v.page.locator("section#overdue article").filter(has_text=title)
            expect(late).to_contain_text(water["name"])
            late.get_by_role("link", name="Open the work").click()
            expect(v.page.locator("h1")).to_have_text(title)
    finally:
        backstage.do("forget_brief", edition=edition)
    assert ["brief.compute", "system"] in record_is_whole()
