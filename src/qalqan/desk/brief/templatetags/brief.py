"""Look a value up by a key that is itself a variable."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.filter
def at(table: Mapping[str, str] | None, key: str) -> str:
    """Return the entry of a key, or nothing."""
    return (table or {}).get(key, "")


@register.filter
def said(votes: Mapping[str, bool] | None, key: str) -> str:
    """Return the reader's own word on a line: ``yes``, ``no`` or nothing."""
    return {True: "yes", False: "no"}.get((votes or {}).get(key), "")  # type: ignore[arg-type]


@register.filter
def drawing(drawings: Mapping[str, str] | None, key: str) -> SafeString:
    """Return an SVG drawing; only the desk's own figures, whose texts are escaped there."""
    return mark_safe((drawings or {}).get(key, ""))  # noqa: S308 -- see above
