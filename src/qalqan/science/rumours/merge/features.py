"""What two texts share and where they contradict each other, as numbers."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qalqan.science.rumours.merge.concepts import concepts
from qalqan.science.rumours.merge.facts import Facts, content_words, exclusive_groups
from qalqan.science.rumours.merge.skeletons import consonants, skeleton

#: Features of a pair in the order of `pair_features`; the two of the embedding come first.
NAMES = (
    "cosine", "centred", "characters", "stems", "stems_contained", "concepts",
    "concepts_contained", "concepts_one_way", "things", "things_contained", "things_one_way",
    "thing_conflicts", "thing_differences", "thing_groups",
    "state_fine", "state_denial", "state_lack", "death", "numbers_shared", "numbers_conflict",
    "numbers_alone", "places_shared", "places_conflict", "places_alone", "dates_shared",
    "dates_conflict", "dates_alone", "names_shared", "names_alone", "names_conflict", "negation",
    "negation_lack", "negations", "prohibition", "same_language", "has_kazakh", "has_english",
    "length_ratio", "length", "concept_weight", "opposed",
    "site_clash", "role_clash", "utility_clash", "food_clash", "event_clash", "disease_clash",
    "money_clash", "time_clash", "left_least", "left_most", "left_share",
    "sequence", "letters", "bigrams", "starts", "first_stem", "stems_left_least",
    "stems_left_most", "length_difference",
)  # fmt: skip


@lru_cache(maxsize=16384)
def _grams(text: str) -> Mapping[str, int]:
    bare = " " + " ".join(skeleton(word) for word in text.split()) + " "
    return Counter(bare[at : at + 3] for at in range(len(bare) - 2))


def _cosine(one: Mapping[str, int], two: Mapping[str, int]) -> float:
    if len(two) < len(one):
        one, two = two, one
    dot = sum(count * two.get(gram, 0) for gram, count in one.items())
    norm = math.sqrt(
        sum(c * c for c in one.values()) * sum(c * c for c in two.values())
    )  # fmt: skip
    return dot / norm if norm else 0.0


def _weight(names: Iterable[str], weights: Mapping[str, float]) -> float:
    return sum(weights.get(name, 1.0) for name in names)


def _overlap(
    one: frozenset[str], two: frozenset[str], weights: Mapping[str, float]
) -> tuple[float, float, float]:
    """Return the weighted Jaccard index, the larger and the smaller containment."""
    both, either = _weight(one & two, weights), _weight(one | two, weights)
    least, most = sorted((_weight(one, weights), _weight(two, weights)))
    if either <= 0.0:
        return 0.0, 0.0, 0.0
    return both / either, both / least if least else 0.0, both / most


def _alone(one: frozenset[object], two: frozenset[object]) -> float:
    return float(bool(one) != bool(two))


def _conflict(one: frozenset[object], two: frozenset[object]) -> float:
    """Whether each has something that the other lacks."""
    return float(bool(one - two) and bool(two - one))


def _names_compared(a: Facts, b: Facts) -> tuple[float, float, float]:
    """Return names shared, names that the other text lacks in one text, and in both.

    A name is known to the other text if any word there has the same consonants or begins with
    the same three: endings and alphabets differ.
    """

    def lacking(names: frozenset[str], other: Facts) -> int:
        bones = {consonants(word) for word in other.words}
        starts = {bone[:3] for bone in bones if len(bone) >= 3}
        return sum(
            name not in bones and (len(name) < 3 or name[:3] not in starts) for name in names
        )

    left, right = lacking(a.names, b), lacking(b.names, a)
    shared = len(a.names) + len(b.names) - left - right
    return float(min(shared, 3)), float(left + right > 0), float(left > 0 and right > 0)


def _groups(a: Facts, b: Facts) -> tuple[float, float, float]:
    """Count groups in which both speak of other things, of partly other things, and shared."""
    one, two = exclusive_groups(a), exclusive_groups(b)
    shared = one.keys() & two.keys()
    clash = sum(not (one[g] & two[g]) for g in shared)
    partly = sum(bool(one[g] - two[g]) and bool(two[g] - one[g]) for g in shared)
    return float(clash), float(partly), float(len(shared))


#: Groups whose conflicts count each for itself.
_WATCHED = ("site", "role", "utility", "food", "event", "disease", "money", "time-unit")
_OPPOSITES = (
    ("death", "rescue"), ("death", "alive-again"), ("death", "fine-state"), ("close", "open"),
    ("lack", "open"), ("lack", "fine-state"), ("shortage", "fine-state"), ("ban", "allow"),
    ("rise", "fall-price"), ("rise", "fine-state"), ("paid-service", "free-of-charge"),
    ("escape", "arrest"), ("crash", "fine-state"), ("cancel", "open"), ("missing", "find"),
    ("sick", "fine-state"), ("sick", "heal"), ("denial", "find"), ("poisoning", "fine-state"),
    ("dangerous", "fine-state"), ("fire", "rescue"), ("give", "take"), ("shortage", "open"),
    ("lack", "work"), ("close", "work"), ("stuck", "leave"), ("few", "many"), ("ban", "open"),
)  # fmt: skip


def _opposed(a: Facts, b: Facts) -> float:
    """Count pairs of opposite concepts of which each text has one alone."""
    one, two = a.concepts - b.concepts, b.concepts - a.concepts
    return float(sum((x in one and y in two) or (x in two and y in one) for x, y in _OPPOSITES))


def _clashes(a: Facts, b: Facts) -> list[float]:
    """Return for each watched group 2 for a conflict, 1 for a difference, 0 for neither."""
    one, two = exclusive_groups(a), exclusive_groups(b)
    out = []
    for group in _WATCHED:
        left, right = one.get(group, frozenset()), two.get(group, frozenset())
        differ = bool(left - right) and bool(right - left)
        out.append(0.0 if not differ else 1.0 if left & right else 2.0)
    return out


def _left_over(a: Facts, b: Facts) -> float:
    """Count the words of `a` that nothing in `b` answers to; known concepts count in full."""
    stems, bones = set(b.stems), {consonants(word)[:4] for word in b.words if len(word) > 4}
    total = 0.0
    for word, stem, of in content_words(a):
        if stem in stems or of & b.concepts or (len(word) > 4 and consonants(word)[:4] in bones):
            continue
        total += 1.0 if of else 0.7
    return total


def _specific(facts: Facts) -> frozenset[str]:
    """Return the concepts of groups that exclude: things, roles, places, events."""
    table = concepts().group
    return frozenset(name for name in facts.concepts if not table[name].endswith("-"))


def _xor(a: Facts, b: Facts, name: str) -> float:
    return float((name in a.concepts) != (name in b.concepts))


def _negation(a: Facts, b: Facts) -> tuple[float, float]:
    """Whether one text alone denies, and whether the other then says that something is gone."""
    if bool(a.negations) == bool(b.negations):
        return 0.0, 0.0
    plain, denying = (b, a) if a.negations else (a, b)
    gone = bool({"lack", "shortage", "ban"} & plain.concepts)
    return 1.0, float(gone or bool({"lack", "shortage"} & denying.concepts))


def _order(a: Facts, b: Facts) -> list[float]:
    """Compare the order of stems and letters, which counts within one language."""
    one, two = list(a.stems), list(b.stems)
    left, right = set(one), set(two)
    shorter = max(1, min(len(left), len(right)))
    pairs = set(pairwise(one)), set(pairwise(two))
    starts = {stem[:5] for stem in one} & {stem[:5] for stem in two}
    alone = sorted((len(left - right), len(right - left)))
    return [
        _ratio(one, two),
        _ratio(" ".join(a.words), " ".join(b.words)),
        len(pairs[0] & pairs[1]) / max(1, min(map(len, pairs))),
        len(starts) / shorter,
        float(bool(one) and bool(two) and one[0] == two[0]),
        float(alone[0]),
        float(alone[1]),
        float(abs(len(one) - len(two))),
    ]


def _ratio(one: Sequence[str], two: Sequence[str]) -> float:
    """Return difflib's ratio, the mean of both directions as it depends on the order."""
    there = SequenceMatcher(None, one, two, autojunk=False).ratio()
    return 0.5 * (there + SequenceMatcher(None, two, one, autojunk=False).ratio())


