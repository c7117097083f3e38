"""Every change of work and of the rules that say who gets it."""

from qalqan.desk.platform.work.services.items import (
    accept,
    accept_hand_over,
    close_item,
    hand_over,
    open_item,
    refuse_hand_over,
    send_due_reminders,
)

__all__ = [
    "accept",
    "accept_hand_over",
    "close_item",
    "hand_over",
    "open_item",
    "refuse_hand_over",
    "send_due_reminders",
]
