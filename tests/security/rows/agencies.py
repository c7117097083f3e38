"""Who gets through to the addresses of agencies."""

from tests.security.rows.row import ADMINISTRATOR, EVERYONE, Row

from qalqan.desk.platform.policies import Role

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

ROWS = {
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
    "agencies:matrix_import": Row(_KEEPING_BODIES),
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
