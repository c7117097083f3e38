"""Who gets through to the addresses of commission."""

from tests.security.rows.row import UNDERSTANDING, Row

from qalqan.desk.platform.policies import Role

_STATE_DESK = UNDERSTANDING
_SECRETARY = frozenset({Role.SECRETARY})
_REVIEWING = frozenset({Role.ANALYST, Role.DUTY_OFFICER, Role.SECRETARY})
_OWING = UNDERSTANDING - {Role.AUDITOR}
_C = {"commission_id": 0}
_M = {"meeting_id": 0}
_I = {"item_id": 0}
_D = {"decision_id": 0}
_V = {"review_id": 0}
_R = {"recommendation_id": 0}
_A = {"account_id": 0}
_ACCOUNTING = _REVIEWING | {Role.PRESS_OFFICER}
_SECOND = frozenset({Role.DUTY_OFFICER, Role.SECRETARY})

_F = {"figure_id": 0}
_CODE = {"code": "none"}
_EXPORTING = frozenset({Role.ANALYST, Role.DUTY_OFFICER, Role.SECRETARY, Role.AUDITOR})

ROWS = {
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
    "commission:accounts": Row(_STATE_DESK),
    "commission:account_new": Row(_ACCOUNTING),
    "commission:account": Row(_STATE_DESK, arguments=_A),
    "commission:account_version": Row(_ACCOUNTING, arguments=_A),
    "commission:account_publish": Row(_SECOND, method="post", arguments={**_A, "number": 0}),
    "commission:account_send_back": Row(_SECOND, method="post", arguments={**_A, "number": 0}),
    "commission:account_withdraw": Row(_SECOND, method="post", arguments=_A),
    "commission:meeting_open": Row(_SECRETARY, arguments=_M),
    "commission:meeting_withdraw": Row(_SECRETARY, arguments=_M),
    "commission:recommendation_open": Row(_SECRETARY, arguments=_R),
    "commission:recommendation_withdraw": Row(_SECRETARY, arguments=_R),
    "commission:performance": Row(_STATE_DESK),
    "commission:lock": Row(_SECRETARY),
    "commission:figures_export": Row(_EXPORTING),
    "commission:figure": Row(_STATE_DESK, arguments=_F),
    "commission:figure_correct": Row(_SECRETARY, method="post", arguments=_F),
    "commission:figure_comment": Row(_OWING, method="post", arguments=_F),
    "commission:indicator": Row(_STATE_DESK, arguments=_CODE),
    "commission:indicator_target": Row(_SECRETARY, arguments=_CODE),
    "commission:indicator_responsible": Row(_SECRETARY, arguments=_CODE),
    "commission:indicator_define": Row(_SECRETARY, arguments=_CODE),
    "commission:reports": Row(_STATE_DESK),
    "commission:report_new": Row(_SECRETARY),
    "commission:report": Row(_STATE_DESK, arguments={"report_id": 0}),
    "commission:report_publish": Row(
        frozenset({Role.DUTY_OFFICER, Role.SECRETARY}), method="post", arguments={"report_id": 0}
    ),
    "commission:report_discard": Row(
        frozenset({Role.DUTY_OFFICER, Role.SECRETARY}), method="post", arguments={"report_id": 0}
    ),
    "commission:report_correct": Row(_SECRETARY, method="post", arguments={"report_id": 0}),
}
