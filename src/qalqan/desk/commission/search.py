"""One spelling for the words of lessons, so that a search finds them in every script."""

from __future__ import annotations

import re

from django.db.models import Q

from qalqan.desk.platform.places.fold import fold
from qalqan.science.text.suffixes import strip_suffixes

_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_MOST_WORDS = 8


def searchable(*texts: str) -> str:
    """Return the folded words of texts, each after a space."""
    found = (_plain(word) for text in texts for word in _WORD.findall(text))
    return "".join(f" {word}" for word in dict.fromkeys(found) if word)


def having(query: str) -> Q:
    """Return the condition that rows have words beginning like those of a query."""
    condition = Q()
    for word in _WORD.findall(query)[:_MOST_WORDS]:
        stem = strip_suffixes(word.lower())
        plain = _plain(stem if len(stem) >= 3 else word)
        if plain:
            condition &= Q(search_text__contains=f" {plain}")
    return condition


def _plain(word: str) -> str:
    return "".join(char for char in fold(word) if char.isalnum())
