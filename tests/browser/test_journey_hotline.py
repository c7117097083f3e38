"""From a citizen's phone to the answer in the next brief."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.answering import (
    WORDING,
    act,
    add_evidence,
    give_verdict,
    publish,
    write_answer,
)
from tests.browser.harness import Backstage

pytestmark = pytest.mark.browser

REPORT = "Базар маңындағы зауыттан улы түтін шығып жатыр дейді, сұрасаң 8 701 555 12 34 деп айтты"
COPIES = 40


def test_a_report_is_masked_found_answered_and_shown_as_answered(
    visit: Callable[..., Any],
    backstage: Backstage,
    record_is_whole: Callable[[], list[list[str]]],
) -> None:
    with visit(role="public", language="kk", phone=True, javascript=False) as citizen:
        citizen.page.goto("/public/")
        citizen.page.locator("main a[href='/intake/hotline/']").first.click()
        assert citizen.page.get_attribute("html", "lang") == "kk"
        citizen.page.locator("textarea[name=text]").fill(REPORT)
        citizen.page.locator("main form button").click()
        expect(citizen.page.locator("main li")).to_have_text(["телефон нөмірі"])
        number = citizen.page.locator("main strong").inner_text()
        assert re.fullmatch(r"([0-9A-Z]{4}-){3}[0-9A-Z]{4}", number)

    backstage.do("store_what_waits")
    stored = backstage.do("messages", part="зауыттан улы")
    assert [message["kind"] for message in stored] == ["hotline"]
    assert "555" not in stored[0]["text"]
    assert backstage.do("repeat_report", text=stored[0]["text"], copies=COPIES) == COPIES

    with visit(role="duty_officer") as duty:
        # Another ending than the one that was written.
        duty.page.goto("/rumours/messages/")
        duty.page.get_by_label("Words").fill("зауытқа түтіннің")
        duty.page.locator("main form").get_by_role("button").first.click()
        first = duty.page.locator("main tbody tr").first
        expect(first).to_contain_text("зауыттан улы түтін")
        expect(first).not_to_contain_text("555")
        first.get_by_role("link", name=re.compile("^Claim ")).click()
        expect(duty.page.locator("main")).to_contain_text("Nobody has answered this yet.")
        address = duty.page.url
        act(duty.page, "take")
        add_evidence(duty.page, "Samples of the air meet the norm.")
        give_verdict(duty.page, "false", "The laboratory found nothing.")
        expect(duty.page.locator("main .page-header")).to_contain_text("Verdict given")
        assert duty.complaints == []

    backstage.do("compute_brief")
    claim = address.rstrip("/").rsplit("/", 1)[-1]
    with visit(role="press_officer") as press_officer:
        page = press_officer.page
        page.goto("/")
        line = page.locator(f"article#rumour-{claim}")
        expect(line).to_contain_text("not answered")
        line.get_by_role("link", name="Check and answer the claim").click()
        page.get_by_role("link", name="Write the answer").click()
        page.locator("[name=text_kk]").fill("Кезекшіге 8 701 555 12 34 хабарласыңыз.")
        for name in ("headline_kk", "headline_ru", "headline_en", "text_ru", "text_en"):
            page.locator(f"[name={name}]").fill("…")
        page.locator("#answer-form button").last.click()
        # Staff write it again; nothing is kept with the number in it.
        expect(page.locator("main .error").first).to_contain_text("phone number")
        page.locator("[name=headline_ru]").fill("Дадим отпор слухам: воздух чистый")
        page.locator("[name=text_kk]").fill(WORDING["kk"][1])
        page.locator("#answer-form button").last.click()
        expect(page.locator("#warnings")).to_contain_text("отпор")
        write_answer(page)
        expect(page.locator("main .toast")).to_contain_text("waits for a second person")
        expect(page.locator("main form[action$='/publish/']")).to_have_count(0)
        waiting = page.url

    with visit(role="secretary") as second:
        second.page.goto("/rumours/answers/")
        second.page.goto(waiting)
        publish(second.page)
        expect(second.page.locator("main .toast")).to_contain_text("The answer is published.")
        assert second.complaints == []

    with visit(role="public", language="kk", phone=True, javascript=False) as citizen:
        citizen.page.goto("/public/kk/reference/")
        citizen.page.locator("[name=number]").fill(number.lower())
        citizen.page.locator("main form button").click()
        citizen.page.locator("main .notice a").click()
        expect(citizen.page.locator("main h1")).to_have_text(WORDING["kk"][0])
        citizen.page.locator(".topbar a[lang=ru]").click()
        expect(citizen.page.locator("main h1")).to_have_text(WORDING["ru"][0])
        assert citizen.page.context.cookies() == [
            cookie for cookie in citizen.page.context.cookies() if cookie["name"] != "sessionid"
        ]

    backstage.do("compute_brief")
    with visit(role="duty_officer") as duty:
        duty.page.goto("/")
        line = duty.page.locator(f"article#rumour-{claim}")
        expect(line).to_contain_text("answered before")
        expect(line).not_to_contain_text("not answered")
        expect(line).to_contain_text("false, published")
    done = [action for action, _role in record_is_whole()]
    assert done.count("intake.accept_messages") == 2
    assert done.count("rumours.write_answer") == 1
    assert done.count("rumours.publish_first") == 1
    assert done.count("brief.compute") == 2
