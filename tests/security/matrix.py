"""Who may call what: one line an address. A test fails on an address that has no line.

``ROWS`` maps the name of an address to what each role gets on a harmless request. Rooms add
their lines here when they add addresses. Read a line as: these roles are answered, every
other role gets 403, and the public is sent to sign in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from qalqan.desk.platform.policies import EVERY_ROLE, Role

EVERYONE = EVERY_ROLE
BRINGING_IN = frozenset({Role.DUTY_OFFICER, Role.ANALYST})
NOBODY: frozenset[str] = frozenset()
READERS_OF_THE_RECORD = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
AUDITOR = frozenset({Role.AUDITOR})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
KNOWING_ACCOUNTS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True)
class Row:
    """Who gets through to one address.

    Parameters
    ----------
    roles
        Whom the view lets in. Getting in is any answer but 403 and the way to sign in: 404
        for a thing that is not there, or 400 for an empty form, is an answer, too.
    public
        Whether those who are not signed in get in.
    method
        How the address is asked.
    arguments
        What its pattern needs; names nothing that exists, so nothing is changed.
    query
        What follows ``?``, for searches and counts that are shown on request.
    """

    roles: frozenset[str]
    public: bool = False
    method: str = "get"
    arguments: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""


WRITING_NOTES = BRINGING_IN | {Role.GROUP_WORKER}
READING_NOTES = WRITING_NOTES | {Role.SECRETARY, Role.AUDITOR}
SEEING_COVERAGE = BRINGING_IN | {Role.PRESS_OFFICER, Role.SECRETARY, Role.AUDITOR}
UNDERSTANDING = frozenset(
    {
        Role.DUTY_OFFICER,
        Role.ANALYST,
        Role.PRESS_OFFICER,
        Role.INSPECTOR,
        Role.SECRETARY,
        Role.AUDITOR,
    }
)
TAKING_AWAY = frozenset({Role.DUTY_OFFICER, Role.ANALYST, Role.SECRETARY, Role.AUDITOR})
READING_THE_BRIEF = UNDERSTANDING - {Role.INSPECTOR}
READING_WARNINGS = UNDERSTANDING | {Role.ADMINISTRATOR}
READING_RUMOURS = UNDERSTANDING - {Role.INSPECTOR} | {Role.ADMINISTRATOR}
WORKING_ON_RUMOURS = frozenset({Role.DUTY_OFFICER, Role.ANALYST, Role.PRESS_OFFICER})
GRADING = frozenset({Role.DUTY_OFFICER, Role.ANALYST})
OWING = EVERY_ROLE - {Role.AUDITOR}
GIVING_WORK = frozenset({Role.SECRETARY, Role.DUTY_OFFICER, Role.ANALYST, Role.ADMINISTRATOR})
DECIDING = frozenset({Role.SECRETARY, Role.DUTY_OFFICER})
ANSWERING = frozenset({Role.DUTY_OFFICER, Role.PRESS_OFFICER})
WEIGHING = frozenset({Role.DUTY_OFFICER, Role.ANALYST})
READING_RELEASES = TAKING_AWAY | {Role.ADMINISTRATOR}
READING_ANALYSES = WEIGHING | {Role.SECRETARY, Role.AUDITOR}
ASKING = WEIGHING | {Role.SECRETARY}
_NO_ANALYSIS = {"analysis_id": 0}
SEEING_BUDGETS = WEIGHING | {Role.SECRETARY, Role.AUDITOR}
GOING_OUT = frozenset({Role.DUTY_OFFICER, Role.INSPECTOR, Role.AUDITOR})
PLANNING = frozenset({Role.DUTY_OFFICER})
_NO_USER = {"pk": 0}
_NO_WEEK = {"week_id": 0}
_NO_TEAM = {"team_id": 0}
_NO_CLAIM = {"claim_id": 0}
_NO_MESSAGE = {"version_id": 0}
_NO_WARNING = {"alert_id": 0}
_NO_ANSWER = {"answer_id": 0}
_IN_KAZAKH = {"language": "kk"}
_NO_FINDING = {"finding_id": 0}

INSPECTING = frozenset({Role.INSPECTOR})
KEEPING_SITES = frozenset({Role.INSPECTOR, Role.DUTY_OFFICER})
SEEING_VIOLATIONS = KEEPING_SITES | {Role.SITE_OWNER, Role.AUDITOR}
SEEING_NOTICES = SEEING_VIOLATIONS | {Role.SECRETARY}
SEEING_SITES = KEEPING_SITES | {
    Role.SITE_OWNER, Role.ANALYST, Role.SECRETARY, Role.AUDITOR
}  # fmt: skip
_NO_SITE = {"site_id": 0}
_NO_VERSION = {"version_id": 0}
_NO_NOTICE = {"notice_id": 0}


MAKING_POLLS = frozenset({Role.ANALYST, Role.DUTY_OFFICER})
COLLECTING = MAKING_POLLS | {Role.GROUP_WORKER}
READING_POLLS = MAKING_POLLS | {Role.PRESS_OFFICER, Role.SECRETARY, Role.AUDITOR}
_NO_POLL = {"poll_id": 0}
_NO_BATCH = {"batch_id": 0}
_NO_FORM = {"version_id": 0}

ROWS: dict[str, Row] = {
    # accounts
    "accounts:own": Row(EVERYONE),
    "accounts:users": Row(KNOWING_ACCOUNTS, query="q=a"),
    "accounts:user_add": Row(ADMINISTRATOR),
    "accounts:user": Row(ADMINISTRATOR, arguments=_NO_USER),
    "accounts:user_deactivate": Row(ADMINISTRATOR, method="post", arguments=_NO_USER),
    "accounts:user_reactivate": Row(ADMINISTRATOR, method="post", arguments=_NO_USER),
    "accounts:user_reset_factor": Row(ADMINISTRATOR, method="post", arguments=_NO_USER),
    "accounts:user_reset_password": Row(ADMINISTRATOR, method="post", arguments=_NO_USER),
    "accounts:organisations": Row(EVERYONE),
    "accounts:organisation_add": Row(ADMINISTRATOR),
    "accounts:enter": Row(EVERYONE, public=True, arguments={"token": "none"}),
    "account_login": Row(EVERYONE, public=True),
    "account_logout": Row(EVERYONE, public=True),
    "account_inactive": Row(EVERYONE, public=True),
    "account_signup": Row(EVERYONE, public=True),
    "account_reset_password": Row(EVERYONE, public=True),
    "account_reauthenticate": Row(EVERYONE),
    "account_change_password": Row(EVERYONE),
    "usersessions_list": Row(EVERYONE),
    "mfa_index": Row(EVERYONE),
    # It answers the public with the way to the password, which comes first.
    "mfa_authenticate": Row(EVERYONE),
    "mfa_reauthenticate": Row(EVERYONE),
    "mfa_activate_totp": Row(EVERYONE),
    "mfa_deactivate_totp": Row(EVERYONE),
    "mfa_view_recovery_codes": Row(EVERYONE),
    "mfa_generate_recovery_codes": Row(EVERYONE),
    "mfa_download_recovery_codes": Row(EVERYONE),
    "mfa_list_webauthn": Row(EVERYONE),
    "mfa_add_webauthn": Row(EVERYONE),
    "mfa_reauthenticate_webauthn": Row(EVERYONE),
    "mfa_remove_webauthn": Row(EVERYONE, arguments=_NO_USER),
    "mfa_edit_webauthn": Row(EVERYONE, arguments=_NO_USER),
    # audit
    "audit:entries": Row(READERS_OF_THE_RECORD, query="action=accounts"),
    "audit:export": Row(AUDITOR, method="post"),
    "audit:state": Row(READERS_OF_THE_RECORD),
    "audit:seal": Row(AUDITOR, method="post"),
    # ui
    "ui:language": Row(EVERYONE, public=True, method="post"),
    "ui:theme": Row(EVERYONE, public=True, method="post"),
    "ui:search": Row(EVERYONE, query="q=a"),
    "ui:components": Row(EVERYONE),
    "ui:help": Row(EVERYONE),
    # incidents
    "incidents:incidents": Row(UNDERSTANDING, query="q=a"),
    "incidents:export": Row(TAKING_AWAY),
    "incidents:indicators": Row(UNDERSTANDING),
    "incidents:incident": Row(UNDERSTANDING, arguments={"incident_id": 0}),
    "incidents:picture": Row(UNDERSTANDING),
    "incidents:analyses": Row(READING_ANALYSES),
    "incidents:calibration": Row(READING_ANALYSES),
    "incidents:analysis": Row(READING_ANALYSES, arguments=_NO_ANALYSIS),
    "incidents:analysis_version": Row(READING_ANALYSES, arguments={**_NO_ANALYSIS, "number": 0}),
    "incidents:post_mortem": Row(READING_ANALYSES, arguments=_NO_ANALYSIS),
    "incidents:analysis_new": Row(WEIGHING, arguments={"incident_id": 0}),
    "incidents:analysis_mark": Row(WEIGHING, arguments=_NO_ANALYSIS),
    "incidents:evidence_add": Row(WEIGHING, method="post", arguments=_NO_ANALYSIS),
    "incidents:evidence_take_back": Row(WEIGHING, arguments={**_NO_ANALYSIS, "item_id": 0}),
    "incidents:hypothesis_add": Row(WEIGHING, method="post", arguments=_NO_ANALYSIS),
    "incidents:priors_set": Row(WEIGHING, method="post", arguments=_NO_ANALYSIS),
    "incidents:relation_set": Row(WEIGHING, method="post", arguments=_NO_ANALYSIS),
    "incidents:sought_add": Row(WEIGHING, method="post", arguments=_NO_ANALYSIS),
    "incidents:questions": Row(UNDERSTANDING),
    "incidents:question_ask": Row(ASKING, arguments={"incident_id": 0}),
    "incidents:question_close": Row(ASKING, arguments={"question_id": 0}),
    "incidents:series": Row(READING_ANALYSES),
    "incidents:series_decide": Row(WEIGHING, method="post", arguments={"suggestion_id": 0}),
    # flash-points
    "flashpoints:overview": Row(UNDERSTANDING),
    "flashpoints:runs": Row(UNDERSTANDING),
    "flashpoints:run": Row(UNDERSTANDING, arguments={"run_id": 0}),
    "flashpoints:run_csv": Row(TAKING_AWAY, arguments={"run_id": 0}),
    "flashpoints:run_geojson": Row(TAKING_AWAY, arguments={"run_id": 0}),
    "flashpoints:finding": Row(UNDERSTANDING, arguments=_NO_FINDING),
    "flashpoints:sheet": Row(TAKING_AWAY, arguments=_NO_FINDING),
    "flashpoints:take_up": Row(BRINGING_IN, method="post", arguments=_NO_FINDING),
    "flashpoints:review": Row(BRINGING_IN, method="post", arguments=_NO_FINDING),
    "flashpoints:decide": Row(DECIDING, method="post", arguments=_NO_FINDING),
    "flashpoints:close": Row(DECIDING, method="post", arguments=_NO_FINDING),
    "flashpoints:forecast": Row(UNDERSTANDING),
    "flashpoints:forecast_order": Row(BRINGING_IN, method="post"),
    "flashpoints:forecast_run": Row(UNDERSTANDING, arguments={"run_id": 0}),
    "flashpoints:forecast_csv": Row(TAKING_AWAY, arguments={"run_id": 0}),
    "flashpoints:forecast_geojson": Row(TAKING_AWAY, arguments={"run_id": 0}),
    "flashpoints:what_ifs": Row(BRINGING_IN | AUDITOR),
    "flashpoints:what_if": Row(BRINGING_IN | AUDITOR, arguments={"what_if_id": 0}),
    # sources
    "sources:source_list": Row(UNDERSTANDING | ADMINISTRATOR, query="q=a"),
    "sources:source_detail": Row(UNDERSTANDING | ADMINISTRATOR, arguments={"source_id": 0}),
    "sources:source_grade": Row(GRADING, method="post", arguments={"source_id": 0}),
    # field notes, coverage, evaluations, phones
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
    "public:reach_any": Row(EVERYONE, public=True),
    "public:reach": Row(EVERYONE, public=True, arguments={"language": "kk"}),
    "intake:heard": Row(BRINGING_IN),
    "intake:heard_take": Row(BRINGING_IN, method="post", arguments={"note_id": 0}),
    # releases
    "releases:releases": Row(READING_RELEASES, query="series=a"),
    "releases:release": Row(READING_RELEASES, arguments={"release_id": 0}),
    # brief
    "brief:today": Row(EVERYONE),
    "brief:archive": Row(READING_THE_BRIEF),
    "brief:edition": Row(READING_THE_BRIEF, arguments={"edition_id": 0}),
    "brief:file": Row(READING_THE_BRIEF, arguments={"edition_id": 0, "form": "json"}),
    # rumours
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
    # intake
    "intake:runs": Row(BRINGING_IN | READERS_OF_THE_RECORD),
    "intake:run": Row(BRINGING_IN | READERS_OF_THE_RECORD, arguments={"run_id": 0}),
    "intake:upload": Row(BRINGING_IN),
    "intake:hotline": Row(EVERYONE, public=True),
    "intake:feeds": Row(BRINGING_IN | READERS_OF_THE_RECORD),
    "intake:feed_add": Row(BRINGING_IN | ADMINISTRATOR, method="post"),
    "intake:feed_switch": Row(BRINGING_IN | ADMINISTRATOR, method="post", arguments={"feed_id": 0}),
    "intake:tokens": Row(READERS_OF_THE_RECORD),
    "intake:token_add": Row(ADMINISTRATOR, method="post"),
    "intake:token_revoke": Row(ADMINISTRATOR, method="post", arguments={"token_id": 0}),
    # The API asks for a key of its own; the public without one gets 401, not a redirection.
    "intake:api_messages": Row(EVERYONE, public=True, method="post"),
    "intake:api_openapi": Row(EVERYONE, public=True),
    # the register, checklists, past inspections
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
    "protection:sites": Row(SEEING_SITES, query="q=a"),
    "protection:site": Row(SEEING_SITES, arguments=_NO_SITE),
    "protection:site_add": Row(KEEPING_SITES),
    "protection:site_import": Row(KEEPING_SITES),
    "protection:site_export": Row(KEEPING_SITES | {Role.SECRETARY}, arguments={"form": "csv"}),
    "protection:site_change": Row(KEEPING_SITES, arguments=_NO_SITE),
    "protection:site_close": Row(KEEPING_SITES, method="post", arguments=_NO_SITE),
    "protection:site_reopen": Row(KEEPING_SITES, method="post", arguments=_NO_SITE),
    "protection:file_add": Row(KEEPING_SITES, method="post", arguments=_NO_SITE),
    "protection:file": Row(KEEPING_SITES | {Role.SITE_OWNER}, arguments={"file_id": 0}),
    "protection:file_remove": Row(KEEPING_SITES, method="post", arguments={"file_id": 0}),
    "protection:equipment_add": Row(KEEPING_SITES, arguments=_NO_SITE),
    "protection:equipment_change": Row(KEEPING_SITES, arguments={"equipment_id": 0}),
    "protection:equipment_remove": Row(KEEPING_SITES, method="post", arguments={"equipment_id": 0}),
    "protection:requests": Row(SEEING_SITES),
    "protection:request": Row(SEEING_SITES, arguments={"request_id": 0}),
    "protection:request_ask": Row(SEEING_SITES - {Role.AUDITOR}),
    "protection:request_decide": Row(DECIDING, method="post", arguments={"request_id": 0}),
    "protection:checklists": Row(SEEING_SITES),
    "protection:checklist": Row(SEEING_SITES, arguments=_NO_VERSION),
    "protection:checklist_shipped": Row(KEEPING_SITES, method="post"),
    "protection:checklist_import": Row(KEEPING_SITES),
    "protection:checklist_export": Row(SEEING_SITES - {Role.SITE_OWNER}, arguments=_NO_VERSION),
    "protection:checklist_act": Row(
        KEEPING_SITES, method="post", arguments={**_NO_VERSION, "act": "publish"}
    ),
    "protection:inspections": Row(SEEING_SITES),
    "protection:inspection": Row(SEEING_SITES, arguments={"inspection_id": 0}),
    "protection:inspection_picture": Row(SEEING_VIOLATIONS, arguments={"picture_id": 0}),
    # week plans
    "protection:budget_plans": Row(SEEING_BUDGETS),
    "protection:budget_order": Row(WEIGHING, method="post"),
    "protection:budget_plan": Row(SEEING_BUDGETS, arguments={"plan_id": 0}),
    "protection:budget_csv": Row(WEIGHING | {Role.SECRETARY}, arguments={"plan_id": 0}),
    "protection:coverage": Row(SEEING_BUDGETS),
    "protection:coverage_csv": Row(WEIGHING | {Role.SECRETARY}),
    "protection:coverage_search": Row(WEIGHING, method="post"),
    "protection:plan_weeks": Row(GOING_OUT),
    "protection:plan_draw": Row(PLANNING, method="post"),
    "protection:plan_week": Row(GOING_OUT, arguments=_NO_WEEK),
    "protection:plan_csv": Row(PLANNING, arguments=_NO_WEEK),
    "protection:plan_check": Row(GOING_OUT, arguments=_NO_WEEK),
    "protection:plan_reveal": Row(PLANNING | AUDITOR, method="post", arguments=_NO_WEEK),
    "protection:plan_change": Row(PLANNING, arguments={"visit_id": 0}),
    "protection:plan_teams": Row(GOING_OUT),
    "protection:plan_team_new": Row(PLANNING),
    "protection:plan_team": Row(PLANNING, arguments=_NO_TEAM),
    "protection:plan_feed_make": Row(PLANNING, method="post", arguments=_NO_TEAM),
    "protection:plan_feed_revoke": Row(PLANNING, method="post", arguments={"feed_id": 0}),
    # A calendar cannot sign in: its address is the secret.
    "protection:plan_ics": Row(EVERYONE, public=True, arguments={"token": "none"}),
    # jobs
    "jobs:overview": Row(READERS_OF_THE_RECORD),
    "jobs:run_soon": Row(ADMINISTRATOR, method="post", arguments={"schedule_id": 0}),
    # places
    "places:place_list": Row(EVERYONE, query="q=a"),
    "places:place_suggest": Row(EVERYONE, query="q=a"),
    "places:place_detail": Row(EVERYONE, arguments={"place_id": 0}),
    # work
    "work:items": Row(EVERYONE),
    "work:item": Row(EVERYONE, arguments={"item_id": 0}),
    "work:add": Row(GIVING_WORK),
    "work:accept": Row(OWING, method="post", arguments={"item_id": 0}),
    "work:close": Row(OWING, method="post", arguments={"item_id": 0}),
    "work:hand_over": Row(OWING, method="post", arguments={"item_id": 0}),
    "work:accept_offer": Row(OWING, method="post", arguments={"offer_id": 0}),
    "work:refuse_offer": Row(OWING, method="post", arguments={"offer_id": 0}),
    # public
    "public:start": Row(EVERYONE, public=True),
    "public:answers_any": Row(EVERYONE, public=True),
    "public:answer_any": Row(EVERYONE, public=True, arguments={"number": 0}),
    "public:answers": Row(EVERYONE, public=True, arguments=_IN_KAZAKH, query="q=a"),
    "public:answer": Row(EVERYONE, public=True, arguments={**_IN_KAZAKH, "number": 0}),
    "public:atom": Row(EVERYONE, public=True, arguments=_IN_KAZAKH),
    "public:json_feed": Row(EVERYONE, public=True, arguments=_IN_KAZAKH),
    "public:reference_any": Row(EVERYONE, public=True),
    "public:reference": Row(EVERYONE, public=True, method="post", arguments=_IN_KAZAKH),
    "public:mail": Row(EVERYONE, public=True, method="post", arguments=_IN_KAZAKH),
    "public:mail_confirm": Row(
        EVERYONE, public=True, method="post", arguments={**_IN_KAZAKH, "token": "none"}
    ),
    "public:mail_leave": Row(
        EVERYONE, public=True, method="post", arguments={**_IN_KAZAKH, "token": "none"}
    ),
    "public:warnings_any": Row(EVERYONE, public=True),
    "public:exercises_any": Row(EVERYONE, public=True),
    "public:tests_any": Row(EVERYONE, public=True),
    "public:warning_any": Row(EVERYONE, public=True, arguments={"number": 0}),
    "public:certificate": Row(EVERYONE, public=True),
    "public:cap_message": Row(EVERYONE, public=True, arguments={"identifier": "none"}),
    "public:warnings": Row(EVERYONE, public=True, arguments={**_IN_KAZAKH, "kind": "warnings"}),
    "public:warning": Row(EVERYONE, public=True, arguments={**_IN_KAZAKH, "number": 0}),
    "public:warning_feed": Row(
        EVERYONE, public=True, arguments={**_IN_KAZAKH, "kind": "tests", "form": "atom"}
    ),
    # warnings; who writes never approves, and only the duty officer sends alone
    "alerts:warnings": Row(READING_WARNINGS),
    "alerts:warning": Row(READING_WARNINGS, arguments=_NO_WARNING),
    "alerts:message": Row(READING_WARNINGS, arguments=_NO_MESSAGE),
    "alerts:cap_file": Row(READING_WARNINGS, arguments=_NO_MESSAGE),
    "alerts:map_data": Row(READING_WARNINGS),
    "alerts:begin": Row(ANSWERING),
    "alerts:write": Row(ANSWERING, arguments=_NO_MESSAGE),
    "alerts:check": Row(ANSWERING, method="post", arguments=_NO_MESSAGE),
    "alerts:discard": Row(ANSWERING, method="post", arguments=_NO_MESSAGE),
    "alerts:update": Row(ANSWERING, method="post", arguments=_NO_WARNING),
    "alerts:cancel": Row(ANSWERING, method="post", arguments=_NO_WARNING),
    "alerts:approve": Row(ANSWERING | {Role.SECRETARY}, method="post", arguments=_NO_MESSAGE),
    "alerts:send_back": Row(ANSWERING | {Role.SECRETARY}, method="post", arguments=_NO_MESSAGE),
    "alerts:review": Row(ANSWERING | {Role.SECRETARY}, method="post", arguments=_NO_MESSAGE),
    "alerts:send_alone": Row(frozenset({Role.DUTY_OFFICER}), method="post", arguments=_NO_MESSAGE),
    "alerts:templates": Row(READING_WARNINGS),
    "alerts:template": Row(READING_WARNINGS, arguments={"code": "none"}),
    "alerts:templates_load": Row(
        frozenset({Role.PRESS_OFFICER, Role.ADMINISTRATOR}), method="post"
    ),
    # devices, their signals and exercises; devices come with their own seal
    "alerts:board": Row(READING_WARNINGS, arguments=_NO_MESSAGE),
    "alerts:board_part": Row(READING_WARNINGS, arguments=_NO_MESSAGE),
    "alerts:board_stream": Row(READING_WARNINGS, arguments=_NO_MESSAGE),
    "alerts:resend": Row(ANSWERING | {Role.SECRETARY}, method="post", arguments=_NO_MESSAGE),
    "alerts:targets": Row(READING_WARNINGS),
    "alerts:target_add": Row(ADMINISTRATOR, method="post"),
    "alerts:target_switch": Row(ADMINISTRATOR, method="post", arguments={"target_id": 0}),
    "alerts:subscribe_any": Row(EVERYONE, public=True),
    "alerts:subscribe": Row(EVERYONE, public=True, arguments=_IN_KAZAKH),
    "alerts:subscribe_code": Row(EVERYONE, public=True, arguments=_IN_KAZAKH),
    "alerts:confirm": Row(EVERYONE, public=True, arguments={**_IN_KAZAKH, "token": "none"}),
    "alerts:leave": Row(EVERYONE, public=True, arguments={**_IN_KAZAKH, "token": "none"}),
    "alerts:signals": Row(READING_WARNINGS),
    "alerts:signals_part": Row(READING_WARNINGS),
    "alerts:signals_stream": Row(READING_WARNINGS),
    "alerts:signal_acknowledge": Row(
        frozenset({Role.DUTY_OFFICER}), method="post", arguments={"signal_id": 0}
    ),
    "alerts:signal_close": Row(
        frozenset({Role.DUTY_OFFICER}), method="post", arguments={"signal_id": 0}
    ),
    "alerts:devices": Row(READING_WARNINGS),
    "alerts:device_add": Row(ADMINISTRATOR, method="post"),
    "alerts:device_change": Row(ADMINISTRATOR, method="post", arguments={"device_id": 0}),
    "alerts:device_messages": Row(EVERYONE, public=True, method="post", arguments={"code": "none"}),
    "alerts:drills": Row(READING_WARNINGS),
    "alerts:drill_add": Row(ANSWERING, method="post"),
    "alerts:drill": Row(READING_WARNINGS, arguments={"drill_id": 0}),
    "alerts:drill_begin": Row(ANSWERING, method="post", arguments={"drill_id": 0}),
    "alerts:drill_end": Row(ANSWERING, method="post", arguments={"drill_id": 0}),
    # inspections, notices and proofs; an owner without an account comes by a link
    "protection:inspect": Row(INSPECTING),
    "protection:inspect_worker": Row(EVERYONE, public=True),
    "protection:inspect_manifest": Row(EVERYONE, public=True, arguments=_IN_KAZAKH),
    "protection:inspect_hello": Row(EVERYONE, public=True),
    "protection:inspect_wiped": Row(EVERYONE, public=True, method="post"),
    "protection:inspect_plan": Row(INSPECTING),
    "protection:inspect_sync": Row(INSPECTING, method="post"),
    "protection:inspect_picture": Row(INSPECTING, method="post"),
    "protection:take_along": Row(INSPECTING),
    "protection:take": Row(INSPECTING, method="post"),
    "protection:devices": Row(INSPECTING | ADMINISTRATOR),
    "protection:device_wipe": Row(
        INSPECTING | ADMINISTRATOR, method="post", arguments={"device_id": 0}
    ),
    "protection:notices": Row(SEEING_NOTICES),
    "protection:notice": Row(SEEING_NOTICES, arguments=_NO_NOTICE),
    "protection:notice_pdf": Row(SEEING_NOTICES, arguments=_NO_NOTICE),
    "protection:notice_extend": Row(INSPECTING, method="post", arguments=_NO_NOTICE),
    "protection:notice_withdraw": Row(INSPECTING, method="post", arguments=_NO_NOTICE),
    "protection:notice_link": Row(INSPECTING, method="post", arguments=_NO_NOTICE),
    "protection:remedy_add": Row(
        KEEPING_SITES | {Role.SITE_OWNER}, method="post", arguments={**_NO_NOTICE, "item_id": 0}
    ),
    "protection:remedy_decide": Row(
        KEEPING_SITES, method="post", arguments={"remedy_id": 0, "decision": "accept"}
    ),
    "protection:remedy_file": Row(SEEING_VIOLATIONS, arguments={"file_id": 0}),
    "protection:violations": Row(SEEING_VIOLATIONS),
    "protection:site_violations": Row(SEEING_VIOLATIONS, arguments={"site_id": 0}),
    "protection:owner": Row(EVERYONE, public=True, arguments={"token": "none"}),
    "protection:owner_notice": Row(EVERYONE, public=True, arguments={"token": "none"}),
    "protection:owner_paper": Row(EVERYONE, public=True, arguments={"token": "none"}),
    "protection:owner_proof": Row(
        EVERYONE, public=True, method="post", arguments={"token": "none", "item_id": 0}
    ),
    "public:inspections_any": Row(EVERYONE, public=True),
    "public:inspections": Row(EVERYONE, public=True, arguments=_IN_KAZAKH),
    "public:polls_any": Row(EVERYONE, public=True),
    "public:poll_any": Row(EVERYONE, public=True, arguments={"code": "none"}),
    "public:polls": Row(EVERYONE, public=True, arguments={"language": "kk"}),
    "public:poll": Row(EVERYONE, public=True, arguments={"language": "kk", "code": "none"}),
    "public:poll_file": Row(
        EVERYONE, public=True, arguments={"language": "kk", "code": "none", "form": "csv"}
    ),
    "public:measures_any": Row(EVERYONE, public=True),
    "public:measures": Row(EVERYONE, public=True, arguments={"language": "kk"}),
}

_WORKERS = frozenset({Role.SUPPORT_WORKER})
_NO_CASE = {"case_id": "00000000-0000-4000-8000-000000000000"}
_NO_ENTRY = {**_NO_CASE, "entry_id": "00000000-0000-4000-8000-000000000001"}
_NO_HELPER = {"helper_id": "00000000-0000-4000-8000-000000000002"}
ROWS |= {
    "support:home": Row(_WORKERS),
    "support:begin": Row(_WORKERS),
    "support:colleagues": Row(_WORKERS),
    "support:services": Row(_WORKERS | ADMINISTRATOR),
    "support:service_add": Row(ADMINISTRATOR),
    "support:service": Row(ADMINISTRATOR, arguments={"service_id": 0}),
    "support:case": Row(_WORKERS, arguments=_NO_CASE),
    "support:sheet": Row(_WORKERS, arguments=_NO_CASE),
    "support:step_done": Row(_WORKERS, method="post", arguments=_NO_ENTRY),
    "support:envelope": Row(_WORKERS, method="post", arguments=_NO_ENTRY),
    "support:withdraw": Row(_WORKERS, method="post", arguments={**_NO_CASE, "service_id": 0}),
    "support:order_act": Row(
        _WORKERS, method="post", arguments={**_NO_CASE, "order_id": _NO_ENTRY["entry_id"]}
    ),
    "support:vouch": Row(_WORKERS, method="post", arguments=_NO_HELPER),
    "support:let_go": Row(_WORKERS, method="post", arguments=_NO_HELPER),
    "support:own_any": Row(EVERYONE, public=True),
    "support:own": Row(EVERYONE, public=True, arguments=_IN_KAZAKH),
    "support:certificate_any": Row(EVERYONE, public=True),
    "support:certificate": Row(EVERYONE, public=True, arguments=_IN_KAZAKH),
    "support:certificate_pdf": Row(EVERYONE, public=True, method="post", arguments=_IN_KAZAKH),
}
ROWS |= {
    f"support:{name}": Row(_WORKERS, method="post")
    for name in ("make_key", "unlock", "shut", "enquiry")
} | {
    f"support:{name}": Row(_WORKERS, method="post", arguments=_NO_CASE)
    for name in ("note", "step", "review", "close", "consent", "erase", "order_ask")
}

_STATE_DESK = UNDERSTANDING
_SECRETARY = frozenset({Role.SECRETARY})
_REVIEWING = frozenset({Role.ANALYST, Role.DUTY_OFFICER, Role.SECRETARY})
_OWING = UNDERSTANDING - {Role.AUDITOR}
_C, _M, _I = {"commission_id": 0}, {"meeting_id": 0}, {"item_id": 0}
_D, _V, _R = {"decision_id": 0}, {"review_id": 0}, {"recommendation_id": 0}
ROWS |= {
    "commission:overview": Row(_STATE_DESK),
    "commission:commission_new": Row(_SECRETARY),
    "commission:commission": Row(_STATE_DESK, arguments=_C),
    "commission:seat_new": Row(_SECRETARY, arguments=_C),
    "commission:seat_end": Row(_SECRETARY, method="post", arguments={"seat_id": 0}),
    "commission:meeting_new": Row(_SECRETARY, arguments=_C),
    "commission:meeting": Row(_STATE_DESK, arguments=_M),
    "commission:item_new": Row(_SECRETARY, arguments=_M),
    "commission:meeting_begin": Row(_SECRETARY, arguments=_M),
    "commission:meeting_close": Row(_SECRETARY, method="post", arguments=_M),
    "commission:meeting_cancel": Row(_SECRETARY, method="post", arguments=_M),
    "commission:minutes": Row(_STATE_DESK, arguments={**_M, "language": "kk"}),
    "commission:item_conclude": Row(_SECRETARY, arguments=_I),
    "commission:decide": Row(_SECRETARY, arguments=_I),
    "commission:decisions": Row(_STATE_DESK),
    "commission:decision": Row(_STATE_DESK, arguments=_D),
    "commission:evidence_show": Row(_OWING, method="post", arguments=_D),
    "commission:evidence_judge": Row(_SECRETARY, method="post", arguments={"evidence_id": 0}),
    "commission:postpone": Row(_SECRETARY, method="post", arguments=_D),
    "commission:cancel": Row(_SECRETARY, method="post", arguments=_D),
    "commission:replace": Row(_SECRETARY, method="post", arguments=_D),
    "commission:extract": Row(_STATE_DESK, arguments={**_D, "language": "kk"}),
    "commission:lessons": Row(_STATE_DESK, query="q=a"),
    "commission:review_new": Row(_REVIEWING),
    "commission:review": Row(_STATE_DESK, arguments=_V),
    "commission:cause_add": Row(_REVIEWING, method="post", arguments=_V),
    "commission:review_close": Row(_REVIEWING, method="post", arguments=_V),
    "commission:recommend": Row(_SECRETARY, method="post", arguments=_V),
    "commission:recommendation": Row(_STATE_DESK, arguments=_R),
    "commission:respond": Row(_OWING, method="post", arguments=_R),
    "commission:rule": Row(_SECRETARY, method="post", arguments=_R),
}

_KEEPING_ACTIVITIES = frozenset(
    {Role.DUTY_OFFICER, Role.ANALYST, Role.PRESS_OFFICER, Role.SECRETARY, Role.GROUP_WORKER}
)
_SEEING_ACTIVITIES = _KEEPING_ACTIVITIES | {Role.AUDITOR}
_A = {"activity_id": 0}
ROWS |= {
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
    "public:agenda_any": Row(EVERYONE, public=True),
    "public:agenda": Row(EVERYONE, public=True, arguments={"language": "kk"}),
    "public:agenda_file": Row(EVERYONE, public=True, arguments={"language": "kk"}),
}

_KEEPING_BODIES = frozenset({Role.SECRETARY, Role.DUTY_OFFICER, Role.ADMINISTRATOR})
_SEEING_BODIES = EVERYONE - {Role.SITE_OWNER}
_BODY_STAFF = frozenset(
    {
        Role.SECRETARY,
        Role.DUTY_OFFICER,
        Role.ANALYST,
        Role.PRESS_OFFICER,
        Role.INSPECTOR,
        Role.GROUP_WORKER,
    }
)
_REPORTING = frozenset({Role.SECRETARY, Role.DUTY_OFFICER, Role.ANALYST})
_SEEING_RETURNS = _REPORTING | {Role.PRESS_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR}
_SEEING_KEYS = _REPORTING | {Role.AUDITOR, Role.ADMINISTRATOR}
_GIVING_RIGHTS = frozenset({Role.SECRETARY, Role.ADMINISTRATOR})
_KEEPING_PAGES = _BODY_STAFF | _KEEPING_BODIES
_B = {"body_id": 0}
_MATTER = {"matter_id": 0}
_OFFER = {"offer_id": 0}
ROWS |= {
    "agencies:bodies": Row(_SEEING_BODIES, query="q=a"),
    "agencies:body": Row(_SEEING_BODIES, arguments=_B),
    "agencies:body_add": Row(_KEEPING_BODIES),
    "agencies:body_import": Row(_KEEPING_BODIES),
    "agencies:body_export": Row(_KEEPING_BODIES | {Role.ANALYST}, arguments={"form": "csv"}),
    "agencies:body_change": Row(_KEEPING_BODIES, arguments=_B),
    "agencies:body_close": Row(_KEEPING_BODIES, method="post", arguments=_B),
    "agencies:body_reopen": Row(_KEEPING_BODIES, method="post", arguments=_B),
    "agencies:registration_set": Row(_KEEPING_BODIES, method="post", arguments=_B),
    "agencies:grant_give": Row(_GIVING_RIGHTS, arguments=_B),
    "agencies:grant_take": Row(_GIVING_RIGHTS, method="post", arguments={"grant_id": 0}),
    "agencies:page_keep": Row(_KEEPING_PAGES, method="post", arguments=_B),
    "agencies:office_add": Row(_KEEPING_PAGES, method="post", arguments=_B),
    "agencies:office_remove": Row(_KEEPING_PAGES, method="post", arguments={"office_id": 0}),
    "agencies:expertise_add": Row(_KEEPING_PAGES, method="post", arguments=_B),
    "agencies:expertise_remove": Row(_KEEPING_PAGES, method="post", arguments={"expertise_id": 0}),
    "agencies:matrix": Row(_SEEING_BODIES),
    "agencies:matrix_history": Row(_SEEING_BODIES),
    "agencies:part_set": Row(_KEEPING_BODIES),
    "agencies:part_end": Row(_KEEPING_BODIES, arguments={"part_id": 0}),
    "agencies:matters": Row(_BODY_STAFF | {Role.AUDITOR}),
    "agencies:matter": Row(_BODY_STAFF | {Role.AUDITOR}, arguments=_MATTER),
    "agencies:matter_add": Row(_REPORTING),
    "agencies:matter_offer": Row(_BODY_STAFF, method="post", arguments=_MATTER),
    "agencies:matter_take": Row(_BODY_STAFF, method="post", arguments=_MATTER),
    "agencies:matter_close": Row(_BODY_STAFF, method="post", arguments=_MATTER),
    "agencies:offer_accept": Row(_BODY_STAFF, method="post", arguments=_OFFER),
    "agencies:offer_refuse": Row(_BODY_STAFF, method="post", arguments=_OFFER),
    "agencies:offer_back": Row(_BODY_STAFF, method="post", arguments=_OFFER),
    "agencies:returns": Row(_SEEING_RETURNS),
    "agencies:return": Row(_SEEING_RETURNS, arguments={"return_id": 0}),
    "agencies:return_file": Row(_REPORTING, arguments={"return_id": 0}),
    "agencies:return_make": Row(_REPORTING),
    "agencies:return_import": Row(_REPORTING),
    "agencies:nation": Row(_SEEING_RETURNS),
    "agencies:keys": Row(_SEEING_KEYS),
    "agencies:key_trust": Row(ADMINISTRATOR),
    "agencies:key_revoke": Row(ADMINISTRATOR, method="post", arguments={"key_id": 0}),
}
