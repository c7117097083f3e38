"""Everything that changes messages, claims and answers."""

from qalqan.desk.rumours.services.answering import (
    answer_claim,
    open_claim,
    record_export,
    set_state,
)
from qalqan.desk.rumours.services.storing import Stored, can_store_now, store_messages

__all__ = [
    "Stored",
    "answer_claim",
    "can_store_now",
    "open_claim",
    "record_export",
    "set_state",
    "store_messages",
]
