"""Locked months of indicators, for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from qalqan.desk.commission.models import LockedFigure, PerformanceIndicator
from qalqan.desk.commission.selectors.formulas import Case, Inputs, Month
from qalqan.desk.commission.services import performance, performance_locking
from qalqan.desk.platform.policies import SystemActor

SYSTEM = SystemActor("tests")
MARCH = Month(date(2026, 3, 1))
AFTER = datetime(2026, 4, 6, 4, 0, tzinfo=UTC)
"""A morning after March."""


def share_inputs(*parts: tuple[int, int, int]) -> Inputs:
    """Return cases of shares: unit, how many count, out of how many."""
    cases = [
        Case((unit,) if unit else (), float(number < part))
        for unit, part, whole in parts
        for number in range(whole)
    ]
    return Inputs(tuple(cases))


def delay_inputs(*hours: float, still_open: tuple[float, ...] = (), unit: int = 0) -> Inputs:
    """Return cases of delays, ended and open."""
    units = (unit,) if unit else ()
    ended = [Case(units, hour) for hour in hours]
    return Inputs((*ended, *(Case(units, hour, False) for hour in still_open)))


def lock(
    month: Month = MARCH, *, actor: Any = SYSTEM, now: datetime | None = None, **known: Inputs
) -> list[LockedFigure]:
    """Lock a month with given cases; ``decisions_in_time`` stands for its first formula."""
    given = {f"{code}.1" if code[-1] not in "12" else f"{code[:-2]}.{code[-1]}": rows
             for code, rows in known.items()}  # fmt: skip
    moment = now or month.end_at.replace(hour=4)
    return performance_locking.lock_month(actor=actor, month=month, now=moment, known=given)


def indicator(code: str = "decisions_in_time", **fields: Any) -> PerformanceIndicator:
    """Return an indicator; those that come with the desk are entered where they lack."""
    performance.enter_shipped(actor=SYSTEM, now=AFTER)
    PerformanceIndicator.objects.filter(code=code).update(**fields)
    return PerformanceIndicator.objects.get(code=code)


def figure_of(code: str, month: Month = MARCH) -> LockedFigure:
    """Return the figure that stands."""
    return LockedFigure.objects.get(
        definition__indicator__code=code, period_from=month.first, replaced_at__isnull=True
    )
