"""The calibrated model behind a judgement, and the rules that stand above it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qalqan.science.rumours.merge.embedders import Embedder, bundled_embedder
from qalqan.science.rumours.merge.facts import Facts, read_facts
from qalqan.science.rumours.merge.features import NAMES, feature_table
from qalqan.science.rumours.merge.judgement import Conflict, Decision, Judgement
from qalqan.science.rumours.merge.trees import Trees

_AT = {name: at for at, name in enumerate(NAMES)}
_BATCH = 512
_FORMAT = 1


@dataclass(frozen=True)
class MergeModel:
    """Probability that two texts say the same, from features, with two thresholds.

    Attributes
    ----------
    trees : Trees
        Boosted trees over `features.NAMES`.
    slope, offset : float
        Platt's calibration of the trees' sum.
    merge, suggest : float
        Probabilities from which a pair is merged by itself, or shown to a person.
    weights : dict of str to float
        How much a concept says.
    means : dict of str to ndarray
        Mean vector of each language for one embedder.
    embedder : str
        Name of the embedder whose vectors the model was trained on.

    References
    ----------
    Friedman 2001, Greedy function approximation; Platt 1999, Probabilistic outputs.
    """

    trees: Trees
    slope: float
    offset: float
    merge: float
    suggest: float
    weights: dict[str, float]
    means: dict[str, NDArray[np.float64]]
    embedder: str

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> MergeModel:
        """Build a model from its JSON.

        Raises
        ------
        ValueError
            The format or the list of features is not the one of this version.
        """
        if data.get("format") != _FORMAT or tuple(data.get("features", ())) != NAMES:
            raise ValueError("this model was trained for other features; train it again")
        return cls(
            trees=Trees.from_json(data),
            slope=float(data["slope"]),
            offset=float(data["offset"]),
            merge=float(data["merge"]),
            suggest=float(data["suggest"]),
            weights={str(k): float(v) for k, v in data["weights"].items()},
            means={k: np.array(v, np.float64) for k, v in data["means"].items()},
            embedder=str(data["embedder"]),
        )

    @classmethod
    def load(cls, path: Path | None = None, *, name: str = "claims") -> MergeModel:
        """Load a model: a file, or one of those in this package (``claims``, ``news``)."""
        return cls.from_json(json.loads(path.read_text("utf-8"))) if path else _packaged(name)

    def probability(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return calibrated probabilities of rows of features."""
        if not len(table):
            return np.zeros(0)
        log_odds = self.slope * self.trees.score(table) + self.offset
        return np.asarray(1.0 / (1.0 + np.exp(-log_odds)), np.float64)

    def table(
        self, left: Sequence[Facts], right: Sequence[Facts], embedder: Embedder
    ) -> NDArray[np.float64]:
        """Return the features of pairs that were read already."""
        texts = list(dict.fromkeys(f.text for f in (*left, *right)))
        vectors = dict(zip(texts, np.asarray(embedder.embed(texts), np.float64), strict=True))
        means = self.means if embedder.name == self.embedder else own_means(left, right, vectors)
        plain = np.array(
            [vectors[a.text] @ vectors[b.text] for a, b in zip(left, right, strict=True)]
        )
        centred = np.array(
            [
                centre(vectors[a.text], a, means) @ centre(vectors[b.text], b, means)
                for a, b in zip(left, right, strict=True)
            ]
        )
        return feature_table(zip(left, right, strict=True), plain, centred, self.weights)

    def judge(
        self, left: Sequence[str], right: Sequence[str], *, embedder: Embedder | None = None
    ) -> list[Judgement]:
        """Judge pairs of texts; see `judge_pairs`."""
        if len(left) != len(right):
            raise ValueError("left and right differ in length")
        used = embedder or bundled_embedder()
        out: list[Judgement] = []
        for start in range(0, len(left), _BATCH):
            one = [read_facts(text) for text in left[start : start + _BATCH]]
            two = [read_facts(text) for text in right[start : start + _BATCH]]
            table = self.table(one, two, used)
            rows = zip(one, two, self.probability(table).tolist(), table, strict=True)
            out += [self._judgement(a, b, p, row) for a, b, p, row in rows]
        return out

    def _judgement(
        self, a: Facts, b: Facts, probability: float, row: NDArray[np.float64]
    ) -> Judgement:
        found = conflicts(a, b, row)
        if a.words == b.words and a.words:
            probability = max(probability, 0.99)
        decision = Decision.APART
        if probability >= self.merge and not found:
            decision = Decision.MERGE
        elif probability >= self.suggest:
            decision = Decision.SUGGEST
        return Judgement(probability, decision, reasons(a, b, row), found)