def pair_features(
    a: Facts, b: Facts, cosine: float, centred: float, weights: Mapping[str, float]
) -> list[float]:
    """Return the features of one pair.

    Parameters
    ----------
    a, b : Facts
        The two texts, read.
    cosine, centred : float
        Inner products of their vectors, plain and with the mean of each language taken off.
    weights : mapping of str to float
        How much a concept says; 1 where it is not listed.

    Returns
    -------
    list of float
        In the order of `NAMES`; the same for (b, a).
    """
    stems_a, stems_b = frozenset(a.stems), frozenset(b.stems)
    stems = _overlap(stems_a, stems_b, {})
    meaning = _overlap(a.concepts, b.concepts, weights)
    things = _overlap(_specific(a), _specific(b), weights)
    clash, partly, groups = _groups(a, b)
    names = _names_compared(a, b)
    negation, gone = _negation(a, b)
    sizes = sorted((len(a.words), len(b.words)))
    left = sorted((_left_over(a, b), _left_over(b, a)))
    languages = {a.language, b.language}
    return [
        cosine, centred, _cosine(_grams(" ".join(a.words)), _grams(" ".join(b.words))),
        stems[0], stems[1], meaning[0], meaning[1], meaning[2],
        things[0], things[1], things[2], clash, partly, groups,
        _xor(a, b, "fine-state"), _xor(a, b, "denial"), _xor(a, b, "lack"), _xor(a, b, "death"),
        float(len(a.numbers & b.numbers)), _conflict(a.numbers, b.numbers),
        _alone(a.numbers, b.numbers), float(len(a.places & b.places)),
        _conflict(a.places, b.places), _alone(a.places, b.places),
        float(len(a.dates & b.dates)), _conflict(a.dates, b.dates), _alone(a.dates, b.dates),
        *names, negation, gone, float(min(a.negations + b.negations, 4)),
        float(bool(a.prohibitions) != bool(b.prohibitions)), float(len(languages) == 1),
        float("kk-Cyrl" in languages), float("en" in languages),
        sizes[0] / sizes[1] if sizes[1] else 0.0, float(min(sizes[0], 30)),
        _weight(a.concepts & b.concepts, weights), _opposed(a, b), *_clashes(a, b),
        left[0], left[1], left[0] / max(1, min(sizes[0], 12)), *_order(a, b),
    ]  # fmt: skip


def feature_table(
    pairs: Iterable[tuple[Facts, Facts]],
    cosine: NDArray[np.float64],
    centred: NDArray[np.float64],
    weights: Mapping[str, float],
) -> NDArray[np.float64]:
    """Return the features of pairs, shape (pairs, features)."""
    rows = [
        pair_features(a, b, float(c), float(d), weights)
        for (a, b), c, d in zip(pairs, cosine, centred, strict=True)
    ]
    return np.array(rows, np.float64).reshape(len(rows), len(NAMES))
