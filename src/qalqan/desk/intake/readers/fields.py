"""Which column is which, in the names that people give them."""

from __future__ import annotations

import re
from collections.abc import Sequence

TIME, TEXT, CHANNEL, NATIVE_ID, KIND, PLACE = "time", "text", "channel", "id", "kind", "place"

SYNONYMS: dict[str, tuple[str, ...]] = {
    TIME: (
        "time", "timestamp", "datetime", "date_time", "published_at", "published", "created_at",
        "posted_at", "pubdate", "date", "уақыты", "уақыт", "жарияланған_уақыты", "күні", "дата",
        "время", "дата_и_время", "дата_публикации", "опубликовано",
    ),
    TEXT: (
        "text", "message", "body", "content", "post", "tweet", "мәтін", "мәтіні", "хабарлама",
        "хабар", "текст", "сообщение", "текст_сообщения",
    ),
    CHANNEL: (
        "channel", "source", "site", "feed", "outlet", "арна", "арнасы", "дереккөз", "көзі",
        "канал", "источник", "сайт",
    ),
    NATIVE_ID: (
        "message_id", "post_id", "native_id", "tweet_id", "хабарлама_нөмірі", "номер_сообщения",
        "id_сообщения",
    ),
    KIND: ("kind", "message_kind", "түрі", "вид"),
    PLACE: (
        "place", "place_name", "settlement", "district", "kato", "орны", "жер", "елді_мекен",
        "аудан", "като", "место", "населенный_пункт", "населённый_пункт", "район",
    ),
}  # fmt: skip
"""Names of columns, best first. The plain ``id`` is left out: it is often a row number, and
two files that count from one would be taken for the same messages."""

KINDS = {
    "post": "post", "пост": "post", "жазба": "post",
    "hotline": "hotline", "tip": "hotline", "call": "hotline", "өтініш": "hotline",
    "обращение": "hotline", "звонок": "hotline",
    "news": "news", "жаңалық": "news", "новость": "news",
}  # fmt: skip

_NOT_WORD = re.compile(r"[\W_]+")


def folded(name: str) -> str:
    """Write a column's name the way the table of synonyms does.

    >>> folded(" Published At")
    'published_at'
    """
    return _NOT_WORD.sub("_", name.strip().lstrip("\ufeff").casefold()).strip("_")


def match_columns(names: Sequence[str]) -> dict[str, int]:
    """Return the position of each field that a header names.

    >>> match_columns(["№", "Уақыты", "Мәтін", "автор"])
    {'time': 1, 'text': 2}
    """
    at = {folded(name): position for position, name in reversed(list(enumerate(names)))}
    found: dict[str, int] = {}
    for field, synonyms in SYNONYMS.items():
        for name in synonyms:
            if name in at and at[name] not in found.values():
                found[field] = at[name]
                break
    return found


def kind_of(word: str) -> str:
    """Return the kind of message that a word names; empty for an empty word.

    Raises
    ------
    ValueError
        The word is not known.
    """
    if not word:
        return ""
    try:
        return KINDS[word.strip().casefold()]
    except KeyError:
        raise ValueError(word) from None
