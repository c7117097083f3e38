"""Everything that changes messages, claims and answers."""

from qalqan.desk.rumours.services.answering import (
    Wording,
    answer_again,
    publish_answer,
    send_back_answer,
    warnings_for,
    withdraw_answer,
    write_answer,
)
from qalqan.desk.rumours.services.claims import open_claim, record_export
from qalqan.desk.rumours.services.evidence import add_evidence, give_verdict
from qalqan.desk.rumours.services.flow import (
    close_claim,
    give_back_claim,
    leave_unverifiable,
    recheck_claim,
    return_claims,
    take_claim,
    take_over_claim,
    triage_claim,
    watch_answered,
    watch_claim,
)
from qalqan.desk.rumours.services.outbox import channel_is_on
from qalqan.desk.rumours.services.readers import (
    add_webhook,
    confirm_subscription,
    forget_unconfirmed,
    leave_mail_list,
    set_webhook_active,
    subscribe,
)
from qalqan.desk.rumours.services.references import digest_of, forget_references, give_reference
from qalqan.desk.rumours.services.sending import deliver_due
from qalqan.desk.rumours.services.storing import Stored, can_store_now, store_messages

__all__ = [
    "Stored",
    "Wording",
    "add_evidence",
    "add_webhook",
    "answer_again",
    "can_store_now",
    "channel_is_on",
    "close_claim",
    "confirm_subscription",
    "deliver_due",
    "digest_of",
    "forget_references",
    "forget_unconfirmed",
    "give_back_claim",
    "give_reference",
    "give_verdict",
    "leave_mail_list",
    "leave_unverifiable",
    "open_claim",
    "publish_answer",
    "recheck_claim",
    "record_export",
    "return_claims",
    "send_back_answer",
    "set_webhook_active",
    "store_messages",
    "subscribe",
    "take_claim",
    "take_over_claim",
    "triage_claim",
    "warnings_for",
    "watch_answered",
    "watch_claim",
    "withdraw_answer",
    "write_answer",
]
