"""Who gets through to the addresses of brief."""

from tests.security.rows.row import EVERYONE, UNDERSTANDING, Row

from qalqan.desk.platform.policies import Role

READING_THE_BRIEF = UNDERSTANDING
REVIEWING = frozenset({Role.ANALYST, Role.SECRETARY})
_NO_EDITION = {"edition_id": 0}

ROWS = {
    "brief:today": Row(EVERYONE),
    "brief:archive": Row(READING_THE_BRIEF),
    "brief:edition": Row(READING_THE_BRIEF, arguments=_NO_EDITION),
    "brief:spoken": Row(READING_THE_BRIEF, arguments=_NO_EDITION),
    "brief:file": Row(READING_THE_BRIEF, arguments={"edition_id": 0, "form": "json"}),
    "brief:schema": Row(EVERYONE, public=True),
    "brief:vote": Row(READING_THE_BRIEF, method="post", arguments=_NO_EDITION),
    "brief:votes": Row(REVIEWING | {Role.AUDITOR}),
    "brief:decide": Row(REVIEWING, method="post"),
}
