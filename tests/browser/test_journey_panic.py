"""A panic button: registered, pressed, on the duty officer's screen at once, answered."""

from __future__ import annotations

import datetime as dt
import http.client
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.harness import Desk, assert_accessible, assert_fits, screenshot, submit

from qalqan.desk.alerts.envelope import seal_message

pytestmark = pytest.mark.browser

CODE = "PB-JOURNEY"


def press(desk: Desk, key: bytes, count: int, **content: Any) -> int:
    """Send what a button sends, over HTTP; return the status."""
    data = seal_message(
        CODE,
        key,
        count=count,
        sent_at=dt.datetime.now(dt.UTC),
        content={"kind": "panic", **content},
    )
    link = http.client.HTTPConnection(desk.url.removeprefix("http://"), timeout=20)
    link.request("POST", f"/alerts/devices/{CODE}/messages/", body=data)
    return link.getresponse().status


def test_pressed_seen_answered_and_a_false_alarm(
    desk: Desk, visit: Callable[..., Any], record_is_whole: Callable[[], list[list[str]]]
) -> None:
    with visit(role="administrator", language="en") as administrator:
        page = administrator.page
        page.goto("/alerts/devices/")
        page.get_by_label("Code").fill(CODE)
        page.get_by_label("Where it hangs").fill("School 12, gate")
        submit(page.get_by_role("button", name="Register a device"))
        key = bytes.fromhex(page.locator("#device-key").inner_text())
        assert len(key) == 32
        assert_accessible(administrator)

    with visit(role="duty_officer", language="en") as duty:
        page = duty.page
        page.goto("/alerts/signals/")
        expect(page.locator("#signals-state")).to_have_text(re.compile("Live|Asked every second"))
        page.get_by_role("button", name="Turn the sound on").click()
        expect(page.get_by_role("button", name="Sound is on")).to_be_visible()
        card = page.locator("#signals article").filter(has_text=CODE)
        expect(card).to_have_count(0)
        assert press(desk, key, 1) == 202
        expect(card).to_have_count(1)
        expect(card).to_contain_text("Nobody has answered")
        expect(page).to_have_title(re.compile(r"^\(\d+\) "))
        assert_accessible(duty)
        screenshot(page, "journey-panic-pressed")
        submit(card.get_by_role("button", name="Acknowledge"))
        expect(card).to_contain_text("Acknowledged")
        card.get_by_text("Close", exact=True).first.click()
        card.get_by_label("What came of it").fill("The cleaner leaned on it")
        submit(card.get_by_role("button", name="False alarm"))
        expect(card).to_have_count(0)
        expect(page.locator("main table")).to_contain_text("The cleaner leaned on it")
        assert duty.complaints == []

    with visit(role="duty_officer", language="kk", phone=True) as phone:
        phone.page.goto("/alerts/signals/")
        assert_fits(phone.page)
        assert_accessible(phone)
    done = [action for action, _role in record_is_whole()]
    for action in ("register_device", "take_signal", "acknowledge_signal", "close_signal"):
        assert f"alerts.{action}" in done


def test_an_exercise_planned_begun_and_ended_with_its_report(visit: Callable[..., Any]) -> None:
    with visit(role="duty_officer", language="en") as duty:
        page = duty.page
        page.goto("/alerts/drills/")
        page.get_by_label("What is exercised").fill("Gas leak at the market")
        page.get_by_label("Planned for").fill("2027-03-01T10:00")
        submit(page.get_by_role("button", name="Plan", exact=True))
        address = page.url
        submit(page.get_by_role("button", name="Begin: write its warning"))
        expect(page.locator("main")).to_contain_text("Exercise")
        page.goto(address)
        expect(page.locator("main")).to_contain_text("Running")
        page.get_by_label("What was learned").fill("The second key was missing")
        submit(page.get_by_role("button", name="End and keep the report"))
        expect(page.locator("main")).to_contain_text("The second key was missing")
        expect(page.locator("main")).to_contain_text("0 / 0")
        assert_accessible(duty)
        screenshot(page, "journey-drill-report")
        assert duty.complaints == []
