"""Find claims that may be one, and judge them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qalqan.science.rumours.merge.embedders import Embedder, bundled_embedder
from qalqan.science.rumours.merge.judgement import Decision, Judgement, Proposal


class MergeIndex:
    """Candidates among the leaders of claims, by words, stems, characters and meaning."""

    def __init__(self, *, embedder: Embedder | None = None) -> None:
        self.embedder = embedder or bundled_embedder()


def judge_pairs(
    left: Sequence[str], right: Sequence[str], *, embedder: Embedder | None = None
) -> list[Judgement]:
    """Judge for each pair of texts whether both say the same.

    Parameters
    ----------
    left, right : sequence of str
        Texts; pair i is ``left[i]`` and ``right[i]``.
    embedder : Embedder, optional
        Source of vectors; the bundled model by default.

    Returns
    -------
    list of Judgement
        One a pair.

    Raises
    ------
    ValueError
        The two sequences differ in length.
    """
    used = embedder or bundled_embedder()
    one, two = used.embed(left), used.embed(right)
    if one.shape != two.shape:
        raise ValueError("left and right differ in length")
    near = (one * two).sum(axis=1)
    return [Judgement(float(value), Decision.SUGGEST) for value in near.clip(0.0, 1.0)]


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
    texts = dict(leaders)
    fresh = [claim for claim in new if claim in texts]
    pairs = [
        (claim, other) for claim in fresh for other in texts
        if other != claim and not (other in fresh and other < claim)
    ]  # fmt: skip
    judged = judge_pairs(
        [texts[a] for a, _ in pairs], [texts[b] for _, b in pairs], embedder=embedder
    )
    found = [Proposal(a, b, j) for (a, b), j in zip(pairs, judged, strict=True)]
    return sorted(found, key=lambda p: -p.judgement.probability)[: top * len(fresh)]
