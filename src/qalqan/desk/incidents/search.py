"""One spelling for the words of the ledger, so that a search finds them in every script."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import translation

from qalqan.desk.incidents.models import Incident, IncidentVersion
from qalqan.desk.incidents.models.held import Held
from qalqan.desk.platform.places.fold import fold
from qalqan.science.text.suffixes import strip_suffixes

_WORD = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_MOST_WORDS = 8
_KNOWN_LENGTH = 600
_INDEXES: dict[type[Held], str] = {
    Incident: "incidents_search",
    IncidentVersion: "incidents_version_search",
}


def search_text(incident: Incident, place_names: Iterable[str]) -> str:
    """Return the folded words by which an incident can be found."""
    parts = [
        incident.external_id,
        incident.title_kk,
        incident.title_ru,
        incident.title_en,
        incident.place_text,
        *place_names,
        *kind_names(incident.kind),
        incident.what_is_known[:_KNOWN_LENGTH],
    ]
    words = (_plain(word) for part in parts for word in _WORD.findall(part))
    return " ".join(dict.fromkeys(word for word in words if word))


def search_words(query: str) -> list[str]:
    """Return the folded beginnings of words that an incident must contain.

    A Kazakh ending is taken off first, so that "Ақтөбеде" finds "Ақтөбе".
    """
    words = []
    for word in _WORD.findall(query)[:_MOST_WORDS]:
        stem = strip_suffixes(word.lower())
        words.append(_plain(stem if len(stem) >= 3 else word))
    return [word for word in words if word]


def matching(query: str, model: type[Held] = Incident) -> RawSQL | None:
    """Return a subquery of the rows that have words with all the looked-for beginnings.

    Parameters
    ----------
    model
        Incidents as they are, or their versions.

    Returns
    -------
    RawSQL or None
        Nothing where the query has no words, which then narrows nothing.
    """
    words = search_words(query)
    if not words:
        return None
    if connection.vendor == "sqlite":
        match = " AND ".join(f'"{word}"*' for word in words)
        index = _INDEXES[model]
        sql = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"  # noqa: S608
    else:
        match = " & ".join(f"'{word}':*" for word in words)
        sql = (
            f"SELECT id FROM {model._meta.db_table} "  # noqa: S608
            "WHERE to_tsvector('simple', search_text) @@ to_tsquery('simple', %s)"
        )
    # A folded word is of letters and digits only: nothing in it can end the quotes.
    return RawSQL(sql, [match])  # noqa: S611


def kind_names(kind: str) -> list[str]:
    """Return a kind's name in the three languages."""
    if kind not in _kind_names:
        label = Incident.Kind(kind).label
        names = []
        for language in ("kk", "ru", "en"):
            with translation.override(language):
                names.append(str(label))
        _kind_names[kind] = names
    return _kind_names[kind]


def _plain(word: str) -> str:
    return "".join(char for char in fold(word) if char.isalnum())


_kind_names: dict[str, list[str]] = {}
