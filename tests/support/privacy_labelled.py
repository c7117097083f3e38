"""Read the labelled sentences and measure a finder of traces against them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).resolve().parent.parent / "data" / "privacy_labelled.tsv"

Found = Iterable[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One labelled sentence; ``expected`` holds (start, end, kind)."""

    id: int
    language: str
    half: str
    text: str
    expected: tuple[tuple[int, int, str], ...]


@dataclass(slots=True)
class Score:
    """What was found, missed and wrongly raised."""

    wanted: Counter[str] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)
    named: Counter[str] = field(default_factory=Counter)
    negatives: int = 0
    false_alarms: list[Sentence] = field(default_factory=list)
    missed: list[tuple[Sentence, str]] = field(default_factory=list)
    too_much: list[Sentence] = field(default_factory=list)

    def recall(self, *kinds: str) -> float:
        """Return the share of wanted traces of the kinds that were hidden whole."""
        return sum(self.hidden[k] for k in kinds) / sum(self.wanted[k] for k in kinds)

    def false_alarm_rate(self) -> float:
        """Return the share of sentences without traces in which something was found."""
        return len(self.false_alarms) / self.negatives


def read(half: str | None = None) -> list[Sentence]:
    """Return the sentences of one half, or all."""
    lines = [
        line
        for line in FILE.read_text(encoding="utf-8").split("\n")
        if line and not line.startswith("#")
    ]
    sentences = []
    for line in lines[1:]:
        number, language, which, text, expected = line.split("\t")
        if half in (None, which):
            sentences.append(Sentence(int(number), language, which, text, _spans(expected)))
    return sentences


def _spans(expected: str) -> tuple[tuple[int, int, str], ...]:
    spans = []
    for part in filter(None, expected.split(";")):
        kind, _, where = part.partition(":")
        start, end = where.split("-")
        spans.append((int(start), int(end), kind))
    return tuple(spans)


def measure(find: Callable[[str], Found], sentences: Iterable[Sentence]) -> Score:
    """Run ``find`` over the sentences; a trace is hidden if all its letters and digits are."""
    score = Score()
    for sentence in sentences:
        found = list(find(sentence.text))
        covered = {place for start, end, _kind in found for place in range(start, end)}
        telling = {
            place
            for start, end, _kind in sentence.expected
            for place in range(start, end)
            if sentence.text[place].isalnum()
        }
        for start, end, kind in sentence.expected:
            score.wanted[kind] += 1
            inside = {place for place in range(start, end) if place in telling}
            if inside <= covered:
                score.hidden[kind] += 1
            else:
                score.missed.append((sentence, kind))
            score.named[kind] += any(k == kind and s < end and start < e for s, e, k in found)
        if not sentence.expected:
            score.negatives += 1
            if found:
                score.false_alarms.append(sentence)
        elif any(sentence.text[p].isalnum() and p not in telling for p in covered):
            score.too_much.append(sentence)
    return score


def wilson(hits: int, trials: int, z: float = 1.959964) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share.

    Reference: E. B. Wilson (1927), J. Am. Stat. Assoc. 22, 209-212.
    """
    share = hits / trials
    middle = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return (middle - spread) / scale, (middle + spread) / scale
