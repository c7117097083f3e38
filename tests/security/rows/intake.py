"""Who gets through to the addresses of intake."""

from tests.security.rows.row import ADMINISTRATOR, BRINGING_IN, EVERYONE, READERS_OF_THE_RECORD, Row

ROWS = {
    "intake:heard": Row(BRINGING_IN),
    "intake:heard_take": Row(BRINGING_IN, method="post", arguments={"note_id": 0}),
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
}
