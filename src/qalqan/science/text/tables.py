"""Code-point tables shared by the plain and the compiled normaliser.

Every code point gets one ``uint32``: the low 21 bits are what it becomes, the next three its
kind. The tables are built from the Unicode data of the running Python on first use, so both
normalisers always agree on the Unicode version.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SPACE, LETTER, DIGIT, DROP, EXPAND = 0, 1, 2, 3, 4
KIND_SHIFT = 21
CODE_MASK = (1 << KIND_SHIFT) - 1
#: Letters below this number may have a look-alike in the other script.
TWIN_LIMIT = 0x600

# Latin letters beside the Cyrillic letters that are drawn like them. Capital H is drawn like
# Cyrillic EN, small h like Kazakh SHHA; hence the capital keeps its own entry until a word's
# script is known.
_TWINS: tuple[tuple[str, str], ...] = (
    ("a", "а"), ("b", "в"), ("c", "с"), ("e", "е"), ("i", "і"), ("k", "к"), ("m", "м"),
    ("o", "о"), ("p", "р"), ("s", "ѕ"), ("t", "т"), ("x", "х"), ("y", "у"), ("j", "ј"),
    ("ə", "ә"), ("ɵ", "ө"), ("h", "һ"), ("H", "н"),
)  # fmt: skip

_APOSTROPHES = "'`´’‘ʼʻʹ′＇"
# Large blocks of letters without case or compatibility forms: filled without a look-up each.
_PLAIN_LETTERS = (
    (0x3400, 0x4DC0),
    (0x4E00, 0xA000),
    (0xAC00, 0xD7A4),
    (0x17000, 0x18D00),
    (0x20000, 0x2F800),
    (0x30000, 0x323B0),
)
_LAST_CASED = 0x20000


class Tables(NamedTuple):
    """The lookup arrays of the normaliser.

    Attributes
    ----------
    fold : ndarray of uint32, shape (0x110000,)
        ``kind << 21 | code``; for kind ``EXPAND`` the code is an index into `expansion`.
    expansion : ndarray of uint32
        At each index a length, then that many ``kind << 21 | code`` entries.
    to_cyrillic, to_latin : ndarray of uint32, shape (TWIN_LIMIT,)
        The letter in a word of that script; itself where there is no look-alike.
    script : ndarray of int8, shape (TWIN_LIMIT,)
        0 neither, 1 Latin, 2 Cyrillic, 3 Latin with a twin, 4 Cyrillic with a twin.
    shape : ndarray of uint32, shape (TWIN_LIMIT,)
        The same number for letters that are drawn alike.
    """

    fold: NDArray[np.uint32]
    expansion: NDArray[np.uint32]
    to_cyrillic: NDArray[np.uint32]
    to_latin: NDArray[np.uint32]
    script: NDArray[np.int8]
    shape: NDArray[np.uint32]


def _fold_text(char: str) -> str:
    """Return the fixed point of NFKC and case folding for one character."""
    if char == "H":
        return char
    folded = char
    for _ in range(4):
        step = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold())
        if step == folded:
            break
        folded = step
    return folded.replace("ё", "е")


def _kind(char: str) -> int:
    """Say what a folded character does to a word: carries, ends it, or vanishes."""
    code = ord(char)
    if char in _APOSTROPHES:
        return DROP
    # Conjoining jamo could compose anew once something between them was dropped.
    if 0x1100 <= code <= 0x11FF or 0xA960 <= code <= 0xA97F or 0xD7B0 <= code <= 0xD7FF:
        return SPACE
    category = unicodedata.category(char)
    if category[0] == "L":
        return LETTER
    if category[0] == "N":
        return DIGIT
    if category[0] == "M" or category == "Cf":
        return DROP
    return SPACE


def _pack(char: str) -> int:
    return (_kind(char) << KIND_SHIFT) | ord(char)


def _fold_tables() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    fold = np.zeros(0x110000, np.uint32)
    expansion: list[int] = []
    plain = np.zeros(0x110000, np.bool_)
    for first, stop in _PLAIN_LETTERS:
        fold[first:stop] = np.arange(first, stop, dtype=np.uint32) | (LETTER << KIND_SHIFT)
        plain[first:stop] = True
    rest = [*np.flatnonzero(~plain[:_LAST_CASED]).tolist(), *range(0x2F800, 0x2FA20)]
    for code in [*rest, *range(0xE0000, 0xE01F0)]:
        folded = _fold_text(chr(code))
        if len(folded) == 1:
            fold[code] = _pack(folded)
        elif not folded:
            fold[code] = DROP << KIND_SHIFT
        else:
            fold[code] = (EXPAND << KIND_SHIFT) | len(expansion)
            expansion.append(len(folded))
            expansion.extend(_pack(part) for part in folded)
    return fold, np.array(expansion, np.uint32)


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Build the tables once.

    Returns
    -------
    Tables
        Read-only arrays for both normalisers.

    Examples
    --------
    >>> chr(int(tables().fold[ord("Қ")]) & CODE_MASK)
    'қ'
    """
    fold, expansion = _fold_tables()
    to_cyrillic = np.arange(TWIN_LIMIT, dtype=np.uint32)
    to_latin = np.arange(TWIN_LIMIT, dtype=np.uint32)
    shape = np.arange(TWIN_LIMIT, dtype=np.uint32)
    script = np.zeros(TWIN_LIMIT, np.int8)
    for code in range(TWIN_LIMIT):
        name = unicodedata.name(chr(code), "")
        if "LETTER" in name:
            script[code] = 1 if name.startswith("LATIN") else 2 * name.startswith("CYRILLIC")
    for latin, cyrillic in _TWINS:
        lat, cyr = ord(latin), ord(cyrillic)
        to_cyrillic[lat], to_latin[cyr] = cyr, ord(latin.lower())
        script[lat], script[cyr] = 3, 4
        shape[lat] = shape[cyr] = shape[ord(latin.lower())]
    to_latin[ord("H")] = ord("h")
    made = Tables(fold, expansion, to_cyrillic, to_latin, script, shape)
    for array in made:
        array.setflags(write=False)
    return made
