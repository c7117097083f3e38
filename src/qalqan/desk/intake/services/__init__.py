"""Everything that brings messages in."""

from qalqan.desk.intake.services.accepting import Receipt, accept_records, drain_waiting
from qalqan.desk.intake.services.hearing import take_heard
from qalqan.desk.intake.services.importing import ImportReport, import_messages, resume_import
from qalqan.desk.intake.services.polling import add_feed, poll_due_feeds, poll_feed, set_feed_active
from qalqan.desk.intake.services.tokens import create_token, revoke_token, token_for
from qalqan.desk.intake.services.uploading import interrupted_uploads, take_upload

__all__ = [
    "ImportReport",
    "Receipt",
    "accept_records",
    "add_feed",
    "create_token",
    "drain_waiting",
    "import_messages",
    "interrupted_uploads",
    "poll_due_feeds",
    "poll_feed",
    "resume_import",
    "revoke_token",
    "set_feed_active",
    "take_heard",
    "take_upload",
    "token_for",
]
