"""Spellings made comparable: one skeleton for a word in any script or habit."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

_LATIN = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e",
    "ж": "j", "з": "z", "и": "i", "й": "i", "і": "i", "ы": "i", "к": "k", "қ": "k", "л": "l",
    "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "ch", "ш": "s",
    "щ": "s", "ъ": "", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    "á": "a", "ä": "a", "ə": "a", "ǵ": "g", "ğ": "g", "ń": "n", "ñ": "n", "ŋ": "n", "ó": "o",
    "ö": "o", "ú": "u", "ü": "u", "ū": "u", "ý": "u", "w": "u", "ı": "i", "y": "i", "ş": "s",
    "q": "k", "x": "h", "'": "", "’": "", "c": "k",
}  # fmt: skip
_PAIRS = (("sh", "s"), ("zh", "j"), ("gh", "g"), ("kh", "h"), ("ch", "c"), ("ng", "n"))
_VOWELS = frozenset("aeiou")

_PLURALS = ("", "лар", "лер", "дар", "дер", "тар", "тер")
_OWNERS = ("", "ы", "і", "сы", "сі", "ым", "ім", "ың", "ің", "м", "ң", "мыз", "міз", "ымыз",
           "іміз", "ыңыз", "іңіз")  # fmt: skip
_CASES = (
    "", "ның", "нің", "дың", "дің", "тың", "тің", "ға", "ге", "қа", "ке", "на", "не", "а", "е",
    "ны", "ні", "ды", "ді", "ты", "ті", "н", "да", "де", "та", "те", "нда", "нде", "дан", "ден",
    "тан", "тен", "нан", "нен", "мен", "бен", "пен", "дағы", "дегі", "тағы", "тегі", "ндағы",
    "ндегі", "сыз", "сіз", "дық", "дік", "лық", "лік", "лы", "лі",
)  # fmt: skip


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """Write a lower-case word with the letters that all spellings share.

    Examples
    --------
    >>> skeleton("қандыағаш") == skeleton("kandyagash") == skeleton("qandyağaş")
    True
    """
    for pair, one in _PAIRS:
        word = word.replace(pair, one)
    return "".join(_LATIN.get(letter, letter) for letter in word)


@lru_cache(maxsize=65536)
def consonants(word: str) -> str:
    """Return the consonants of a word's skeleton, for comparing names across languages."""
    return "".join(letter for letter in skeleton(word) if letter not in _VOWELS)


@lru_cache(maxsize=1)
def kazakh_endings() -> frozenset[str]:
    """Return the skeletons of what may follow a Kazakh noun."""
    return frozenset(skeleton("".join(parts)) for parts in product(_PLURALS, _OWNERS, _CASES))
