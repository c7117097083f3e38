"""Voluntary help from consent to certificate, with the envelope sealed in the browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.harness import Backstage, assert_accessible, assert_fits, screenshot
from tests.browser.people import press

from qalqan.desk.support.envelopes import new_service_key, open_envelope

pytestmark = pytest.mark.browser
Acts = Callable[[], list[list[str]]]
PHRASE = "river lantern horse steppe nine"
NAME = "Айгүл, house 5 at the river, asks by neighbour"


@pytest.fixture
def workplace(backstage: Backstage) -> dict[str, Any]:
    """Enter a helping service with a worker, and another with a key for envelopes."""
    pem, public = new_service_key()
    body = backstage.do("make_body", name="Help house")
    user = backstage.do("make_user", role="support_worker", username="helper-one", body=body)
    backstage.do("make_service", name="Help house", body=body, key=public)
    backstage.do("make_service", name="Evening school", body=None, key="")
    return {"session": user["session"], "pem": pem}


def test_consent_help_withdrawal_certificate(
    visit: Callable[..., Any],
    backstage: Backstage,
    workplace: dict[str, Any],
    record_is_whole: Acts,
    tmp_path: Path,
) -> None:
    sent: list[str] = []
    with visit(session=workplace["session"]) as v:
        page = v.page
        page.on("request", lambda request: sent.append(request.post_data or ""))
        page.goto("/support/")
        page.get_by_label("New phrase").fill(PHRASE)
        page.get_by_label("The phrase again").fill(PHRASE)
        press(page, "Make the key")
        expect(page.locator("main")).to_contain_text("You can open no case")
        page.get_by_role("link", name="Begin a case").click()
        expect(page.locator("input[type=checkbox]:checked")).to_have_count(0)
        page.get_by_label("Help house", exact=True).check()
        page.get_by_label("Evening school", exact=True).check()
        page.get_by_label("Help asked for").select_option(label="Studies")
        page.get_by_label("What is asked for").fill("How to finish the ninth form")
        page.get_by_label("Envelope for Help house").fill(NAME)
        page.get_by_label("The text was read out").check()
        assert_accessible(v)
        page.get_by_role("button", name="They agree: begin").click()
        page.locator("#code").wait_for()
        pseudonym, code, mark = (
            page.locator(f"#{name}").inner_text() for name in ("pseudonym", "code", "mark")
        )
        assert_accessible(v)
        screenshot(page, "journey-support-begun")
        assert not any("river" in text and "house" in text for text in sent[1:]), (
            "sent in the clear"
        )
        page.get_by_role("link", name="To the case").click()
        expect(page.locator("h1")).to_have_text(pseudonym)
        page.get_by_label("Note", exact=True).fill("The school takes beginners in January")
        press(page, "Write")
        expect(page.locator("main .timeline")).to_contain_text("beginners in January")
        assert_accessible(v)
        screenshot(page, "journey-support-case")
        with page.expect_download() as got:
            page.get_by_role("button", name="Take the sealed envelope along").click()
        file = tmp_path / "envelope.txt"
        got.value.save_as(file)
        assert open_envelope(file.read_text(), workplace["pem"]) == NAME
        assert v.complaints == []
    _end_it(visit, pseudonym, code, mark)
    assert backstage.do("support_rows") == {"cases": 0, "entries": 0, "wraps": 0}
    acts = [act for act, _role in record_is_whole() if act.startswith("support.")]
    for act in ("begin", "read", "note", "envelope", "withdraw", "erase"):
        assert f"support.{act}" in acts
    assert json.dumps(acts).count(pseudonym) == 0


def _end_it(visit: Callable[..., Any], pseudonym: str, code: str, mark: str) -> None:
    """Withdraw and erase as the one who is helped: on a phone, in Kazakh, without JavaScript."""
    with visit(role="public", language="kk", phone=True, javascript=False) as mine:
        page = mine.page
        page.goto("/support/own/kk/")
        page.locator("input[name=code]").fill(code.lower())
        page.locator("main form button").click()
        expect(page.locator("main")).to_contain_text(pseudonym)
        expect(page.locator("main table")).to_contain_text("ескертпе жазды")
        page.locator("li", has_text="Evening school").get_by_role("button").click()
        expect(page.locator("li", has_text="Evening school").get_by_role("button")).to_have_count(0)
        assert_fits(page)
        page.locator("#erase ~ form input[name=sure]").check()
        page.locator("#erase ~ form button").click()
        expect(page.locator("h1")).to_have_text("Өшіру туралы куәлік")
        expect(page.locator("main")).to_contain_text(mark)
        assert_fits(page)
        token = page.locator("code.token").first.inner_text()
        screenshot(page, "journey-support-certificate")
    with visit(role="public", language="ru") as other:
        other.page.goto("/support/certificate/ru/")
        other.page.get_by_label("Подписанный текст").fill(token)
        press(other.page, "Проверить")
        expect(other.page.locator("main")).to_contain_text(mark)
        assert_accessible(other)
        assert other.complaints == []
