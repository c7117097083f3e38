"""What grouping needs to know of a text: its hash, the hashes of its stems, and its keys.

A signature depends on its text alone, so signatures can be made anywhere and in any order. The
text is read once: normalised by the rules of `qalqan.science.text.normalise`, cut into words, and
hashed, without being written down in between.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qalqan.science.text.normalise import NormalisedBatch
from qalqan.science.text.tables import CODE_MASK, DIGIT, EXPAND, KIND_SHIFT, LETTER, SPACE, tables

_COMBINING_END = 0x20000
_COMPATIBLE = ((0xF900, 0xFB00), (0x2F800, 0x2FA20))
_JAMO = ((0x1161, 0x1176), (0x11A8, 0x11C3))
_LINK_STARTS = "@hHtTwW"


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signatures of n texts.

    Attributes
    ----------
    hashes : ndarray of uint64, shape (n,)
        Of the normalised words; of the text as it came where no word is left.
    tokens : ndarray of uint32
        Hashes of the distinct word stems of all texts; the lowest bit marks figures.
    starts : ndarray of int64, shape (n + 1,)
        Text ``i`` has ``tokens[starts[i]:starts[i + 1]]``; none, if it is too short to compare.
    keys : ndarray of uint32, shape (n, k)
        Hashes of neighbouring pairs of stems to be looked up, 0 for none.
    """

    hashes: NDArray[np.uint64]
    tokens: NDArray[np.uint32]
    starts: NDArray[np.int64]
    keys: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.hashes)

    def take(self, which: NDArray[np.int64]) -> Signatures:
        """Return the signatures at some places, in that order.

        Parameters
        ----------
        which : ndarray of int64, shape (m,)
            The places.
        """
        sizes = np.diff(self.starts)[which]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        at = np.repeat(self.starts[which] - starts[:-1], sizes) + np.arange(starts[-1])
        return Signatures(self.hashes[which], self.tokens[at], starts, self.keys[which])

    @classmethod
    def concatenate(cls, parts: Sequence[Signatures]) -> Signatures:
        """Return the signatures of several batches as one.

        Parameters
        ----------
        parts : sequence of Signatures
            At least one, all with the same number of keys.
        """
        sizes = np.concatenate([np.diff(part.starts) for part in parts])
        return cls(
            np.concatenate([part.hashes for part in parts]),
            np.concatenate([part.tokens for part in parts]),
            np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            np.concatenate([part.keys for part in parts]),
        )


@lru_cache(maxsize=1)
def _characters() -> NDArray[np.uint64]:
    """Return for each code point its letter, kind, script, flags and shape in one number."""
    from qalqan.science.rumours import _signing

    t = tables()
    kinds = (t.fold >> KIND_SHIFT) & 7
    letters = (t.fold & CODE_MASK).astype(np.int64)
    for code in np.flatnonzero(kinds == EXPAND).tolist():
        parts = t.expansion[letters[code] + 1 : letters[code] + 1 + t.expansion[letters[code]]]
        if ((parts >> KIND_SHIFT) == SPACE).all():  # such as the ellipsis, which is common
            kinds[code], letters[code] = SPACE, 0
    chars = kinds.astype(np.uint64) << _signing.KIND_SHIFT
    is_word = (kinds == LETTER) | (kinds == DIGIT)
    chars[kinds == EXPAND] |= letters[kinds == EXPAND].astype(np.uint64)
    script = np.append(t.script, np.int8(0))[np.minimum(letters, len(t.script))]
    drawn = np.where(
        letters < len(t.shape), t.shape[np.minimum(letters, len(t.shape) - 1)], letters
    )
    flags = np.uint64(1) << (np.uint64(24) + script.astype(np.uint64))
    flags |= letters.astype(np.uint64) | (drawn.astype(np.uint64) << _signing.SHAPE)
    flags |= np.where(letters == ord("H"), _signing.REPAIR, np.uint64(0))
    figures = (letters >= ord("0")) & (letters <= ord("9"))
    flags |= np.where(figures, _signing.FIGURE, np.uint64(0)) | _signing.WORD
    chars |= np.where(is_word, flags, np.uint64(0))
    chars[[ord(letter) for letter in _LINK_STARTS]] |= _signing.LINK
    chars[_unstable()] |= _signing.UNSTABLE
    chars.setflags(write=False)
    return chars


