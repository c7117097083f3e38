"""Light, dark, or as the device says; kept in a cookie so that it works before sign-in."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

COOKIE = "theme"
AUTO = "auto"
THEMES = {AUTO: _("As the device"), "light": _("Light"), "dark": _("Dark")}


def theme_of(request: HttpRequest) -> str:
    """Return the chosen theme; ``auto`` for none or an unknown one."""
    chosen = request.COOKIES.get(COOKIE, AUTO)
    return chosen if chosen in THEMES else AUTO
