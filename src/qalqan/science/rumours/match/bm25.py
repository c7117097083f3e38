"""BM25 over many short texts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray


class Bm25:
    """An inverted index with the weights of BM25 worked out beforehand.

    Parameters
    ----------
    texts : sequence of sequence of str
        Terms of each text.
    k1, b : float
        Saturation of repeated terms, and correction for length.

    References
    ----------
    Robertson, Zaragoza 2009, The Probabilistic Relevance Framework: BM25 and Beyond, eq. 3.15, with
    the inverse document frequency log(1 + (N - n + .5) / (n + .5)), which is never negative.

    Examples
    --------
    >>> index = Bm25([["water", "off"], ["school", "closed"], ["school", "water"]])
    >>> index.scores(["water", "off"]).round(2).tolist()
    [1.45, 0.0, 0.47]
    """

    def __init__(self, texts: Sequence[Sequence[str]], *, k1: float = 1.2, b: float = 0.75) -> None:
        self.size = len(texts)
        lengths = np.array([len(text) for text in texts], dtype=np.float64)
        mean = float(lengths.mean()) if self.size and lengths.any() else 1.0
        postings: dict[str, tuple[list[int], list[int]]] = {}
        for row, text in enumerate(texts):
            for term, times in Counter(text).items():
                rows, counts = postings.setdefault(term, ([], []))
                rows.append(row)
                counts.append(times)
        self._idf: dict[str, float] = {}
        self._postings: dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]] = {}
        for term, (rows, counts) in postings.items():
            idf = math.log(1.0 + (self.size - len(rows) + 0.5) / (len(rows) + 0.5))
            at, times_in = np.array(rows), np.array(counts, dtype=np.float64)
            weights = times_in * (k1 + 1) / (times_in + k1 * (1 - b + b * lengths[at] / mean))
            self._idf[term] = idf
            self._postings[term] = (at, idf * weights)

    def idf(self, term: str) -> float:
        """Return the weight of a term: the rarer, the higher; unseen ones weigh most."""
        found = self._idf.get(term)
        return math.log(1.0 + (self.size + 0.5) / 0.5) if found is None else found

    def weight(self, terms: Iterable[str]) -> float:
        """Return the summed weight of terms."""
        return sum(self.idf(term) for term in terms)

    def scores(self, terms: Iterable[str]) -> NDArray[np.float64]:
        """Return the score of every text; a repeated query term counts once."""
        total = np.zeros(self.size)
        for term in dict.fromkeys(terms):
            found = self._postings.get(term)
            if found is not None:
                total[found[0]] += found[1]
        return total
