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
from qalqan.desk.alerts.services.templates import install_templates

__all__ = [
    "approve",
    "break_glass",
    "discard",
    "install_templates",
    "prepare_cancel",
    "prepare_update",
    "reject",
    "review",
    "save_draft",
    "start",
    "submit",
]
