"""Where a list goes on, as it stands in the address of a page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

LAST_START = 10_000


def start_of(request: HttpRequest) -> int:
    text = request.GET.get("start", "0")
    return min(int(text), LAST_START) if text.isascii() and text.isdigit() else 0


def address(request: HttpRequest, **changes: Any) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"


def before_of(request: HttpRequest) -> tuple[datetime, int] | None:
    """Read where a list goes on: a time in microseconds and a key, joined by a dash."""
    when, _dash, key = request.GET.get("before", "").partition("-")
    if not (when.isascii() and when.isdigit() and key.isascii() and key.isdigit()):
        return None
    if len(when) > 17 or len(key) > 18:
        return None
    return datetime.fromtimestamp(int(when) / 1e6, UTC), int(key)


def mark_of(before: tuple[datetime, int] | None) -> str:
    if before is None:
        return ""
    return f"{round(before[0].timestamp() * 1e6)}-{before[1]}"
