"""Find the names of places in free text, offline, in Kazakh, Russian and English.

How it works: every known name is folded (`fold`) into a stem with the endings that may follow
it. A message is cut into words; a word met for the first time is folded and split into stem and
ending once, and remembered, so that most words of most messages cost one look-up.

Where a name could mean several things, the rules are:

1. The longest match wins: "Алгинский район" is the district, "Актюбинская область" the province.
2. A settlement beats a district, and a district a province, of the same name.
3. A name that is also a common word ("алға" forward, "темір" iron), or has three letters or
   fewer, counts only with a capital letter that does not merely begin a sentence, with an
   ending that says "at the place", after a preposition, beside a word such as район, or when
   the text is nothing else.
4. The place of a message (`find_first_many`) is the first one named, except that a settlement
   beats the district it lies in when both are named, and everything smaller beats a province.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from qalqan.desk.platform.places.finder_words import (
    ADJECTIVE,
    BEFORE,
    COMMON,
    CONSONANT,
    DISTRICT_WORDS,
    FEMININE,
    KAZAKH,
    OWNED,
    PLACE_SHORT,
    PLACE_STEMS,
    PROVINCE_WORDS,
    SHORT,
)
from qalqan.desk.platform.places.fold import fold, fold_name

_WORD = re.compile(r"\w+(?:['’ʼʻ`\u0300-\u036f]+\w+)*")
_SENTENCE_END = re.compile(r"[.!?…:;\n\"«“(\u2022—–-]\s*$")
_RANK = {"settlement": 0, "district": 1, "province": 2, "country": 3}
_VOWELS = "аеиоу"
_MEMO_LIMIT = 1 << 18
_LONGEST_WORD = 64


@dataclass(frozen=True, slots=True)
class NameRow:
    """One name of one place, as stored."""

    place_id: int
    kind: str
    parent_id: int | None
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """A place named in a text: ``text[start:end] == surface``."""

    place_id: int
    start: int
    end: int
    surface: str


@dataclass(slots=True)
class _Stem:
    """A stem, its endings, the place it names alone and the longer names it begins."""

    endings: frozenset[str]
    place_id: int = 0
    rank: int = 9
    common: frozenset[str] | None = None
    longer: list[tuple[tuple[tuple[str, frozenset[str]], ...], int, int]] = field(
        default_factory=list
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way of reading a word: as a stem with an ending."""

    stem: _Stem
    name: str
    ending: str


def _stems_of(word: str) -> list[tuple[str, frozenset[str]]]:
    """Return the stems of a folded name, each with the endings that may follow."""
    found: list[tuple[str, frozenset[str]]] = []
    for tail in ("скии", "скои", "скаиа", "ское", "цкии"):
        if word.endswith(tail) and len(word) > len(tail) + 1:
            found.append((word[: len(word) - len(tail) + 2], ADJECTIVE))
            break
    if word.endswith("а") and len(word) > SHORT:
        found.append((word[:-1], FEMININE))
    found.append((word, KAZAKH if word[-1:] in _VOWELS else CONSONANT))
    return found


def _generic(name: str, kind: str) -> list[str]:
    """Return the ways a district or province is called with its generic word."""
    words = {"district": DISTRICT_WORDS, "province": PROVINCE_WORDS}.get(kind, [])
    base = name
    for word in words:
        base = re.sub(rf"(^| ){word}\w*$", "", base)
    return [f"{base} {word}" for word in words] if base else []