def centre(
    vector: NDArray[np.float64], facts: Facts, means: dict[str, NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Take the mean of the text's language off a vector and make it a unit vector again."""
    mean = means.get(facts.language)
    if mean is None:
        mean = means.get("ru", np.zeros_like(vector))
    moved = vector - mean
    return np.asarray(moved / max(float(np.linalg.norm(moved)), 1e-9), np.float64)


def own_means(
    left: Sequence[Facts], right: Sequence[Facts], vectors: dict[str, NDArray[np.float64]]
) -> dict[str, NDArray[np.float64]]:
    """Return the mean vector of each language with ten texts or more, for a foreign embedder."""
    by_language: dict[str, list[NDArray[np.float64]]] = {}
    for facts in {f.text: f for f in (*left, *right)}.values():
        by_language.setdefault(facts.language, []).append(vectors[facts.text])
    return {k: np.mean(v, axis=0) for k, v in by_language.items() if len(v) >= 10}


def conflicts(a: Facts, b: Facts, row: NDArray[np.float64]) -> tuple[Conflict, ...]:
    """Return what contradicts in a pair, whatever the model thinks.

    Returns
    -------
    tuple of Conflict
        Negation where one text alone denies what the other says; numbers,
        places and dates where each text has one that the other lacks; words where both name
        other things of one kind (another food, another office, another disease) or other names.
    """
    found = []
    opposed = row[_AT["opposed"]] > 0 or row[_AT["state_denial"]] > 0
    if _denied(a, b) or opposed:
        found.append(Conflict.NEGATION)
    if row[_AT["numbers_conflict"]] or (a.numbers and b.numbers and not a.numbers & b.numbers):
        found.append(Conflict.NUMBER)
    if row[_AT["places_conflict"]]:
        found.append(Conflict.PLACE)
    if row[_AT["dates_conflict"]]:
        found.append(Conflict.DATE)
    clashes = ("site_clash", "role_clash", "utility_clash", "food_clash", "disease_clash")
    other = any(row[_AT[name]] == 2.0 for name in (*clashes, "event_clash", "time_clash"))
    if other or row[_AT["names_conflict"]]:
        found.append(Conflict.WORD)
    return tuple(found)


_GONE = frozenset({"lack", "shortage", "ban"})


def _denied(a: Facts, b: Facts) -> bool:
    """Whether one text alone denies, and not merely in place of a word for being gone.

    "There will be no water" says what "the water is cut off" says; "the schools will not close"
    denies what "the schools close" says, as both speak of closing.
    """
    if bool(a.negations) == bool(b.negations):
        return False
    plain, denying = (b, a) if a.negations else (a, b)
    return not (_GONE & plain.concepts) - denying.concepts


def reasons(a: Facts, b: Facts, row: NDArray[np.float64]) -> tuple[str, ...]:
    """Return what a pair shares, as codes with values."""
    out = [f"meaning {row[_AT['cosine']]:.2f}", f"letters {row[_AT['characters']]:.2f}"]
    out += [f"concept {name}" for name in sorted(a.concepts & b.concepts)][:8]
    out += [f"number {value:g}" for value in sorted(a.numbers & b.numbers)]
    out += [f"place {name}" for name in sorted(a.places & b.places)]
    return tuple(out)


@lru_cache(maxsize=4)
def _packaged(name: str) -> MergeModel:
    text = resources.files(__package__).joinpath(f"{name}.json").read_text("utf-8")
    return MergeModel.from_json(json.loads(text))
