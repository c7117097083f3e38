"""What a claim states that must not be overlooked: numbers, places, dates, names, negation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from qalqan.science.rumours.merge.concepts import concepts, lines_of, text_concepts
from qalqan.science.rumours.merge.numerals import numbers
from qalqan.science.rumours.merge.skeletons import consonants, kazakh_endings, skeleton
from qalqan.science.text.language import detect
from qalqan.science.text.lemmas import lemmas
from qalqan.science.text.normalise import normalise
from qalqan.science.text.translit import latin_to_cyrillic

_TOKEN = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*|[.,;:!?—–«»\"“”()]")
_GROUPED = re.compile(r"(?<=\d)[\s\u00a0\u202f,](?=\d{3}(?!\d))")
_LINK = re.compile(r"https?://\S+|www\.\S+|t\.me/\S+|@\w+")
_NAME = re.compile(r"[A-ZА-ЯЁӘҒҚҢӨҰҮІҺÄÖÜĞŞÑŪÁǴŃÓÚÝ][\w’'-]+")

_NEGATIONS = frozenset(
    [
        word
        for line in (
            "не нет нету ни никто никого никому никакой никаких никакого ничего нигде никогда",
            "жоқ емес ешкім ешкімді ешбір ешқандай ештеңе ешқашан ",
            "no not nobody none nothing never without neither cannot nor",
        )
        for word in line.split()
    ]
)
_WEAK = frozenset(["нельзя", "without", "только", "лишь"])
_KAZAKH_NEGATIVE = re.compile(
    r"(?:[аеуүіыо]|[бвгдзйклмнпрстшщқғң])(?:м[ае]|б[ае]|п[ае])"
    r"(?:й(?:ды|ді|мын|мін|мыз|міз|сың|сің|сіз|сыз|тын|тін)|ған|ген|ды|ді|са|се|пты|пті)$"
)
_PROHIBITION = re.compile(r"(?:м[ае]|б[ае]|п[ае])[ңн](?:[ыі]з)?(?:д[ае]р)?$|м[ае]й$")
_RUSSIAN_IMPERATIVE = re.compile(r"(?:йте|ите|ьте|йтесь|итесь|ьтесь)$")

_RUSSIAN_ENDINGS = (
    "а", "е", "у", "ом", "ы", "и", "ой", "ей", "ю", "я", "ский", "ском", "ского", "ская", "ской",
    "скому", "скую", "инский", "инском", "инского", "инской", "инская", "ский", "ске", "ска",
)  # fmt: skip
# Common words that begin like a place: took, first, railway, return.
_NO_PLACES = ("algan", "algas", "temirjol", "temirb", "oralu", "oralg", "oralad", "oralm")
_DAYS = {
    "d1": "дүйсенбі понедельник monday", "d2": "сейсенбі вторник tuesday",
    "d3": "сәрсенбі сред wednesday", "d4": "бейсенбі четверг thursday",
    "d5": "жұма пятниц friday", "d6": "сенбі суббот saturday",
    "d7": "жексенбі воскресен sunday", "m1": "қаңтар январ january",
    "m2": "ақпан феврал february", "m3": "наурыз март march", "m4": "сәуір апрел april",
    "m5": "мамыр майда may", "m6": "маусым июн june", "m7": "шілде июл july",
    "m8": "тамыз август august", "m9": "қыркүйек сентябр september",
    "m10": "қазан октябр october", "m11": "қараша ноябр november",
    "m12": "желтоқсан декабр december", "tomorrow": "ертең завтра tomorrow",
    "today": "бүгін сегодня today tonight", "yesterday": "кеше вчера yesterday",
    "spring": "көктем весн spring", "summer": "жазда лето лета летом summer",
    "autumn": "күзде осен autumn", "winter": "қыста зим winter",
    "weekend": "демалыс-күндері выходн weekend", "next": "келесі следующ next",
    "ramadan": "рамазан рамадан ramadan",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """One text, read.

    Attributes
    ----------
    text : str
        The text for the embedding: links out, Latin Kazakh in Cyrillic.
    language : str
        Its label.
    words, stems : tuple of str
        Normalised words and what they reduce to.
    concepts : frozenset of str
        Concepts of its words.
    by_word : tuple of frozenset of str
        The concepts of each word.
    numbers : frozenset of float
        Values of its numbers.
    places, dates, names : frozenset of str
        Places of the list; days, months and relative days; consonants of other names.
    negations : int
        Negations that deny a statement; prohibitions ("do not drink") excluded.
    prohibitions : int
        Prohibitions.
    """

    text: str
    language: str
    words: tuple[str, ...]
    stems: tuple[str, ...]
    concepts: frozenset[str]
    by_word: tuple[frozenset[str], ...]
    numbers: frozenset[float]
    places: frozenset[str]
    dates: frozenset[str]
    names: frozenset[str]
    negations: int
    prohibitions: int


@lru_cache(maxsize=1)
def _places() -> tuple[tuple[str, str], ...]:
    """Beginnings of place names in skeletons, longest first."""
    found = []
    for line in lines_of("places.txt"):
        place, forms = (part.strip() for part in line.split("|"))
        for form in forms.split():
            bare = skeleton(form)
            # Russian puts its endings in place of the final vowel, Kazakh puts them after it.
            short = bare.removesuffix("a")
            found += [(bare, place), (short if len(short) > 2 else bare, place)]
    return tuple(sorted(set(found), key=lambda pair: (-len(pair[0]), pair)))


@lru_cache(maxsize=1)
def _place_endings() -> frozenset[str]:
    """Return what may follow a short name: Kazakh endings and Russian ones."""
    return kazakh_endings() | frozenset(map(skeleton, _RUSSIAN_ENDINGS))


@lru_cache(maxsize=1)
def _dates() -> tuple[tuple[str, str], ...]:
    pairs = [(form, day) for day, forms in _DAYS.items() for form in forms.split()]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=65536)
def _place_of(word: str) -> str:
    """Return the place a word names, or an empty text."""
    bare = skeleton(word)
    if bare.startswith(_NO_PLACES):
        return ""
    for start, place in _places():
        if bare.startswith(start) and (len(start) > 4 or bare[len(start) :] in _place_endings()):
            return place
    return ""


@lru_cache(maxsize=65536)
def _date_of(word: str) -> str:
    if word in ("жазда", "may", "march"):
        return {"жазда": "summer"}.get(word, "")
    return next((day for start, day in _dates() if word.startswith(start)), "")


def _negations(tokens: list[str], language: str) -> tuple[int, int]:
    """Count denials and prohibitions."""
    denials = prohibitions = 0
    for at, word in enumerate(tokens):
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        if word == "no" and (after == "." or after.isdigit()):
            continue
        before = tokens[at - 1] if at else ","
        if (
            (word == "не" and language != "kk-Cyrl")
            or word in ("not", "don't", "don’t")
            or word.endswith(("n't", "n’t"))
        ):
            start = tokens[at - 2] if word == "not" and before == "do" and at > 1 else before
            forbids = bool(_RUSSIAN_IMPERATIVE.search(after)) or (
                (before == "do" or word.startswith("don")) and not start.isalpha()
            )
            if word == "not" and before == "do" and at == 1:
                forbids = True
            prohibitions += forbids
            denials += not forbids
        elif word in _WEAK:
            prohibitions += 1
        elif word in _NEGATIONS and not (word == "не" and language == "kk-Cyrl"):
            denials += 1
        elif language in ("kk-Cyrl", "mixed") and len(word) > 4:
            if _PROHIBITION.search(word):
                prohibitions += 1
            elif _KAZAKH_NEGATIVE.search(word):
                denials += 1
    return denials, prohibitions


def _names(text: str, language: str, places: frozenset[str]) -> frozenset[str]:
    """Return the consonants of capitalised words inside a sentence that are no listed place."""
    found = set()
    for match in _NAME.finditer(text):
        word = match.group()
        before = text[: match.start()].rstrip(' «"“')
        opens = not before or before[-1] in ".!?:"
        quoted = text[: match.start()].endswith(("«", '"', "“"))
        shouts = word.isupper() and len(word) > 1
        if (opens and not quoted and not shouts) or (text.isupper() and len(text) > 12):
            continue
        bones = consonants(word.lower())
        if len(bones) >= 2 and not _place_of(word.lower()) and not _date_of(word.lower()):
            found.add(bones)
    return frozenset(found)


@lru_cache(maxsize=16384)
def read_facts(text: str) -> Facts:
    """Read one text.

    Parameters
    ----------
    text : str
        A claim in Kazakh (either script), Russian or English.

    Returns
    -------
    Facts
        What it says, in terms that texts of any of these languages share.

    Examples
    --------
    >>> facts = read_facts("Хромтауда үш мектеп жабылды")
    >>> sorted(facts.places), sorted(facts.numbers), "school" in facts.concepts
    (['khromtau'], [3.0], True)
    >>> read_facts("Школы не закроют").negations, read_facts("Не пейте воду").negations
    (1, 0)
    """
    clean = _LINK.sub(" ", unicodedata.normalize("NFC", text)).strip()
    language = detect(clean)
    if language == "kk-Latn":
        clean, language = latin_to_cyrillic(clean), "kk-Cyrl"
    joined = _GROUPED.sub("", clean)
    tokens = [t.replace("ё", "е") for t in _TOKEN.findall(joined.lower())]
    words = normalise(joined).split()
    places = frozenset(p for p in map(_place_of, words) if p)
    compound = [_place_of(t) for t in tokens if "-" in t]
    places |= frozenset(p for p in compound if p)
    denials, prohibitions = _negations(tokens, language)
    found = text_concepts(words, language)
    by_word = [
        frozenset[str]() if _place_of(word) else of for word, of in zip(words, found, strict=True)
    ]
    return Facts(
        text=clean,
        language=language,
        words=tuple(words),
        stems=tuple(lemmas(words, language)),
        concepts=frozenset(name for of in by_word for name in of),
        by_word=tuple(by_word),
        numbers=numbers([t for t in tokens if t[0].isalnum()], kazakh=language == "kk-Cyrl"),
        places=places,
        dates=frozenset(d for d in map(_date_of, words) if d),
        names=_names(clean, language, places),
        negations=denials,
        prohibitions=prohibitions,
    )


_EMPTY = frozenset(
    word
    for line in (
        "в во на по с со к ко у о об от до из за и а но же ли бы то что как так это эта этот их "
        "его ее они она он мы вы я все уже еще для без под при над через после только лишь там тут "
        "кто где когда если или ни не нет быть будет был была было были есть стать который свой",
        "бір біреу осы сол бұл ол олар біз мен сен сіз да де та те мен бен пен үшін туралы деп "
        "дейді екен еді ғой енді ғана тек және бірақ болып болды болады бар жоқ емес жатыр жүр "
        "тұр отыр кетті кеткен қойды қойған алды берді деген не бары сайын кейін дейін бойы",
        "the a an in on at of to for from by with and or but is are was were be been being has "
        "have had will would can could may might do does did not no it its this that these those "
        "there they them their he she his her we you your i as if than then so into over out up "
        "down about after before who which what when where any some more most very just now",
    )
    for word in line.split()
)


def content_words(facts: Facts) -> list[tuple[str, str, frozenset[str]]]:
    """Return word, stem and concepts of what carries sense and is no number, place or date."""
    return [
        (word, stem, of)
        for word, stem, of in zip(facts.words, facts.stems, facts.by_word, strict=True)
        if len(word) > 2
        and word.isalpha()
        and word not in _EMPTY
        and not _place_of(word)
        and not _date_of(word)
        and not numbers([word], kazakh=facts.language == "kk-Cyrl")
    ]


def exclusive_groups(facts: Facts) -> dict[str, frozenset[str]]:
    """Return by group the concepts of a text that exclude others of their group."""
    group = concepts().group
    found: dict[str, set[str]] = {}
    for name in facts.concepts:
        if not group[name].endswith("-"):
            found.setdefault(group[name], set()).add(name)
    return {name: frozenset(members) for name, members in found.items()}
