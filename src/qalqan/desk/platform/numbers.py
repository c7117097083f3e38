"""Numbers without gaps: the next of a series, taken inside the act that uses it.

Each room keeps the last numbers of its series in a table of its own, with the columns ``series``
(its key) and ``value``.
"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction


def next_numbers(
    counter: type[models.Model], series: str, count: int = 1, *, at_least: int = 0
) -> range:
    """Take the next numbers of a series; the transaction that fails gives them back.

    Parameters
    ----------
    counter
        The table of the room's series.
    series
        What is counted: ``site``, ``notice.2026``.
    count
        How many.
    at_least
        The last number known to be used elsewhere; the series goes on after it.

    Raises
    ------
    TransactionManagementError
        There is no transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("numbers are taken inside the act")
    rows: Any = counter._default_manager
    row, _made = rows.select_for_update().get_or_create(series=series)
    first = max(row.value, at_least) + 1
    row.value = first + count - 1
    row.save(update_fields=["value"])
    return range(first, first + count)
