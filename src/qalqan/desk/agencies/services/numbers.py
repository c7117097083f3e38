"""Numbers that people read out to one another: without gaps that nobody can explain."""

from __future__ import annotations

from django.db import transaction

from qalqan.desk.agencies.models import Counter


def next_numbers(series: str, count: int = 1) -> range:
    """Take the next numbers of a series; the transaction that fails gives them back.

    Parameters
    ----------
    series
        What is counted: ``body``, ``matter``, ``export``.
    count
        How many.

    Raises
    ------
    TransactionManagementError
        There is no transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("numbers are taken inside the act")
    row, _made = Counter.objects.select_for_update().get_or_create(series=series)
    first = row.value + 1
    row.value = first + count - 1
    row.save(update_fields=["value"])
    return range(first, first + count)
