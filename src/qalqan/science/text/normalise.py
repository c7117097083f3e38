"""One spelling for texts that a reader would call the same.

`normalise` is the plain statement of the rules; `normalise_batch` does the same in compiled
code for thousands of messages at once, on the same tables.

A text becomes words of letters and digits joined by single spaces:

1. Unicode NFC, then each character by NFKC and case folding; ``ё`` counts as ``е``.
2. Links and @handles go. Emoji and punctuation become spaces; apostrophes, combining marks and
   invisible characters vanish, so that they cannot split a word.
3. A letter written three times or more in a row is written once ("нееет" → "нет").
4. Within a word, letters of the other script that look alike are put right: the script with more
   letters that exist only in it wins, then the one with more letters, then Cyrillic.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qalqan.science.text.tables import (
    CODE_MASK,
    DIGIT,
    DROP,
    EXPAND,
    KIND_SHIFT,
    LETTER,
    SPACE,
    TWIN_LIMIT,
    Tables,
    tables,
)

_URL_STARTS = ("http://", "https://", "www.", "t.me/")
_HANDLE_CODES = frozenset(
    map(ord, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.")
)
_BATCH = 4096


@dataclass(frozen=True, slots=True)
class NormalisedBatch:
    """Normalised texts in one buffer.

    Attributes
    ----------
    codes : ndarray of uint32
        Code points of all texts, one after the other.
    offsets : ndarray of int64, shape (n + 1,)
        Text ``i`` is ``codes[offsets[i]:offsets[i + 1]]``.
    raw_hashes : ndarray of uint64, shape (n,)
        Hash of the text as it came where nothing was left of it, else 0.
    """

    codes: NDArray[np.uint32]
    offsets: NDArray[np.int64]
    raw_hashes: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def texts(self) -> list[str]:
        """Return the normalised texts as strings."""
        whole = self.codes.tobytes().decode("utf-32-le")
        ends = self.offsets.tolist()
        return [whole[a:b] for a, b in pairwise(ends)]


def _skip_link(text: str, at: int) -> int:
    """Return where a link or handle that begins at `at` ends, or `at` if none begins."""
    if text[at] == "@":
        stop = at + 1
        while stop < len(text) and ord(text[stop]) in _HANDLE_CODES:
            stop += 1
        return stop if stop > at + 1 else at
    # Not str.lower(): it also folds letters outside ASCII, such as the Kelvin sign.
    head = "".join(c.lower() if c.isascii() else c for c in text[at : at + 8])
    if not head.startswith(_URL_STARTS):
        return at
    stop = at
    while stop < len(text) and not text[stop].isspace():
        stop += 1
    return stop


def _finish_word(word: list[tuple[int, int]], t: Tables) -> str:
    """Collapse long runs and put look-alike letters right in one word of (code, kind)."""
    kept: list[int] = []
    start = 0
    shapes = [int(t.shape[c]) if c < TWIN_LIMIT else c for c, _ in word]
    while start < len(word):
        stop = start + 1
        while stop < len(word) and shapes[stop] == shapes[start]:
            stop += 1
        count = stop - start
        if word[start][1] == LETTER and count >= 3:
            count = 1
        kept.extend(code for code, _ in word[start : start + count])
        start = stop
    tally = [0] * 5
    for code in kept:
        if code < TWIN_LIMIT:
            tally[t.script[code]] += 1
    lead = tally[2] - tally[1] or (tally[2] + tally[4]) - (tally[1] + tally[3])
    twin = t.to_cyrillic if lead > 0 or (lead == 0 and tally[4]) else t.to_latin
    return "".join(chr(int(twin[c]) if c < TWIN_LIMIT else c) for c in kept)


def normalise(text: str) -> str:
    """Return one text in its normal spelling.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Words of letters and digits joined by single spaces; normalising it again changes nothing.

    Examples
    --------
    >>> normalise("ВНИМАНИЕ!!! Нееет вoды https://t.me/x @kanal")  # Latin o
    'внимание нет воды'
    """
    t = tables()
    text = unicodedata.normalize("NFC", text)
    words: list[str] = []
    word: list[tuple[int, int]] = []
    at, inside = 0, False
    while at < len(text):
        if not inside:
            stop = _skip_link(text, at)
            if stop > at:
                if word:
                    words.append(_finish_word(word, t))
                    word = []
                at = stop
                continue
        entry = int(t.fold[ord(text[at])])
        kind, code = entry >> KIND_SHIFT, entry & CODE_MASK
        entries = [entry]
        if kind == EXPAND:
            entries = t.expansion[code + 1 : code + 1 + int(t.expansion[code])].tolist()
        for part in entries:
            kind, code = part >> KIND_SHIFT, part & CODE_MASK
            if kind in (LETTER, DIGIT):
                word.append((code, kind))
            elif kind == SPACE and word:
                words.append(_finish_word(word, t))
                word = []
        inside = kind in (LETTER, DIGIT) or (kind == DROP and inside)
        at += 1
    if word:
        words.append(_finish_word(word, t))
    return " ".join(words)


def encode(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Put texts into one buffer of NFC code points.

    Parameters
    ----------
    texts : sequence of str
        The texts, shape (n,).

    Returns
    -------
    codes : ndarray of uint32
        Code points of all texts.
    offsets : ndarray of int64, shape (n + 1,)
        Where each text begins and ends.

    Examples
    --------
    >>> codes, offsets = encode(["ab", "c"])
    >>> codes.tolist(), offsets.tolist()
    ([97, 98, 99], [0, 2, 3])
    """
    joined = "".join(texts)
    # A part of an NFC text is NFC itself, so one check serves the whole batch.
    if not unicodedata.is_normalized("NFC", joined):
        texts = [unicodedata.normalize("NFC", text) for text in texts]
        joined = "".join(texts)
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=offsets[1:])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    return codes, offsets


def normalise_batch(texts: Sequence[str]) -> NormalisedBatch:
    """Normalise many texts at once with compiled code.

    Parameters
    ----------
    texts : sequence of str
        The texts, shape (n,); some thousands at a time keep the buffers in the cache.

    Returns
    -------
    NormalisedBatch
        Equal, text by text, to `normalise`.

    Examples
    --------
    >>> normalise_batch(["Су жоқ!", "ok"]).texts()
    ['су жоқ', 'ok']
    """
    from qalqan.science.text import _kernels

    codes, offsets = encode(texts)
    out, ends, raw = _kernels.normalise_codes(codes, offsets, *tables())
    return NormalisedBatch(out, ends, raw)


def normalise_many(texts: Sequence[str]) -> list[str]:
    """Return `normalise` of each text, much faster for many.

    Parameters
    ----------
    texts : sequence of str
        The texts.

    Returns
    -------
    list of str
        One normalised text each.

    Examples
    --------
    >>> normalise_many(["Су  жоқ!"])
    ['су жоқ']
    """
    done: list[str] = []
    for start in range(0, len(texts), _BATCH):
        done.extend(normalise_batch(texts[start : start + _BATCH]).texts())
    return done
