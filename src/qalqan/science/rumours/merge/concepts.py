"""Words of three languages to concepts, by a list that is open to reading: `concepts.txt`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

from qalqan.science.rumours.merge.skeletons import kazakh_endings, skeleton
from qalqan.science.text.lemmas import lemma

_LANGUAGES = ("kk", "ru", "en")


@dataclass(slots=True)
class Words:
    """Forms of one language: whole stems, beginnings, and phrases of two words."""

    stems: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    starts: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    phrases: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Concepts:
    """The list, read once.

    Attributes
    ----------
    words : dict of str to Words
        By language: kk (in skeletons), ru (lemmas), en (stems).
    group : dict of str to str
        The group of each concept; those ending in ``-`` do not exclude.
    """

    words: dict[str, Words]
    group: dict[str, str]


def lines_of(name: str) -> list[str]:
    """Return the lines of a list in this package that are not comments."""
    text = resources.files(__package__).joinpath(name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _form(language: str, form: str) -> str:
    if language == "kk":
        return skeleton(form)
    return lemma(form, language) if language == "en" else form.replace("ё", "е")


@lru_cache(maxsize=1)
def concepts() -> Concepts:
    """Read `concepts.txt`."""
    words = {language: Words() for language in _LANGUAGES}
    group: dict[str, str] = {}
    current = ""
    for line in lines_of("concepts.txt"):
        if line.startswith("["):
            current = line.strip("[]")
            continue
        name, *columns = (part.strip() for part in line.split("|"))
        group[name] = current
        for language, column in zip(_LANGUAGES, columns, strict=True):
            for form in column.split():
                _add(words[language], language, name, form)
    return Concepts(words, group)


def _add(words: Words, language: str, name: str, form: str) -> None:
    if "-" in form.rstrip("*"):
        first, second = form.rstrip("*").split("-")[:2]
        words.phrases.append((_form(language, first), _form(language, second), name))
    elif form.endswith("*"):
        start = skeleton(form[:-1]) if language == "kk" else form[:-1]
        words.starts[start[:2]].append((start, name))
    else:
        words.stems[_form(language, form)].add(name)


@lru_cache(maxsize=65536)
def _of_kazakh(word: str) -> frozenset[str]:
    words = concepts().words["kk"]
    bare = skeleton(word)
    found = {name for start, name in words.starts[bare[:2]] if bare.startswith(start)}
    for cut in range(len(bare), 1, -1):
        if bare[:cut] in words.stems and bare[cut:] in kazakh_endings():
            found |= words.stems[bare[:cut]]
            break
    return frozenset(found)


@lru_cache(maxsize=65536)
def _of_other(word: str, language: str) -> frozenset[str]:
    words = concepts().words[language]
    reduced = lemma(word, language)
    found = set(words.stems.get(reduced, ())) | set(words.stems.get(word, ()))
    found |= {name for start, name in words.starts[word[:2]] if word.startswith(start)}
    return frozenset(found)


def word_concepts(word: str, language: str) -> frozenset[str]:
    """Return the concepts of one normalised word; Kazakh texts may hold Russian words.

    Examples
    --------
    >>> sorted(word_concepts("мектепте", "kk-Cyrl")), sorted(word_concepts("школах", "ru"))
    (['school'], ['school'])
    """
    if not word.isalpha():
        return frozenset()
    if word.isascii():
        return _of_other(word, "en")
    if language in ("kk-Cyrl", "mixed"):
        return _of_kazakh(word) or _of_other(word, "ru")
    return _of_other(word, "ru")


def text_concepts(words: Sequence[str], language: str) -> list[frozenset[str]]:
    """Return the concepts of each word of a text; a phrase counts at its first word."""
    found = [set(word_concepts(word, language)) for word in words]
    key = "kk" if language in ("kk-Cyrl", "mixed") else language
    if key in _LANGUAGES:
        reduced = [skeleton(w) if key == "kk" else lemma(w, key) for w in words]
        for first, second, name in concepts().words[key].phrases:
            for at in range(len(reduced) - 1):
                if reduced[at].startswith(first) and reduced[at + 1].startswith(second):
                    found[at].add(name)
    return [frozenset(one) for one in found]
