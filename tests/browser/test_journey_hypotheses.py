"""An incident from its first report through three hypotheses to the post-mortem."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.harness import submit

pytestmark = pytest.mark.browser


def test_an_incident_from_first_report_to_post_mortem(
    visit: Callable[..., Any], record_is_whole: Callable[[], list[list[str]]]
) -> None:
    title = "Shots at the cold store"
    with visit(role="duty_officer") as v:
        page = v.page
        _record(page, title)
        expect(page.locator("main")).to_contain_text("Ministry of the journey")
        _record_again(page, title)
        _ask(page)
        page.get_by_role("link", name="Weigh hypotheses").click()
        page.get_by_label("What is to be explained").fill("Who fired at the cold store?")
        for kind, share in (("gang", "50"), ("lone", "30"), ("accident", "20")):
            page.locator(f"#id_prior_{kind}").fill(share)
        submit(page.get_by_role("button", name="Open the analysis"))
        for text in ("Two calibres were found", "Nothing was taken"):
            _add(page, text)
        address = page.url
        _mark(page, ("C", "II", "I", "I", "C", "C"))
        expect(page.locator("section[aria-labelledby=ranking]")).to_contain_text("Criminal gang")
        assert v.complaints == []
    with visit(role="analyst") as v:
        page = v.page
        page.goto(address)
        expect(page.locator("main")).to_contain_text("1 person handed in marks")
        expect(page.locator("#matrix")).to_have_count(0)
        _mark(page, ("C", "I", "N", "II", "C", "N"))
        expect(page.locator("section[aria-labelledby=matrix]")).to_contain_text("× 1")
        page.get_by_role("link", name="The truth is known").click()
        page.get_by_label("What was true").select_option(index=2)
        page.get_by_label("How it became known").fill("One rifle fits both calibres.")
        page.get_by_label("What misled us").fill("We took two calibres for two people.")
        submit(page.get_by_role("button", name="State the truth"))
        misled = page.locator("section[aria-labelledby=misled]")
        expect(misled).to_contain_text("Two calibres were found")
        expect(page.locator("section[aria-labelledby=truth]")).to_contain_text("Lone offender")
        assert v.complaints == []
    acts = [act for act, _role in record_is_whole()]
    assert acts.count("incidents.hand_in") == 2
    assert acts.count("incidents.ask") == 1
    assert acts.count("incidents.record") == 2
    assert acts[-1] == "incidents.state_truth"


def _record(page: Page, title: str) -> None:
    """Write down the first report: when, where, how exactly, who says so."""
    page.goto("/incidents/")
    page.get_by_role("link", name="Record an incident").click()
    form = page.locator("#record-form")
    form.locator("#id_kind").select_option("armed_attack")
    form.locator("#id_time").fill("2024-02-29")
    form.locator("#id_latitude").fill("50.28")
    form.locator("#id_longitude").fill("57.2")
    form.locator("#id_title_en").fill(title)
    form.locator("#id_new_source").fill("Ministry of the journey")
    form.locator("#id_credibility").select_option("2")
    submit(page.get_by_role("button", name="Record it"))
    doubles = page.locator("#doubles")
    if doubles.count():
        doubles.get_by_label("It is another incident").check()
        submit(page.get_by_role("button", name="Record it"))
    expect(page.locator("h1")).to_have_text(title)


def _record_again(page: Page, title: str) -> None:
    """A second officer hears of it, and is told that it is there already."""
    page.goto("/incidents/record/")
    form = page.locator("#record-form")
    form.locator("#id_kind").select_option("armed_attack")
    form.locator("#id_time").fill("2024-02-29")
    form.locator("#id_latitude").fill("50.281")
    form.locator("#id_longitude").fill("57.201")
    form.locator("#id_new_source").fill("Newspaper of the journey")
    submit(page.get_by_role("button", name="Record it"))
    doubles = page.locator("#doubles")
    expect(doubles).to_contain_text(title)
    doubles.get_by_label("add my report there").first.check()
    submit(page.get_by_role("button", name="Record it"))
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("main")).to_contain_text("Newspaper of the journey")


def _ask(page: Page) -> None:
    page.get_by_role("link", name="Ask a question").click()
    page.get_by_label("Question").fill("Where was the rifle kept?")
    page.get_by_label("Who finds out").select_option(index=1)
    page.get_by_label("Until").fill("2099-12-31")
    submit(page.get_by_role("button", name="Ask it"))
    expect(page.locator("section[aria-labelledby=questions]")).to_contain_text("the rifle kept")


def _add(page: Page, text: str) -> None:
    form = page.locator("#evidence-form")
    if not form.is_visible():
        page.get_by_text("Add evidence or an assumption").click()
    form.get_by_label("What is known or assumed").fill(text)
    form.locator("#id_evidence-source").select_option(index=1)
    form.get_by_label("Credibility of the item").select_option("2")
    submit(form.get_by_role("button", name="Add the item"))
    expect(page.locator("section[aria-labelledby=evidence]")).to_contain_text(text)


def _mark(page: Page, marks: tuple[str, ...]) -> None:
    page.get_by_role("link", name="Mark the evidence").click()
    fields = page.locator("#mark-form select")
    expect(fields).to_have_count(len(marks))
    for number, value in enumerate(marks):
        fields.nth(number).select_option(value)
    submit(page.get_by_role("button", name="Hand in"))
