"""When somebody is told of a notice, and who: before its deadline, after it, and ever after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qalqan.desk.protection.models import NoticeStep

_Audience = NoticeStep.Audience
_REPEAT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung: how many days after the deadline it is taken, and who is told."""

    number: int
    days: int
    audience: str


RUNGS = (
    Rung(-3, -14, _Audience.OWNER),
    Rung(-2, -7, _Audience.OWNER),
    Rung(-1, -1, _Audience.OWNER),
    Rung(0, 1, _Audience.OWNER),
    Rung(1, 3, _Audience.BODY),
    Rung(2, 7, _Audience.COMMISSION),
)
"""After the last of these the commission is told again every week."""

FIRST_DAYS = RUNGS[0].days


def rung_at(deadline: date, today: date) -> Rung | None:
    """Return the highest rung that is reached, or nothing before the first.

    >>> from datetime import timedelta
    >>> due = date(2026, 3, 2)
    >>> days = (-15, -14, -2, 0, 1, 3, 7, 13, 14, 28)
    >>> [(r := rung_at(due, due + timedelta(days=n))) and r.number for n in days]
    [None, -3, -2, -1, 0, 1, 2, 2, 3, 5]
    """
    late = (today - deadline).days
    reached = [rung for rung in RUNGS if late >= rung.days]
    if not reached:
        return None
    last = reached[-1]
    if last is not RUNGS[-1]:
        return last
    weeks = (late - last.days) // _REPEAT_DAYS
    return Rung(last.number + weeks, last.days + weeks * _REPEAT_DAYS, last.audience)
