"""Find claims that may be one, and judge them."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from qalqan.science.rumours.merge.embedders import Embedder, bundled_embedder
from qalqan.science.rumours.merge.facts import Facts, read_facts
from qalqan.science.rumours.merge.judgement import Decision, Judgement, Proposal
from qalqan.science.rumours.merge.model import MergeModel, centre
from qalqan.science.rumours.merge.skeletons import skeleton

_K1, _B = 1.2, 0.75
_MEANING = 0.6


def _terms(facts: Facts) -> list[str]:
    """Return what a text is found by: stems, concepts, places, numbers, groups of letters."""
    bare = [skeleton(word) for word in facts.words]
    grams = [f"g{word[at : at + 4]}" for word in bare for at in range(max(1, len(word) - 3))]
    terms = [f"s{stem}" for stem in facts.stems] + [f"c{name}" for name in facts.concepts]
    terms += [f"p{place}" for place in facts.places] + [f"n{value:g}" for value in facts.numbers]
    return terms + grams


class MergeIndex:
    """Candidates among the leaders of claims, by BM25 and by meaning.

    Parameters
    ----------
    texts : sequence of str
        First messages of the claims.
    embedder : Embedder, optional
        Source of vectors; the bundled model by default.
    model : MergeModel, optional
        Whose mean vectors to use; the packaged one by default.

    References
    ----------
    Robertson and Zaragoza 2009, The Probabilistic Relevance Framework: BM25 and Beyond, eq. 3.15.
    """

    def __init__(
        self,
        texts: Sequence[str],
        *,
        embedder: Embedder | None = None,
        model: MergeModel | None = None,
    ) -> None:
        self.embedder = embedder or bundled_embedder()
        self.model = model or MergeModel.load()
        self.facts = [read_facts(text) for text in texts]
        counts = [Counter(_terms(facts)) for facts in self.facts]
        self._lengths = np.array([sum(c.values()) for c in counts], np.float64)
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for at, counted in enumerate(counts):
            for term, count in counted.items():
                self._postings[term].append((at, count))
        self._vectors = self._embed(self.facts)

    def __len__(self) -> int:
        return len(self.facts)

    def _embed(self, facts: Sequence[Facts]) -> NDArray[np.float64]:
        if not facts:
            return np.zeros((0, 1))
        raw = np.asarray(self.embedder.embed([f.text for f in facts]), np.float64)
        own = self.embedder.name == self.model.embedder
        means = self.model.means if own else {"ru": raw.mean(axis=0)}
        return np.stack([centre(vector, f, means) for vector, f in zip(raw, facts, strict=True)])

    def _bm25(self, facts: Facts) -> NDArray[np.float64]:
        score = np.zeros(len(self.facts))
        mean = float(self._lengths.mean()) if len(self) else 1.0
        for term in set(_terms(facts)):
            posted = self._postings.get(term)
            if not posted:
                continue
            rarity = math.log(1.0 + (len(self) - len(posted) + 0.5) / (len(posted) + 0.5))
            at = np.array([place for place, _ in posted])
            count = np.array([count for _, count in posted], np.float64)
            long = _K1 * (1.0 - _B + _B * self._lengths[at] / max(mean, 1.0))
            score[at] += rarity * count * (_K1 + 1.0) / (count + long)
        return score

    def candidates(self, places: Sequence[int], *, top: int = 10) -> list[list[int]]:
        """Return for each indexed text the others likeliest to say the same.

        Parameters
        ----------
        places : sequence of int
            Positions of the texts to look at.
        top : int
            Candidates a text.

        Returns
        -------
        list of list of int
            Positions, best first; never the text itself. BM25 and meaning are each put on 0..1
            and added, so either alone can bring a candidate in.
        """
        out = []
        for place in places:
            words = self._bm25(self.facts[place])
            words[place] = 0.0
            meaning = self._vectors @ self._vectors[place]
            meaning[place] = -1.0
            both = words / max(float(words.max(initial=0.0)), 1e-9) + _MEANING * meaning
            both[place] = -np.inf
            order = np.argsort(-both, kind="stable")[: min(top, len(self) - 1)]
            out.append([int(at) for at in order])
        return out


def judge_pairs(
    left: Sequence[str],
    right: Sequence[str],
    *,
    embedder: Embedder | None = None,
    model: MergeModel | None = None,
) -> list[Judgement]:
    """Judge for each pair of texts whether both say the same.

    Parameters
    ----------
    left, right : sequence of str
        Texts; pair i is ``left[i]`` and ``right[i]``.
    embedder : Embedder, optional
        Source of vectors; the bundled model by default.
    model : MergeModel, optional
        The packaged one by default.

    Returns
    -------
    list of Judgement
        One a pair; the same for swapped sides.

    Raises
    ------
    ValueError
        The two sequences differ in length.
    """
    return (model or MergeModel.load()).judge(left, right, embedder=embedder)


def propose_merges(
    leaders: Sequence[tuple[int, str]],
    new: Iterable[int],
    *,
    embedder: Embedder | None = None,
    top: int = 10,
) -> list[Proposal]:
    """Propose for each new claim which others it may be the same as.

    Parameters
    ----------
    leaders : sequence of tuple of int and str
        Identifier and first message of every claim that is still open to merging.
    new : iterable of int
        Identifiers among them to look at; a pair of two new ones is proposed once.
    embedder : Embedder, optional
        Source of vectors; the bundled model by default.
    top : int
        Candidates a new claim that are judged.

    Returns
    -------
    list of Proposal
        Pairs to merge or to suggest, most probable first.
    """
    place = {claim: at for at, (claim, _) in enumerate(leaders)}
    fresh = [claim for claim in dict.fromkeys(new) if claim in place]
    if not fresh or len(leaders) < 2:
        return []
    index = MergeIndex([text for _, text in leaders], embedder=embedder)
    pairs: dict[frozenset[int], tuple[int, int]] = {}
    found = index.candidates([place[claim] for claim in fresh], top=top)
    for claim, others in zip(fresh, found, strict=True):
        for other in others:
            pairs.setdefault(frozenset((claim, leaders[other][0])), (claim, leaders[other][0]))
    chosen = list(pairs.values())
    judged = judge_pairs(
        [leaders[place[a]][1] for a, _ in chosen],
        [leaders[place[b]][1] for _, b in chosen],
        embedder=embedder,
        model=index.model,
    )
    kept = [
        Proposal(a, b, judgement)
        for (a, b), judgement in zip(chosen, judged, strict=True)
        if judgement.decision != Decision.APART
    ]
    return sorted(kept, key=lambda p: (-p.judgement.probability, p.first, p.second))