class PlaceFinder:
    """Finds known places in text; built once from names, then asked many times.

    Parameters
    ----------
    names
        Every name and alias of every place.
    parents
        For each place the one it lies in, 0 for none; used by rule 4.
    """

    def __init__(self, names: Sequence[NameRow], parents: Mapping[int, int] | None = None) -> None:
        self._stems: dict[str, list[_Stem]] = {}
        self._kinds: dict[int, str] = {row.place_id: row.kind for row in names}
        self._parents = dict(parents or {row.place_id: row.parent_id or 0 for row in names})
        self._memo: dict[str, tuple[_Reading, ...]] = {}
        self._whole: dict[str, tuple[int, int]] = {}
        for row in names:
            self._add(row)

    def _add(self, row: NameRow) -> None:
        rank = _RANK.get(row.kind, 9)
        folded = fold_name(row.name)
        self._whole[folded] = min(self._whole.get(folded, (9, 0)), (rank, row.place_id))
        for name in (folded, *_generic(folded, row.kind)):
            words = name.split()
            if not words or (len(words) == 1 and len(words[0]) < SHORT):
                continue
            for stem, endings in _stems_of(words[0]):
                self._add_stem(stem, endings, words[1:], row.place_id, rank)

    def _add_stem(
        self, stem: str, endings: frozenset[str], rest: list[str], place_id: int, rank: int
    ) -> None:
        known = self._stems.setdefault(stem, [])
        entry = next((s for s in known if s.endings is endings), None)
        if entry is None:
            common = COMMON.get(stem, frozenset() if len(stem) <= SHORT else None)
            entry = _Stem(endings, common=common)
            if endings is FEMININE:
                entry.common = COMMON.get(stem + "а", entry.common)
            known.append(entry)
        if not rest:
            if rank < entry.rank:
                entry.place_id, entry.rank = place_id, rank
            return
        tail = tuple((word, self._tail_endings(word)) for word in rest)
        if not any(words == tail and old_rank <= rank for words, _p, old_rank in entry.longer):
            entry.longer.append((tail, place_id, rank))
            entry.longer.sort(key=lambda item: (-len(item[0]), item[2]))

    @staticmethod
    def _tail_endings(word: str) -> frozenset[str]:
        if word in DISTRICT_WORDS or word in PROVINCE_WORDS:
            return OWNED
        return KAZAKH if word[-1:] in _VOWELS else CONSONANT

    def _read(self, word: str) -> tuple[_Reading, ...]:
        """Split a word into stem and ending in every legal way, longest stem first."""
        if len(word) > _LONGEST_WORD:
            return ()
        if len(self._memo) >= _MEMO_LIMIT:
            self._memo.clear()
        folded = fold(word)
        if word.isascii() and folded.endswith("с") and "'" in word:
            folded = folded[:-1]
        readings = []
        for cut in range(len(folded), SHORT - 2, -1):
            for stem in self._stems.get(folded[:cut], ()):
                if folded[cut:] in stem.endings or (cut == len(folded) and stem.longer):
                    readings.append(_Reading(stem, folded[:cut], folded[cut:]))
        readings.sort(key=lambda reading: (-len(reading.name), reading.stem.rank))
        self._memo[word] = found = tuple(readings)
        return found

    def find(self, text: str) -> list[PlaceMatch]:
        """Return every place named in a text, in order, without overlaps.

        Parameters
        ----------
        text
            Anything.
        """
        words = [match.span() for match in _WORD.finditer(text)]
        found: list[PlaceMatch] = []
        at = 0
        while at < len(words):
            start, end = words[at]
            readings = self._memo.get(text[start:end])
            if readings is None:
                readings = self._read(text[start:end])
            taken = self._match(text, words, at, readings) if readings else None
            if taken is None:
                at += 1
                continue
            place_id, length = taken
            stop = words[at + length - 1][1]
            found.append(PlaceMatch(place_id, start, stop, text[start:stop]))
            at += length
        return found or self._whole_text(text)

    def _whole_text(self, text: str) -> list[PlaceMatch]:
        """Take a text that is nothing but a capitalised name, as a cell of a table is."""
        name = text.strip()
        if not 0 < len(name) <= 60 or not name[0].isupper() or not name[-1].isalpha():
            return []
        _rank, place_id = self._whole.get(fold_name(name), (9, 0))
        start = text.index(name)
        return [PlaceMatch(place_id, start, start + len(name), name)] if place_id else []

    def _match(
        self, text: str, words: list[tuple[int, int]], at: int, readings: tuple[_Reading, ...]
    ) -> tuple[int, int] | None:
        best: tuple[int, int, int] | None = None
        following = fold(text[slice(*words[at + 1])]) if at + 1 < len(words) else ""
        for reading in readings:
            for tail, place_id, rank in reading.stem.longer:
                if following.startswith(tail[0][0]) and self._tail_fits(text, words, at, tail):
                    key = (-len(tail), rank, place_id)
                    best = min(best, key) if best else key
                    break
        if best:
            return best[2], 1 - best[0]
        for reading in readings:
            if not reading.stem.place_id or reading.ending not in reading.stem.endings:
                continue
            if reading.stem.common is None or self._is_evident(text, words, at, reading):
                return reading.stem.place_id, 1
        return None

    @staticmethod
    def _tail_fits(
        text: str,
        words: list[tuple[int, int]],
        at: int,
        tail: tuple[tuple[str, frozenset[str]], ...],
    ) -> bool:
        if at + len(tail) >= len(words):
            return False
        for step, (stem, endings) in enumerate(tail, 1):
            before, (start, end) = words[at + step - 1][1], words[at + step]
            gap = text[before:start]
            if len(gap) > 3 or any(c in gap for c in ",;!?\n"):
                return False
            word = fold(text[start:end])
            if not word.startswith(stem) or word[len(stem) :] not in endings:
                return False
        return True

    @staticmethod
    def _is_evident(text: str, words: list[tuple[int, int]], at: int, reading: _Reading) -> bool:
        """Tell whether a name that is also a common word is used as a name here."""
        start, end = words[at]
        if reading.stem.common and reading.ending in reading.stem.common:
            return True
        surface = text[start:end]
        begins = (
            start == 0 or bool(_SENTENCE_END.search(text[max(0, start - 4) : start])) or at == 0
        )
        if surface[:1].isupper() and not surface.isupper() and not begins:
            return True
        if at and fold(text[slice(*words[at - 1])]) in BEFORE:
            return True
        for beside in (at - 1, at + 1):
            if 0 <= beside < len(words):
                word = fold(text[slice(*words[beside])])
                if word in PLACE_SHORT or any(
                    word.startswith(stem) and word[len(stem) :] in OWNED
                    for stem in (word[:cut] for cut in range(3, len(word) + 1))
                    if stem in PLACE_STEMS
                ):
                    return True
        return False

    def find_first(self, text: str) -> int:
        """Return the place a text is about by rule 4; 0 where none is named."""
        memo = self._memo
        for word in _WORD.findall(text):
            readings = memo.get(word)
            if readings is None:
                readings = self._read(word)
            if readings:
                return self._choose(self.find(text))
        return 0

    def _choose(self, matches: list[PlaceMatch]) -> int:
        local = [m for m in matches if _RANK.get(self._kinds[m.place_id], 9) <= 1]
        if not local:
            return matches[0].place_id if matches else 0
        first = local[0].place_id
        if self._kinds[first] == "district":
            for match in local[1:]:
                if self._parents.get(match.place_id) == first:
                    return match.place_id
        return first

    def find_first_many(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """Return `find_first` of many texts.

        Parameters
        ----------
        texts
            The messages, shape (n,).

        Returns
        -------
        ndarray of int64, shape (n,)
            The key of a place, or 0.
        """
        first = self.find_first
        return np.fromiter((first(text) for text in texts), np.int64, len(texts))
