"""Kazakh in Cyrillic letters to Kazakh in Latin letters, in the habits people write it."""

from __future__ import annotations

from collections.abc import Mapping

from qalqan.science.text.lexicon import LATIN_COMMON, LATIN_STYLES

_NAMES = ("2017", "2018", "2021", "sms-k", "sms-q", "sms-zh")
# What phones without Kazakh letters make of the 2021 alphabet.
_BARE_2021 = {"ә": "a", "ғ": "g", "қ": "q", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "і": "i",
              "у": "u", "и": "i", "й": "i", "ш": "s", "ч": "ch", "я": "ia", "ю": "iu",
              "щ": "s"}  # fmt: skip
_TABLES: Mapping[str, Mapping[str, str]] = {
    name: LATIN_COMMON | style for name, style in zip(_NAMES, LATIN_STYLES, strict=True)
} | {"bare": LATIN_COMMON | _BARE_2021}

#: Names of the habits: three alphabets, three SMS habits, and the 2021 alphabet without marks.
HABITS = tuple(_TABLES)


def cyrillic_to_latin(text: str, habit: str) -> str:
    """Write Kazakh Cyrillic in Latin letters.

    Parameters
    ----------
    text : str
        Kazakh in Cyrillic; whatever is no Kazakh letter stays.
    habit : str
        One of `HABITS`.

    Returns
    -------
    str
        The text in Latin letters; capitals kept at the start of a word.

    Raises
    ------
    KeyError
        The habit is unknown.

    Examples
    --------
    >>> cyrillic_to_latin("Ертең су жоқ", "2021"), cyrillic_to_latin("Ертең су жоқ", "sms-zh")
    ('Erteñ su joq', 'Erteng su zhok')
    """
    table = _TABLES[habit]
    out = []
    for letter in text:
        lower = letter.lower()
        latin = table.get(lower, lower if lower != letter else letter)
        out.append(latin.capitalize() if lower != letter and latin else latin)
    return "".join(out)
