"""Who gets through to the addresses of public."""

from tests.security.rows.row import EVERYONE, IN_KAZAKH, Row

_NO_REPORT = {"year": 1, "quarter": 1}

ROWS = {
    "public:reach_any": Row(EVERYONE, public=True),
    "public:reach": Row(EVERYONE, public=True, arguments={"language": "kk"}),
    "public:start": Row(EVERYONE, public=True),
    "public:answers_any": Row(EVERYONE, public=True),
    "public:answer_any": Row(EVERYONE, public=True, arguments={"number": 0}),
    "public:answers": Row(EVERYONE, public=True, arguments=IN_KAZAKH, query="q=a"),
    "public:answer": Row(EVERYONE, public=True, arguments={**IN_KAZAKH, "number": 0}),
    "public:atom": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:json_feed": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:reference_any": Row(EVERYONE, public=True),
    "public:reference": Row(EVERYONE, public=True, method="post", arguments=IN_KAZAKH),
    "public:mail": Row(EVERYONE, public=True, method="post", arguments=IN_KAZAKH),
    "public:mail_confirm": Row(
        EVERYONE, public=True, method="post", arguments={**IN_KAZAKH, "token": "none"}
    ),
    "public:mail_leave": Row(
        EVERYONE, public=True, method="post", arguments={**IN_KAZAKH, "token": "none"}
    ),
    "public:warnings_any": Row(EVERYONE, public=True),
    "public:exercises_any": Row(EVERYONE, public=True),
    "public:tests_any": Row(EVERYONE, public=True),
    "public:warning_any": Row(EVERYONE, public=True, arguments={"number": 0}),
    "public:certificate": Row(EVERYONE, public=True),
    "public:cap_message": Row(EVERYONE, public=True, arguments={"identifier": "none"}),
    "public:warnings": Row(EVERYONE, public=True, arguments={**IN_KAZAKH, "kind": "warnings"}),
    "public:warning": Row(EVERYONE, public=True, arguments={**IN_KAZAKH, "number": 0}),
    "public:warning_feed": Row(
        EVERYONE, public=True, arguments={**IN_KAZAKH, "kind": "tests", "form": "atom"}
    ),
    "public:inspections_any": Row(EVERYONE, public=True),
    "public:inspections": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:polls_any": Row(EVERYONE, public=True),
    "public:poll_any": Row(EVERYONE, public=True, arguments={"code": "none"}),
    "public:polls": Row(EVERYONE, public=True, arguments={"language": "kk"}),
    "public:poll": Row(EVERYONE, public=True, arguments={"language": "kk", "code": "none"}),
    "public:poll_file": Row(
        EVERYONE, public=True, arguments={"language": "kk", "code": "none", "form": "csv"}
    ),
    "public:measures_any": Row(EVERYONE, public=True),
    "public:measures": Row(EVERYONE, public=True, arguments={"language": "kk"}),
    "public:agenda_any": Row(EVERYONE, public=True),
    "public:agenda": Row(EVERYONE, public=True, arguments={"language": "kk"}),
    "public:agenda_file": Row(EVERYONE, public=True, arguments={"language": "kk"}),
    "public:start_in": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:accounts_any": Row(EVERYONE, public=True),
    "public:account_any": Row(EVERYONE, public=True, arguments={"number": 0}),
    "public:accounts": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:accounts_atom": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:accounts_json": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:account": Row(EVERYONE, public=True, arguments={**IN_KAZAKH, "number": 0}),
    "public:account_version": Row(
        EVERYONE, public=True, arguments={**IN_KAZAKH, "number": 0, "version": 1}
    ),
    "public:meetings_any": Row(EVERYONE, public=True),
    "public:meetings": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:recommendations_any": Row(EVERYONE, public=True),
    "public:recommendations": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:figures_any": Row(EVERYONE, public=True),
    "public:figures": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:money_any": Row(EVERYONE, public=True),
    "public:money": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:corrections_any": Row(EVERYONE, public=True),
    "public:corrections": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:data_any": Row(EVERYONE, public=True),
    "public:data": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:data_file": Row(
        EVERYONE, public=True, arguments={**IN_KAZAKH, "code": "answers", "form": "json"}
    ),
    "public:reports_any": Row(EVERYONE, public=True),
    "public:report_any": Row(EVERYONE, public=True, arguments=_NO_REPORT),
    "public:report_version_any": Row(EVERYONE, public=True, arguments={**_NO_REPORT, "version": 1}),
    "public:reports": Row(EVERYONE, public=True, arguments=IN_KAZAKH),
    "public:report": Row(EVERYONE, public=True, arguments={**IN_KAZAKH, **_NO_REPORT}),
    "public:report_version": Row(
        EVERYONE, public=True, arguments={**IN_KAZAKH, **_NO_REPORT, "version": 1}
    ),
    "public:report_paper": Row(
        EVERYONE, public=True, arguments={**_NO_REPORT, "version": 1, "paper": "kk"}
    ),
    "public:report_file": Row(
        EVERYONE, public=True, arguments={**_NO_REPORT, "version": 1, "form": "csv"}
    ),
    "public:report_certificate": Row(EVERYONE, public=True),
    "public:report_schema": Row(EVERYONE, public=True),
}
