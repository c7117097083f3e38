"""A rumour that comes back is answered from stock; all of it in Kazakh, on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.answering import (
    WORDING,
    act,
    add_evidence,
    give_verdict,
    publish,
    write_answer,
)
from tests.browser.harness import Backstage, assert_fits, submit

pytestmark = pytest.mark.browser

RUMOUR = "Автобекет жанындағы бұлақтан май ағып жатыр, балықтар қырылып қалыпты деп естідім"


def fits(page: Page) -> None:
    """Fail where the page is wider than the phone."""
    assert_fits(page)
    assert page.get_attribute("html", "lang") == "kk"


def test_a_returned_rumour_is_answered_again_in_kazakh_on_a_phone(
    visit: Callable[..., Any],
    backstage: Backstage,
    record_is_whole: Callable[[], list[list[str]]],
) -> None:
    with visit(role="public", language="kk", phone=True) as citizen:
        citizen.page.goto("/intake/hotline/")
        citizen.page.locator("textarea[name=text]").fill(RUMOUR)
        fits(citizen.page)
        submit(citizen.page.locator("main form button"))
        fits(citizen.page)
        assert citizen.complaints == []
    backstage.do("store_what_waits")
    assert backstage.do("repeat_report", text=RUMOUR, copies=12) == 12

    with visit(role="duty_officer", language="kk", phone=True) as duty:
        page = duty.page
        page.goto("/rumours/messages/?q=автобекет")
        page.locator("main tbody tr").first.get_by_role("link").last.click()
        claim = page.url.rstrip("/").rsplit("/", 1)[-1]
        fits(page)
        act(page, "take")
        add_evidence(page, "Су сынамасы қалыпты.")
        give_verdict(page, "false", "Зертхана ештеңе таппады.")
        fits(page)
        assert duty.complaints == []
    with visit(role="press_officer", language="kk", phone=True) as press_officer:
        page = press_officer.page
        page.goto(f"/rumours/{claim}/answer/")
        fits(page)
        write_answer(page)
        review = page.url
        fits(page)
        assert press_officer.complaints == []
    with visit(role="secretary", language="kk", phone=True) as second:
        second.page.goto(review)
        publish(second.page)
        fits(second.page)

    assert backstage.do("bring_back", claim=int(claim), text=RUMOUR, copies=40) == [int(claim)]
    with visit(role="duty_officer", language="kk", phone=True) as duty:
        page = duty.page
        page.goto(f"/rumours/{claim}/")
        fits(page)
        expect(page.locator("main .page-header .badge").first).to_have_text("Қайтып келді")
        page.locator("main form[action$='/again/'] button").click()
        expect(page.locator("main .page-header .badge").first).to_have_text("Жауап берілді")
        assert duty.complaints == []
    with visit(role="public", language="kk", phone=True, javascript=False) as citizen:
        citizen.page.goto("/public/kk/answers/?q=ауаның")
        citizen.page.get_by_role("link", name=WORDING["kk"][0]).first.click()
        expect(citizen.page.locator("main")).to_contain_text("Қайта айтылды")
    done = [action for action, _role in record_is_whole()]
    assert done.count("rumours.return_claim") == 1
    assert done.count("rumours.publish_repeat") == 1
