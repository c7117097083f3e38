"""Read a text as an eye would: one kind of digit, space, dash and letter, nothing invisible.

Whoever hides a number writes it in full-width digits, with soft hyphens or with the letter O for
a zero; the eye still reads it. Detectors work on the folded text; places are led back.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from qalqan.desk.platform.privacy.kinds import Kind

BARRIER = "\ue000"
"""Stands where something is masked; no pattern reaches over it. A writer's own is dropped."""

_MASK = re.compile(r"\[(?:" + "|".join(kind.value for kind in Kind) + r")\]")
_LETTER_FOR_ZERO = re.compile(r"(?<=\d)[oо]+(?=[ \-]?\d)")
_ODD = re.compile("[^ -~\nЀ-ҁҊ-ԯ№«»–—]")
_DROPPED = frozenset({"Cf", "Mn", "Me", "Co", "Cs", "Cn"})
_SAME_TO_THE_EYE = ("<wide>", "<narrow>", "<font>", "<circle>", "<small>")
_QUOTES = dict.fromkeys("′’ʹʼ´‘", "'") | dict.fromkeys("″”“„", '"')


class _Table(dict[int, str]):
    """Folds a character when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = fold_character(chr(code))
        return folded


def fold_character(character: str) -> str:
    """Return the one plain character that reads the same, or nothing for an invisible one.

    >>> fold_character("７"), fold_character("–"), fold_character("Ж"), fold_character("\\u200b")
    ('7', '-', 'ж', '')
    """
    category = unicodedata.category(character)
    if character in "\n\v\f\x85" or category in ("Zl", "Zp"):
        return "\n"
    if character in "\t\r" or category == "Zs":
        return " "
    if category in _DROPPED or category == "Cc":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "−":
        return "-"
    if character in _QUOTES:
        return _QUOTES[character]
    if unicodedata.decomposition(character).startswith(_SAME_TO_THE_EYE):
        plain = unicodedata.normalize("NFKC", character)
        character = plain if len(plain) == 1 else character
    lower = character.lower()
    return lower if len(lower) == 1 else character


_TABLE = _Table()


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text, and where its characters stood; ``places`` is None if nothing moved."""

    text: str
    places: tuple[int, ...] | None

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the folded text stands in the text as written."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


def is_odd(text: str) -> bool:
    """Tell whether a text has characters that do not fold by case alone."""
    return _ODD.search(text) is not None


def fold(text: str) -> Folded:
    """Fold a text; what is masked already becomes a barrier.

    >>> fold("+７ 7О1").text
    '+7 701'
    """
    places = None
    if not is_odd(text):
        plain = text.lower().replace("–", "-").replace("—", "-")
    else:
        plain = text.translate(_TABLE)
    if len(plain) != len(text):
        places = tuple(place for place, letter in enumerate(text) if _TABLE[ord(letter)])
    if "[" in plain:
        plain = _MASK.sub(lambda mask: BARRIER * len(mask[0]), plain)
    plain = _LETTER_FOR_ZERO.sub(lambda letters: "0" * len(letters[0]), plain)
    return Folded(plain, places)
