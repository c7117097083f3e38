"""What people do at the desk again and again."""

from __future__ import annotations

import pyotp
from playwright.sync_api import Page


def press(page: Page, name: str) -> None:
    """Press the one button of that name in a form of the page; wait for what answers."""
    page.locator("main form").get_by_role("button", name=name, exact=True).click()
    # A click ends when the next page begins; its parts are not there yet.
    page.wait_for_load_state()


def give_password(page: Page, username: str, password: str) -> None:
    """Open the sign-in page, unless it is open, and fill it in."""
    if "/accounts/sign-in/" not in page.url:
        page.goto("/accounts/sign-in/")
    page.get_by_label("User name").fill(username)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")


def give_code(page: Page, secret: str) -> None:
    """Enter the code that the app shows now."""
    page.locator("input[name=code]").fill(pyotp.TOTP(secret).now())
    press(page, "Sign in")


def set_up_app(page: Page) -> list[str]:
    """Set an app with codes up from the secret that the page shows; return the recovery codes."""
    page.get_by_role("link", name="Set up the app").click()
    secret = page.locator("dd code").inner_text()
    page.get_by_label("Code that the app shows now").fill(pyotp.TOTP(secret).now())
    press(page, "Set up")
    return page.locator("main li code").all_inner_texts()


def sign_out(page: Page) -> None:
    """Sign out by the menu."""
    page.locator("details.user-menu summary").click()
    page.locator("details.user-menu").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/sign-in/**")
