"""Who gets through to the addresses of brief."""

from tests.security.rows.row import EVERYONE, UNDERSTANDING, Row

from qalqan.desk.platform.policies import Role

READING_THE_BRIEF = UNDERSTANDING - {Role.INSPECTOR}

ROWS = {
    "brief:today": Row(EVERYONE),
    "brief:archive": Row(READING_THE_BRIEF),
    "brief:edition": Row(READING_THE_BRIEF, arguments={"edition_id": 0}),
    "brief:file": Row(READING_THE_BRIEF, arguments={"edition_id": 0, "form": "json"}),
}
