"""A flash-point: from Today to the incidents behind it, and out as files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def _download(page: Page, name: str) -> str:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).first.click()
    return Path(waiting.value.path()).read_text(encoding="utf-8")


def _open_finding(page: Page, stream: str) -> tuple[str, int]:
    """Go from Today to the finding of a stream; return its district and its observed cases."""
    page.goto("/")
    line = page.locator("section#flashpoints article").filter(has_text=stream).first
    line.locator("a.button").first.click()
    expect(page.locator("main .page-header")).to_contain_text("More than expected")
    title = page.locator("h1").inner_text()
    assert title.startswith(stream)
    observed = page.locator(".stat-value").first.inner_text().split()[0]
    return title.split(": ", 1)[1], int(observed)


def test_an_analyst_follows_a_finding_and_exports_what_the_page_says(
    visit: Callable[..., Any], record_is_whole: Callable[[], list[list[str]]]
) -> None:
    with visit(role="analyst") as v:
        page = v.page
        place, observed = _open_finding(page, "Incidents")
        incidents = page.locator("main section").filter(
            has=page.get_by_role("heading", name="Incidents in these districts and days")
        )
        assert incidents.locator("li a").count() == observed
        finding = page.url
        incidents.locator("li a").first.click()
        expect(page.locator("main")).to_contain_text(place)

        page.goto(finding)
        page.get_by_role("navigation", name="Way here").get_by_role("link").last.click()
        table = _download(page, "Export as CSV")
        rows = list(csv.DictReader(io.StringIO(table)))
        found = [row for row in rows if row["areas"] == place]
        assert [int(row["observed"]) for row in found] == [observed]
        shapes = json.loads(_download(page, "Export as GeoJSON"))
        features = [f for f in shapes["features"] if f["properties"]["name_en"] == place]
        assert [f["properties"]["observed"] for f in features] == [observed]
        assert [f["properties"]["p_value"] for f in features] == [float(found[0]["p_value"])]
        assert features[0]["geometry"]["type"] in {"Polygon", "MultiPolygon"}
        assert v.complaints == []
    assert [a for a, _role in record_is_whole()].count("flashpoints.export") == 2


def test_the_tips_behind_a_finding_can_be_read_one_by_one(visit: Callable[..., Any]) -> None:
    with visit(role="analyst") as v:
        place, observed = _open_finding(v.page, "Tips")
        v.page.get_by_role("link", name=f"Read the tips: {place}").click()
        v.page.wait_for_load_state()
        tips = v.page.locator("main tbody tr").count()
        while v.page.get_by_role("link", name="Older").count():
            v.page.get_by_role("link", name="Older").click()
            v.page.wait_for_load_state()
            tips += v.page.locator("main tbody tr").count()
        assert tips == observed
        assert v.complaints == []
