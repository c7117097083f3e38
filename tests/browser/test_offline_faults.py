"""The page for inspections on a bad day: cuts, a killed browser, a wrong clock, doubles.

A real Chromium speaks to a real desk through a proxy that breaks connections by a seeded plan.
Afterwards the desk holds everything that was finished, each thing once, and as it was entered.
A longer run with other seeds: ``bench/offline.py``.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser import inspecting
from tests.browser.carried import Carried, carried
from tests.browser.harness import Backstage, Desk

pytestmark = pytest.mark.browser

SEEDS = [int(seed) for seed in os.environ.get("QALQAN_FAULT_SEEDS", "7").split(",")]
CUTS = int(os.environ.get("QALQAN_FAULT_CUTS", "20"))
INSPECTIONS = int(os.environ.get("QALQAN_FAULT_INSPECTIONS", "5"))
EVENTS = ("cellar", "killed_filling", "killed_sending", "two_windows", "clock")
SKEWS = (3 * 3600, -26 * 3600, 40)
"""Seconds by which the phone's clock is wrong."""


def _fill(page: Page, wanted: dict[str, Any]) -> None:
    for code, value in wanted["answers"].items():
        inspecting.answer(page, code, value)
    inspecting.note(page, "exits", wanted["note"])
    inspecting.add_photos(page, "door", [inspecting.photo(c) for c in wanted["colours"]])


def _wanted(rng: random.Random, number: int) -> dict[str, Any]:
    guards = rng.randrange(3)
    answers = {"exits": rng.choice(["yes", "no"]), "guards": str(guards)}
    if guards:
        answers["alarm"] = rng.choice(["yes", "no"])
    answers["door"] = rng.choice(["yes", "no"])
    colours = [tuple(rng.randrange(256) for _part in range(3)) for _n in range(rng.randint(1, 2))]
    return {"answers": answers, "note": f"Found {number}: {rng.random()}", "colours": colours}


def _inspect(
    device: Carried, page: Page, site: dict[str, Any], event: str, rng: random.Random,
    wanted: dict[str, Any],
) -> tuple[Page, str]:  # fmt: skip
    """Inspect a site while something happens; return the page then shown, and the number."""
    if event == "clock":
        device.stop()
        device.skew_seconds = rng.choice(SKEWS)
        page = device.start()
    if event == "cellar":
        device.proxy.is_cut = True
        page.reload()
    client_id = inspecting.begin(page, site)
    _fill(page, wanted)
    if event == "killed_filling":
        device.kill()
        page = device.start()
        page.locator("section.card").filter(has_text=site["name"]).get_by_role("link").click()
        expect(page.locator("[name='q-guards']")).to_have_value(wanted["answers"]["guards"])
        expect(page.locator("#box-door li[data-photo]")).to_have_count(len(wanted["colours"]))
    inspecting.sign(page, rng)
    inspecting.finish(page)
    if event == "killed_sending":
        device.kill()
        page = device.start()
    if event == "two_windows":
        other = device.another_page()
        for window in (page, other):
            window.get_by_role("button", name="Send now").click(no_wait_after=True)
        other.close()
    device.proxy.is_cut = False
    return page, client_id


def _send_all(device: Carried, page: Page, count: int) -> None:
    """Press "send" until everything is at the desk and no fault is left to meet."""
    sent = page.locator("li[data-state='sent']")
    for _try in range(300):
        page.get_by_role("button", name="Send now").click()
        expect(page.locator("#state")).not_to_have_text("Sending…")
        if sent.count() == count and not device.proxy.faults_left:
            return
    raise AssertionError(f"{sent.count()} of {count} are at the desk")


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_and_nothing_is_there_twice(
    chromium: Browser, desk: Desk, backstage: Backstage, tmp_path: Path,
    seed: int, record_is_whole: Callable[[], list[list[str]]],
) -> None:  # fmt: skip
    rng = random.Random(seed)
    backstage.do("small_checklist")
    sites = backstage.do("field_sites", username="inspector-en", count=INSPECTIONS)
    events = [EVENTS[number % len(EVENTS)] for number in range(INSPECTIONS)]
    rng.shuffle(events)
    wanted: dict[str, dict[str, Any]] = {}
    with carried(chromium, desk, tmp_path / "phone", seed=seed) as device:
        page = device.start()
        page.evaluate("navigator.serviceWorker.ready")
        expect(page.locator("section.card").filter(has_text=sites[-1]["name"])).to_be_visible()
        device.proxy.faults_left = CUTS
        for number, (site, event) in enumerate(zip(sites, events, strict=True)):
            given = _wanted(rng, number)
            page, client_id = _inspect(device, page, site, event, rng, given)
            wanted[client_id] = {**given, "site": site["id"]}
        _send_all(device, page, INSPECTIONS)
        assert sum(device.proxy.done.values()) == CUTS
        assert device.kills == sum(event.startswith("killed") for event in events)
    held = backstage.do("inspections", sites=[site["id"] for site in sites])
    assert sorted(row["client_id"] for row in held) == sorted(wanted)
    for row in held:
        given = wanted[row["client_id"]]
        assert row["site"] == given["site"]
        assert {code: value for code, (value, _note) in row["answers"].items()} == given["answers"]
        assert row["answers"]["exits"][1] == given["note"]
        assert [code for code, _hash in row["pictures"]] == ["door"] * len(given["colours"])
        assert len({tuple(one) for one in row["pictures"]}) == len(set(given["colours"]))
        assert row["started"] <= row["finished"] <= row["received"]
    done = [action for action, _role in record_is_whole()]
    assert done.count("protection.inspect") == INSPECTIONS
    assert done.count("protection.take_picture") == sum(len(w["colours"]) for w in wanted.values())
