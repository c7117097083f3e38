"""Pages of a list that may be too long to be counted."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

MOST = 10_000
"""Rows that are counted and can be leafed through; whoever needs more narrows the list."""

MOST_SEARCHED = 1_000
"""The same for a search of words."""


class CappedPaginator(Paginator):
    """Count no further than needed: the newest rows are shown as fast in a million as in ten.

    Parameters
    ----------
    most
        Rows that are counted.
    """

    def __init__(self, *args: Any, most: int = MOST, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, at most `most`."""
        return min(self.found, self.most)

    @cached_property
    def found(self) -> int:
        """Return how many rows there are, at most one more than `most`."""
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows[: self.most + 1].count()

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.found > self.most
