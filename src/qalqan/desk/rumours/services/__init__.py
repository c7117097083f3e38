"""Everything that changes messages, claims and answers."""

from qalqan.desk.rumours.services.answering import (
    answer_claim,
    open_claim,
    record_export,
    set_status,
)
from qalqan.desk.rumours.services.storing import Stored, can_store_now, store_messages

__all__ = [
    "Stored",
    "answer_claim",
    "can_store_now",
    "open_claim",
    "record_export",
    "set_status",
    "store_messages",
]
