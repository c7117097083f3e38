"""Who gets through to the addresses of rumours."""

from tests.security.rows.row import (
    ADMINISTRATOR,
    ANSWERING,
    AUDITOR,
    READERS_OF_THE_RECORD,
    UNDERSTANDING,
    Row,
)

from qalqan.desk.platform.policies import Role

READING_RUMOURS = UNDERSTANDING - {Role.INSPECTOR} | {Role.ADMINISTRATOR}
WORKING_ON_RUMOURS = frozenset({Role.DUTY_OFFICER, Role.ANALYST, Role.PRESS_OFFICER})
_NO_CLAIM = {"claim_id": 0}
_NO_ANSWER = {"answer_id": 0}

ROWS = {
    "rumours:claims": Row(READING_RUMOURS, query="q=a"),
    "rumours:export": Row(WORKING_ON_RUMOURS),
    "rumours:messages": Row(WORKING_ON_RUMOURS | AUDITOR, query="q=a"),
    "rumours:attention": Row(READING_RUMOURS),
    "rumours:minutes": Row(frozenset({Role.DUTY_OFFICER, Role.ANALYST}), method="post"),
    "rumours:measures": Row(READING_RUMOURS),
    "rumours:trust": Row(READING_RUMOURS),
    "rumours:suggestions": Row(READING_RUMOURS),
    "rumours:suggestion_decide": Row(WORKING_ON_RUMOURS, method="post", arguments={"pk": 0}),
    "rumours:merge_undo": Row(WORKING_ON_RUMOURS, method="post", arguments={"pk": 0}),
    "rumours:doubt_reject": Row(WORKING_ON_RUMOURS, method="post", arguments={"pk": 0}),
    "rumours:credibility": Row(READING_RUMOURS, arguments={"claim_id": 0}),
    "rumours:severity": Row(WORKING_ON_RUMOURS, method="post", arguments={"claim_id": 0}),
    "rumours:merge": Row(WORKING_ON_RUMOURS, method="post", arguments={"claim_id": 0}),
    "rumours:split": Row(WORKING_ON_RUMOURS, method="post", arguments={"claim_id": 0}),
    "rumours:open": Row(WORKING_ON_RUMOURS, method="post", arguments={"message_id": 0}),
    "rumours:claim": Row(READING_RUMOURS, arguments={"claim_id": 0}),
    "rumours:act": Row(
        WORKING_ON_RUMOURS, method="post", arguments={"claim_id": 0, "act": "triage"}
    ),
    "rumours:evidence": Row(WORKING_ON_RUMOURS, method="post", arguments=_NO_CLAIM),
    "rumours:verdict": Row(WORKING_ON_RUMOURS, method="post", arguments=_NO_CLAIM),
    "rumours:answer": Row(ANSWERING, arguments=_NO_CLAIM),
    "rumours:again": Row(ANSWERING, method="post", arguments=_NO_CLAIM),
    "rumours:answers": Row(READING_RUMOURS),
    "rumours:review": Row(READING_RUMOURS, arguments=_NO_ANSWER),
    "rumours:publish": Row(ANSWERING | {Role.SECRETARY}, method="post", arguments=_NO_ANSWER),
    "rumours:send_back": Row(ANSWERING | {Role.SECRETARY}, method="post", arguments=_NO_ANSWER),
    "rumours:withdraw": Row(ANSWERING, method="post", arguments=_NO_ANSWER),
    "rumours:publishing": Row(READERS_OF_THE_RECORD | {Role.PRESS_OFFICER}),
    "rumours:webhook_add": Row(ADMINISTRATOR, method="post"),
    "rumours:webhook_switch": Row(ADMINISTRATOR, method="post", arguments={"webhook_id": 0}),
}
