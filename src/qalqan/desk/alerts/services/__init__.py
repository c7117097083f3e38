"""Every change in the room of alerts."""

from qalqan.desk.alerts.services.approving import approve, break_glass, reject, review
from qalqan.desk.alerts.services.drafting import (
    discard,
    prepare_cancel,
    prepare_update,
    save_draft,
    start,
    submit,
)

__all__ = [
    "approve",
    "break_glass",
    "discard",
    "prepare_cancel",
    "prepare_update",
    "reject",
    "review",
    "save_draft",
    "start",
    "submit",
]
