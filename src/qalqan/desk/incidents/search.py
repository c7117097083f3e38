"""One spelling for the words of the ledger, so that a search finds them in every script."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet, TextField, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat
from django.utils import translation

from qalqan.desk.incidents.models import Incident, IncidentVersion
from qalqan.desk.incidents.models.held import Held
from qalqan.desk.platform.places.searching import beginnings, folded_words

_KNOWN_LENGTH = 600
RARE = 10_000
"""Rows with these words, up to which the index of words is the faster way."""

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
    return " ".join(folded_words(parts))


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
    words = beginnings(query)
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


def narrowed(rows: QuerySet[Any], query: str) -> QuerySet[Any]:
    """Return the rows that have words with all the looked-for beginnings.

    Rows with rare words are found by the index of words. Words that very many rows have are
    looked for row by row instead: a list that shows the newest first ends after a few thousand
    rows, while the index would hand out every one of them to be sorted.
    """
    model: type[Held] = rows.model
    found = matching(query, model)
    if found is None:
        return rows
    if _number(found) <= RARE:
        return rows.filter(pk__in=found)
    rows = rows.annotate(spaced_words=Concat(Value(" "), "search_text", output_field=TextField()))
    for word in beginnings(query):
        rows = rows.filter(spaced_words__contains=f" {word}")
    return rows


def _number(found: RawSQL) -> int:
    """Return how many rows the index finds, at most one more than `RARE`."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*) FROM ({found.sql} LIMIT {RARE + 1}) AS found",  # noqa: S608
            found.params,
        )
        return int(cursor.fetchone()[0])


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


_kind_names: dict[str, list[str]] = {}
