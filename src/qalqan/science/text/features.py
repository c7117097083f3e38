"""All that intake needs to know of a batch of messages, in one pass over the letters."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qalqan.science.text.language import LABELS, detect_batch
from qalqan.science.text.normalise import NormalisedBatch, normalise_batch


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """Features of a batch of n texts.

    Attributes
    ----------
    normalised : NormalisedBatch
        The normalised texts; feed them to `ClaimIndex.add_batch`, or read `normalised.texts()`.
    languages : ndarray of uint8, shape (n,)
        Positions in `qalqan.science.text.language.LABELS`.
    content_hashes : list of bytes
        BLAKE2b of 128 bits of each text as it came, in NFC; equal only for equal texts.
    """

    normalised: NormalisedBatch
    languages: NDArray[np.uint8]
    content_hashes: list[bytes]

    def __len__(self) -> int:
        return len(self.normalised)

    def language_labels(self) -> list[str]:
        """Return the language labels as strings."""
        return [LABELS[code] for code in self.languages.tolist()]


def content_hash(text: str) -> bytes:
    """Return the 128-bit content identity of one text.

    Parameters
    ----------
    text : str
        The text as it came.

    Returns
    -------
    bytes
        16 bytes; the same for canonically equal texts.

    Examples
    --------
    >>> content_hash("су жоқ").hex()
    '...'
    """
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def analyse_many(texts: Sequence[str]) -> TextFeatures:
    """Normalise, label and identify texts.

    Parameters
    ----------
    texts : sequence of str
        A batch; some thousands at a time are best.

    Returns
    -------
    TextFeatures
        The features, in the order of the texts.

    Examples
    --------
    >>> analyse_many(["Су жоқ!", "No water."]).language_labels()
    ['kk-Cyrl', 'en']
    """
    batch = normalise_batch(texts)
    return TextFeatures(batch, detect_batch(batch), [content_hash(text) for text in texts])
