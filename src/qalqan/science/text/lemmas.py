"""Words reduced to what carries their sense: Kazakh stems, Russian lemmas, English stems."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from qalqan.science.text.suffixes import strip_suffixes

_KAZAKH = frozenset("әғқңөұүһі")
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")


@lru_cache(maxsize=1)
def _russian() -> Any:
    from rumorph import Analyzer

    return Analyzer()


@lru_cache(maxsize=1)
def _english() -> Any:
    from Stemmer import Stemmer

    return Stemmer("english")


@lru_cache(maxsize=65536)
def lemma(word: str, language: str) -> str:
    """Reduce one word.

    Parameters
    ----------
    word : str
        One normalised word (see `qalqan.science.text.normalise`).
    language : str
        Label of the text: ``kk-Cyrl``, ``ru``, ``en`` or ``mixed``. In mixed texts, and in
        Kazakh ones for Russian words, the letters and the Russian dictionary decide.

    Returns
    -------
    str
        Kazakh stem, Russian dictionary form or English Snowball stem, lower case, ``е`` for
        ``ё``. A word with digits stays as it is.

    References
    ----------
    Shkarin, ruMorph (OpenCorpora dictionary); Porter, the English Snowball stemmer.

    Examples
    --------
    >>> lemma("школами", "ru"), lemma("мектептерде", "kk-Cyrl"), lemma("schools", "en")
    ('школа', 'мектеп', 'school')
    """
    if not word or not word.isalpha():
        return word
    if set(word) <= _LATIN:
        return str(_english().stemWord(word))
    if _KAZAKH & set(word):
        return strip_suffixes(word)
    if language == "kk-Cyrl":
        return strip_suffixes(word)
    if language == "mixed" and not _russian().is_known(word):
        return strip_suffixes(word)
    found = _russian().lemmatize([word])
    return str(found[0]).lower().replace("ё", "е")


def lemmas(words: list[str], language: str) -> list[str]:
    """Reduce the words of one text.

    Parameters
    ----------
    words : list of str
        Normalised words.
    language : str
        Label of the text.

    Returns
    -------
    list of str
        One a word, in order.

    Examples
    --------
    >>> lemmas("завтра закроют школы".split(), "ru")
    ['завтра', 'закрыть', 'школа']
    """
    return [lemma(word, language) for word in words]
