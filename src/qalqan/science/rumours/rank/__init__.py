"""Which claim deserves the next hour of work, and what is left undone."""

from __future__ import annotations

from qalqan.science.rumours.rank.credibility import (
    ClaimsUnderName,
    CredibilitySheet,
    credibility_sheet,
)
from qalqan.science.rumours.rank.hours import HoursPlan, Job, plan_hours
from qalqan.science.rumours.rank.queue import Factor, QueueEntry, Ranked, rank_queue
from qalqan.science.rumours.rank.severity import (
    SEVERITIES,
    Severity,
    SeveritySuggestion,
    suggest_severity,
)

__all__ = [
    "SEVERITIES",
    "ClaimsUnderName",
    "CredibilitySheet",
    "Factor",
    "HoursPlan",
    "Job",
    "QueueEntry",
    "Ranked",
    "Severity",
    "SeveritySuggestion",
    "credibility_sheet",
    "plan_hours",
    "rank_queue",
    "suggest_severity",
]
