"""Words for the search: what is indexed and what is looked for.

Kazakh letters are folded onto the letters that people type instead of them, so that Актобе
finds Ақтөбе; endings are taken off the query and the rest is looked for as a prefix, so that
су finds суды and Ақтөбеде finds Ақтөбеден.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from qalqan.science.text.normalise import normalise, normalise_many
from qalqan.science.text.suffixes import strip_suffixes

_FOLD = (
    ("қ", "к"), ("ә", "а"), ("ө", "о"), ("ғ", "г"), ("ң", "н"), ("ұ", "у"), ("ү", "у"),
    ("і", "и"), ("һ", "х"), ("ё", "е"),
)  # fmt: skip
_TYPED_GENITIVES = {
    "нын": "ның", "дын": "дың", "тын": "тың", "нин": "нің", "дин": "дің", "тин": "тің",
}  # fmt: skip
"""Endings as they are typed on a keyboard without Kazakh letters."""
_MOST_WORDS = 8
_LEAST_STEM = 3


def fold(text: str) -> str:
    """Replace Kazakh letters by those that are typed instead of them.

    >>> fold("ақтөбе")
    'актобе'
    """
    for letter, plain in _FOLD:
        text = text.replace(letter, plain)
    return text


def indexed_words(texts: Sequence[str]) -> list[str]:
    """Return what the search keeps of each text.

    >>> indexed_words(["Ақтөбеде СУ жоқ!"])
    ['актобеде су жок']
    """
    if not texts:
        return []
    # A normalised text has no line ends, so one pass over the joined texts folds them all.
    return fold("\n".join(normalise_many(texts))).split("\n")


def query_prefixes(query: str) -> list[list[str]]:
    """Return, for each word looked for, the prefixes of which one must occur.

    >>> query_prefixes("Ақтөбеден, су!")
    [['актобе'], ['су']]
    >>> query_prefixes("киылыстын")
    [['киылыс']]
    """
    words = []
    for word in normalise(query).split()[:_MOST_WORDS]:
        stem = _stem(word)
        forms = {fold(word)} if len(stem) < _LEAST_STEM else {fold(word), fold(stem)}
        words.append(sorted(f for f in forms if not any(f != g and f.startswith(g) for g in forms)))
    return words


def _stem(word: str) -> str:
    """Take the endings off, also off a word that was typed without Kazakh letters."""
    stem = strip_suffixes(word)
    if word[-3:] not in _TYPED_GENITIVES:
        return stem
    meant = word[:-3] + _TYPED_GENITIVES[word[-3:]]
    return min(stem, strip_suffixes(meant), key=len)


def newest_matches(table: str, query: str, *, limit: int, before: int | None = None) -> list[int]:
    """Return the newest keys of a search table that match a query, newest first.

    Parameters
    ----------
    table
        ``rumours_message_search`` or ``rumours_claim_search``.
    query
        What a person typed.
    limit
        Most keys returned.
    before
        Only keys below this one.
    """
    words = query_prefixes(query)
    if not words:
        return []
    if connection.vendor == "sqlite":
        match = " AND ".join("(" + " OR ".join(f'"{p}"*' for p in w) + ")" for w in words)
        condition, key = f"{table} MATCH %s", "rowid"
    else:
        match = " & ".join("(" + " | ".join(f"'{p}':*" for p in w) + ")" for w in words)
        condition, key = "words @@ to_tsquery('simple', %s)", "id"
    sql = f"SELECT {key} FROM {table} WHERE {condition}"  # noqa: S608 - names from this module
    params: list[str | int] = [match]
    if before is not None:
        sql += f" AND {key} < %s"
        params.append(before)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} ORDER BY {key} DESC LIMIT {int(limit)}", params)
        return [row[0] for row in cursor.fetchall()]
