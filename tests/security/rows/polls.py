"""Who gets through to the addresses of polls."""

from tests.security.rows.row import EVERYONE, Row

from qalqan.desk.platform.policies import Role

MAKING_POLLS = frozenset({Role.ANALYST, Role.DUTY_OFFICER})
COLLECTING = MAKING_POLLS | {Role.GROUP_WORKER}
READING_POLLS = MAKING_POLLS | {Role.PRESS_OFFICER, Role.SECRETARY, Role.AUDITOR}
_NO_POLL = {"poll_id": 0}
_NO_BATCH = {"batch_id": 0}
_NO_FORM = {"version_id": 0}

ROWS = {
    "polls:polls": Row(READING_POLLS | COLLECTING),
    "polls:poll": Row(READING_POLLS | COLLECTING, arguments=_NO_POLL),
    "polls:poll_add": Row(MAKING_POLLS),
    "polls:design": Row(MAKING_POLLS, arguments=_NO_POLL),
    "polls:margins": Row(MAKING_POLLS, arguments=_NO_POLL),
    "polls:sample": Row(READING_POLLS, arguments=_NO_POLL),
    "polls:sample_file": Row(READING_POLLS, arguments=_NO_POLL),
    "polls:act": Row(MAKING_POLLS, method="post", arguments={"poll_id": 0, "act": "open"}),
    "polls:batch_add": Row(COLLECTING, arguments=_NO_POLL),
    "polls:submissions": Row(COLLECTING, arguments=_NO_POLL),
    "polls:batch": Row(READING_POLLS | COLLECTING, arguments=_NO_BATCH),
    "polls:batch_outcomes": Row(COLLECTING, method="post", arguments=_NO_BATCH),
    "polls:batch_links": Row(MAKING_POLLS, method="post", arguments=_NO_BATCH),
    "polls:batch_numbers": Row(MAKING_POLLS, method="post", arguments=_NO_BATCH),
    "polls:enter": Row(COLLECTING, arguments=_NO_BATCH),
    "polls:results": Row(READING_POLLS, arguments=_NO_POLL),
    "polls:results_file": Row(READING_POLLS, arguments={"poll_id": 0, "form": "csv"}),
    "polls:publish": Row(MAKING_POLLS | {Role.SECRETARY}, method="post", arguments=_NO_POLL),
    "polls:trust": Row(READING_POLLS),
    "polls:questionnaires": Row(READING_POLLS),
    "polls:questionnaire": Row(READING_POLLS, arguments=_NO_FORM),
    "polls:questionnaire_import": Row(MAKING_POLLS),
    "polls:questionnaire_export": Row(READING_POLLS, arguments=_NO_FORM),
    "polls:questionnaire_publish": Row(MAKING_POLLS, method="post", arguments=_NO_FORM),
    "polls:frames": Row(READING_POLLS),
    "polls:frame": Row(READING_POLLS, arguments={"frame_id": 0}),
    "polls:frame_add": Row(MAKING_POLLS),
    "polls:answer_any": Row(EVERYONE, public=True, arguments={"token": "none"}),
    "polls:answer": Row(EVERYONE, public=True, arguments={"language": "kk", "token": "none"}),
}
