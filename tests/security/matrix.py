"""Who may call what: one line an address. A test fails on an address that has no line.

``ROWS`` maps the name of an address to what each role gets on a harmless request. Rooms add
their lines in ``rows/<room>.py`` when they add addresses. Read a line as: these roles are
answered, every other role gets 403, and the public is sent to sign in.
"""

from __future__ import annotations

from tests.security.rows import (
    accounts,
    agencies,
    alerts,
    brief,
    commission,
    flashpoints,
    incidents,
    intake,
    outreach,
    platform,
    polls,
    protection,
    public,
    rumours,
    support,
)
from tests.security.rows.row import Row

ROOMS = (
    accounts,
    agencies,
    alerts,
    brief,
    commission,
    flashpoints,
    incidents,
    intake,
    outreach,
    platform,
    polls,
    protection,
    public,
    rumours,
    support,
)


def _join() -> dict[str, Row]:
    """Return the rows of all rooms; a name that two of them claim is an error."""
    joined: dict[str, Row] = {}
    for room in ROOMS:
        twice = joined.keys() & room.ROWS.keys()
        if twice:
            raise ValueError(f"{room.__name__} repeats {', '.join(sorted(twice))}")
        joined |= room.ROWS
    return joined


ROWS = _join()
