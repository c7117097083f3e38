"""Who gets through to the addresses of flash-points."""

from tests.security.rows.row import AUDITOR, BRINGING_IN, DECIDING, TAKING_AWAY, UNDERSTANDING, Row

_NO_FINDING = {"finding_id": 0}

ROWS = {
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
}
