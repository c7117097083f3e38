"""Who gets through to the addresses of incidents."""

from tests.security.rows.row import BRINGING_IN, TAKING_AWAY, UNDERSTANDING, WEIGHING, Row

from qalqan.desk.platform.policies import Role

READING_ANALYSES = WEIGHING | {Role.SECRETARY, Role.AUDITOR}
ASKING = WEIGHING | {Role.SECRETARY}
JUDGING = frozenset({Role.ANALYST})
_NO_ANALYSIS = {"analysis_id": 0}
_NO_INCIDENT = {"incident_id": 0}

ROWS = {
    "incidents:incidents": Row(UNDERSTANDING, query="q=a"),
    "incidents:export": Row(TAKING_AWAY),
    "incidents:export_geojson": Row(TAKING_AWAY),
    "incidents:export_stix": Row(TAKING_AWAY),
    "incidents:record": Row(BRINGING_IN),
    "incidents:import": Row(BRINGING_IN),
    "incidents:indicators": Row(UNDERSTANDING),
    "incidents:incident": Row(UNDERSTANDING, arguments={"incident_id": 0}),
    "incidents:incident_history": Row(UNDERSTANDING, arguments=_NO_INCIDENT),
    "incidents:report_add": Row(BRINGING_IN, arguments=_NO_INCIDENT),
    "incidents:report_retract": Row(BRINGING_IN, arguments={"report_id": 0}),
    "incidents:report_dispute": Row(BRINGING_IN, arguments={"report_id": 0}),
    "incidents:dispute_end": Row(BRINGING_IN, arguments={"dispute_id": 0}),
    "incidents:hold": Row(JUDGING, arguments={**_NO_INCIDENT, "attribute": "killed"}),
    "incidents:release": Row(
        JUDGING, method="post", arguments={**_NO_INCIDENT, "attribute": "killed"}
    ),
    "incidents:correct": Row(JUDGING, arguments=_NO_INCIDENT),
    "incidents:merge": Row(JUDGING, arguments=_NO_INCIDENT),
    "incidents:split": Row(JUDGING, arguments=_NO_INCIDENT),
    "incidents:restore": Row(JUDGING, arguments=_NO_INCIDENT),
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
}
