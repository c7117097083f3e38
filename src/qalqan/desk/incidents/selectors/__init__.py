"""Every reading of the room beyond a single row."""

from qalqan.desk.incidents.selectors.ledger import (
    by_district_day,
    has_sample,
    in_areas,
    in_list,
    incident_for,
    incidents,
    indicators,
    new_since,
    period,
    points_by_day,
    sources_of,
)

__all__ = [
    "by_district_day",
    "has_sample",
    "in_areas",
    "in_list",
    "incident_for",
    "incidents",
    "indicators",
    "new_since",
    "period",
    "points_by_day",
    "sources_of",
]
