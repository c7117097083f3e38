"""What is to be sent to whom, written in the transaction of the approval."""

from __future__ import annotations

from datetime import datetime

from qalqan.desk.alerts.models import AlertVersion


def enqueue(*, version: AlertVersion, now: datetime) -> int:
    """Write one intent a target; return how many."""
    return 0
