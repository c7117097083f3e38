"""From a cellar to a mended door: inspection, notice, the owner's proof, another's check."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser import inspecting
from tests.browser.harness import Backstage, Desk, Visit, assert_accessible, assert_fits, submit

pytestmark = pytest.mark.browser
Acts = Callable[[], list[list[str]]]


def _words(page: Page) -> str:
    return page.locator("body").inner_text()


def _walk_in_kazakh(v: Visit, site: dict[str, Any], version: str) -> None:
    """Take a site along, inspect it without a connection, and send it."""
    page = v.page
    page.goto("/protection/take-along/")
    assert_accessible(v)
    assert_fits(page)
    page.locator("#id_number").fill(str(site["number"]))
    submit(page.locator("form.form button[type=submit]"))
    expect(page.locator("main")).to_contain_text(site["name_kk"])
    page.goto(inspecting.PAGE)
    expect(page.locator("h1")).to_have_text("Осы телефондағы тексерулер")
    page.evaluate("navigator.serviceWorker.ready")
    expect(page.locator("section.card").filter(has_text=site["name_kk"])).to_be_visible()
    assert_accessible(v)
    assert_fits(page)
    page.context.set_offline(True)
    page.reload()
    inspecting.begin(page, site, version)
    expect(page.locator("#box-alarm")).to_be_hidden()
    for code, value in (("exits", "no"), ("guards", "2"), ("alarm", "yes"), ("door", "yes")):
        inspecting.answer(page, code, value)
    expect(page.locator("#box-alarm")).to_be_visible()
    inspecting.note(page, "exits", "Жәшіктер тұр")
    page.locator("button.primary").last.click()
    # Nothing is finished while something is missing, and the page says what.
    expect(page.locator(".error-summary")).to_contain_text("Есік жабыла ма?")
    assert_accessible(v)
    inspecting.add_photos(page, "door", [inspecting.photo((9, 90, 9))])
    inspecting.sign(page, random.Random(3))
    assert_fits(page)
    inspecting.finish(page)
    expect(page.locator("li[data-state='ready']")).to_have_count(1)
    assert_accessible(v)
    page.context.set_offline(False)
    expect(page.locator("li[data-state='sent']")).to_have_count(1)
    english = {"Inspection", "Send", "phone", "Sites", "Choose", "desk", "Sign"}
    assert not english & set(_words(page).replace(".", " ").split())
    noise = [c for c in v.complaints if "ERR_INTERNET_DISCONNECTED" not in c]
    assert noise == []


def _issue(page: Page, site: dict[str, Any]) -> tuple[str, str, str]:
    """Issue a notice about a site and make the owner's link; return address, link and code."""
    page.goto(f"/protection/sites/{site['id']}/violations/")
    expect(page.locator("main")).to_contain_text("Are the exits free?")
    page.locator("#id_language").select_option("en")
    submit(page.get_by_role("button", name="Issue the notice"))
    expect(page.locator("h1")).to_contain_text("Notice")
    address = page.url
    submit(page.get_by_role("button", name="Make a link for the owner"))
    return (
        address,
        page.locator("#owner-link").inner_text(),
        page.locator("#owner-code").inner_text(),
    )


def _answer_as_owner(page: Page, link: str, code: str) -> None:
    page.goto(link)
    page.locator("#id_code").fill("00000000" if code != "00000000" else "11111111")
    submit(page.get_by_role("button", name="Open"))
    expect(page.locator("main")).to_contain_text("This code is wrong.")
    page.locator("#id_code").fill(code)
    submit(page.get_by_role("button", name="Open"))
    expect(page.locator("main")).to_contain_text("Are the exits free?")
    page.get_by_label("What was done").fill("The boxes are gone.")
    page.get_by_label("Pictures").set_input_files([inspecting.photo((1, 2, 200))])
    submit(page.get_by_role("button", name="Hand the proof in"))
    expect(page.locator("main")).to_contain_text("waits for its check")


def test_inspection_in_a_cellar_notice_proof_and_verification(
    visit: Callable[..., Any], backstage: Backstage, record_is_whole: Acts
) -> None:
    backstage.do("small_checklist")
    site = backstage.do("field_sites", username="inspector-ru", count=1)[0]
    with visit(role="inspector", language="kk", phone=True) as v:
        _walk_in_kazakh(v, site, "Қысқа")
    held = backstage.do("inspections", sites=[site["id"]])
    assert [(row["result"], len(row["pictures"])) for row in held] == [("serious", 1)]
    with visit(role="inspector") as v:
        address, link, code = _issue(v.page, site)
        assert_accessible(v)
        assert v.complaints == []
    with visit(role="public", phone=True) as v:
        _answer_as_owner(v.page, link, code)
        assert_accessible(v)
        assert_fits(v.page)
    with visit(role="public") as v:
        v.page.goto(link)
        expect(v.page.locator("h1")).to_have_text("This link is closed")
    with visit(role="duty_officer") as v:
        v.page.goto(address)
        submit(v.page.get_by_role("button", name="Accept the proof"))
        expect(v.page.locator("header.page-header")).to_contain_text("mended and verified")
        assert_accessible(v)
    stored = backstage.do("notice_of", site=site["id"])
    assert (stored["state"], stored["violations"], stored["owed"]) == (
        "mended", ["verified"], "done",
    )  # fmt: skip
    done = [action for action, _role in record_is_whole()]
    for act in (
        "inspect", "issue_notice", "make_owner_link", "owner_code_wrong", "owner_opened",
        "hand_in_proof", "check_proof",
    ):  # fmt: skip
        assert done.count(f"protection.{act}") == 1, act