def _unstable() -> list[int]:
    """Return the code points without which a text is certainly in NFC."""
    found = [code for first, stop in (*_COMPATIBLE, *_JAMO) for code in range(first, stop)]
    for code in range(_COMBINING_END):
        letter = chr(code)
        if unicodedata.combining(letter) or not unicodedata.is_normalized("NFC", letter):
            found.append(code)
        elif (parts := unicodedata.decomposition(letter)) and parts[0] != "<":
            found.extend(int(part, 16) for part in parts.split()[1:])
    return found


def _encode(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=offsets[1:])
    codes = "".join(texts).encode("utf-32-le", "surrogatepass")
    return np.frombuffer(codes, np.uint32), offsets


def sign_texts(
    texts: Sequence[str], *, stem: int, min_words: int, reach: int, keys: int, seed: int
) -> Signatures:
    """Sign texts as they came.

    Parameters
    ----------
    texts : sequence of str
        The messages, shape (n,); about a thousand at a time keep the buffers in the cache.
    stem, min_words, reach, keys, seed : int
        As in `qalqan.science.rumours.group.GroupParameters`.

    Returns
    -------
    Signatures
        In the order of the texts.

    Examples
    --------
    >>> signed = sign_texts(["су жоқ", "Су жоқ!"], stem=5, min_words=8, reach=2, keys=4, seed=1)
    >>> bool(signed.hashes[0] == signed.hashes[1]), signed.keys.shape
    (True, (2, 4))
    """
    codes, offsets = _encode(texts)
    options = (stem, min_words, reach, keys, seed)
    signed = _sign(codes, offsets, np.empty(0, np.uint64), False, options)
    if signed is None:
        codes, offsets = _encode([unicodedata.normalize("NFC", text) for text in texts])
        signed = _sign(codes, offsets, np.empty(0, np.uint64), True, options)
    if signed is None:
        raise AssertionError("NFC texts are stable")
    return signed


def sign_batch(
    batch: NormalisedBatch, *, stem: int, min_words: int, reach: int, keys: int, seed: int
) -> Signatures:
    """Sign texts that are normalised already.

    Parameters
    ----------
    batch : NormalisedBatch
        From `qalqan.science.text.normalise.normalise_batch`.
    stem, min_words, reach, keys, seed : int
        As in `sign_texts`.

    Returns
    -------
    Signatures
        Equal to those of the texts as they came.
    """
    options = (stem, min_words, reach, keys, seed)
    signed = _sign(batch.codes, batch.offsets, batch.raw_hashes, True, options)
    if signed is None:
        raise AssertionError("normalised texts are stable")
    return signed


def _sign(
    codes: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    raw: NDArray[np.uint64],
    is_stable: bool,
    options: tuple[int, int, int, int, int],
) -> Signatures | None:
    from qalqan.science.rumours import _signing

    stem, min_words, reach, n_keys, seed = options
    n = len(offsets) - 1
    hashes = np.empty(n, np.uint64)
    tokens = np.empty(n * _signing.MAX_TOKENS, np.uint32)
    starts = np.empty(n + 1, np.int64)
    keys = np.empty((n, n_keys), np.uint32)
    t = tables()
    done = _signing.sign(
        codes, offsets, raw, is_stable, _characters(), t.fold, t.expansion, t.to_cyrillic,
        t.to_latin, t.script, t.shape, stem, min_words, reach, np.uint64(seed),
        hashes, tokens, starts, keys,
    )  # fmt: skip
    return Signatures(hashes, tokens[: starts[n]], starts, keys) if done else None
