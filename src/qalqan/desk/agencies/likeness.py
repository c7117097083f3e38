"""Whether two entries of the directory mean the same body, in whichever of three languages.

A name becomes a set of tokens: what sort of body by its meaning (басқарма, управление and
department are one), numbers as they are, names of the area dropped, everything else folded to
one spelling and compared by its beginning, so that endings do not part what belongs together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from qalqan.desk.platform.places.fold import fold

_ENOUGH = 0.66
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_STEM = 4

_SAME_MEANING = {
    "department": "басқарма басқармасы управление управления department directorate департамент "
    "департаменті бөлім бөлімі отдел division office кеңсесі",
    "akimat": "әкімдік әкімдігі акимат akimat әкімшілік әкімшілігі администрация administration",
    "police": "полиция полициясы полиции police",
    "emergency": "төтенше жағдайлар жағдай чс чрезвычайных чрезвычайным ситуаций ситуациям "
    "emergency emergencies situations өрт пожарная пожарной fire",
    "health": "денсаулық сақтау здравоохранения здравоохранение health healthcare",
    "education": "білім образования образование education",
    "social": "әлеуметтік социальной социальная социальных социальный social",
    "protection": "қорғау защиты защита protection",
    "youth": "жастар жас молодежи молодёжи молодежная молодежный молодежь youth young",
    "women": "әйелдер женщин женская women womens",
    "mothers": "аналар матерей mothers",
    "veterans": "ардагерлер ветеранов veterans",
    "children": "балалар детей детский детская children childrens",
    "family": "отбасы семьи семейный family families",
    "lawyers": "заңгерлер юристов lawyers",
    "law": "құқық құқықтық право права правовой правовая law legal",
    "help": "көмек көмегі помощи помощь help aid",
    "support": "қолдау поддержки поддержка support",
    "affairs": "істер істері делам дел affairs",
    "interior": "ішкі внутренних internal interior",
    "culture": "мәдениет мәдени культуры культурный культурная culture cultural",
    "sport": "спорт спорты спорта sport sports",
    "press": "баспасөз пресс печати press media сми бақ",
    "centre": "орталық орталығы центр центра centre center",
    "fund": "қор қоры фонд фонда fund foundation",
    "association": "бірлестік бірлестігі объединение объединения ассоциация қауымдастық "
    "қауымдастығы association society қоғам қоғамы общество",
    "union": "одақ одағы союз союза union league лига лигасы",
    "volunteers": "еріктілер волонтеров волонтёров волонтеры волонтёры volunteers volunteer",
    "club": "клуб клубы club",
    "dialogue": "диалог сұхбат dialogue dialog",
    "peace": "бейбітшілік мира мир peace",
    "friendship": "достық дружбы дружба friendship",
    "hope": "үміт надежда надежды hope",
    "future": "болашақ будущее будущего future",
    "light": "жарық свет light",
    "steppe": "дала степь степи steppe",
    "home": "үй дом home house үйі",
    "work": "еңбек труда труд labour labor",
    "religious": "дін дінтану религии религий religious religion religions",
    "research": "зерттеу зерттеулер исследований исследования research",
    "city": "қала қаласы қалалық город города городской городская city",
}
_DROPPED = (
    "облысы облысының область области областной областная region regional province provincial "
    "облыстық аудан ауданы аудандық район района районный районная district қазақстан "
    "қазақстанның казахстан казахстана kazakhstan республикасы республика республики republic "
    "қоғамдық общественное общественный общественная public мемлекеттік государственное "
    "государственный state мекеме мекемесі учреждение institution коммуналдық коммунальное кму "
    "кгу и және and по of for the на о об «» ғимарат at in in бойынша жөніндегі город"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is compared of a body: its names, its area, the words by which the area is called."""

    key: int
    kind: str
    names: tuple[str, ...]
    area_id: int
    area_words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that may mean the same body, and how like it is: 0 to 1."""

    key: int
    likeness: float


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, str], frozenset[str]]:
    meanings = {
        fold(word): f"={meaning}"
        for meaning, words in _SAME_MEANING.items()
        for word in words.split()
    }
    return meanings, frozenset(fold(word) for word in _DROPPED.split())


@lru_cache(maxsize=1 << 15)
def tokens(name: str, area_words: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return what a name says: meanings (``=youth``), numbers, and folded words.

    >>> tokens("Жастар орталығы") == tokens("Центр молодежи") == tokens("Youth Centre")
    True
    """
    meanings, dropped = _tables()
    found, of_area = set(), set()
    for word in _WORD.findall(name):
        plain = fold(word)
        if not plain or plain in dropped:
            continue
        if plain not in meanings and _names_area(plain, area_words):
            of_area.add(plain)
            continue
        found.add(meanings.get(plain, plain))
    return frozenset(found or of_area)


