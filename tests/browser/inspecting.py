"""What an inspector does on the offline page, again and again."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

PAGE = "/protection/inspect/"


def photo(colour: tuple[int, int, int]) -> dict[str, Any]:
    """Return a picture as a file that a camera would hand over."""
    out = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(out, "JPEG")
    return {"name": "camera.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def begin(page: Page, site: dict[str, Any], checklist: str = "Short") -> str:
    """Begin an inspection of a site; return its number."""
    card = page.locator("section.card").filter(has_text=f"{site['number']} ")
    # The list may still be on its way after a reload.
    expect(card.locator("button.primary")).to_be_visible()
    chooser = card.locator("select")
    if chooser.count():
        label = chooser.locator("option", has_text=checklist).inner_text()
        chooser.select_option(label=label)
    card.locator("button.primary").click()
    page.wait_for_url(f"**{PAGE}#/*-*")
    expect(page.locator("fieldset").first).to_be_visible()
    return page.url.rsplit("/", 1)[1]


def answer(page: Page, code: str, value: str) -> None:
    """Answer a question of the short checklist."""
    field = page.locator(f"[name='q-{code}']")
    if field.first.get_attribute("type") == "radio":
        page.locator(f"[name='q-{code}'][value='{value}']").check()
    else:
        field.fill(value)
        field.blur()


def note(page: Page, code: str, text: str) -> None:
    """Write a note to a question."""
    box = page.locator(f"#box-{code}")
    if not box.locator("textarea").is_visible():
        box.locator("summary").click()
    box.locator("textarea").fill(text)
    box.locator("textarea").blur()


def add_photos(page: Page, code: str, files: list[dict[str, Any]]) -> None:
    """Add pictures to a question, and wait until they are kept."""
    shown = page.locator(f"#box-{code} li[data-photo]")
    before = shown.count()
    page.locator(f"[name='p-{code}']").set_input_files(files)
    expect(shown).to_have_count(before + len(files))


def sign(page: Page, rng: random.Random) -> None:
    """Sign for both sides: one draws, the other confirms without drawing."""
    canvas = page.locator("#box-inspector canvas.signature")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    for _step in range(6):
        page.mouse.move(
            box["x"] + rng.uniform(10, box["width"] - 10),
            box["y"] + rng.uniform(5, box["height"] - 5),
        )
    page.mouse.up()
    page.locator("[name='confirm-owner']").check()
    page.locator("#office").fill("Reception")
    page.locator("#office").blur()


def finish(page: Page) -> None:
    """Finish and go back to the list."""
    page.locator("button.primary").last.click()
    page.wait_for_url(f"**{PAGE}#/")
