"""Texts that stand in three languages, and the one the reader sees."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

LANGUAGES = ("kk", "ru", "en")


def in_language(thing: Any, field: str, language: str | None = None) -> str:
    """Return ``field_kk``, ``field_ru`` or ``field_en``: the reader's, or else one that is there.

    Parameters
    ----------
    thing
        What has the three fields.
    field
        Their common beginning.
    language
        ``kk``, ``ru`` or ``en``; the active one where it is not given.
    """
    wanted = (language or get_language() or "kk")[:2]
    texts = (
        str(getattr(thing, f"{field}_{code}", "")) for code in dict.fromkeys([wanted, *LANGUAGES])
    )
    return next((text for text in texts if text), "")


def said(texts: dict[str, str], language: str | None = None) -> str:
    """Return the text in a language, or one that is there."""
    wanted = (language or get_language() or "kk")[:2]
    return next((texts[code] for code in [wanted, *LANGUAGES] if texts.get(code)), "")
