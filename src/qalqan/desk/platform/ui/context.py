"""What every page needs to draw its frame."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest

from qalqan.desk.platform.policies import actor_of
from qalqan.desk.platform.ui import navigation, sample
from qalqan.desk.platform.ui.theme import theme_of


class Shell:
    """The frame of one page; nothing is looked up before a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def menu(self) -> tuple[navigation.Group, ...]:
        """The parts of the menu for whoever is asking."""
        return navigation.menu(actor_of(self._request), self._request.path)

    @cached_property
    def theme(self) -> str:
        """``auto``, ``light`` or ``dark``."""
        return theme_of(self._request)

    @cached_property
    def has_sample_data(self) -> bool:
        """Whether made-up data is loaded, so that every page must say so."""
        return sample.is_loaded()

    @property
    def here(self) -> str:
        """The address to come back to after a switch of language or theme."""
        return self._request.get_full_path() if self._request.method == "GET" else "/"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give templates the frame as ``shell``."""
    return {"shell": Shell(request)}
