"""A security key, played by Chromium's virtual authenticator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.harness import Backstage
from tests.browser.people import give_password, press, sign_out

pytestmark = pytest.mark.browser


def _plug_in_a_key(page: Page) -> tuple[Any, str]:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasResidentKey": False,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return session, made["authenticatorId"]


def test_a_key_is_registered_and_then_signs_in(
    visit: Callable[..., Any],
    backstage: Backstage,
    record_is_whole: Callable[[], list[list[str]]],
) -> None:
    body = backstage.do("make_body", name="Agency with keys")
    user = backstage.do(
        "make_user", role="duty_officer", username="key-holder", body=body, factor=False
    )
    # Browsers let security keys work without HTTPS only under this name.
    with visit(role="public", host="localhost") as v:
        session, key = _plug_in_a_key(v.page)
        give_password(v.page, user["username"], user["password"])
        expect(v.page.locator("h1")).to_have_text("Second factor")
        v.page.get_by_role("link", name="Add a security key").click()
        v.page.get_by_label("Name of the key").fill("Key on my ring")
        press(v.page, "Add")
        expect(v.page.locator("main li code")).to_have_count(10)
        held = session.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
        assert [one["rpId"] for one in held] == ["localhost"]
        v.page.goto("/accounts/factors/keys/")
        expect(v.page.locator("main tbody")).to_contain_text("Key on my ring")
        sign_out(v.page)
        give_password(v.page, user["username"], user["password"])
        expect(v.page.locator("h1")).to_have_text("Your second factor")
        press(v.page, "Use a security key")
        expect(v.page.locator("h1")).to_have_text("Today")
        assert v.complaints == []
    done = [action for action, _role in record_is_whole()]
    assert "accounts.add_second_factor" in done
    assert done.count("accounts.sign_in") == 2