def _names_area(word: str, area_words: frozenset[str]) -> bool:
    """Tell whether a word is the area's name with another ending: Актюбинской, Ақтөбе."""
    return any(
        word[:_STEM] == name[:_STEM] or (word[:3] == name[:3] and len(word) >= 6 <= len(name))
        for name in area_words
        if len(name) >= 3 and len(word) >= 3
    )


def area_words(names: Iterable[str]) -> frozenset[str]:
    """Return the folded words of an area's names."""
    dropped = _tables()[1]
    words = (fold(word) for name in names for word in _WORD.findall(name))
    return frozenset(word for word in words if word and word not in dropped)


def _alike(first: str, second: str) -> bool:
    if first == second:
        return True
    if first[0] in "=0123456789" or second[0] in "=0123456789":
        return False
    short, long = sorted((first, second), key=len)
    shared = 0
    for left, right in zip(short, long, strict=False):
        if left != right:
            break
        shared += 1
    return shared >= _STEM and shared >= len(short) - 2 and len(long) - shared <= 4


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Return the share of tokens that two names have in common, 0 to 1; numbers must agree.

    >>> likeness(tokens("Полиция департаменті"), tokens("Департамент полиции"))
    1.0
    """
    if not first or not second or _numbers(first) != _numbers(second):
        return 0.0
    free = set(second)
    shared = 0
    for token in sorted(first):
        partner = next((other for other in sorted(free) if _alike(token, other)), None)
        if partner is not None:
            free.discard(partner)
            shared += 1
    return shared / (len(first) + len(second) - shared)


def _numbers(found: frozenset[str]) -> frozenset[str]:
    return frozenset(token.lstrip("0") for token in found if token.isdigit())


def _tokens_of(entry: Entry) -> list[frozenset[str]]:
    return [tokens(name, entry.area_words) for name in entry.names]


class Likenesses:
    """Finds likely doubles among the bodies of one kind and area, without comparing all pairs."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._by_sign: dict[tuple[str, int, str], list[Entry]] = defaultdict(list)
        for entry in entries:
            self.add(entry)

    @staticmethod
    def _signs(entry: Entry) -> set[str]:
        return {
            token if token[0] == "=" else token[:_STEM]
            for found in _tokens_of(entry)
            for token in found
        }

    def add(self, entry: Entry) -> None:
        """Let later entries be compared with this one."""
        for sign in self._signs(entry):
            self._by_sign[entry.kind, entry.area_id, sign].append(entry)

    def find(self, entry: Entry) -> list[Match]:
        """Return the matches of an entry, most like first."""
        mine = _tokens_of(entry)
        candidates = {
            other.key: other
            for sign in self._signs(entry)
            for other in self._by_sign.get((entry.kind, entry.area_id, sign), ())
            if other.key != entry.key
        }
        matches = []
        for key, other in candidates.items():
            best = max((likeness(one, two) for one in mine for two in _tokens_of(other)), default=0)
            if best >= _ENOUGH:
                matches.append(Match(key, best))
        return sorted(matches, key=lambda match: (-match.likeness, match.key))
