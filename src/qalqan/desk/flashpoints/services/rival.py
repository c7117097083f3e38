"""More reports because more people report: how everything else rose in the same area and days."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from qalqan.desk.flashpoints.models import Stream
from qalqan.desk.incidents import selectors as incidents
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours import selectors as rumours
from qalqan.desk.rumours.selectors import ReportCount

if TYPE_CHECKING:
    from qalqan.science.flashpoints.reporting import ReportingRise

_HOTLINE = "hotline"


class Reports:
    """All reports of a window, read when they are first asked for, and then kept."""

    def __init__(self, actor: Actor, days: list[date]) -> None:
        self._actor, self._days = actor, days
        self._messages: list[ReportCount] | None = None
        self._incidents: dict[int, Any] | None = None
        self._district_of: dict[int, int] = {}

    def check(
        self,
        *,
        streams: tuple[Stream, ...],
        districts: set[int],
        start: date,
        end: date,
        risk: tuple[float | None, float, float | None],
    ) -> dict[str, Any]:
        """Return the check of one finding as plain data.

        Parameters
        ----------
        streams
            What the finding counts; everything else is what it is compared with.
        districts
            Districts of the finding, or in which its cells lie.
        start, end
            Its days.
        risk
            Its relative risk with the interval.
        """
        from qalqan.science.flashpoints.reporting import reporting_rise

        inside, outside = self._others(streams, districts)
        first = self._days[0]
        rise = reporting_rise(
            inside, outside, start=(start - first).days, end=(end - first).days
        )  # fmt: skip
        return {
            "ratio": _finite(rise.ratio),
            "low": _finite(rise.low),
            "high": _finite(rise.high),
            "reports": rise.reports,
            "expected": _finite(rise.expected),
            "dispersion": round(rise.dispersion, 3),
            "verdict": rise.verdict,
            "left": _left(risk, rise),
            "sources": self._sources(districts, start, end),
        }

    def _load(self) -> list[ReportCount]:
        if self._messages is None:
            start, end = self._days[0], self._days[-1]
            self._district_of = places.district_map()
            self._messages = rumours.reports_by_source(self._actor, start=start, end=end)
        return self._messages

    def _others(self, streams: tuple[Stream, ...], districts: set[int]) -> tuple[Any, Any]:
        """Return all reports but those that the finding counts, in its districts and elsewhere."""
        tables = np.zeros((2, len(self._days)), np.int64)
        first = self._days[0]
        for row in self._load():
            district = self._district_of.get(row.place_id, 0)
            if district and not _is_counted(row, streams):
                tables[int(district not in districts), (row.day - first).days] += row.count
        if Stream.INCIDENTS not in streams:
            ids, _days, counts = incidents.by_district_day(
                self._actor, start=first, end=self._days[-1]
            )
            for district, counted in zip(ids.tolist(), counts, strict=True):
                tables[int(district not in districts)] += counted
        return tables[0], tables[1]

    def _sources(self, districts: set[int], start: date, end: date) -> dict[str, Any] | None:
        """Return how many sources spoke of the area, how many just before, and how many are new."""
        from qalqan.science.flashpoints.reporting import new_share

        spoke: Counter[int] = Counter()
        before: set[int] = set()
        just_before: set[int] = set()
        last_time = start - (end - start) - timedelta(days=1)
        for row in self._load():
            if self._district_of.get(row.place_id, 0) not in districts:
                continue
            if start <= row.day <= end:
                spoke[row.source_id] += row.count
            elif row.day < start:
                before.add(row.source_id)
                if row.day >= last_time:
                    just_before.add(row.source_id)
        if not spoke:
            return None
        new = len(set(spoke) - before)
        share, low, high = new_share(new, len(spoke))
        return {
            "active": len(spoke), "before": len(just_before), "new": new,
            "share": share, "low": low, "high": high,
        }  # fmt: skip


def _is_counted(row: ReportCount, streams: tuple[Stream, ...]) -> bool:
    if row.kind == _HOTLINE:
        return Stream.TIPS in streams
    return row.is_claim and Stream.CLAIMS in streams


def _left(
    risk: tuple[float | None, float, float | None], rise: ReportingRise
) -> list[float] | None:
    """Return the relative risk with the rise divided out, where both are known."""
    from qalqan.science.flashpoints.reporting import left_over

    value, low, high = risk
    if value is None or high is None or min(value, low) <= 0 or rise.verdict == "not_enough":
        return None
    return [round(number, 4) for number in left_over((value, low, high), rise)]


def _finite(value: float) -> float | None:
    return round(value, 4) if math.isfinite(value) else None
