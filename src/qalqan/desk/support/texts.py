"""The text of consent, in versions; which one was agreed to is kept with its hash."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

CURRENT = 1
LANGUAGES = ("kk", "ru", "en")


@cache
def _texts(version: int) -> dict[str, list[str]]:
    path = Path(__file__).with_name("data") / f"consent-{version}.json"
    return {key: list(value) for key, value in json.loads(path.read_text("utf-8")).items()}


def paragraphs(language: str, version: int = CURRENT) -> list[str]:
    """Return the paragraphs of consent in a language."""
    return _texts(version)[language if language in LANGUAGES else LANGUAGES[0]]


def digest(language: str, version: int = CURRENT) -> str:
    """Return the SHA-256 of the text that was read out."""
    return sha256("\n".join(paragraphs(language, version)).encode()).hexdigest()
