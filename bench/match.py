"""Has this been answered before? CheckThat! 2020 and claims across languages.

    python bench/match.py [--data ../shared/data] [--cache FILE.npz] [--fit]

Train and dev tweets are judged in five folds, split by claim so that no claim is learnt from and
asked for. Plain BM25 (stems of title and text) stands beside, in the same run. ``--fit`` writes the
weights of the package from all of train and dev and from the training half of the gold set.
``--run FILE`` only answers the test tweets by the command and is not here: use
``qalqan rumours match``. Vectors are kept in the cache, as they cost most of the time.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from dataclasses import dataclass
from pathlib import Path

import merge_gold
import numpy as np

from qalqan.science.rumours.match import AnsweredClaim, AnsweredIndex
from qalqan.science.rumours.match.features import LEXICAL, MEANING
from qalqan.science.rumours.match.index import Pool
from qalqan.science.rumours.match.model import Choice, ChoiceModel, fit_choice_model
from qalqan.science.rumours.merge import bundled_embedder

ROOT = Path(__file__).resolve().parent.parent
WEIGHTS = ROOT / "src/qalqan/science/rumours/match/weights.json"
FOLDS = 5


class Cached:
    """The bundled embedder, with vectors kept in a file."""

    def __init__(self, path: Path | None) -> None:
        self.path, self.real = path, bundled_embedder()
        self.name = self.real.name
        self.known: dict[str, np.ndarray] = {}
        if path and path.exists():
            with np.load(path, allow_pickle=False) as kept:
                self.known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    def embed(self, texts):
        new = [t for t in dict.fromkeys(texts) if t not in self.known]
        if new:
            self.known.update(zip(new, self.real.embed(new), strict=True))
        return np.stack([self.known[t] for t in texts]).astype(np.float32)

    def save(self) -> None:
        if self.path:
            np.savez(self.path, texts=np.array(list(self.known)),
                     vectors=np.stack(list(self.known.values())))  # fmt: skip


@dataclass
class Asked:
    """One text: its candidates, those without the right claim, and which are right."""

    right: frozenset[int]
    with_it: Pool
    without: Pool
    part: str


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t"))[1:]


def checkthat(folder: Path):
    claims = [AnsweredClaim(*row) for row in rows(folder / "verified_claims.docs.tsv")]
    asked = []
    for part in ("train", "dev"):
        right: dict[str, set[str]] = {}
        for line in (folder / part / "tweet-vclaim-pairs.qrels").read_text().splitlines():
            query, _, claim, _ = line.split()
            right.setdefault(query, set()).add(claim)
        asked += [(t, right[q], part) for q, t in rows(folder / part / "tweets.queries.tsv")]
    return claims, asked


def collect(index: AnsweredIndex, asked) -> list[Asked]:
    place = {claim.id: at for at, claim in enumerate(index.claims)}
    out = []
    for text, names, part in asked:
        right = frozenset(index.leader(place[name]) for name in names)
        out.append(Asked(right, index.pool(text), index.pool(text, without=right), part))
    return out


def choices(index, asked: list[Asked], words: ChoiceModel | None) -> list[Choice]:
    """Two lessons a text: with the right claim among the answered ones, and without it."""
    out = []
    for one in asked:
        for pool, right in ((one.with_it, one.right), (one.without, frozenset())):
            kept = index.narrowed(pool, words) if words else pool
            table = index.deepened(kept) if words else kept.rows
            at = tuple(i for i, row in enumerate(kept.order.tolist()) if row in right)
            if at or not right:
                out.append(Choice(table, at))
    return out


def precision(order: list[int], right: frozenset[int], k: int = 5) -> float:
    hits, total = 0, 0.0
    for rank, row in enumerate(order[:k], start=1):
        if row in right:
            hits += 1
            total += hits / rank
    return total / min(len(right), k)


def judge(index, one: Asked, words: ChoiceModel, model: ChoiceModel):
    """Return average precision, and (said, came) of the best candidate with and without."""
    kept = index.narrowed(one.with_it, words)
    utilities = model.utilities(index.deepened(kept))
    order = np.argsort(-utilities, kind="stable")
    chance, _ = model.probabilities(utilities)
    other = index.narrowed(one.without, words)
    blank, none = model.probabilities(model.utilities(index.deepened(other)))
    best = kept.order[order].tolist()
    said = [(float(chance[order[0]]), best[0] in one.right), (float(blank.max()), False)]
    return precision(best, one.right), said, none


def folds(asked: list[Asked]) -> np.ndarray:
    names = sorted({min(one.right) for one in asked})
    turn = np.random.default_rng(0).permutation(len(names)) % FOLDS
    fold = dict(zip(names, turn.tolist(), strict=True))
    return np.array([fold[min(one.right)] for one in asked])


def fit(index, asked, extra=()) -> tuple[ChoiceModel, ChoiceModel]:
    words = fit_choice_model(choices(index, asked, None), LEXICAL)
    every = choices(index, asked, words)
    for other_index, other_asked in extra:
        every += choices(other_index, other_asked, words)
    return words, fit_choice_model(every, (*LEXICAL, *MEANING))


def show(name: str, values: np.ndarray, parts: np.ndarray) -> None:
    rng = np.random.default_rng(0)
    means = values[rng.integers(0, len(values), (2000, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    each = ", ".join(f"{p} {values[parts == p].mean():.3f}" for p in dict.fromkeys(parts.tolist()))
    print(f"{name:<44} MAP@5 {values.mean():.3f} [{low:.3f}, {high:.3f}]   {each}", flush=True)


def calibration(said: list[tuple[float, bool]]) -> None:
    table = np.array(said, dtype=float)
    group = np.digitize(table[:, 0], [0.1, 0.3, 0.5, 0.7, 0.9])
    for g in range(6):
        mine = table[group == g]
        if len(mine):
            print(f"   said {mine[:, 0].mean():.2f}  came {mine[:, 1].mean():.2f}  ({len(mine)})")


def gold(embedder, part: str):
    """The gold set: each claim answered in one language, asked for in all others and scripts."""
    rng = np.random.default_rng(0)
    claims, asked = [], []
    for name in sorted({t.claim for t in merge_gold.texts()}):
        mine = [t for t in merge_gold.texts() if t.claim == name and t.kind in merge_gold.SAME]
        plain = [t for t in mine if t.kind == "claim" and t.language != "kk-Latn"]
        chosen = plain[int(rng.integers(len(plain)))]
        claims.append(AnsweredClaim(name, chosen.text))
        if merge_gold.half(name) == part:
            asked += [(t.text, {name}, t.language) for t in mine if t.text != chosen.text]
    return AnsweredIndex(claims, embedder=embedder, models={}), asked


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    embedder = Cached(options.cache)
    claims, questions = checkthat(options.data / "rumours" / "checkthat2020")
    began = time.process_time()
    index = AnsweredIndex(claims, embedder=embedder, embed_all=False, models={})
    print(f"index of {len(claims)} claims: {time.process_time() - began:.1f} CPU-s")
    asked = collect(index, questions)
    parts = np.array([one.part for one in asked])
    plain = [
        precision(np.argsort(-index.plain_scores(text), kind="stable").tolist(), one.right)
        for (text, _, _), one in zip(questions, asked, strict=True)
    ]
    show("plain BM25, stems of title and text", np.array(plain), parts)
    fold, values, said = folds(asked), np.zeros(len(asked)), []
    for k in range(FOLDS):
        models = fit(index, [one for one, f in zip(asked, fold, strict=True) if f != k])
        for at in np.flatnonzero(fold == k):
            values[at], pair, _ = judge(index, asked[at], *models)
            said += pair
        embedder.save()
    show("ours, five folds by claim", values, parts)
    calibration(said)
    lessons, questions = gold(embedder, "train")
    across, questions_test = gold(embedder, "test")
    models = fit(index, asked, [(lessons, collect(lessons, questions))])
    embedder.save()
    tested = collect(across, questions_test)
    judged = [judge(across, one, *models) for one in tested]
    languages = np.array([one.part for one in tested])
    show("gold set, test half (asked in)", np.array([j[0] for j in judged]), languages)
    calibration([pair for _, pairs, _ in judged for pair in pairs])
    if options.fit:
        data = {"words": models[0].as_dict(), "meaning": models[1].as_dict()}
        WEIGHTS.write_text(json.dumps({"models": data}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
