"""Train the model that judges pairs of claims, and write it into the package.

Run ``python -m bench.merge_train``: on the training half of the gold set. The model for Russian
headlines is written by ``python -m bench.paraphrase --write``.
"""

from __future__ import annotations

import json
import math
import pickle
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from bench import merge_gold as gold
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from qalqan.science.rumours.merge import bundled_embedder
from qalqan.science.rumours.merge.facts import read_facts
from qalqan.science.rumours.merge.features import NAMES
from qalqan.science.rumours.merge.model import MergeModel, centre, conflicts
from qalqan.science.rumours.merge.trees import Trees

PACKAGE = Path(__file__).parents[1] / "src/qalqan/science/rumours/merge"
CACHE = Path(__file__).parents[1] / "var" / "bench" / "embeddings.pkl"
UP = {
    "cosine",
    "centred",
    "characters",
    "stems",
    "stems_contained",
    "concepts",
    "concepts_contained",
    "concepts_one_way",
    "things",
    "things_contained",
    "things_one_way",
    "numbers_shared",
    "places_shared",
    "dates_shared",
    "names_shared",
    "concept_weight",
    "thing_groups",
}
DOWN = {
    "thing_conflicts",
    "thing_differences",
    "state_fine",
    "state_denial",
    "numbers_conflict",
    "numbers_alone",
    "places_conflict",
    "places_alone",
    "dates_conflict",
    "dates_alone",
    "names_alone",
    "names_conflict",
    "negation",
    "opposed",
    "site_clash",
    "role_clash",
    "utility_clash",
    "food_clash",
    "event_clash",
    "disease_clash",
    "money_clash",
    "time_clash",
    "left_least",
    "left_most",
    "left_share",
    "stems_left_least",
}


class CachedEmbedder:
    """The bundled embedder with its vectors kept in a file, as a bench runs often."""

    def __init__(self) -> None:
        self.inner = bundled_embedder()
        self.name = self.inner.name
        self.known = pickle.loads(CACHE.read_bytes()) if CACHE.exists() else {}

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        lacking = [t for t in dict.fromkeys(texts) if t not in self.known]
        for at in range(0, len(lacking), 64):
            part = lacking[at : at + 64]
            self.known.update(zip(part, self.inner.embed(part), strict=True))
        if lacking:
            CACHE.parent.mkdir(parents=True, exist_ok=True)
            CACHE.write_bytes(pickle.dumps(self.known))
        return np.stack([self.known[t] for t in texts])


def bare_model(weights, means) -> MergeModel:
    """Return a model that only makes features."""
    empty = Trees.from_json({"start": 0.0, "trees": [[-1, 0, 0, 0, 0.0]]})
    return MergeModel(empty, 1.0, 0.0, 1.0, 1.0, weights, means, bundled_embedder().name)


def concept_weights(part: str) -> dict[str, float]:
    """Weigh concepts by how few claims they occur in."""
    seen: Counter[str] = Counter()
    total = 0
    for text in gold.texts(part):
        if text.language != "kk-Latn" and text.kind in gold.SAME:
            seen.update(read_facts(text.text).concepts)
            total += 1
    top = math.log(total + 1)
    weight = {c: min(1.0, 1.6 * math.log((total + 1) / (n + 1)) / top) for c, n in seen.items()}
    return {name: round(value, 3) for name, value in sorted(weight.items())}


def language_means(part: str, embedder) -> dict[str, np.ndarray]:
    """Return the mean vector of each language."""
    facts = [read_facts(text.text) for text in gold.texts(part)]
    out = {}
    for language in ("kk-Cyrl", "ru", "en"):
        own = [f.text for f in facts if f.language == language]
        out[language] = np.round(embedder.embed(own).mean(axis=0).astype(float), 5)
    return out


def pairs_of(part: str, model: MergeModel, embedder, *, near: int = 6, easy: bool = False):
    """List same-claim pairs, hard negatives, and the nearest texts of other claims."""
    texts = gold.texts(part)
    facts = [read_facts(t.text) for t in texts]
    raw = embedder.embed([f.text for f in facts]).astype(float)
    moved = np.stack([centre(v, f, model.means) for v, f in zip(raw, facts, strict=True)])
    near_by = moved @ moved.T
    claim = np.array([t.claim for t in texts])
    near_by[claim[:, None] == claim[None, :]] = -9.0
    rows = set()
    for i, text in enumerate(texts):
        if text.kind in gold.SAME:
            rows |= {(min(i, j), max(i, j)) for j in np.argsort(-near_by[i])[:near].tolist()}
    others = [gold.Pair(texts[i], texts[j], "other") for i, j in sorted(rows)]
    found = gold.pairs(part) + others + (gold.easy_pairs(part) if easy else [])
    left = [read_facts(p.a.text) for p in found]
    right = [read_facts(p.b.text) for p in found]
    return found, left, right, model.table(left, right, embedder)


