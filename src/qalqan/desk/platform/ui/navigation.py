"""What the menu offers: each room brings its own items, the policies decide who sees which."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VIEW, Actor, policy_of
from qalqan.desk.platform.policies.roles import PUBLIC_ROLE

GROUPS: dict[str, Any] = {
    "today": _("Today"),
    "take_in": _("Take in"),
    "understand": _("Understand"),
    "decide": _("Decide"),
    "act": _("Act"),
    "measure": _("Measure"),
    "publish": _("Publish"),
    "administer": _("Administer"),
}
"""The parts of the menu in the order of a duty officer's morning."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the menu.

    Parameters
    ----------
    label
        What the reader sees; a lazy translation.
    url_name
        Name of the page, e.g. ``rumours:claims``.
    group
        A key of ``GROUPS``.
    model, action
        The item is shown to those whom this model's policy (``"rumours.Claim"``) allows the
        action; without a model, to everyone who is signed in.
    key
        The letter that goes there after ``g``; empty for none.
    """

    label: Any
    url_name: str
    group: str
    model: str = ""
    action: str = VIEW
    key: str = ""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One thing that a search found: what it is called, where it is, and what it is."""

    title: str
    url: str
    kind: Any
    note: str = ""


SearchProvider = Callable[[Actor, str], Sequence[SearchHit]]
"""A room's search: rows visible to the actor that match the text, best first, at most 20."""


@dataclass(frozen=True, slots=True)
class Link:
    """A menu entry ready to be written."""

    label: str
    url: str
    key: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the menu with the entries that the actor may use."""

    name: str
    label: str
    links: tuple[Link, ...]


def _rooms() -> list[Any]:
    """Return the ``navigation`` modules of all rooms that have one."""
    return [
        import_module(f"{config.name}.navigation")
        for config in apps.get_app_configs()
        if config.name.startswith("qalqan.desk.")
        and config.name != "qalqan.desk.platform.ui"
        and find_spec(f"{config.name}.navigation")
    ]


@cache
def items() -> tuple[NavItem, ...]:
    """Return every room's items in the order of the installed rooms."""
    found = [item for room in _rooms() for item in getattr(room, "ITEMS", ())]
    for item in found:
        if item.group not in GROUPS:
            raise ValueError(f"{item.url_name}: there is no menu group {item.group!r}")
    return tuple(found)


@cache
def search_providers() -> tuple[SearchProvider, ...]:
    """Return every room's search."""
    return tuple(provider for room in _rooms() for provider in getattr(room, "SEARCH", ()))


def _allowed(item: NavItem, actor: Actor) -> bool:
    if actor.role == PUBLIC_ROLE:
        return False
    return not item.model or policy_of(apps.get_model(item.model)).allows(actor, item.action)


def _address(item: NavItem) -> str | None:
    try:
        return reverse(item.url_name)
    except NoReverseMatch:
        return None


def _is_current(url: str, path: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def menu(actor: Actor, path: str) -> tuple[Group, ...]:
    """Return the parts of the menu that have something for the actor.

    The entry with the longest address that begins ``path`` is the current one.
    """
    offered = [(item, url) for item in items() if _allowed(item, actor) and (url := _address(item))]
    here = max((url for _item, url in offered if _is_current(url, path)), key=len, default=None)
    return tuple(
        Group(name, str(label), links)
        for name, label in GROUPS.items()
        if (
            links := tuple(
                Link(str(item.label), url, item.key, url == here)
                for item, url in offered
                if item.group == name
            )
        )
    )


def search(actor: Actor, text: str) -> list[SearchHit]:
    """Ask every room for what matches the text."""
    if not text.strip():
        return []
    return [hit for provider in search_providers() for hit in provider(actor, text.strip())]
