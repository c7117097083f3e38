"""A quarter is published, corrected and verified: download in the browser, then the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.harness import submit

from qalqan.cli.app import run

pytestmark = pytest.mark.browser


def _press(page: Page, name: str) -> None:
    submit(page.get_by_role("button", name=name, exact=True))


def _published(visit: Callable[..., Any], address: str) -> None:
    """Let a second person look through a draft and publish it."""
    with visit(role="duty_officer") as v:
        v.page.goto(address)
        expect(v.page.locator("#part-answers")).to_be_visible()
        _press(v.page, "Lock, sign and publish")
        expect(v.page.locator("main .badge").first).to_contain_text("Published")


def _downloaded(page: Page, folder: Path, name: str) -> Path:
    with page.expect_download() as waiting:
        page.locator("section[aria-labelledby=check]").get_by_role("link", name=name).click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


def _fetched(visit: Callable[..., Any], folder: Path, path: str) -> dict[str, Path]:
    """Download a report, its chain file and its certificate as anybody does."""
    with visit(role="public") as v:
        v.page.goto(path)
        found = {
            "pdf": _downloaded(v.page, folder, "PDF (ru)"),
            "chain": _downloaded(v.page, folder, "Chain file"),
            "pem": _downloaded(v.page, folder, "Certificate"),
        }
        with v.page.expect_download() as waiting:
            v.page.get_by_role("link", name="CSV", exact=True).click()
        found["data"] = folder / waiting.value.suggested_filename
        waiting.value.save_as(found["data"])
        return found


def _verified(capsys: pytest.CaptureFixture[str], files: dict[str, Path], **more: Path) -> Any:
    given = [
        "verify", str(files["pdf"]), "--data", str(files["data"]), "--chain", str(files["chain"]),
        "--certificate", str(files["pem"]), "--json",
    ]  # fmt: skip
    for name, path in more.items():
        given += [f"--{name}", str(path)]
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        run(given)
    return ended.value.code, json.loads(capsys.readouterr().out)


def test_a_quarter_is_published_corrected_and_verified(
    visit: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    record_is_whole: Callable[[], list[list[str]]],
) -> None:  # fmt: skip
    with visit(role="secretary") as v:
        v.page.goto("/commission/reports/new/")
        v.page.get_by_label("Year").fill("2025")
        v.page.get_by_label("Quarter").select_option("1")
        _press(v.page, "Gather the figures")
        expect(v.page.locator("main")).to_contain_text("You drafted it")
        address = v.page.url
        assert v.complaints == []
    _published(visit, address)
    with visit(role="secretary") as v:
        v.page.goto(address)
        v.page.get_by_label("Reason in Kazakh").fill("Бір хабарлама екі рет саналған")
        v.page.get_by_label("Reason in Russian").fill("Одно сообщение учтено дважды")
        v.page.get_by_label("Reason in English").fill("One message was counted twice")
        _press(v.page, "Draft the correction")
        second = v.page.url
    _published(visit, second)

    first_files = _fetched(visit, tmp_path, "/public/en/reports/2025-q1/v1/")
    files = _fetched(visit, tmp_path, "/public/en/reports/2025-q1/")
    code, found = _verified(capsys, files, before=first_files["pdf"])
    assert (code, found["agrees"]) == (0, True), found
    assert [one["state"] for one in found["checks"]] == ["agrees"] * 8
    assert found["report"]["code"] == "2025-Q1-v2"

    table = files["data"].read_bytes()
    files["data"].write_bytes(table.replace(b"answers.published,", b"answers.made_up,", 1))
    code, found = _verified(capsys, files)
    assert code == 1
    differs = {one["code"]: one["findings"] for one in found["checks"] if one["state"] == "differs"}
    assert list(differs) == ["data-file"]
    assert "answers.published" in differs["data-file"][0]

    with visit(role="public") as v:
        v.page.goto("/public/en/reports/2025-q1/v1/")
        expect(v.page.locator("main .notice")).to_contain_text("superseded")
        v.page.goto("/public/en/corrections/")
        expect(v.page.locator("main")).to_contain_text("One message was counted twice")
    acts = [act for act, _role in record_is_whole()]
    assert acts.count("commission.publish_report") == 2
