"""Signing in: password, second factor, lock-out, sessions and their end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.browser.harness import Backstage, Desk
from tests.browser.people import give_code, give_password, press, set_up_app, sign_out

pytestmark = pytest.mark.browser

Acts = Callable[[], list[list[str]]]


@pytest.fixture(scope="module")
def body(backstage: Backstage) -> int:
    """Enter the agency of the people in these journeys."""
    return int(backstage.do("make_body", name="Agency of newcomers"))


def test_a_newcomer_sets_up_a_factor_and_comes_back_with_a_recovery_code(
    visit: Callable[..., Any], backstage: Backstage, body: int, record_is_whole: Acts
) -> None:
    user = backstage.do(
        "make_user", role="duty_officer", username="newcomer", body=body, factor=False
    )
    with visit(role="public") as v:
        give_password(v.page, user["username"], user["password"])
        expect(v.page.locator("h1")).to_have_text("Second factor")
        # Nothing else opens before the factor is there.
        v.page.goto("/rumours/")
        expect(v.page).to_have_url(f"{v.page.url.split('/accounts')[0]}/accounts/factors/")
        codes = set_up_app(v.page)
        assert len(set(codes)) == 10
        v.page.get_by_role("link", name="I have kept them").click()
        expect(v.page.locator("h1")).to_have_text("Today")
        sign_out(v.page)
        give_password(v.page, user["username"], user["password"])
        expect(v.page.locator("h1")).to_have_text("Your second factor")
        v.page.locator("input[name=code]").fill(codes[0])
        press(v.page, "Sign in")
        expect(v.page.locator("h1")).to_have_text("Today")
        assert v.complaints == []
    done = [action for action, _role in record_is_whole()]
    assert "accounts.add_second_factor" in done
    assert done.count("accounts.sign_in") == 2
    assert done.count("accounts.sign_out") == 1


def test_five_wrong_passwords_lock_the_account_and_say_for_how_long(
    visit: Callable[..., Any], backstage: Backstage, body: int, record_is_whole: Acts
) -> None:
    user = backstage.do("make_user", role="analyst", username="forgetful", body=body)
    with visit(role="public") as v:
        for _attempt in range(4):
            give_password(v.page, user["username"], "not-the-password")
            expect(v.page.locator("main")).to_contain_text(
                "The user name or the password is wrong."
            )
        give_password(v.page, user["username"], "not-the-password")
        expect(v.page.locator("h1")).to_have_text("Locked for a while")
        expect(v.page.locator("main")).to_contain_text("Try again in 15 minutes.")
        # The right password does not open it now, or the lock would be a guess's reward.
        v.page.goto("/accounts/sign-in/?next=/")
        give_password(v.page, user["username"], user["password"])
        expect(v.page.locator("h1")).to_have_text("Locked for a while")
    assert any("lock" in action for action, _role in record_is_whole())


def test_a_session_ends_another_one_from_the_list(
    visit: Callable[..., Any], backstage: Backstage, body: int, record_is_whole: Acts
) -> None:
    user = backstage.do("make_user", role="duty_officer", username="two-screens", body=body)
    with visit(session=user["session"]) as old, visit(role="public") as new:
        give_password(new.page, user["username"], user["password"])
        give_code(new.page, user["secret"])
        expect(new.page.locator("h1")).to_have_text("Today")
        new.page.goto("/accounts/sessions/")
        expect(new.page.locator("main tbody tr")).to_have_count(2)
        press(new.page, "Sign out everywhere else")
        expect(new.page.locator("main tbody tr")).to_have_count(1)
        old.page.goto("/rumours/")
        expect(old.page.locator("h1")).to_have_text("Sign in")
        new.page.goto("/rumours/")
        expect(new.page.locator("h1")).to_have_text("Rumours")
    assert ["accounts.sign_in", "duty_officer"] in record_is_whole()


def test_half_an_hour_without_a_request_ends_the_session_and_leads_back(
    visit: Callable[..., Any], backstage: Backstage, body: int, desk: Desk, record_is_whole: Acts
) -> None:
    user = backstage.do("make_user", role="duty_officer", username="called-away", body=body)
    with visit(session=user["session"]) as v:
        v.page.goto("/rumours/?sort=first")
        expect(v.page.locator("h1")).to_have_text("Rumours")
        backstage.do("idle", session=user["session"], minutes=29)
        v.page.reload()
        expect(v.page.locator("h1")).to_have_text("Rumours")
        backstage.do("idle", session=user["session"], minutes=31)
        v.page.reload()
        expect(v.page.locator("h1")).to_have_text("Sign in")
        expect(v.page.locator("main")).to_contain_text("your session had run its time")
        give_password(v.page, user["username"], user["password"])
        give_code(v.page, user["secret"])
        expect(v.page).to_have_url(f"{desk.url}/rumours/?sort=first")
    assert ["accounts.sign_out", "duty_officer"] in record_is_whole()
