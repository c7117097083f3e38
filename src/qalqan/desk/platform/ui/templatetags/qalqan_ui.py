"""Components for templates; the page /ui/components/ shows each of them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

TONES = frozenset({"neutral", "info", "good", "warning", "critical"})


def _tone(tone: str) -> str:
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"There is no tone {tone!r}; use one of {sorted(TONES)}")
    return tone


@register.simple_tag
def badge(text: Any, tone: str = "neutral") -> SafeString:
    """Write a short state in words, with a shape and a colour that mean the same."""
    return format_html('<span class="badge tone-{}">{}</span>', _tone(tone), text)


@register.inclusion_tag("ui/components/empty_state.html")
def empty_state(title: Any, hint: Any = "", url: str = "", label: Any = "") -> dict[str, Any]:
    """Say that nothing is there, and what to do next."""
    return {"title": title, "hint": hint, "url": url, "label": label}
