"""Which language a message is in: Kazakh (either script), Russian, English, or a mixture.

Each word of the normalised text earns points: a listed word 4 (less where two languages share
it), a listed ending 2, a letter only Kazakh has 4 in Cyrillic and 3 in Latin, a letter that
Kazakh has only in loans 0.8, a sound that breaks the rules of native Kazakh 1.2 for Russian, and
for unlisted Latin words each telling pair of letters 0.6. The language with most points wins.

A text with at least two clearly Kazakh and two clearly Russian words is mixed if a list vouches
for one of the Russian words and neither language has under a fifth of both. Texts without two
Latin or Cyrillic letters, or mostly in another script, are undetermined.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qalqan.science.text import lexicon
from qalqan.science.text.normalise import NormalisedBatch, normalise_batch
from qalqan.science.text.tables import TWIN_LIMIT, tables

#: Labels in the order of the codes in `detect_batch`.
LABELS = ("kk-Cyrl", "kk-Latn", "ru", "en", "mixed", "und")

_BATCH = 4096
_WORD, _ENDING, _PAIR = 4.0, 2.0, 0.6
_ANY = NDArray[np.generic]


_TRAITS = (
    ("әғқңөұүһі", 4),
    ("щъэцьчфв", 8),
    ("äöüğşñŋūıáǵńúýə", 16),
    ("аоыяё", 32),
    ("еэ", 64),
    ("уию", 128),
)


def _table(entries: Iterable[tuple[Sequence[str], int, float]]) -> tuple[_ANY, _ANY]:
    """Build an open hash table from (strings, language, weight) entries."""
    from qalqan.science.text import _language_kernels as kernels

    points: dict[str, NDArray[np.float64]] = {}
    for strings, language, weight in entries:
        normal = normalise_batch(list(strings)).texts()
        for string in sorted({s for s in normal if s and " " not in s}):
            row = points.setdefault(string, np.zeros(4))
            row[language] = max(row[language], weight)
    for string, row in points.items():
        if np.count_nonzero(row) > 1:  # shared between languages: little said either way
            points[string] = 0.3 * row
    size = 1 << (4 * len(points) - 1).bit_length()
    keys, values = np.zeros(size, np.uint64), np.zeros((size, 4), np.float32)
    batch = normalise_batch(list(points))
    hashes = kernels.hash_words(batch.codes, batch.offsets)
    kernels.fill(keys, values, hashes, np.array(list(points.values()), np.float32))
    return keys, values


def _traits() -> NDArray[np.uint8]:
    """Mark letters: Cyrillic 1, Latin 2, those of `_TRAITS` (the last three are vowels)."""
    script = tables().script
    traits = np.zeros(TWIN_LIMIT, np.uint8)
    traits[(script == 2) | (script == 4)] |= 1
    traits[(script == 1) | (script == 3)] |= 2
    for letters, mark in _TRAITS:
        for letter in letters:
            traits[ord(letter)] |= mark
    return traits


@lru_cache(maxsize=1)
def _model() -> tuple[_ANY, ...]:
    latin = {form for word in lexicon.KAZAKH for form in lexicon.latin_forms(word)}
    latin_endings = {form for end in lexicon.KAZAKH_ENDINGS for form in lexicon.latin_forms(end)}
    words = _table(
        [
            (lexicon.KAZAKH, 0, _WORD),
            (sorted(latin | set(lexicon.KAZAKH_LATIN_EXTRA)), 1, _WORD),
            (lexicon.RUSSIAN, 2, _WORD),
            (lexicon.ENGLISH, 3, _WORD),
            (lexicon.LOANS, 0, 0.0),
        ]
    )
    endings = _table(
        [
            (lexicon.KAZAKH_ENDINGS, 0, _ENDING),
            (sorted(latin_endings), 1, _ENDING),
            (lexicon.RUSSIAN_ENDINGS, 2, _ENDING),
            (lexicon.ENGLISH_ENDINGS, 3, _ENDING),
        ]
    )
    pairs = _table([(lexicon.KAZAKH_LATIN_PAIRS, 1, _PAIR), (lexicon.ENGLISH_PAIRS, 3, _PAIR)])
    return (_traits(), *words, *endings, *pairs)


def detect_batch(batch: NormalisedBatch) -> NDArray[np.uint8]:
    """Label texts that are normalised already.

    Parameters
    ----------
    batch : NormalisedBatch
        From `normalise_batch`.

    Returns
    -------
    ndarray of uint8, shape (n,)
        Positions in `LABELS`.

    Examples
    --------
    >>> LABELS[detect_batch(normalise_batch(["joldyn bari jabyk"]))[0]]
    'kk-Latn'
    """
    from qalqan.science.text import _language_kernels as kernels

    out = np.empty(len(batch), np.uint8)
    arguments = (batch.codes, batch.offsets, *_model(), out)
    kernels.label(*arguments)
    return out


def detect_many(texts: Sequence[str]) -> list[str]:
    """Return the language label of each text.

    Parameters
    ----------
    texts : sequence of str
        The texts.

    Returns
    -------
    list of str
        One of `LABELS` each.

    Examples
    --------
    >>> detect_many(["Завтра не будет воды", "Ертең су болмайды", "No water tomorrow"])
    ['ru', 'kk-Cyrl', 'en']
    """
    done: list[str] = []
    for start in range(0, len(texts), _BATCH):
        codes = detect_batch(normalise_batch(texts[start : start + _BATCH]))
        done.extend(LABELS[code] for code in codes.tolist())
    return done


def detect(text: str) -> str:
    """Return the language label of one text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        One of `LABELS`.

    Examples
    --------
    >>> detect("Ребята, ертең суды өшіреді, запаситесь водой заранее, жұрт айтып жатыр")
    'mixed'
    """
    return detect_many([text])[0]
