"""The secretary's day by keyboard alone: brief, work list, meeting, decision, evidence.

Nothing here clicks, fills or chooses with a pointer: only keys are pressed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser.harness import Backstage, assert_accessible, assert_fits, screenshot

pytestmark = pytest.mark.browser
_MOST_TABS = 90
_IS = "selector => Boolean(document.activeElement && document.activeElement.matches(selector))"
_TEXT = "() => document.activeElement ? document.activeElement.innerText : ''"


def _keys(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _into_main(page: Page) -> None:
    """Take the skip link, as somebody without a mouse does on every page."""
    page.locator("h1").wait_for()
    if page.url.endswith("#main"):
        # A form that was sent from there comes back there: the browser keeps the mark.
        return
    _keys(page, "Tab")
    assert page.evaluate(_IS, "a.skip-link")
    _keys(page, "Enter")


def _reach(page: Page, selector: str) -> None:
    """Press Tab until something is focused."""
    for _step in range(_MOST_TABS):
        _keys(page, "Tab")
        if page.evaluate(_IS, selector):
            return
    raise AssertionError(f"{selector} was not reached by {_MOST_TABS} tabs on {page.url}")


def _enter(page: Page) -> None:
    """Press Enter and wait for the page that answers."""
    with page.expect_navigation():
        _keys(page, "Enter")


def _work_list(page: Page, kind: str) -> None:
    """Go to all work of a kind: g w, the third tab, the filter."""
    with page.expect_navigation():
        _keys(page, "g", "w")
    _into_main(page)
    _reach(page, "nav.tabs li:nth-child(3) a")
    _enter(page)
    _into_main(page)
    _reach(page, "#id_kind")
    page.keyboard.type(kind)
    _reach(page, ".filter-bar button")
    _enter(page)
    page.locator("[data-keys-hint]").wait_for()


def _open_row(page: Page, words: str) -> None:
    """Go down the list with j to the row that has the words, and open it."""
    for _step in range(60):
        _keys(page, "j")
        if words in page.evaluate(_TEXT):
            _enter(page)
            return
    raise AssertionError(f"no row says {words!r}")


def _conclude(page: Page, item: int) -> None:
    """Record an outcome: the first choice is taken, the words are written."""
    _into_main(page)
    _reach(page, f"#item-{item} a[href*='/conclude/']")
    _enter(page)
    _into_main(page)
    _reach(page, "#id_outcome")
    page.keyboard.type("Taken note of")
    _keys(page, "Tab")
    page.keyboard.type("The report was heard.")
    _reach(page, "main form button")
    _enter(page)


def _either_way(today: date) -> str:
    """Return the keys of the next date whose day and month are the same number.

    A browser asks for day or month first as its own language wants, whatever the page's is.
    """
    ahead = (today + timedelta(days=number) for number in range(1, 400))
    chosen = next(day for day in ahead if day.day == day.month)
    return f"{chosen:%d%m%Y}"


def _decide(page: Page, item: int, body: str) -> None:
    _into_main(page)
    _reach(page, f"#item-{item} a[href*='/decide/']")
    _enter(page)
    assert "/decide/" in page.url
    _into_main(page)
    _reach(page, "#id_text_en")
    page.keyboard.type("Lamps are to stand along the quay.")
    _reach(page, "#id_legal_basis")
    page.keyboard.type("Rules of the commission, point 7")
    _reach(page, "#id_owner")
    page.keyboard.type(body)
    _reach(page, "#id_due_on")
    page.keyboard.type(_either_way(timezone.localdate()))
    _reach(page, "main form button")
    _enter(page)
    assert "/decisions/" in page.url, page.locator("main").inner_text()


def test_the_secretarys_day_has_no_mouse(
    visit: Callable[..., Any], backstage: Backstage, record_is_whole: Callable[[], list[list[str]]]
) -> None:
    body = backstage.do("make_body", name="Quay lamps office")
    backstage.do("make_user", role="inspector", username="quay-lamps", body=body)
    meeting = backstage.do("begun_meeting", titles=["Report on the quay", "Lamps at the quay"])
    heard, decided = meeting["items"]
    with visit(role="secretary") as v:
        page = v.page
        page.goto("/")
        assert_accessible(v)
        _work_list(page, "Keep a meeting")
        assert_accessible(v)
        _open_row(page, f"Meeting № {meeting['number']}")
        assert_accessible(v)
        _conclude(page, heard)
        expect(page.locator(f"#item-{heard}")).to_contain_text("The report was heard.")
        _decide(page, decided, "Quay lamps office")
        reference = backstage.do(
            "show_evidence", item=decided, username="quay-lamps", text="Nine lamps stand."
        )
        _work_list(page, "Judge evidence")
        # The desk named the work in its own language; the number is the same in all.
        _open_row(page, reference)
        _into_main(page)
        _reach(page, "main a.button[href*='/commission/'], form[action*='/judge/'] select")
        if not page.evaluate(_IS, "form[action*='/judge/'] select"):
            _enter(page)
            _into_main(page)
            _reach(page, "form[action*='/judge/'] select")
        page.keyboard.type("Accept")
        _reach(page, "form[action*='/judge/'] button")
        _enter(page)
        expect(page.locator("main h1 + p")).to_contain_text("Closed with evidence")
        assert_accessible(v)
        assert v.complaints == []
    done = [act for act, _role in record_is_whole()]
    assert [act for act in done if act in ("commission.decide", "commission.judge")] == [
        "commission.decide", "commission.judge",
    ]  # fmt: skip


def test_work_is_marked_and_taken_by_keys_and_the_list_fits_a_phone(
    visit: Callable[..., Any], backstage: Backstage, record_is_whole: Callable[[], list[list[str]]]
) -> None:
    body = backstage.do("make_body", name="Bridge watch")
    user = backstage.do("make_user", role="inspector", username="bridge-watch", body=body)
    items = [
        backstage.do("open_work", title=f"Bridge {n}", body=body, due_in_days=n) for n in (1, 2, 3)
    ]
    with visit(session=user["session"]) as v:
        page = v.page
        page.goto("/work/?kind=work.check")
        page.locator("[data-keys-hint]").wait_for()
        _keys(page, "j", "x", "j", "j", "x", "k")
        assert page.evaluate(_TEXT) == "Bridge 2"
        _reach(page, "#list-form > p button")
        _enter(page)
        expect(page.locator("main .toast")).to_contain_text("You have taken 2 pieces of work")
        assert page.url.endswith("/work/?kind=work.check")
        assert v.complaints == []
    states = [backstage.do("work", item=item)["state"] for item in items]
    assert states == ["accepted", "open", "accepted"]
    with visit(session=user["session"], phone=True, language="kk") as v:
        v.page.goto("/work/")
        assert_fits(v.page)
        screenshot(v.page, "work-phone-kk")
    assert record_is_whole()
