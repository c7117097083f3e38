"""Streams of generated messages with known claims, for tests and measurements.

Bases are made of common words of the language and of invented content words, so that two bases
share function words but say different things. Copies are exact or edited lightly (case, marks,
a slip), moderately (some words changed, a lead-in) or heavily (a quarter to almost half of the
words dropped, replaced, inflected, swapped or put in).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qalqan.science.text import lexicon

#: Kinds of copies, in the order of the codes in `Stream.kinds`.
KINDS = ("exact", "light", "medium", "heavy")

_SYLLABLES = {
    "kk": "қа ла жа ны бі ре тө ме құ са ды ша ға ра сы кө ше үй ле мі на та өз ен ау дан ай мақ "
    "тұр ғын",
    "ru": "по ка до ро за ве ще сту ми на ле гра то ва при ни ко ру бе жи сло ча пре му ста ви хо",
    "en": "ra ten mo ber lin ga tro ple con ver sal mit den por ty bra clo ster wen hol fa min "
    "gre dal cor",
}
_ENDINGS = {
    "kk": ("", "да", "ға", "ның", "лар", "дан", "ы"),
    "ru": ("", "а", "ом", "ами", "ов", "ую", "ный"),
    "en": ("", "s", "ing", "ed", "er", "ly", ""),
}
_LEADS = {
    "kk": (
        "назар аударыңыздар",
        "маған да келді осы хабар",
        "шұғыл таратыңыздар",
        "көршіден естідім",
    ),
    "ru": (
        "срочно всем",
        "мне тоже пришло сообщение",
        "перешлите своим",
        "соседка рассказала сегодня",
    ),
    "en": ("urgent please read", "got this from a friend", "forward to everyone", "not sure but"),
}
_MARKS = ("!", "!!!", " 😱", "…", "?", " https://t.me/kanal/12", " 🔥🔥", "")


@dataclass(frozen=True, slots=True)
class Stream:
    """A generated stream of n messages.

    Attributes
    ----------
    texts : list of str
        The messages in order.
    claims : ndarray of int64, shape (n,)
        True claim of each message.
    kinds : ndarray of int8, shape (n,)
        Position in `KINDS` of what was done to the claim's base.
    """

    texts: list[str]
    claims: NDArray[np.int64]
    kinds: NDArray[np.int8]


def _vocabulary(language: str, rng: np.random.Generator, size: int) -> list[str]:
    """Invent content words of two to four syllables with an ending."""
    syllables = _SYLLABLES[language].split()
    lengths = rng.integers(2, 5, size)
    picks = rng.integers(0, len(syllables), (size, 4))
    return [
        "".join(syllables[p] for p in row[:n])
        for n, row in zip(lengths, picks.tolist(), strict=True)
    ]


class _Writer:
    """Writes bases and their copies in one language."""

    def __init__(self, language: str, rng: np.random.Generator) -> None:
        self.language = language
        self.rng = rng
        lists = {"kk": lexicon.KAZAKH, "ru": lexicon.RUSSIAN, "en": lexicon.ENGLISH}
        self.common: Sequence[str] = lists[language]
        self.content = _vocabulary(language, rng, 6000)

    def word(self) -> str:
        if self.rng.random() < 0.35:
            return self.common[int(self.rng.integers(len(self.common)))]
        stem = self.content[int(self.rng.integers(len(self.content)))]
        endings = _ENDINGS[self.language]
        return stem + endings[int(self.rng.integers(len(endings)))]

    def base(self) -> list[str]:
        return [self.word() for _ in range(int(self.rng.integers(9, 34)))]

    def _slip(self, word: str) -> str:
        """Double, drop or swap one letter."""
        if len(word) < 3:
            return word
        at = int(self.rng.integers(1, len(word) - 1))
        kind = int(self.rng.integers(3))
        if kind == 0:
            return word[:at] + word[at] + word[at:]
        if kind == 1:
            return word[:at] + word[at + 1 :]
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    def _inflect(self, word: str) -> str:
        endings = _ENDINGS[self.language]
        return word + endings[int(self.rng.integers(1, len(endings)))]

    def _change(self, words: list[str], share: float) -> list[str]:
        """Change about a share of the words in one of six ways."""
        out: list[str] = []
        for word in words:
            if self.rng.random() >= share:
                out.append(word)
                continue
            kind = int(self.rng.integers(6))
            if kind == 1:
                out.append(self.word())
            elif kind == 2:
                out.append(self._inflect(word))
            elif kind == 3:
                out.append(self._slip(word))
            elif kind == 4:
                out.extend((word, self.word()))
            elif kind == 5:
                out.insert(max(0, len(out) - 1), word)
        return out

    def _dress(self, words: list[str], lead: bool) -> str:
        """Write words as a message: case, lead-in, marks."""
        leads = _LEADS[self.language]
        if lead:
            words = [*leads[int(self.rng.integers(len(leads)))].split(), *words]
        text = " ".join(words)
        style = int(self.rng.integers(8))
        if style == 0:
            text = text.upper()
        elif style < 4:
            text = text.capitalize()
        elif style == 4:
            text = text.replace(" ", ", ", 2)
        return text + _MARKS[int(self.rng.integers(len(_MARKS)))]

    def copy(self, words: list[str], kind: int) -> str:
        if kind == 0:
            return " ".join(words)
        if kind == 1:
            slipped = list(words)
            at = int(self.rng.integers(len(words)))
            slipped[at] = self._slip(slipped[at])
            return self._dress(slipped, lead=False)
        if kind == 2:
            share = 0.08 + 0.14 * self.rng.random()
            return self._dress(self._change(words, share), lead=self.rng.random() < 0.4)
        share = 0.25 + 0.2 * self.rng.random()
        return self._dress(self._change(words, share), lead=self.rng.random() < 0.5)


def make_stream(
    n: int,
    rng: np.random.Generator,
    *,
    n_claims: int | None = None,
    shares: Sequence[float] = (0.22, 0.38, 0.25, 0.15),
    exponent: float = 1.1,
) -> Stream:
    """Generate a stream of messages with known claims.

    Parameters
    ----------
    n : int
        Number of messages.
    rng : numpy.random.Generator
        Source of randomness.
    n_claims : int, optional
        Number of claims to draw from; a tenth of `n` by default.
    shares : sequence of float, shape (4,)
        Shares of the kinds of copies, in the order of `KINDS`.
    exponent : float
        Zipf exponent of the claims' sizes.

    Returns
    -------
    Stream
        Messages with claims and kinds of edit; the claims' messages are interleaved at random.

    Examples
    --------
    >>> stream = make_stream(5, np.random.default_rng(1))
    >>> len(stream.texts), stream.claims.shape
    (5, (5,))
    """
    count = max(1, n // 10 if n_claims is None else n_claims)
    writers = [_Writer(language, rng) for language in ("kk", "ru", "en")]
    owner = rng.choice(3, count, p=(0.4, 0.45, 0.15))
    bases = [writers[int(w)].base() for w in owner]
    weight = 1.0 / np.arange(1, count + 1) ** exponent
    claims = rng.choice(count, n, p=rng.permutation(weight / weight.sum()))
    kinds = rng.choice(4, n, p=np.asarray(shares))
    texts = [
        writers[int(owner[c])].copy(bases[c], k)
        for c, k in zip(claims.tolist(), kinds.tolist(), strict=True)
    ]
    return Stream(texts, claims.astype(np.int64), kinds.astype(np.int8))


def b_cubed(
    truth: NDArray[np.int64], found: NDArray[np.int64], only: NDArray[np.bool_] | None = None
) -> tuple[float, float, float]:
    """Compare a grouping with the truth by B-cubed precision and recall.

    Parameters
    ----------
    truth, found : ndarray of int64, shape (n,)
        Group of each item.
    only : ndarray of bool, shape (n,), optional
        Items to average over; all by default.

    Returns
    -------
    precision, recall, f1 : float
        Averages over the items, and the harmonic mean of the two.

    References
    ----------
    Bagga, A. and Baldwin, B. (1998). Entity-based cross-document coreferencing using the vector
    space model. COLING-ACL, 79-85.

    Examples
    --------
    >>> p, r, f = b_cubed(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1]))
    >>> round(p, 4), round(r, 4)
    (0.6667, 0.75)
    """
    _, t = np.unique(truth, return_inverse=True)
    _, f = np.unique(found, return_inverse=True)
    pair = t.astype(np.int64) * (int(f.max()) + 1) + f
    _, which, together = np.unique(pair, return_inverse=True, return_counts=True)
    shared = together[which]
    chosen = np.ones(len(t), np.bool_) if only is None else only
    precision = float((shared / np.bincount(f)[f])[chosen].mean())
    recall = float((shared / np.bincount(t)[t])[chosen].mean())
    return precision, recall, 2 * precision * recall / (precision + recall)
