"""How the desk forecasts: the method, fixed beforehand, and when a verdict may be given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

WEEK = timedelta(days=7)

SHARES = (0.01, 0.05, 0.10)
"""Shares of the area at which hits are counted."""

HALF_LIVES = (None, 104.0, 26.0, 8.0)
"""How fast old weeks lose weight in the maps that are mixed, in weeks; none: all count the same."""

GRID_BANDWIDTH = 20.0
"""Spread of a case over neighbouring cells in km, about one cell; districts are not smoothed."""


@dataclass(frozen=True, slots=True)
class ForecastSettings:
    """How a forecast is made and judged.

    Parameters
    ----------
    most_weeks
        Weeks of the past that are read.
    least_weeks, least_cases
        Fewest whole weeks and cases with which a forecast is made at all.
    scored_weeks
        Latest weeks that are forecast anew and compared with what came.
    learn_weeks
        Fewest weeks that the first of them may look back on.
    enough_cases
        Fewest cases in the scored weeks for a verdict.
    embargo
        Weeks before the target that may not be seen: the running one is not over.
    block, resamples, level
        Of the bootstrap of blocks of weeks, and of its interval.
    band
        Of the interval around the number of an area.
    """

    most_weeks: int = 520
    least_weeks: int = 8
    least_cases: int = 20
    scored_weeks: int = 52
    learn_weeks: int = 26
    enough_cases: int = 30
    embargo: int = 1
    block: int = 4
    resamples: int = 9999
    level: float = 0.95
    band: float = 0.90

    @property
    def enough_weeks(self) -> int:
        """Return the fewest whole weeks of records for a verdict."""
        return self.scored_weeks + self.learn_weeks + self.embargo


FORECAST_DEFAULTS = ForecastSettings()


def week_after(now: datetime) -> date:
    """Return the Monday of the week after the running one, in the province.

    >>> from datetime import UTC
    >>> week_after(datetime(2026, 3, 4, 12, tzinfo=UTC)).isoformat()
    '2026-03-09'
    """
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    return today - timedelta(days=today.weekday()) + WEEK
