"""When somebody is reminded of work, and who: before it is due, when it is, and ever after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from qalqan.desk.platform.work.models import Reminder

_Audience = Reminder.Audience
_REPEAT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how long after the due time it is taken, who is told, and how high it is."""

    number: int
    after: timedelta
    audience: str
    level: int


STEPS = (
    Step(-1, timedelta(days=-1), _Audience.OWNER, 0),
    Step(0, timedelta(0), _Audience.OWNER, 0),
    Step(1, timedelta(days=1), _Audience.OWNER, 1),
    Step(2, timedelta(days=3), _Audience.ORGANISATION, 2),
    Step(3, timedelta(days=7), _Audience.COMMISSION, 3),
)
"""After the last of these the commission is told again every week."""

FIRST = STEPS[0].after


def step_at(due_at: datetime, now: datetime) -> Step | None:
    """Return the highest step that is reached, or nothing before the first.

    >>> from datetime import UTC
    >>> due = datetime(2026, 3, 2, tzinfo=UTC)
    >>> [step_at(due, due + timedelta(days=n)).number for n in (-1, 0, 2, 3, 7, 13, 14, 30)]
    [-1, 0, 1, 2, 3, 3, 4, 6]
    """
    late = now - due_at
    reached = [step for step in STEPS if late >= step.after]
    if not reached:
        return None
    last = reached[-1]
    if last is not STEPS[-1]:
        return last
    weeks = (late - last.after) // _REPEAT
    return Step(last.number + weeks, last.after + weeks * _REPEAT, last.audience, last.level)
