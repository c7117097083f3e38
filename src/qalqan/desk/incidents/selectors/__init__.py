"""Every reading of the room beyond a single row."""

from qalqan.desk.incidents.selectors.asof import as_of
from qalqan.desk.incidents.selectors.ledger import (
    by_district_day,
    dispute_for,
    has_sample,
    holding_for,
    in_areas,
    in_list,
    incident_for,
    incidents,
    indicators,
    live_reports,
    merged_here,
    new_since,
    period,
    points_by_day,
    report_for,
    sources_of,
)

__all__ = [
    "as_of",
    "by_district_day",
    "dispute_for",
    "has_sample",
    "holding_for",
    "in_areas",
    "in_list",
    "incident_for",
    "incidents",
    "indicators",
    "live_reports",
    "merged_here",
    "new_since",
    "period",
    "points_by_day",
    "report_for",
    "sources_of",
]
