"""Numbers of sites, notices and exports."""

from __future__ import annotations

from qalqan.desk.platform import numbers
from qalqan.desk.protection.models import Counter


def next_numbers(series: str, count: int = 1, *, at_least: int = 0) -> range:
    """Take the next numbers of ``site`` or ``notice.2026``, as `numbers.next_numbers`."""
    return numbers.next_numbers(Counter, series, count, at_least=at_least)
