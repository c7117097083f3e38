"""Numbers of bodies, matters and exports."""

from __future__ import annotations

from qalqan.desk.agencies.models import Counter
from qalqan.desk.platform import numbers


def next_numbers(series: str, count: int = 1) -> range:
    """Take the next numbers of ``body``, ``matter`` or ``export``, as `numbers.next_numbers`."""
    return numbers.next_numbers(Counter, series, count)
