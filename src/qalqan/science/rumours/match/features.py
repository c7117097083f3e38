"""What speaks for an answered claim being what a text says: one row of numbers a candidate."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qalqan.science.rumours.match.bm25 import Bm25
from qalqan.science.rumours.match.results import AnsweredClaim
from qalqan.science.rumours.match.wording import (
    Query,
    canonical,
    grams_of,
    languages_of,
    numbers_of,
    terms_of,
    without_marks,
    years_of,
)

Rows = NDArray[np.float64]

FIELDS = ("both", "text", "title")
LEXICAL = (
    "terms_both", "terms_text", "terms_title", "grams_both", "grams_text", "grams_title", "pairs",
    "score_both", "score_grams", "cover_text", "cover_title", "covered_by_text",
    "covered_by_title", "cover_grams_text", "cover_grams_title", "covered_by_grams",
    "rarest", "second", "third", "shared", "sentence", "missing", "numbers", "numbers_missing",
    "aside", "run", "year", "fused",
)  # fmt: skip
MEANING = (
    "near_text", "near_title", "nearest", "behind_text", "behind_title", "behind_both",
    "other", "other_nearest", "other_behind",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """What the comparison needs to know of one answered claim."""

    text_terms: frozenset[str]
    title_terms: frozenset[str]
    text_grams: frozenset[str]
    title_grams: frozenset[str]
    places: dict[str, list[int]]
    numbers: frozenset[str]
    years: frozenset[int]
    language: str


def _pairs(terms: Sequence[str]) -> list[str]:
    return [f"{a} {b}" for a, b in pairwise(terms)]


class Lexicon:
    """Indexes of the answered claims by words, word pairs and four-letter pieces."""

    def __init__(self, claims: Sequence[AnsweredClaim]) -> None:
        # Without a title the text stands in for it, so that no claim scores less for lacking one.
        texts = [without_marks(claim.text) for claim in claims]
        titles = [without_marks(claim.title.strip() or claim.text) for claim in claims]
        labels = languages_of(texts)
        terms = list(zip(terms_of(texts, labels), terms_of(titles, labels), strict=True))
        grams = list(zip(grams_of(texts), grams_of(titles), strict=True))
        self.terms = _three([a for a, _ in terms], [b for _, b in terms])
        self.grams = _three([a for a, _ in grams], [b for _, b in grams])
        self.pairs = Bm25([_pairs([*a, *b]) for a, b in terms])
        self.cards = [
            _card(f"{texts[i]} {titles[i]}", terms[i], grams[i], labels[i])
            for i in range(len(claims))
        ]
        self.keys = canonical([claim.text for claim in claims])

    def scores(self, query: Query) -> Rows:
        """Return the BM25 scores of all claims, shape (7, claims): terms, grams, pairs."""
        words = [*query.terms, *query.aside_terms]
        found = [self.terms[field].scores(words) for field in FIELDS]
        found += [self.grams[field].scores(query.grams) for field in FIELDS]
        found.append(self.pairs.scores(_pairs(words)))
        return np.stack(found)


def _three(texts: list[list[str]], titles: list[list[str]]) -> dict[str, Bm25]:
    both = [[*a, *b] for a, b in zip(texts, titles, strict=True)]
    return {"both": Bm25(both), "text": Bm25(texts), "title": Bm25(titles)}


def _card(
    whole: str,
    terms: tuple[list[str], list[str]],
    grams: tuple[list[str], list[str]],
    language: str,
) -> Card:
    places: dict[str, list[int]] = {}
    for at, term in enumerate([*terms[0], "", *terms[1]]):
        places.setdefault(term, []).append(at)
    return Card(
        text_terms=frozenset(terms[0]),
        title_terms=frozenset(terms[1]),
        text_grams=frozenset(grams[0]),
        title_grams=frozenset(grams[1]),
        places=places,
        numbers=numbers_of(whole),
        years=years_of(whole),
        language=language,
    )


_FUSION = np.array([1.0, 0.5, 0.5, 1.0, 0.0, 0.0, 0.3])
"""Weights of the seven BM25 scores, each over its best, that choose the candidates."""


def fuse(scores: Rows) -> Rows:
    """Return one score a claim from the seven, each over its own best."""
    best = np.maximum(scores.max(axis=1, keepdims=True, initial=0.0), 1e-9)
    fused: Rows = _FUSION @ (scores / best)
    return fused


def _longest_run(terms: Sequence[str], places: dict[str, list[int]]) -> int:
    """Return the length of the longest run of terms that also stands in the claim."""
    best, before = 0, dict[int, int]()
    for term in terms:
        now = {at: before.get(at - 1, 0) + 1 for at in places.get(term, ())}
        best = max([best, *now.values()])
        before = now
    return best


def _cover(index: Bm25, ours: Set[str], theirs: Set[str], weight: float) -> tuple[float, float]:
    """Return the shared weight as a share of the claim's and of the query's."""
    shared = index.weight(sorted(ours & theirs))
    whole = index.weight(sorted(theirs))
    return shared / whole if whole else 0.0, shared / weight if weight else 0.0


def _year_mark(query: Query, card: Card) -> float:
    if not query.year or not card.years:
        return 0.0
    return 1.0 if query.year in card.years else -1.0


def _row(lexicon: Lexicon, query: Query, card: Card, weights: tuple[float, float]) -> list[float]:
    words = lexicon.terms["both"]
    terms = frozenset(query.terms) | frozenset(query.aside_terms)
    grams = frozenset(query.grams)
    text = _cover(lexicon.terms["text"], terms, card.text_terms, weights[0])
    title = _cover(lexicon.terms["title"], terms, card.title_terms, weights[0])
    text_grams = _cover(lexicon.grams["text"], grams, card.text_grams, weights[1])
    title_grams = _cover(lexicon.grams["title"], grams, card.title_grams, weights[1])
    every = card.text_terms | card.title_terms
    rare = sorted((words.idf(term) for term in terms & every), reverse=True)
    whole = words.weight(sorted(card.text_terms)) or 1.0
    sentence = max(
        (words.weight(sorted(part & card.text_terms)) for part in query.sentences), default=0.0
    )
    missing = max((words.idf(term) for term in card.text_terms - terms), default=0.0)
    return [
        text[0], title[0], text[1], title[1], text_grams[0], title_grams[0], text_grams[1],
        *(rare[i] if i < len(rare) else 0.0 for i in range(3)),
        float(np.log1p(len(rare))), sentence / whole, missing,
        float(len(query.numbers & card.numbers)),
        float(np.log1p(len(card.numbers - query.numbers))),
        words.weight(sorted(set(query.aside_terms) & every)),
        float(np.log1p(_longest_run(query.terms, card.places))),
        _year_mark(query, card),
    ]  # fmt: skip


def lexical_rows(
    lexicon: Lexicon, query: Query, scores: Rows, fused: Rows, candidates: NDArray[np.intp]
) -> Rows:
    """Return the features of the words, shape (candidates, len(LEXICAL))."""
    best = np.maximum(scores.max(axis=1, keepdims=True, initial=0.0), 1e-9)
    shares = (scores / best)[:, candidates].T
    raw = scores[[0, 3]][:, candidates].T
    terms = sorted(frozenset(query.terms) | frozenset(query.aside_terms))
    weights = (
        lexicon.terms["both"].weight(terms),
        lexicon.grams["both"].weight(sorted(set(query.grams))),
    )
    rows = [_row(lexicon, query, lexicon.cards[i], weights) for i in candidates.tolist()]
    width = len(LEXICAL) - shares.shape[1] - raw.shape[1] - 1
    table = np.array(rows, dtype=np.float64).reshape(len(candidates), width)
    return np.hstack([shares, np.log1p(raw), table, fused[candidates][:, None]])


def other_language(lexicon: Lexicon, query: Query, candidates: NDArray[np.intp]) -> Rows:
    """Return 1 where the claim is in another language than the query, else 0."""
    mine = query.language.split("-")[0]
    theirs = [lexicon.cards[i].language.split("-")[0] for i in candidates.tolist()]
    found = [0.0 if "mixed" in (mine, other) or mine == other else 1.0 for other in theirs]
    return np.array(found)


def meaning_rows(near_text: Rows, near_title: Rows, other: Rows) -> Rows:
    """Return the features of the vectors, shape (candidates, len(MEANING)).

    Parameters
    ----------
    near_text, near_title : ndarray, shape (candidates,)
        Inner products of the query's vector with those of text and title.
    other : ndarray, shape (candidates,)
        1 where the claim is in another language: words then say nothing, and vectors of e5 lie
        farther apart.
    """
    mean = (near_text + near_title) / 2
    nearest = np.maximum(near_text, near_title)
    behind = [values - values.max(initial=-1.0) for values in (near_text, near_title, mean)]
    columns = [near_text, near_title, nearest, *behind, other, other * nearest, other * behind[2]]
    return np.stack(columns, axis=1)
