"""Texts as the search for earlier answers reads them: posts without their trappings, as terms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qalqan.science.text.language import detect_many
from qalqan.science.text.lemmas import lemma
from qalqan.science.text.normalise import normalise_many
from qalqan.science.text.translit import latin_to_cyrillic

_LINK = re.compile(r"https?://\S*|pic\.twitter\.com\S*|www\.\S+|\bt\.me/\S+", re.IGNORECASE)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_SIGNATURE = re.compile(
    r"\s*[—–-]+\s*(?P<name>[^—–]{0,80})\((?P<handle>@\w+)\)\s*"
    rf"(?:(?:{_MONTHS})[a-z]*\.? \d{{1,2}}, (?P<year>\d{{2,4}}))?\s*$",
    re.IGNORECASE,
)
_TAG = re.compile(r"[#@](\w+)")
_SEAM = re.compile(
    r"(?<=[a-zа-яёәғқңөұүһі])(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ])|(?<=[A-Z])(?=[A-Z][a-z])"
    r"|(?<=[^\W\d])(?=\d)|(?<=\d)(?=[^\W\d])|_"
)
_MARKS = re.compile(r"['’‘`\"“”«»„]")
_THOUSANDS = re.compile(r"(?<=\d)[,  ](?=\d{3}(?!\d))")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b")
_SENTENCE = re.compile(r"[.!?…\n]+\s|\s[—–|:-]\s")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_COMMON = frozenset(
    """a an the of to in on at for and or is are was were be been it its this that with by from as
    he she his her they their you your i we our my me not have has had do does did will would can
    could should who what which when where how there if so but than then them him us about into out
    up just и в на с со к о об от до из за по под не ни что это как а но или же бы то у для я мы он
    она они вы его ее их был была было были есть уже и да де та те мен бен пен ма ме ба бе па пе бұл
    осы сол ол және үшін деп деген екен еді бар""".split()  # noqa: SIM905 -- easier to read
)


@dataclass(frozen=True, slots=True)
class Query:
    """One text of today, taken apart.

    Parameters
    ----------
    body : str
        What it says, without links and signature, hashtags opened into
        words, Kazakh in Cyrillic letters.
    aside : str
        Name in a signature that was cut off: some claims are about who said it. Never kept.
    year : int
        Year in the signature, 0 if there is none.
    language : str
        Label of the body.
    terms, aside_terms : tuple of str
        Stems or lemmas of body and aside.
    grams : tuple of str
        Four-letter pieces of the words of both.
    sentences : tuple of frozenset of str
        Terms of each sentence.
    numbers : frozenset of str
        Numbers in the body.
    """

    body: str
    aside: str
    year: int
    language: str
    terms: tuple[str, ...]
    aside_terms: tuple[str, ...]
    grams: tuple[str, ...]
    sentences: tuple[frozenset[str], ...]
    numbers: frozenset[str]


def open_tags(text: str) -> str:
    """Open hashtags and handles into words.

    Examples
    --------
    >>> open_tags("#AustralianFires").strip()
    'Australian Fires'
    """
    return _TAG.sub(lambda tag: f" {_SEAM.sub(' ', tag.group(1))} ", text)


def split_signature(text: str) -> tuple[str, str, int]:
    """Return a post without links and signature, the name in the signature, and its year.

    Examples
    --------
    >>> split_signature("Water is cut off — City (@cityWater) May 3, 2019")
    ('Water is cut off', 'City city Water', 2019)
    """
    plain = _LINK.sub(" ", text).strip(' "')
    found = _SIGNATURE.search(plain)
    if not found:
        return open_tags(plain), "", 0
    year = int(found["year"] or 0)
    aside = f"{found['name'].strip()} {open_tags(found['handle']).strip()}"
    return open_tags(plain[: found.start()]), aside, year + 2000 if 0 < year < 100 else year


def _plain_many(texts: Sequence[str]) -> list[str]:
    return normalise_many([_THOUSANDS.sub("", _POSSESSIVE.sub("", text)) for text in texts])


def languages_of(texts: Sequence[str]) -> list[str]:
    """Return the language labels of texts; what cannot be told counts as mixed."""
    return ["mixed" if label == "und" else label for label in detect_many(texts)]


def in_cyrillic(text: str, language: str) -> str:
    """Return Kazakh in Latin letters in Cyrillic ones, any other text as it is."""
    return latin_to_cyrillic(text) if language == "kk-Latn" else text


def terms_of(texts: Sequence[str], languages: Sequence[str]) -> list[list[str]]:
    """Return the stems or lemmas of each text without the commonest words.

    Kazakh in Latin letters is read in Cyrillic.

    Examples
    --------
    >>> terms_of(["Schools were closed in Aqtobe"], ["en"])
    [['school', 'close', 'aqtob']]
    """
    ready = [in_cyrillic(text, label) for text, label in zip(texts, languages, strict=True)]
    found = []
    for plain, label in zip(_plain_many(ready), languages, strict=True):
        use = "kk-Cyrl" if label == "kk-Latn" else label
        found.append([lemma(word, use) for word in plain.split() if word not in _COMMON])
    return found


def grams_of(texts: Sequence[str]) -> list[list[str]]:
    """Return the four-letter pieces of the words of each text, ends marked.

    Examples
    --------
    >>> grams_of(["water"])
    [['_wat', 'wate', 'ater', 'ter_']]
    """
    found = []
    for plain in _plain_many(texts):
        marked = [f"_{word}_" for word in plain.split() if word not in _COMMON]
        found.append([w[i : i + 4] for w in marked for i in range(max(1, len(w) - 3))])
    return found


def numbers_of(text: str) -> frozenset[str]:
    """Return the numbers in a text.

    Examples
    --------
    >>> sorted(numbers_of("1,200 of 3 million"))
    ['1200', '3']
    """
    return frozenset(_NUMBER.findall(_THOUSANDS.sub("", text)))


def years_of(text: str) -> frozenset[int]:
    """Return the years 1900-2099 in a text."""
    return frozenset(int(year) for year in _YEAR.findall(text))


def without_marks(text: str) -> str:
    """Return a text without quotation marks and apostrophes."""
    return _MARKS.sub("", text)


def canonical(texts: Sequence[str]) -> list[str]:
    """Return what two texts must share to be the same claim: their words, in order.

    Examples
    --------
    >>> one, other = canonical(["“Water” is poisoned!", "'Water' is poisoned"])
    >>> one == other
    True
    """
    return _plain_many([without_marks(text) for text in texts])


def read_query(text: str) -> Query:
    """Take one text of today apart."""
    body, aside, year = split_signature(text)
    if not body.strip():
        body = text
    (language,) = languages_of([body])
    body = in_cyrillic(body, language)
    plain = without_marks(body)
    parts = [part for part in _SENTENCE.split(plain) if part.strip()]
    terms, *sentences = terms_of([plain, *parts], [language] * (1 + len(parts)))
    return Query(
        body=body,
        aside=aside,
        year=year,
        language=language,
        terms=tuple(terms),
        aside_terms=tuple(terms_of([aside], ["en"])[0]),
        grams=tuple(grams_of([f"{plain} {aside}"])[0]),
        sentences=tuple(frozenset(part) for part in sentences if part),
        numbers=numbers_of(plain),
    )
