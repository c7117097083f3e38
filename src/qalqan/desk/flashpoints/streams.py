"""What a scan counts: one reader a stream, all of the same shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from qalqan.desk.flashpoints.models import Stream
from qalqan.desk.incidents import selectors as incidents
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui import sample
from qalqan.desk.rumours import selectors as rumours

Counts = tuple[NDArray[np.int64], list[date], NDArray[np.int64]]


@dataclass(frozen=True, slots=True)
class Reader:
    """How a stream is counted by district and day, and whether it holds sample data."""

    counts: Callable[[Actor, date, date], Counts]
    has_sample: Callable[[Actor, date, date], bool]


def _incidents(actor: Actor, start: date, end: date) -> Counts:
    return incidents.by_district_day(actor, start=start, end=end)


def _incidents_sample(actor: Actor, start: date, end: date) -> bool:
    return incidents.has_sample(actor, start=start, end=end)


def _tips(actor: Actor, start: date, end: date) -> Counts:
    place_ids, days, counts = rumours.tips_by_day(actor, start=start, end=end)
    return np.asarray(place_ids, np.int64), list(days), np.asarray(counts, np.int64)


def _tips_sample(actor: Actor, start: date, end: date) -> bool:
    # Tips are kept as counts by day; only the desk as a whole knows whether they were made up.
    return sample.is_loaded()


READERS = {
    Stream.INCIDENTS: Reader(_incidents, _incidents_sample),
    Stream.TIPS: Reader(_tips, _tips_sample),
}
