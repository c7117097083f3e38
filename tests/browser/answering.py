"""What officers do with a rumour on its page, in any language: by names of fields, not by words."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from tests.browser.harness import submit

WORDING = {
    "kk": ("Тексеру өтті: ауа таза", "Сынама бүгін алынды. Ауа қалыпты."),
    "ru": ("Проверка прошла: воздух чистый", "Пробы взяли сегодня. Воздух в норме."),
    "en": ("The air was tested and is clean", "Samples were taken today. The air is normal."),
}


def act(page: Page, name: str) -> None:
    """Press the button of an act that asks for no reason."""
    submit(page.locator(f"main form[action$='/do/{name}/'] button"))


def add_evidence(page: Page, text: str) -> None:
    """Open the form of evidence and fill it in."""
    form = page.locator("#evidence-form")
    page.locator("main details", has=form).locator("summary").click()
    form.locator("[name=source_name]").fill("Air laboratory")
    form.locator("[name=source_kind]").select_option("agency")
    form.locator("[name=credibility]").select_option("2")
    form.locator("[name=speaks]").select_option("against")
    form.locator("[name=text]").fill(text)
    form.locator("[name=url]").fill("https://air.example.kz/report")
    submit(form.locator("button"))


def give_verdict(page: Page, value: str, reason: str) -> None:
    """Give a verdict on the newest evidence."""
    form = page.locator("#verdict-form")
    page.locator("main details", has=form).locator("summary").click()
    form.locator("[name=value]").select_option(value)
    form.locator("[name=reason]").fill(reason)
    form.locator("[name=evidence]").first.check()
    submit(form.locator("button"))


def write_answer(page: Page) -> None:
    """Fill in the three languages and hand the answer on."""
    for code, (headline, text) in WORDING.items():
        page.locator(f"[name=headline_{code}]").fill(headline)
        page.locator(f"[name=text_{code}]").fill(text)
    submit(page.locator("#answer-form button").last)


def publish(page: Page) -> None:
    """Approve what waits, as the second person."""
    submit(page.locator("main form[action$='/publish/'] button"))
    expect(page.locator("main form[action$='/publish/']")).to_have_count(0)
