"""Who gets through to the addresses of outreach."""

from tests.security.rows.row import ADMINISTRATOR, AUDITOR, BRINGING_IN, EVERYONE, Row

from qalqan.desk.platform.policies import Role

WRITING_NOTES = BRINGING_IN | {Role.GROUP_WORKER}
READING_NOTES = WRITING_NOTES | {Role.SECRETARY, Role.AUDITOR}
SEEING_COVERAGE = BRINGING_IN | {Role.PRESS_OFFICER, Role.SECRETARY, Role.AUDITOR}
_KEEPING_ACTIVITIES = frozenset(
    {Role.DUTY_OFFICER, Role.ANALYST, Role.PRESS_OFFICER, Role.SECRETARY, Role.GROUP_WORKER}
)
_SEEING_ACTIVITIES = _KEEPING_ACTIVITIES | {Role.AUDITOR}
_A = {"activity_id": 0}

ROWS = {
    "outreach:notes": Row(READING_NOTES),
    "outreach:note_add": Row(WRITING_NOTES),
    "outreach:note": Row(READING_NOTES, arguments={"note_id": 0}),
    "outreach:note_answer": Row(BRINGING_IN, method="post", arguments={"note_id": 0}),
    "outreach:note_close": Row(BRINGING_IN, method="post", arguments={"note_id": 0}),
    "outreach:note_picture": Row(WRITING_NOTES, arguments={"picture_id": 0}),
    "outreach:coverage": Row(SEEING_COVERAGE),
    "outreach:plan": Row(SEEING_COVERAGE),
    "outreach:plan_accept": Row(SEEING_COVERAGE - AUDITOR | {Role.GROUP_WORKER}, method="post"),
    "outreach:evaluations": Row(READING_NOTES),
    "outreach:evaluation_add": Row(WRITING_NOTES),
    "outreach:evaluation": Row(READING_NOTES, arguments={"evaluation_id": 0}),
    "outreach:phone": Row(WRITING_NOTES),
    "outreach:phone_worker": Row(EVERYONE, public=True),
    "outreach:phone_manifest": Row(EVERYONE, public=True, arguments={"language": "kk"}),
    "outreach:phone_hello": Row(EVERYONE, public=True),
    "outreach:phone_wiped": Row(EVERYONE, public=True, method="post"),
    "outreach:phone_choices": Row(WRITING_NOTES),
    "outreach:phone_send": Row(WRITING_NOTES, method="post"),
    "outreach:phone_picture": Row(WRITING_NOTES, method="post"),
    "outreach:devices": Row(WRITING_NOTES | ADMINISTRATOR),
    "outreach:device_wipe": Row(
        WRITING_NOTES | ADMINISTRATOR, method="post", arguments={"device_id": 0}
    ),
    "outreach:activities": Row(_SEEING_ACTIVITIES),
    "outreach:activity": Row(_SEEING_ACTIVITIES, arguments=_A),
    "outreach:totals": Row(_SEEING_ACTIVITIES),
    "outreach:activity_add": Row(_KEEPING_ACTIVITIES),
    "outreach:activity_import": Row(_KEEPING_ACTIVITIES),
    "outreach:activity_export": Row(_KEEPING_ACTIVITIES, arguments={"form": "csv"}),
    "outreach:activity_odk_form": Row(_KEEPING_ACTIVITIES),
    "outreach:activity_correct": Row(_KEEPING_ACTIVITIES, arguments=_A),
    "outreach:activity_report": Row(_KEEPING_ACTIVITIES, arguments=_A),
    "outreach:activity_hold": Row(_KEEPING_ACTIVITIES, method="post", arguments=_A),
    "outreach:activity_cancel": Row(_KEEPING_ACTIVITIES, method="post", arguments=_A),
    "outreach:activity_restore": Row(_KEEPING_ACTIVITIES, method="post", arguments=_A),
    "outreach:activity_question": Row(_KEEPING_ACTIVITIES, method="post", arguments=_A),
    "outreach:activity_follow_up": Row(_KEEPING_ACTIVITIES, method="post", arguments=_A),
    "outreach:calendars": Row(_KEEPING_ACTIVITIES),
    "outreach:calendar_revoke": Row(_KEEPING_ACTIVITIES, method="post", arguments={"feed_id": 0}),
    "outreach:calendar_feed": Row(EVERYONE, public=True, arguments={"token": "none"}),
}
