"""Whether an answer to the public is said in plain words: what to look at again, and where.

The check warns; it never forbids. It knows words and lengths, not meaning, so a warning is a
question to the writer, who may have a reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from qalqan.science.text._plain_lexicon import BLAME, EMPTY, GROUPS, WAR
from qalqan.science.text.suffixes import strip_suffixes

LONGEST_SENTENCE: Mapping[str, int] = {"kk": 18, "ru": 20, "en": 25}
"""Words a sentence may have. Kazakh and Russian say with an ending what English says with a
word, so their sentences hold fewer."""

SHARED = 0.6
"""A headline repeats a rumour where so large a part of its telling words stands in the rumour."""

_LEAST_SHARED = 2
_STEM = 5
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_NUMBER_OR_WORD = re.compile(r"\w+(?:[-’'.,:]\w+)*")
_SENTENCE = re.compile(r"[^.!?…\n]+(?:\.(?=\d)[^.!?…\n]+)*")


class Concern(StrEnum):
    """What a warning is about."""

    WAR = "war"
    BLAME = "blame"
    LONG_SENTENCE = "long_sentence"
    REPEATS_RUMOUR = "repeats_rumour"
    FACTS_FIRST = "facts_first"


@dataclass(frozen=True, slots=True)
class Concerned:
    """One place to look at again.

    Parameters
    ----------
    concern
        What it is about.
    part
        ``headline`` or ``text``.
    start, end
        Where it stands, in characters.
    surface
        The words there.
    """

    concern: Concern
    part: str
    start: int
    end: int
    surface: str


def check_plain_words(
    headline: str, text: str, language: str, *, rumours: Sequence[str] = ()
) -> tuple[Concerned, ...]:
    """Find words of war, blame on groups, long sentences and a rumour that is said again.

    Parameters
    ----------
    headline, text
        The answer in one language.
    language
        ``kk`` (Cyrillic), ``ru`` or ``en``.
    rumours
        Wordings of the rumour, in any language; those in another one match nothing.

    Returns
    -------
    tuple of Concerned
        In order: the headline, then the text; within each by place.

    Raises
    ------
    KeyError
        The language is another one.

    Examples
    --------
    >>> [c.concern.value for c in check_plain_words("Water is safe", "We won the war.", "en")]
    ['war']
    """
    found: list[Concerned] = []
    stems = {stem for rumour in rumours for stem in _stems(rumour, language)}
    for part, words in (("headline", headline), ("text", text)):
        found += _war(part, words, language)
        for number, (start, end) in enumerate(_sentences(words)):
            sentence = words[start:end]
            found += _blame(part, sentence, start, language)
            if _length(sentence) > LONGEST_SENTENCE[language]:
                found.append(Concerned(Concern.LONG_SENTENCE, part, start, end, sentence))
            if part == "text" and number == 0 and _repeats(sentence, stems, language):
                found.append(Concerned(Concern.FACTS_FIRST, part, start, end, sentence))
        if part == "headline" and _repeats(words, stems, language):
            found.append(Concerned(Concern.REPEATS_RUMOUR, part, 0, len(words), words))
    return tuple(sorted(found, key=lambda c: (c.part != "headline", c.start, c.concern)))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield where sentences begin and end, blanks left out."""
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        start = match.start() + len(sentence) - len(sentence.lstrip())
        end = match.end() - (len(sentence) - len(sentence.rstrip()))
        if start < end:
            yield start, end


def _length(sentence: str) -> int:
    return sum(1 for _word in _NUMBER_OR_WORD.finditer(sentence))


def _war(part: str, text: str, language: str) -> Iterator[Concerned]:
    for match in _WORD.finditer(text):
        if _is_among(match.group(), WAR[language], language):
            yield Concerned(Concern.WAR, part, match.start(), match.end(), match.group())


def _blame(part: str, sentence: str, offset: int, language: str) -> Iterator[Concerned]:
    """Yield the groups named in a sentence that also blames."""
    words = list(_WORD.finditer(sentence))
    if not any(_is_among(word.group(), BLAME[language], language) for word in words):
        return
    for word in words:
        if _is_among(word.group(), GROUPS[language], language):
            start, end = offset + word.start(), offset + word.end()
            yield Concerned(Concern.BLAME, part, start, end, word.group())


def _is_among(word: str, entries: tuple[str, ...], language: str) -> bool:
    whole, beginnings = _split(entries)
    lower = word.lower().replace("ё", "е")
    if lower in whole or lower.startswith(beginnings):
        return True
    return language == "kk" and strip_suffixes(lower) in whole


@cache
def _split(entries: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    whole = frozenset(entry for entry in entries if not entry.endswith("*"))
    return whole, tuple(entry[:-1] for entry in entries if entry.endswith("*"))


def _stems(text: str, language: str) -> list[str]:
    """Return the beginnings of the telling words; endings differ, beginnings stay."""
    words = (match.group().lower().replace("ё", "е") for match in _WORD.finditer(text))
    return [w[:_STEM] for w in words if len(w) > 2 and w not in EMPTY[language]]


def _repeats(text: str, rumour: set[str], language: str) -> bool:
    own = set(_stems(text, language))
    shared = len(own & rumour)
    return shared >= _LEAST_SHARED and shared >= SHARED * len(own)
