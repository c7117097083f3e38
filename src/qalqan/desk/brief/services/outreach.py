"""Where prevention leaves gaps: raised need with few activities a head, districts with none."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from qalqan.desk.brief.content import OutreachNow
from qalqan.desk.brief.services.names import name_of
from qalqan.desk.outreach.selectors import coverage, notes
from qalqan.desk.platform.policies import Actor

MONTHS = 12
MOST = 5


def gaps(actor: Actor, now: datetime) -> OutreachNow | None:
    """Return the gaps; nothing where no activity and no note was ever entered."""
    found = coverage.coverage(actor, months=MONTHS, now=now, today=timezone.localdate(now))
    waiting = notes.unanswered(actor)
    if not found.events and not waiting:
        return None
    bare = [row.place for row in found.needy_and_bare]
    nothing = [row.place for row in found.rows if not row.reached.events]
    return OutreachNow(
        bare=[name_of(place) for place in bare[:MOST]],
        nothing=[name_of(place) for place in nothing[:MOST]] if found.events else [],
        months=MONTHS,
        notes_waiting=waiting,
    )