def classifier(seed: int, order: bool) -> HistGradientBoostingClassifier:
    """Return an unfitted model; `order` makes what speaks for or against do so everywhere."""
    ways = [1 if n in UP else -1 if n in DOWN else 0 for n in NAMES]
    return HistGradientBoostingClassifier(
        max_iter=160 if order else 220, learning_rate=0.06 if order else 0.05, max_leaf_nodes=10,
        min_samples_leaf=25, l2_regularization=5.0, max_features=0.4, random_state=seed,
        monotonic_cst=ways if order else None,
    )  # fmt: skip


def flat(model: HistGradientBoostingClassifier, share: float) -> list[list[float]]:
    """Write the trees of a fitted model as flat lists, their leaves times `share`."""
    out = []
    for stage in model._predictors:
        nodes = stage[0].nodes
        tree: list[float] = []
        for node in nodes:
            leaf = bool(node["is_leaf"])
            tree += [
                -1 if leaf else int(node["feature_idx"]),
                0 if leaf else float(f"{node['num_threshold']:.6g}"),
                int(node["left"]), int(node["right"]),
                float(f"{node['value'] * share:.4g}") if leaf else 0,
            ]  # fmt: skip
        out.append(tree)
    return out


def trees_of(table, same, *, order: bool = True) -> Trees:
    """Fit and return trees as the package will read them."""
    return Trees.from_json(_fit(table, same, order=order))


def _fit(table, same, *, order: bool = True) -> dict:
    seeds = (0, 1) if order else (0,)
    fitted = [classifier(seed, order).fit(table, same) for seed in seeds]
    share = 1.0 / len(seeds)
    start = float(np.mean([np.ravel(m._baseline_prediction)[0] for m in fitted]))
    return {"start": start, "trees": [tree for m in fitted for tree in flat(m, share)]}


def out_of_fold(table, same, groups, folds: int = 5) -> np.ndarray:
    score = np.zeros(len(same))
    for fit, held in GroupKFold(folds).split(table, same, groups):
        score[held] = trees_of(table[fit], same[fit]).score(table[held])
    return score


def thresholds(probability, same, kind, clear) -> tuple[float, float]:
    """Choose the threshold of merging: precision .985 beside other claims, and at most 2.5 % of
    what is negated or has another number, place or date, 4 % with other actors and objects.
    """
    other, hard = kind == "other", ~same & (kind != "other")
    fact = np.isin(kind, ("negated", "number", "place", "date"))
    merge = 0.999
    for value in np.arange(0.995, 0.30, -0.005):
        taken = clear & (probability >= value)
        if taken.sum() < 20:
            continue
        precision = (taken & same).sum() / max(1, (taken & (same | other)).sum())
        too_hard = taken[fact].mean() > 0.025 or taken[hard].mean() > 0.04
        if precision < 0.985 or too_hard:
            break
        merge = float(value)
    return round(merge, 3), 0.35


def train_claims() -> dict:
    embedder = CachedEmbedder()
    weights = concept_weights("train")
    means = language_means("train", embedder)
    model = bare_model(weights, means)
    found, left, right, table = pairs_of("train", model, embedder, easy=True)
    same = np.array([p.same for p in found])
    kind = np.array([p.kind for p in found])
    score = out_of_fold(table, same, np.array([p.a.claim for p in found]))
    platt = LogisticRegression(C=1e6).fit(score[:, None], same)
    slope, offset = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    probability = 1 / (1 + np.exp(-(slope * score + offset)))
    clear = np.array([not conflicts(a, b, r) for a, b, r in zip(left, right, table, strict=True)])
    np.savez(CACHE.with_name("claims_oof.npz"), p=probability, same=same, kind=kind, clear=clear)
    merge, suggest = thresholds(probability, same, kind, clear)
    print(f"out of fold: recall {np.mean(clear[same] & (probability[same] >= merge)):.3f}")
    return {
        "format": 1, "trained_on": "gold set of claims, training half; synthetic, CC0",
        "embedder": embedder.name, "features": list(NAMES), "slope": round(slope, 5),
        "offset": round(offset, 5), "merge": merge, "suggest": suggest, "weights": weights,
        "means": {k: v.tolist() for k, v in means.items()}, **_fit(table, same),
    }  # fmt: skip


def write(name: str, data: dict) -> None:
    path = PACKAGE / f"{name}.json"
    path.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")
    print(path, path.stat().st_size // 1024, "KB", "merge", data["merge"])


if __name__ == "__main__":
    write("claims", train_claims())
