"""How long a text takes a loudspeaker to say."""

from __future__ import annotations

import re

SYLLABLES_A_SECOND = 4.0
"""The rate of a slow, clear announcer. Conversation runs at 5 to 8 syllables a second (Pellegrino,
Coupé & Marsico 2011, Language 87(3), table 1); a loudspeaker's echo asks for much less."""

SENTENCE_PAUSE = 0.6
COMMA_PAUSE = 0.25
"""Seconds of silence; the echo of a distant loudspeaker has to fade."""

_VOWELS = {
    "kk": re.compile("[аәеёиіоөуұүыэюя]", re.IGNORECASE),
    "ru": re.compile("[аеёиоуыэюя]", re.IGNORECASE),
    "en": re.compile("[aeiouy]+", re.IGNORECASE),
}
_SILENT_E = re.compile("[aeiouy].*[^aeiouyl]e$", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
_SYLLABLES_A_DIGIT = 2.0
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n+")
_COMMA = re.compile(r"[,;:—–](?=\s|$)")
_WORD = re.compile(r"[^\W\d_]+")


def syllables(text: str, language: str) -> float:
    """Count syllables: vowels in Kazakh and Russian, groups of vowels in English.

    A digit counts two syllables: its own name and a part of its place (ten, hundred).

    Parameters
    ----------
    text
        Any text.
    language
        ``kk``, ``ru`` or ``en``.

    Returns
    -------
    float
        Syllables.

    Raises
    ------
    KeyError
        The language is another one.

    Examples
    --------
    >>> syllables("Назар аударыңыз", "kk"), syllables("Внимание", "ru")
    (7.0, 4.0)
    """
    vowels = _VOWELS[language]
    spoken = 0
    for word in _WORD.findall(text):
        count = len(vowels.findall(word))
        if language == "en" and _SILENT_E.search(word):
            count -= 1
        # A word without a vowel (an abbreviation) is said by its letters: one at the least.
        spoken += max(1, count)
    return spoken + _SYLLABLES_A_DIGIT * len(_DIGIT.findall(text))


def spoken_seconds(
    text: str, language: str, *, syllables_a_second: float = SYLLABLES_A_SECOND
) -> float:
    """Estimate how long a text takes to say, pauses included.

    Parameters
    ----------
    text
        What is said.
    language
        ``kk``, ``ru`` or ``en``.
    syllables_a_second
        The announcer's rate, without pauses.

    Returns
    -------
    float
        Seconds. An estimate: voices differ by a quarter and more.

    Raises
    ------
    KeyError
        The language is another one.
    ValueError
        The rate is not above zero.

    Examples
    --------
    >>> spoken_seconds("Внимание всем.", "ru")
    1.85
    """
    if not syllables_a_second > 0:
        raise ValueError("a rate of speech is above zero")
    pauses = SENTENCE_PAUSE * len(_SENTENCE_END.findall(text)) + COMMA_PAUSE * len(
        _COMMA.findall(text)
    )
    return syllables(text, language) / syllables_a_second + pauses
