"""A light suffix stripper for Kazakh nouns in Cyrillic.

Kazakh adds plural, possessive and case to a noun in that order, and each ending takes its vowel
from the stem's last vowel and its first consonant from the stem's last sound. An ending is taken
off only where both fit, which spares most words that merely look inflected.
"""

from __future__ import annotations

_BACK = frozenset("аоұыуяёю")
_FRONT = frozenset("әөүіеэ")
_NEUTRAL = frozenset("иу")
_VOICELESS = frozenset("пткқсшщчцфхһбвгдъь")
_VOWEL = _BACK | _FRONT | _NEUTRAL
_SOFTENED = {"б": "п", "г": "к", "ғ": "қ"}

_PLURAL = ("лар", "лер", "дар", "дер", "тар", "тер")
_THIRD = ("сы", "сі", "ы", "і")
_CASES = (
    "дағы", "дегі", "тағы", "тегі", "ның", "нің", "дың", "дің", "тың", "тің", "нан", "нен",
    "дан", "ден", "тан", "тен", "мен", "бен", "пен", "да", "де", "та", "те", "ға", "ге", "қа",
    "ке", "ны", "ні", "ды", "ді", "ты", "ті",
)  # fmt: skip
_AFTER_THIRD = ("ндағы", "ндегі", "нан", "нен", "нда", "нде", "на", "не", "н")
_POSSESSIVES = (
    "ымыз", "іміз", "ыңыз", "іңіз", "мыз", "міз", "ңыз", "ңіз", "сы", "сі", "ым", "ім", "ың",
    "ің", "ы", "і",
)  # fmt: skip
#: Endings of roots that look like inflection: Қазақстан is no ablative.
_ROOTS = ("стан", "адам", "мемлекет")


def _harmony(stem: str, suffix: str) -> bool:
    """Whether a suffix's first vowel agrees with the stem's last one."""
    vowel = next((c for c in suffix if c in _VOWEL), "")
    last = next((c for c in reversed(stem) if c in _VOWEL), "")
    if not last:
        return False
    if not vowel or suffix in ("мен", "бен", "пен") or last in _NEUTRAL:
        return True
    return (vowel in _BACK) == (last in _BACK)


def _joint(stem: str, suffix: str) -> bool:
    """Whether a suffix's first consonant agrees with the stem's last sound."""
    end, first = stem[-1], suffix[0]
    if first in _VOWEL:
        return end not in _VOWEL or end in "иу"
    if first in "тқкп":
        return end in _VOICELESS
    if first == "л":
        return end in _VOWEL or end in "рй"
    if first == "с":
        return end in _VOWEL
    if first == "н" and suffix in ("нан", "нен"):
        return end in "мнң"
    if first == "н":
        return end in _VOWEL or end in "мнң"
    if first == "б":
        return end in "зж"
    return end not in _VOICELESS


def _cut(word: str, suffixes: tuple[str, ...], least: int) -> str | None:
    for suffix in suffixes:
        stem = word[: -len(suffix)]
        if (
            word.endswith(suffix)
            and len(stem) >= least
            and _harmony(stem, suffix)
            and _joint(stem, suffix)
        ):
            return stem
    return None


def _cut_case(word: str) -> str:
    for suffix in _AFTER_THIRD:
        stem = word[: -len(suffix)]
        least = 4 if len(suffix) == 1 else 3
        if (
            word.endswith(suffix)
            and stem.endswith(_THIRD)
            and len(stem) >= least
            and _harmony(stem, suffix)
        ):
            return stem
    for first_or_second, ending in (("м", "а"), ("м", "е"), ("ң", "а"), ("ң", "е")):
        stem = word[:-1]
        if word.endswith(first_or_second + ending) and stem.endswith(("ым", "ім", "ың", "ің")):
            return stem if len(stem) >= 5 and _harmony(stem, ending) else word
    return _cut(word, _CASES, 2) or word


def _cut_possessive(word: str) -> str:
    for suffix in _POSSESSIVES:
        least = 2 if len(suffix) > 2 or suffix in ("сы", "сі") else 3
        stem = _cut(word, (suffix,), least)
        if stem is None or (suffix in ("ым", "ім", "ың", "ің", "ы", "і") and len(stem) < 3):
            continue
        if suffix in ("сы", "сі") and len(stem) < 3:
            continue
        if suffix[0] in _VOWEL and stem[-1] in _SOFTENED:
            return stem[:-1] + _SOFTENED[stem[-1]]
        return stem
    return word


def strip_suffixes(word: str) -> str:
    """Take case, possessive and plural endings off a Kazakh noun.

    Parameters
    ----------
    word : str
        One word in Kazakh Cyrillic; capitals are lowered.

    Returns
    -------
    str
        The stem, or the word where no ending fits. A softened final consonant is restored
        (кітабы → кітап).

    Examples
    --------
    >>> strip_suffixes("Ақтөбеден"), strip_suffixes("қалаларымызда"), strip_suffixes("кітабы")
    ('ақтөбе', 'қала', 'кітап')
    """
    word = word.lower()
    if len(word) < 4 or word.endswith(_ROOTS):
        return word
    stem = _cut_case(word)
    if not stem.endswith(_ROOTS) and (len(stem) >= 4):
        stem = _cut_possessive(stem)
    return _cut(stem, _PLURAL, 2) or stem
