"""The administrator's acts, and who may read about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.harness import Desk
from tests.browser.people import give_password, press, set_up_app, sign_out

pytestmark = pytest.mark.browser

OWN_PASSWORD = "bright-river-under-9-bridges"


def test_an_account_is_opened_used_reset_and_all_of_it_is_on_record(
    visit: Callable[..., Any], desk: Desk, record_is_whole: Callable[[], list[list[str]]]
) -> None:
    with visit(role="administrator") as admin, visit(role="public") as new:
        admin.page.goto("/accounts/users/")
        admin.page.get_by_role("link", name="Open an account").click()
        admin.page.get_by_label("User name").fill("aizhan")
        admin.page.get_by_label("Role").select_option(label="Press officer")
        admin.page.get_by_label("Organisation").select_option(label="Aktobe duty centre")
        admin.page.locator("main select[name=language]").select_option("en")
        press(admin.page, "Open the account")
        expect(admin.page.locator("h1")).to_have_text("The account is open")
        password = admin.page.locator("main dd code").last.inner_text()
        # It was shown once: asking for the page again shows an empty form.
        admin.page.goto("/accounts/users/add/")
        expect(admin.page.locator("main")).not_to_contain_text(password)

        give_password(new.page, "aizhan", password)
        expect(new.page.locator("h1")).to_have_text("Change the password")
        new.page.goto("/rumours/")
        expect(new.page.locator("h1")).to_have_text("Change the password")
        new.page.get_by_label("Present password").fill(password)
        new.page.get_by_label("New password", exact=True).fill(OWN_PASSWORD)
        new.page.get_by_label("New password once more").fill(OWN_PASSWORD)
        press(new.page, "Change the password")
        expect(new.page.locator("h1")).to_have_text("Second factor")
        set_up_app(new.page)
        new.page.goto("/rumours/")
        expect(new.page.locator("h1")).to_have_text("Rumours")

        admin.page.goto("/accounts/users/?q=aizhan")
        admin.page.get_by_role("link", name="aizhan").click()
        press(admin.page, "Remove the second factor")
        expect(admin.page.locator("main .toast")).to_contain_text("The second factor is removed")
        new.page.goto("/rumours/")
        expect(new.page.locator("h1")).to_have_text("Sign in")
        give_password(new.page, "aizhan", OWN_PASSWORD)
        expect(new.page.locator("h1")).to_have_text("Second factor")
        set_up_app(new.page)
        sign_out(new.page)

    with visit(role="auditor") as auditor:
        auditor.page.goto("/audit/")
        record = auditor.page.locator("main tbody")
        for action in ("accounts.create_user", "accounts.reset_second_factor"):
            expect(record).to_contain_text(action)
        expect(record).not_to_contain_text(OWN_PASSWORD)
        auditor.page.locator("main").get_by_role("link", name="Is the record whole?").click()
        press(auditor.page, "Check now")
        expect(auditor.page.locator("main")).to_contain_text("The record is whole.")
    with visit(role="analyst") as analyst:
        answer = analyst.page.goto(f"{desk.url}/audit/")
        assert answer is not None
        assert answer.status == 403
        expect(analyst.page.locator("main")).not_to_contain_text("accounts.create_user")
        expect(analyst.page.locator("nav a[href='/audit/']")).to_have_count(0)
    done = record_is_whole()
    assert ["accounts.create_user", "administrator"] in done
    assert ["accounts.reset_second_factor", "administrator"] in done
    assert [action for action, _role in done].count("accounts.add_second_factor") >= 2
