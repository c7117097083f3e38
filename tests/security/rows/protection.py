"""Who gets through to the addresses of protection."""

from tests.security.rows.row import (
    ADMINISTRATOR,
    AUDITOR,
    DECIDING,
    EVERYONE,
    IN_KAZAKH,
    WEIGHING,
    Row,
)

from qalqan.desk.platform.policies import Role

SEEING_BUDGETS = WEIGHING | {Role.SECRETARY, Role.AUDITOR}
GOING_OUT = frozenset({Role.DUTY_OFFICER, Role.INSPECTOR, Role.AUDITOR})
PLANNING = frozenset({Role.DUTY_OFFICER})
_NO_WEEK = {"week_id": 0}
_NO_TEAM = {"team_id": 0}
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

ROWS = {
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
    # inspections, notices and proofs; an owner without an account comes by a link
    "protection:inspect": Row(INSPECTING),
    "protection:inspect_worker": Row(EVERYONE, public=True),
    "protection:inspect_manifest": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
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
}
