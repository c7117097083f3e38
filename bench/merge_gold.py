"""Read the gold set of claims; add Latin Kazakh; split by claim; list the pairs to judge."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from qalqan.science.text.latinise import HABITS, cyrillic_to_latin

FILE = Path(__file__).parent / "data" / "merge_gold" / "claims.tsv"
SAME = ("claim", "paraphrase")


@dataclass(frozen=True)
class Text:
    claim: str
    kind: str
    language: str
    text: str


@dataclass(frozen=True)
class Pair:
    a: Text
    b: Text
    kind: str

    @property
    def same(self) -> bool:
        return self.kind == "same"


def _byte(text: str) -> int:
    return hashlib.blake2b(text.encode(), digest_size=1).digest()[0]


def half(claim: str) -> str:
    return "test" if _byte(claim) & 1 else "train"


def texts(part: str | None = None) -> list[Text]:
    """Read the texts of one half, each Kazakh one in Latin letters too."""
    out = []
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if part and half(row["claim"]) != part:
                continue
            kazakh = row["language"] == "kk"
            name = "kk-Cyrl" if kazakh else row["language"]
            out.append(Text(row["claim"], row["kind"], name, row["text"]))
            if kazakh:
                habit = HABITS[_byte(row["text"]) % len(HABITS)]
                latin = cyrillic_to_latin(row["text"], habit)
                out.append(Text(row["claim"], row["kind"], "kk-Latn", latin))
    return out


def pairs(part: str) -> list[Pair]:
    """List same-claim pairs and hard negatives: each altered text beside each true one."""
    by_claim: dict[str, list[Text]] = defaultdict(list)
    for text in texts(part):
        by_claim[text.claim].append(text)
    out = []
    for members in by_claim.values():
        true = [t for t in members if t.kind in SAME]
        out += [Pair(a, b, "same") for a, b in combinations(true, 2) if not _only_script(a, b)]
        out += [Pair(a, b, b.kind) for a in true for b in members if b.kind not in SAME]
    return out


_OPENERS = {
    "kk-Cyrl": ("Назар аударыңыздар! ", "Айтып жатыр, ", "Достар, ", "Рас па: "),
    "kk-Latn": ("Nazar audarynyzdar! ", "Aityp jatyr, ", "Dostar, ", "Ras pa: "),
    "ru": ("Внимание! ", "Говорят, ", "Ребята, ", "Правда ли, что "),
    "en": ("Attention! ", "They say ", "Guys, ", "Is it true that "),
}
_CLOSERS = {
    "kk-Cyrl": (", бәріне жіберіңіздер", ", сақ болыңыздар", " деп естідім", "!!!"),
    "kk-Latn": (", barine jiberinizder", ", saq bolynyzdar", " dep estidim", "!!!"),
    "ru": (", передайте всем", ", будьте осторожны", ", сама слышала", "!!!"),
    "en": (", tell everyone", ", be careful", ", I heard it myself", "!!!"),
}


def retold(text: Text) -> Text:
    """Return a text as it is passed on: something before, after, or its clauses swapped."""
    draw = _byte(f"retold {text.text}")
    words = text.text
    clauses = words.split(", ")
    if draw % 3 == 0 and len(clauses) == 2:
        words = f"{clauses[1]}, {clauses[0]}"
    elif draw % 3 == 1:
        words = _OPENERS[text.language][draw // 3 % 4] + words[0].lower() + words[1:]
    else:
        words += _CLOSERS[text.language][draw // 3 % 4]
    return Text(text.claim, "retold", text.language, words)


def easy_pairs(part: str) -> list[Pair]:
    """List pairs that must never be kept apart: a text and its retelling or other script."""
    true = [t for t in texts(part) if t.kind in SAME]
    out = [Pair(t, retold(t), "same") for t in true]
    by_claim: dict[str, list[Text]] = defaultdict(list)
    for text in true:
        by_claim[text.claim].append(text)
    for members in by_claim.values():
        out += [Pair(a, b, "same") for a, b in combinations(members, 2) if _only_script(a, b)]
    return out


def _only_script(a: Text, b: Text) -> bool:
    """Whether b is nothing but a in Latin letters: too easy to count."""
    return any(cyrillic_to_latin(a.text, habit) == b.text for habit in HABITS)
