"""Pages of a list that may be too long to be counted."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

MOST = 10_000
"""Rows that are counted and can be leafed through; whoever needs more narrows the list."""


class CappedPaginator(Paginator):
    """Count no further than `MOST`: the newest rows are shown as fast in a million as in ten."""

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, at most `MOST`."""
        return min(self.found, MOST)

    @cached_property
    def found(self) -> int:
        """Return how many rows there are, at most one more than `MOST`."""
        rows: QuerySet[Any] = self.object_list  # type: ignore[assignment]
        return rows.order_by()[: MOST + 1].count()

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than are counted."""
        return self.found > MOST
