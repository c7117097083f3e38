"""A finding of the night: reviewed, decided on, or rejected with a reason; also on a phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.harness import SCREENSHOTS, Backstage, assert_accessible, assert_fits
from tests.browser.people import press

pytestmark = pytest.mark.browser

Acts = Callable[[], list[list[str]]]


def _open_from_the_list(page: Page, place: str) -> None:
    """Find the flash-point of a district on the desk's list, as a person does."""
    page.goto("/flash-points/")
    page.locator("section[aria-labelledby=desk]").get_by_role("link", name=place).first.click()
    expect(page.locator("h1")).to_contain_text(place)


def test_a_finding_of_the_night_is_reviewed_and_decided_on(
    visit: Callable[..., Any], backstage: Backstage, record_is_whole: Acts
) -> None:
    place = "Shalkar district"
    url = backstage.do("find_tonight", district=place, incidents=14)
    assert backstage.do("flash_point", url=url)["state"] == "new"
    with visit(role="analyst") as v:
        _open_from_the_list(v.page, place)
        main = v.page.locator("main")
        expect(main).to_contain_text("More than expected")
        expect(main).to_contain_text("by chance alone about 3.7 times a year")
        expect(main.locator("section[aria-labelledby=rival] li").first).to_contain_text("times")
        v.page.get_by_label("Real", exact=True).check()
        v.page.get_by_label("Why", exact=True).fill("Four independent sources, all of this week.")
        press(v.page, "Record the review")
        expect(main.locator(".toast")).to_contain_text("The review is recorded.")
        expect(main.locator(".timeline")).to_contain_text("Reviewed: Real")
        # An analyst weighs; the decision is not the analyst's.
        expect(v.page.locator("#decide-form")).to_have_count(0)
        assert_accessible(v)
        assert v.complaints == []
    with visit(role="secretary") as v:
        _open_from_the_list(v.page, place)
        v.page.get_by_label("What is decided").fill("Evening patrols in the centre for a week.")
        v.page.get_by_label("Who does it").select_option(label="Aktobe duty centre")
        press(v.page, "Record the decision")
        expect(v.page.locator("main .toast")).to_contain_text("the work is given")
        assert_accessible(v)
        v.page.screenshot(path=SCREENSHOTS / "journey-finding-decided.png", full_page=True)
        v.page.locator("main .timeline a", has_text="Decided").click()
        expect(v.page.locator("h1")).to_contain_text(place)
        expect(v.page.locator("main .facts")).to_contain_text("Aktobe duty centre")
        assert v.complaints == []
    stored = backstage.do("flash_point", url=url)
    assert (stored["state"], stored["judgement"]) == ("decided", "real")
    assert [kind for kind, _text in stored["steps"]] == ["opened", "reviewed", "decided"]
    acts = record_is_whole()
    assert [pair for pair in acts if pair[0] != "flashpoints.run_scan"] == [
        ["flashpoints.review", "analyst"],
        ["work.open_item", "secretary"],
        ["flashpoints.decide", "secretary"],
    ]


def test_an_artefact_is_rejected_with_a_reason_and_leaves_the_list(
    visit: Callable[..., Any], backstage: Backstage, record_is_whole: Acts
) -> None:
    place = "Khobda district"
    url = backstage.do("find_tonight", district=place, incidents=14)
    with visit(role="duty_officer", javascript=False) as v:
        _open_from_the_list(v.page, place)
        v.page.get_by_label("Artefact of reporting", exact=True).check()
        v.page.get_by_label("Why", exact=True).fill("Call 8 701 555 12 34")
        press(v.page, "Record the review")
        # A reason that gives a person away is refused, and nothing is recorded.
        expect(v.page.locator("#review-form .error").first).to_be_visible()
        assert backstage.do("flash_point", url=url)["state"] == "new"
        v.page.get_by_label("Why", exact=True).fill("One broken shop window, told fourteen times.")
        press(v.page, "Record the review")
        expect(v.page.locator("main .timeline")).to_contain_text("told fourteen times")
        expect(v.page.locator("#decide-form")).to_have_count(0)
        v.page.goto("/flash-points/")
        desk = v.page.locator("section[aria-labelledby=desk]")
        expect(desk).not_to_contain_text(place)
        v.page.goto("/flash-points/?state=artefact")
        expect(desk).to_contain_text(place)
    # The next scan of the night sees it again and does not bring it back.
    backstage.do("find_again")
    stored = backstage.do("flash_point", url=url)
    assert (stored["state"], stored["judgement"]) == ("reviewed", "artefact")
    assert ["flashpoints.review", "duty_officer"] in record_is_whole()


def test_the_same_on_a_phone_in_kazakh(
    visit: Callable[..., Any], backstage: Backstage, record_is_whole: Acts
) -> None:
    url = backstage.do("find_tonight", district="Oiyl district", incidents=30)
    with visit(role="duty_officer", language="kk", phone=True) as v:
        _open_from_the_list(v.page, "Ойыл")
        v.page.get_by_label("Шын", exact=True).check()
        v.page.get_by_label("Себебі", exact=True).fill("Үш дереккөз бір-біріне тәуелсіз айтты.")
        v.page.screenshot(path=SCREENSHOTS / "journey-finding-phone-kk.png", full_page=True)
        press(v.page, "Бағаны жазу")
        expect(v.page.locator("main .timeline")).to_contain_text("Үш дереккөз")
        v.page.get_by_label("Қандай шешім қабылданды").fill("Бір апта кешкі күзет.")
        v.page.locator("#decide-form select").first.select_option("me")
        press(v.page, "Шешімді жазу")
        expect(v.page.locator("main .timeline")).to_contain_text("Бір апта кешкі күзет.")
        assert_fits(v.page)
        assert_accessible(v)
        assert v.complaints == []
    stored = backstage.do("flash_point", url=url)
    assert stored["state"] == "decided"
    assert len(stored["work"]) == 1
    assert ["flashpoints.decide", "duty_officer"] in record_is_whole()
