"""Numbers without gaps: the next one of a series, taken inside the act that uses it."""

from __future__ import annotations

from django.db import transaction

from qalqan.desk.protection.models import Counter


def next_numbers(series: str, count: int = 1, *, at_least: int = 0) -> range:
    """Take the next numbers of a series; the transaction that fails gives them back.

    Parameters
    ----------
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
    row, _made = Counter.objects.select_for_update().get_or_create(series=series)
    first = max(row.value, at_least) + 1
    row.value = first + count - 1
    row.save(update_fields=["value"])
    return range(first, first + count)
