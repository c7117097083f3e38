"""One spelling for words that are looked for, so that a search finds them in every script."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from qalqan.desk.platform.places.fold import fold
from qalqan.science.text.suffixes import strip_suffixes

_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_MOST_WORDS = 8


def folded_words(texts: Iterable[str]) -> list[str]:
    """Return the folded words of texts, each once, in their order.

    >>> folded_words(["Ақтөбе қаласы", "Актобе"])
    ['актобе', 'каласи']
    """
    found = (_plain(word) for text in texts for word in _WORD.findall(text))
    return [word for word in dict.fromkeys(found) if word]


def beginnings(query: str) -> list[str]:
    """Return the folded beginnings of words that a text must contain, at most eight.

    A Kazakh ending is taken off first, so that "Ақтөбеде" finds "Ақтөбе".
    """
    words = []
    for word in _WORD.findall(query)[:_MOST_WORDS]:
        stem = strip_suffixes(word.lower())
        words.append(_plain(stem if len(stem) >= 3 else word))
    return [word for word in words if word]


def beginnings_of_parts(query: str) -> list[str]:
    """Return what `beginnings` does, with words cut at hyphens, as names are kept.

    >>> beginnings_of_parts("Қарғалы-2 мектебі")
    ['каргал', '2', 'мектеп']
    """
    words = []
    for word in query.replace("-", " ").split()[:_MOST_WORDS]:
        stem = strip_suffixes(word.lower())
        words.append(_plain(stem if len(stem) >= 3 else word))
    return [word for word in words if word]


# Words of kinds and places come back with every row of a file.
@lru_cache(maxsize=4096)
def _plain(word: str) -> str:
    return "".join(char for char in fold(word) if char.isalnum())