def test_an_overdue_notice_climbs_the_ladder_to_the_commission(
    visit: Callable[..., Any], backstage: Backstage, record_is_whole: Acts
) -> None:
    made = backstage.do("issue_notice", username="inspector-en", days=10)
    for day in (3, 9, 11, 13, 17, 24):
        backstage.do("pass_days", days=day)
    stored = backstage.do("notice_of", site=made["site"])
    told = [[audience, rung] for kind, audience, rung in stored["steps"] if kind == "reminded"]
    assert told == [
        ["owner", -2], ["owner", -1], ["owner", 0], ["body", 1], ["commission", 2],
        ["commission", 3],
    ]  # fmt: skip
    assert stored["level"] == 3
    with visit(role="secretary") as v:
        v.page.goto(made["url"])
        expect(v.page.locator(".timeline")).to_contain_text("the commission")
        expect(v.page.locator("main")).not_to_contain_text("Are the exits free?")
        assert_accessible(v)
        v.page.goto("/work/")
        expect(v.page.locator("main")).to_contain_text(made["reference"])
    assert "protection.remind" in [action for action, _role in record_is_whole()]


def test_a_lost_phone_forgets_when_it_meets_the_desk(
    visit: Callable[..., Any], backstage: Backstage
) -> None:
    backstage.do("small_checklist")
    site = backstage.do("field_sites", username="inspector-en", count=1)[0]
    with visit(role="inspector") as v:
        v.page.goto(inspecting.PAGE)
        expect(v.page.locator("section.card").filter(has_text=site["name"])).to_be_visible()
        inspecting.begin(v.page, site)
        inspecting.answer(v.page, "exits", "yes")
        device = v.page.evaluate(
            "new Promise(done => { const r = indexedDB.open('qalqan-inspect');"
            "r.onsuccess = () => { const g = r.result.transaction('meta').objectStore('meta')"
            ".get('device'); g.onsuccess = () => { r.result.close(); done(g.result); }; }; })"
        )
        with visit(role="administrator") as admin:
            admin.page.goto("/protection/devices/")
            row = admin.page.locator("tr").filter(has_text=device[:8])
            submit(row.get_by_role("button"))
        v.page.goto(inspecting.PAGE + "#/")
        v.page.reload()
        expect(v.page.locator("#state")).to_contain_text("forget everything")
        left = v.page.evaluate(
            "new Promise(done => { const r = indexedDB.open('qalqan-inspect');"
            "r.onsuccess = () => { const t = r.result.transaction(['meta', 'inspections']);"
            "const a = t.objectStore('inspections').count(), b = t.objectStore('meta').get('plan');"
            "t.oncomplete = () => { r.result.close(); done([a.result, b.result ?? null]); }; }; })"
        )
        assert left == [0, None]


def test_phone_and_desk_agree_on_the_language_of_checklists(chromium: Browser, desk: Desk) -> None:
    """The table of examples that the desk's evaluator runs, run by the phone's."""
    table = json.loads(
        (Path(__file__).parents[1] / "desk" / "protection" / "expressions.json").read_text("utf-8")
    )
    page = chromium.new_page()
    page.goto(f"{desk.url}/ui/help/")
    wrong = page.evaluate(_RUN_TABLE, table)
    page.close()
    assert wrong == []


_RUN_TABLE = """async (table) => {
  const { parse, asked, ExpressionError } = await import("/static/protection/inspect/logic.js");
  const wrong = [];
  for (const one of table.values) {
    const value = parse(one.expression).value(one.answers ?? {}, one.own ?? "");
    if (!Object.is(value, one.value)) wrong.push([one.expression, String(value)]);
  }
  for (const one of table.errors) {
    try {
      parse(one.expression);
      wrong.push([one.expression, "understood"]);
    } catch (error) {
      const found = error instanceof ExpressionError ? [error.reason, error.at] : [String(error)];
      if (found.join() !== [one.reason, one.at].join()) wrong.push([one.expression, found.join()]);
    }
  }
  for (const one of table.asked) {
    const found = asked(one.questions, (code) => one.answers[code]).found.map((q) => q.code);
    if (found.join() !== one.codes.join()) wrong.push([one.questions, found.join()]);
  }
  return wrong;
}"""
