"""Whether two entries of the register mean the same site, by name and place, in any language.

A name becomes a set of tokens: kinds of places by their meaning (мектеп, школа and school are
one), numbers as they are, everything else folded to one spelling and compared by its beginning,
so that Kazakh and Russian endings do not part what belongs together.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qalqan.desk.platform.places.fold import fold

NEAR_METRES = 400.0
SAME_SPOT_METRES = 40.0
_ENOUGH = 0.75
_CELL_DEGREES = 0.006
_EARTH_METRES = 6_371_000.0
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_STEM = 4

_SAME_MEANING = {
    "school": "мектеп мектебі школа school гимназия гимназиясы gymnasium лицей лицейі lyceum",
    "kindergarten": "балабақша балабақшасы детсад садик kindergarten бөбекжай",
    "hospital": "аурухана ауруханасы больница hospital госпиталь госпиталі",
    "clinic": "емхана емханасы поликлиника поликлиникасы clinic polyclinic",
    "station": "вокзал вокзалы station автовокзал автовокзалы автостанция бекет бекеті",
    "market": "базар базары рынок market bazaar",
    "mall": "трц трк тц mall орталығы центр centre center",
    "central": "орталық центральный центральная центральное central",
    "akimat": "әкімдік әкімдігі акимат akimat",
    "theatre": "театр театры theatre theater",
    "stadium": "стадион стадионы stadium",
    "substation": "подстанция подстанциясы substation",
    "plant": "зауыт зауыты завод plant фабрика фабрикасы factory",
    "power": "жэо тэц chpp жэс тэс",
    "water": "сутартқы су водозабор водоканал waterworks water",
    "university": "университет университеті university",
    "college": "колледж колледжі college",
    "library": "кітапхана кітапханасы библиотека library",
    "airport": "әуежай әуежайы аэропорт airport",
    "prayer": "мешіт мешіті мечеть mosque шіркеу шіркеуі церковь храм church cathedral",
    "depot": "база базасы depot қойма қоймасы склад",
    "filling": "жқс азс аждс filling жанармай",
    "shop": "дүкен дүкені магазин shop store",
    "house": "үйі үй дом house сарайы сарай дворец palace",
}
_DROPPED = (
    "атындағы имени им named after of the at no номер нөмірлі орта жалпы білім беретін средняя "
    "общеобразовательная secondary қаласы қаласының города город city ауданы района район "
    "district облысы области область region көшесі улица ул street кму кгу коммуналдық "
    "мемлекеттік мекемесі городская қалалық городской municipal областная облыстық regional и "
    "және and"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is compared of a site.

    Parameters
    ----------
    key
        Whatever identifies the entry.
    names
        Its names, in any languages; empty ones are left out.
    place_id
        The place it lies in: a settlement, or a district where no settlement is known.
    district_id
        The district; 0 for none.
    latitude, longitude
        WGS84 degrees, both or neither.
    """

    key: int
    names: tuple[str, ...]
    place_id: int
    district_id: int
    category: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that may mean the same site, and why: ``name`` or ``spot``."""

    key: int
    reason: str
    likeness: float


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, str], frozenset[str]]:
    meanings = {
        fold(word): f"={meaning}"
        for meaning, words in _SAME_MEANING.items()
        for word in words.split()
    }
    return meanings, frozenset(fold(word) for word in _DROPPED.split())


@lru_cache(maxsize=1 << 16)
def tokens(name: str) -> frozenset[str]:
    """Return what a name says: meanings (``=school``), numbers, and folded words.

    >>> tokens("№ 12 орта мектеп") == tokens("Школа №12") == tokens("School 12")
    True
    """
    meanings, dropped = _tables()
    found = set()
    for word in _WORD.findall(name):
        plain = fold(word)
        if plain and plain not in dropped:
            found.add(meanings.get(plain, plain))
    return frozenset(found)


def _numbers(found: frozenset[str]) -> frozenset[str]:
    return frozenset(token.lstrip("0") for token in found if token.isdigit())


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


def likeness(first: str, second: str) -> float:
    """Return the share of tokens that two names have in common, 0 to 1.

    Names with different numbers have nothing in common: school 12 is not school 13.

    >>> likeness("Абай атындағы мектеп", "Школа имени Абая")
    1.0
    >>> likeness("Школа № 12", "Школа № 13")
    0.0
    """
    left, right = tokens(first), tokens(second)
    if not left or not right or _numbers(left) != _numbers(right):
        return 0.0
    free = set(right)
    shared = 0
    for token in sorted(left):
        partner = next((other for other in sorted(free) if _alike(token, other)), None)
        if partner is not None:
            free.discard(partner)
            shared += 1
    return shared / (len(left) + len(right) - shared)


def metres(first: Entry, second: Entry) -> float | None:
    """Return the distance of two entries; nothing where one has no coordinates."""
    if first.latitude is None or second.latitude is None:
        return None
    if first.longitude is None or second.longitude is None:
        return None
    north = math.radians(second.latitude - first.latitude)
    middle = math.radians((second.latitude + first.latitude) / 2)
    east = math.radians(second.longitude - first.longitude) * math.cos(middle)
    return _EARTH_METRES * math.hypot(north, east)


def compare(first: Entry, second: Entry) -> Match | None:
    """Return how the second entry matches the first, or nothing."""
    apart = metres(first, second)
    best = max((likeness(one, other) for one in first.names for other in second.names), default=0.0)
    if best >= _ENOUGH and _same_place(first, second, apart):
        return Match(second.key, "name", best)
    if (
        apart is not None
        and apart <= SAME_SPOT_METRES
        and first.category == second.category
        and best > 0
    ):
        return Match(second.key, "spot", best)
    return None


def _same_place(first: Entry, second: Entry, apart: float | None) -> bool:
    if apart is not None:
        return apart <= NEAR_METRES
    if first.place_id == second.place_id:
        return True
    # One of them is placed in its district only.
    same_district = first.district_id and first.district_id == second.district_id
    return bool(same_district) and (
        first.place_id == first.district_id or second.place_id == second.district_id
    )


class Likenesses:
    """Finds likely doubles among many entries without comparing all with all."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._by_sign: dict[tuple[int, str], list[Entry]] = defaultdict(list)
        self._by_cell: dict[tuple[int, int], list[Entry]] = defaultdict(list)
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Let later entries be compared with this one."""
        for sign in self._signs(entry):
            self._by_sign[entry.district_id, sign].append(entry)
        cell = _cell(entry)
        if cell is not None:
            self._by_cell[cell].append(entry)

    @staticmethod
    def _signs(entry: Entry) -> set[str]:
        """Return what two names of the same site surely share one of."""
        signs: set[str] = set()
        for name in entry.names:
            found = tokens(name)
            proper = {token[:_STEM] for token in found if token[0] != "="}
            signs |= proper or set(found)
        return signs

    def find(self, entry: Entry) -> list[Match]:
        """Return the matches of an entry, most like first."""
        candidates: dict[int, Entry] = {}
        for sign in self._signs(entry):
            for other in self._by_sign.get((entry.district_id, sign), ()):
                candidates[other.key] = other
        for other in self._near(entry):
            candidates[other.key] = other
        matches = [
            match
            for key, other in candidates.items()
            if key != entry.key and (match := compare(entry, other))
        ]
        return sorted(matches, key=lambda match: (-match.likeness, match.key))

    def _near(self, entry: Entry) -> Iterable[Entry]:
        cell = _cell(entry)
        if cell is None:
            return
        row, column = cell
        for north in (-1, 0, 1):
            for east in (-2, -1, 0, 1, 2):
                yield from self._by_cell.get((row + north, column + east), ())


def _cell(entry: Entry) -> tuple[int, int] | None:
    if entry.latitude is None or entry.longitude is None:
        return None
    return math.floor(entry.latitude / _CELL_DEGREES), math.floor(entry.longitude / _CELL_DEGREES)


def names_of(*names: str) -> tuple[str, ...]:
    """Return the names that are there, each once."""
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def pairs(entries: Sequence[Entry]) -> list[tuple[Entry, Match]]:
    """Return every likely double among entries, each pair once."""
    index, found = Likenesses(), []
    for entry in entries:
        found += [(entry, match) for match in index.find(entry)]
        index.add(entry)
    return found
