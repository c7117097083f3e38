"""Every reading of work."""

from qalqan.desk.platform.work.selectors.items import (
    hand_overs,
    item_for,
    items,
    kinds,
    mine,
    offer_for,
    overdue,
    reminders,
)

__all__ = [
    "hand_overs",
    "item_for",
    "items",
    "kinds",
    "mine",
    "offer_for",
    "overdue",
    "reminders",
]
