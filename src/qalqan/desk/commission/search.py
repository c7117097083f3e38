"""One spelling for the words of lessons, so that a search finds them in every script."""

from __future__ import annotations

from django.db.models import Q

from qalqan.desk.platform.places.searching import beginnings, folded_words


def searchable(*texts: str) -> str:
    """Return the folded words of texts, each after a space."""
    return "".join(f" {word}" for word in folded_words(texts))


def having(query: str) -> Q:
    """Return the condition that rows have words beginning like those of a query."""
    condition = Q()
    for word in beginnings(query):
        condition &= Q(search_text__contains=f" {word}")
    return condition
