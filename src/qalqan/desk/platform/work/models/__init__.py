"""Work, hand-overs, reminders; rules that say who gets work, and what they said."""

from qalqan.desk.platform.work.models.items import (
    PAGE_OF_THE_DESK,
    HandOver,
    Reminder,
    WorkItem,
)
from qalqan.desk.platform.work.models.routing import Language, Routing, RoutingRule, Severity

__all__ = [
    "PAGE_OF_THE_DESK",
    "HandOver",
    "Language",
    "Reminder",
    "Routing",
    "RoutingRule",
    "Severity",
    "WorkItem",
]
