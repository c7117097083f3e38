"""A warning: composed in three languages, approved by a second person, updated, cancelled."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.harness import assert_accessible, assert_fits, screenshot, submit

pytestmark = pytest.mark.browser

SAID = {
    "kk": ("Газ шығуы", "Газ шықты: ғимараттан шығыңыз", "Көшеде газ құбыры жарылды.",
           "Ғимараттан шығыңыз. От жақпаңыз."),
    "ru": ("Утечка газа", "Утечка газа: выйдите из здания", "На улице повреждён газопровод.",
           "Выйдите из здания. Не зажигайте огня."),
    "en": ("Gas leak", "Gas leak: leave the building", "A gas pipe in the street is broken.",
           "Leave the building. Light no fire."),
}  # fmt: skip
PARTS = ("event", "headline", "description", "instruction")


def fill_in(page: Page) -> None:
    """Write the three languages."""
    for code, texts in SAID.items():
        for part, text in zip(PARTS, texts, strict=True):
            page.locator(f"[name={part}_{code}]").fill(text)


def checked(page: Page) -> Locator:
    """Return the part of the page that the live check fills."""
    return page.locator("#check")


def draw_area(page: Page) -> None:
    """Draw a triangle on the map."""
    area = page.locator("#draw-map")
    area.scroll_into_view_if_needed()
    expect(area.locator("path").first).to_be_visible()
    page.locator("[data-draw=polygon]").click()
    box = area.bounding_box()
    assert box is not None
    for x, y in ((0.4, 0.4), (0.6, 0.4), (0.5, 0.6)):
        area.click(position={"x": box["width"] * x, "y": box["height"] * y})
    page.locator("[data-draw=finish]").click()


def test_composed_approved_updated_and_cancelled(
    visit: Callable[..., Any], record_is_whole: Callable[[], list[list[str]]]
) -> None:
    with visit(role="press_officer", language="en") as writer:
        page = writer.page
        page.goto("/alerts/")
        page.get_by_role("link", name="Write a warning").click()
        page.get_by_label("Actual").check()
        submit(page.locator("main form button"))
        fill_in(page)
        page.locator("[name=response_types][value=Evacuate]").check()
        expect(checked(page)).to_contain_text("Say where the warning holds.")
        draw_area(page)
        expect(page.locator("[name=polygons]")).to_have_value(re.compile(r"^\d+\.\d+,\d+"))
        expect(checked(page)).to_contain_text("A valid CAP 1.2 message")
        assert_accessible(writer)
        screenshot(page, "journey-warning-write")
        submit(page.locator("button[name=submit]"))
        expect(page.locator("main")).to_contain_text("a second person approves it")
        expect(page.get_by_role("button", name="Approve, sign and send")).to_have_count(0)
        waiting = page.url
        assert writer.complaints == []
    with visit(role="secretary", language="en") as second:
        page = second.page
        page.goto(waiting)
        expect(page.locator("main .hash")).to_have_text(re.compile("^[0-9a-f]{64}$"))
        assert_accessible(second)
        screenshot(page, "journey-warning-approve")
        submit(page.get_by_role("button", name="Approve, sign and send"))
        expect(page.locator("main .page-header")).to_contain_text("Approved, being sent")
        assert second.complaints == []
    with visit(role="public", language="kk", phone=True, javascript=False) as citizen:
        page = citizen.page
        page.goto("/public/kk/warnings/")
        page.get_by_role("link", name=SAID["kk"][1]).click()
        expect(page.locator("main h1")).to_have_text(SAID["kk"][1])
        assert page.get_attribute("html", "lang") == "kk"
        assert_fits(page)
        screenshot(page, "journey-warning-citizen")
        public_page = page.url
    with visit(role="press_officer", language="en") as writer:
        page = writer.page
        page.goto(waiting)
        page.get_by_role("link", name="The whole warning").click()
        warning = page.url
        submit(page.get_by_role("button", name="Update the warning"))
        page.locator("[name=headline_kk]").fill("Газ жабылды: үйге қайтуға болмайды")
        page.locator("[name=headline_ru]").fill("Газ перекрыт: домой пока нельзя")
        page.locator("[name=headline_en]").fill("Gas shut off: do not go home yet")
        submit(page.locator("button[name=submit]"))
        update = page.url
    with visit(role="secretary", language="en") as second:
        second.page.goto(update)
        submit(second.page.get_by_role("button", name="Approve, sign and send"))
    with visit(role="press_officer", language="en") as writer:
        page = writer.page
        page.goto(warning)
        page.locator("main summary", has_text="Cancel the warning").click()
        submit(page.get_by_role("button", name="Cancel the warning"))
        expect(page.locator("main h1")).to_contain_text("Cancelled: Gas shut off")
        cancelling = page.url
        assert writer.complaints == []
    with visit(role="secretary", language="en") as second:
        second.page.goto(cancelling)
        submit(second.page.get_by_role("button", name="Approve, sign and send"))
    with visit(role="public", language="kk", phone=True) as citizen:
        page = citizen.page
        page.goto(public_page)
        expect(page.locator("main h1")).to_contain_text("Күші жойылды")
        expect(page.locator("main")).to_contain_text("Бұл ескертудің күші аяқталды.")
        assert_accessible(citizen)
        assert_fits(page)
        assert citizen.complaints == []
    done = [tuple(act) for act in record_is_whole()]
    for action in ("submit", "approve", "prepare_update", "prepare_cancel"):
        assert (f"alerts.{action}", "press_officer") in done or (
            f"alerts.{action}", "secretary",
        ) in done  # fmt: skip
    assert [role for action, role in done if action == "alerts.approve"] == ["secretary"] * 3


def test_an_area_is_written_by_keyboard_alone_and_without_scripts(
    visit: Callable[..., Any],
) -> None:
    with visit(role="duty_officer", language="ru", javascript=False) as duty:
        page = duty.page
        page.goto("/alerts/begin/")
        page.locator("[name=status][value=Exercise]").check()
        submit(page.locator("main form button"))
        fill_in(page)
        page.locator("[name=circles]").fill("50.28,57.17 3")
        page.locator("[name=note]").fill("Осень")
        submit(page.locator("button[name=submit]"))
        expect(page.locator("main")).to_contain_text("УЧЕНИЕ. Утечка газа: выйдите из здания")
        expect(page.locator("main")).to_contain_text("Без сигнала, только речь")
        # An exercise is never sent by one person alone.
        expect(page.locator("form[action$='/send-alone/']")).to_have_count(0)


def test_in_need_the_duty_officer_sends_alone_and_another_looks_into_it(
    visit: Callable[..., Any],
) -> None:
    with visit(role="duty_officer", language="kk", phone=True) as duty:
        page = duty.page
        page.goto("/alerts/begin/")
        submit(page.locator("main form button"))
        fill_in(page)
        page.locator("[name=circles]").fill("50.28,57.17 3")
        submit(page.locator("button[name=submit]"))
        assert_fits(page)
        form = page.locator("form[action$='/send-alone/']")
        page.locator("main details", has=form).locator("summary").click()
        form.locator("input[type=text]").fill("Ешкім жауап бермейді")
        submit(form.locator("button"))
        alone = page.url
        expect(form).to_have_count(0)
        assert_accessible(duty)
    with visit(role="secretary", language="kk") as second:
        page = second.page
        page.goto("/work/")
        expect(page.locator("main")).to_contain_text("Бір адам жалғыз жіберген ескертуді тексеру")
        page.goto(alone)
        form = page.locator("form[action$='/review/']")
        form.locator("textarea").fill("Дұрыс жасалды")
        submit(form.locator("button"))
        expect(page.locator("main")).to_contain_text("Дұрыс жасалды")
