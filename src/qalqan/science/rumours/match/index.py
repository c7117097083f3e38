"""The index of answered claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qalqan.science.rumours.match.features import (
    Lexicon,
    Rows,
    fuse,
    lexical_rows,
    meaning_rows,
    other_language,
)
from qalqan.science.rumours.match.model import ChoiceModel, bundled_models
from qalqan.science.rumours.match.results import AnsweredClaim, Match
from qalqan.science.rumours.match.wording import Query, read_query
from qalqan.science.rumours.merge import Embedder, bundled_embedder

_POOL = 40
"""Candidates by words that are looked at closely."""
_READ = 20
"""Candidates whose meaning is compared where not all claims have vectors."""
_ALL = 2_000
"""Up to so many claims all are embedded: a question in another language shares no words."""
_NEAREST = 12
"""Candidates by meaning that join those by words."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates of one text.

    Parameters
    ----------
    query : Query
        The text, taken apart.
    vector : ndarray, shape (dimensions,)
        Its meaning.
    order : ndarray, shape (candidates,)
        Rows of the claims.
    rows : ndarray, shape (candidates, len(LEXICAL))
        Features of the words.
    """

    query: Query
    vector: NDArray[np.float32]
    order: NDArray[np.intp]
    rows: Rows


class AnsweredIndex:
    """Answered claims, ready to be compared with what people say now.

    Parameters
    ----------
    claims : sequence of AnsweredClaim
        The answered claims. Of claims with the same words only the one listed first is returned.
    embedder : Embedder, optional
        Source of vectors; the bundled model by default.
    embed_all : bool, optional
        Whether every claim gets a vector beforehand, so that a claim in another language is found.
        By default only up to 2,000 claims; above that only the best candidates by words get one.
    vectors : mapping of str to ndarray, optional
        Vectors kept from an earlier run by `vectors`, so that only new texts are embedded.
    models : mapping of str to ChoiceModel, optional
        Models ``"words"`` and ``"meaning"``; those of the package by default.

    Examples
    --------
    >>> index = AnsweredIndex([AnsweredClaim(7, "The tap water in Aktobe is poisoned"),
    ...                        AnsweredClaim(9, "Schools close on Monday")])
    >>> found, = index.match(["Is it true that our tap water was poisoned?"], k=1)
    >>> [match.id for match in found]
    [7, None]
    """

    def __init__(
        self,
        claims: Sequence[AnsweredClaim],
        *,
        embedder: Embedder | None = None,
        embed_all: bool | None = None,
        vectors: Mapping[str, NDArray[np.float32]] | None = None,
        models: Mapping[str, ChoiceModel] | None = None,
    ) -> None:
        self.claims = list(claims)
        self.embedder = embedder or bundled_embedder()
        self.embed_all = len(self.claims) <= _ALL if embed_all is None else embed_all
        self.models = dict(models) if models is not None else bundled_models()
        self._vectors = dict(vectors or {})
        self._lexicon = Lexicon(self.claims)
        first: dict[str, int] = {}
        keys = self._lexicon.keys
        self._first = np.array([first.setdefault(key, i) == i for i, key in enumerate(keys)], bool)

    @property
    def vectors(self) -> dict[str, NDArray[np.float32]]:
        """Vectors of the texts of claims so far, to be kept with the name of the embedder."""
        return dict(self._vectors)

    def match(
        self,
        texts: Sequence[str],
        k: int = 5,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[list[Match]]:
        """Find for each text the nearest answered claims, or none.

        Parameters
        ----------
        texts : sequence of str
            What people say now, as it came.
        k : int
            Claims a text.
        progress : callable, optional
            Called with texts done and texts in all.

        Returns
        -------
        list of list of Match
            For each text up to `k` claims by falling probability and, last, the entry with id
            ``None``: the probability that none of the claims is it. A claim listed under several
            wordings comes once.

        Raises
        ------
        ValueError
            `k` is below one.
        """
        if k < 1:
            raise ValueError(f"k must be at least one, got {k}")
        found = []
        for done, text in enumerate(texts, start=1):
            found.append(self._match(text, k))
            if progress:
                progress(done, len(texts))
        return found

    def _match(self, text: str, k: int) -> list[Match]:
        model = self.models["meaning"]
        pool = self.narrowed(self.pool(text), self.models["words"])
        candidates, rows = pool.order, self.deepened(pool)
        utilities = model.utilities(rows)
        chances, none = model.probabilities(utilities)
        matches: list[Match] = []
        seen: dict[int | str, float] = {}
        for at in np.lexsort((candidates, -utilities)).tolist():
            claim = self.claims[candidates[at]].id
            seen[claim] = seen.get(claim, 0.0) + float(chances[at])
            if seen[claim] == float(chances[at]) and len(matches) < k:
                reasons = _reasons(model, rows[at])
                matches.append(Match(claim, 0.0, float(utilities[at]), reasons))
        ready = [Match(m.id, seen[m.id], m.score, m.reasons) for m in matches if m.id is not None]
        return [*ready, Match(None, none, 0.0)]

    def leader(self, row: int) -> int:
        """Return the first row whose claim has the same words."""
        keys = self._lexicon.keys
        return keys.index(keys[row])

    def plain_scores(self, text: str) -> Rows:
        """Return the plain BM25 score of every claim on title and text, for comparison."""
        query = read_query(text)
        return self._lexicon.terms["both"].scores([*query.terms, *query.aside_terms])

    def pool(self, text: str, *, without: frozenset[int] = frozenset()) -> Pool:
        """Return the candidates of a text and what their words say.

        Parameters
        ----------
        text : str
            What people say now.
        without : frozenset of int
            Rows of `claims` to leave out, as if they had never been answered.

        Returns
        -------
        Pool
            In the order of the fused scores by words; with `embed_all`, then those nearest in
            meaning.
        """
        query = read_query(text)
        allowed = self._first.copy()
        allowed[list(without)] = False
        scores = self._lexicon.scores(query) * allowed
        fused = fuse(scores)
        order = np.argsort(np.where(allowed, -fused, np.inf), kind="stable")
        order = order[: min(_POOL, int(allowed.sum()))]
        vector = self._embed([query.body])[0] if len(order) else np.zeros(1, np.float32)
        if self.embed_all and len(order):
            rows = np.flatnonzero(allowed)
            extra = rows[np.argsort(-self._near(rows, vector)[2], kind="stable")[:_NEAREST]]
            order = np.concatenate([order, extra[~np.isin(extra, order)]])
        table = lexical_rows(self._lexicon, query, scores, fused, order)
        return Pool(query, vector, order, table)

    def narrowed(self, pool: Pool, words: ChoiceModel) -> Pool:
        """Keep the candidates that are worth reading: all of them where all have vectors."""
        if self.embed_all:
            return pool
        best = np.sort(np.argsort(-words.utilities(pool.rows), kind="stable")[:_READ])
        return Pool(pool.query, pool.vector, pool.order[best], pool.rows[best])

    def deepened(self, pool: Pool) -> Rows:
        """Return the features of words and meaning, shape (candidates, features)."""
        text_near, title_near, _ = self._near(pool.order, pool.vector)
        other = other_language(self._lexicon, pool.query, pool.order)
        return np.hstack([pool.rows, meaning_rows(text_near, title_near, other)])

    def _near(self, rows: NDArray[np.intp], vector: NDArray[np.float32]) -> tuple[Rows, Rows, Rows]:
        if not len(rows):
            return np.zeros(0), np.zeros(0), np.zeros(0)
        texts = [self.claims[i].text for i in rows]
        titles = [self.claims[i].title for i in rows]
        self._remember([*texts, *(title for title in titles if title.strip())])
        near_text = np.stack([self._vectors[text] for text in texts]) @ vector
        near_title = near_text.copy()
        for at, title in enumerate(titles):
            if title.strip():
                near_title[at] = self._vectors[title] @ vector
        nearest = np.maximum(near_text, near_title)
        return near_text.astype(float), near_title.astype(float), nearest.astype(float)

    def _remember(self, texts: Sequence[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if new:
            self._vectors.update(zip(new, self._embed(new), strict=True))

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.asarray(self.embedder.embed(list(texts)), dtype=np.float32)


_TOLD = {
    "nearest": "meaning", "near_text": "meaning", "near_title": "meaning",
    "cover_text": "words", "cover_title": "words of the title", "sentence": "sentence",
    "numbers": "numbers", "aside": "name", "run": "run", "year": "year",
}  # fmt: skip


def _reasons(model: ChoiceModel, row: Rows) -> tuple[str, ...]:
    """Return the values that a reader can check, those that weigh most first."""
    values = dict(zip(model.features, row.tolist(), strict=True))
    told: list[str] = []
    for name, added in model.parts(row):
        label = _TOLD.get(name)
        if label and added > 0.0 and not any(reason.startswith(f"{label} ") for reason in told):
            told.append(f"{label} {values[name]:.2f}")
    return tuple(told[:4])
