"""Every reading in the room of alerts."""

from qalqan.desk.alerts.selectors.published import (
    PublicWarning,
    in_language,
    message_bytes,
    message_history,
    warning,
    warnings,
)
from qalqan.desk.alerts.selectors.warnings import (
    OUT,
    Standing,
    alert_for,
    drafts,
    live,
    may_read,
    message_for,
    messages,
    newest_messages,
    over,
    standing,
    templates,
    unreviewed,
    waiting,
)

__all__ = [
    "OUT",
    "PublicWarning",
    "Standing",
    "alert_for",
    "drafts",
    "in_language",
    "live",
    "may_read",
    "message_bytes",
    "message_for",
    "message_history",
    "messages",
    "newest_messages",
    "over",
    "standing",
    "templates",
    "unreviewed",
    "waiting",
    "warning",
    "warnings",
]
