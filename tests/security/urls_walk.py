"""Walking every address of the desk, the HTTP API included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True)
class Address:
    """One address: its full name, its pattern, and what answers there."""

    name: str
    route: str
    view: Callable[..., Any]


def walk(
    patterns: list[Any] | None = None, namespace: str = "", route: str = ""
) -> Iterator[Address]:
    """Yield every address below the given patterns; the whole desk by default."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner, here)
        elif isinstance(pattern, URLPattern):
            yield Address(f"{namespace}{pattern.name or ''}", here, pattern.callback)


def guard_of(view: Callable[..., Any]) -> Any:
    """Return the guard of a view, also below decorators that keep ``__wrapped__``."""
    while view is not None:
        if guard := getattr(view, "policy_guard", None):
            return guard
        view = getattr(view, "__wrapped__", None)
    return None


def ninja_operations(view: Callable[..., Any]) -> list[Callable[..., Any]]:
    """Return the functions behind one address of a django-ninja API; none for other views.

    Ninja answers with a closure over a ``PathView``; each of its operations carries the
    function that a room has written.
    """
    owner = getattr(view, "__self__", None)
    cells = [cell.cell_contents for cell in getattr(view, "__closure__", None) or ()]
    for candidate in (owner, *cells):
        operations = getattr(candidate, "operations", None)
        if operations is not None:
            return [operation.view_func for operation in operations]
    return []
