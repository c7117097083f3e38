"""Every change of work and of the rules that say who gets it."""

from qalqan.desk.platform.work.services.exporting import export_list
from qalqan.desk.platform.work.services.items import (
    accept,
    accept_hand_over,
    close_item,
    hand_over,
    open_item,
    refuse_hand_over,
    send_due_reminders,
    take_many,
)
from qalqan.desk.platform.work.services.routing import (
    Terms,
    change_rule,
    open_routed,
    route_waiting,
    switch_off,
    switch_on,
    try_out,
    write_rule,
)

__all__ = [
    "Terms",
    "accept",
    "accept_hand_over",
    "change_rule",
    "close_item",
    "export_list",
    "hand_over",
    "open_item",
    "open_routed",
    "refuse_hand_over",
    "route_waiting",
    "send_due_reminders",
    "switch_off",
    "switch_on",
    "take_many",
    "try_out",
    "write_rule",
]
