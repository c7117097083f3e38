"""The work list as a page shows it: grouped by urgency, narrowed, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.work.attention import Waiting, end_of_day, label_of
from qalqan.desk.platform.work.selectors.routing import words_of_items

OVERDUE, TODAY, WEEK, LATER = "overdue", "today", "week", "later"
GROUPS = (OVERDUE, TODAY, WEEK, LATER)
_WEEK = timedelta(days=7)


def group_labels() -> dict[str, str]:
    """Return what the groups are called, in the reader's language."""
    return {
        OVERDUE: _("Overdue"),
        TODAY: _("Today"),
        WEEK: _("Within seven days"),
        LATER: _("Later or without a date"),
    }


def group_of(row: Waiting, now: datetime) -> str:
    """Return how urgent a row is: late, until the end of today, within seven days, later."""
    if row.due_at is None:
        return LATER
    if row.due_at < now:
        return OVERDUE
    if row.due_at <= end_of_day(timezone.localdate(now)):
        return TODAY
    return WEEK if row.due_at <= now + _WEEK else LATER


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its words: what kind it is, who has it, whether it can be taken here."""

    row: Waiting
    kind: str
    who: str
    why: str
    can_be_taken: bool


def narrowed(
    rows: Sequence[Waiting], *, now: datetime, group: str = "", text: str = ""
) -> list[Waiting]:
    """Return the rows of a group whose title has all words of a text."""
    words = text.casefold().split()
    return [
        row
        for row in rows
        if (not group or group_of(row, now) == group)
        and all(word in row.title.casefold() for word in words)
    ]


def counts(rows: Sequence[Waiting], now: datetime) -> dict[str, int]:
    """Return how many rows each group has."""
    found = dict.fromkeys(GROUPS, 0)
    for row in rows:
        found[group_of(row, now)] += 1
    return found


def lines(rows: Sequence[Waiting]) -> list[Line]:
    """Return rows with their words; three look-ups however many rows."""
    bodies = organisation_names(rows)
    keys = {row.owner_id for row in rows if row.owner_id}
    users: Any = get_user_model().objects
    people = users.in_bulk(keys) if keys else {}
    routed = words_of_items([row.item_id for row in rows if row.item_id is not None])
    return [_line(row, bodies, people, routed) for row in rows]


def organisation_names(rows: Sequence[Waiting]) -> dict[int, str]:
    """Return the names of the bodies of rows that the reader sees already."""
    keys = {row.organisation_id for row in rows if row.organisation_id}
    found = Organisation.objects.in_bulk(keys) if keys else {}
    return {key: str(body) for key, body in found.items()}


def _line(
    row: Waiting, bodies: dict[int, str], people: dict[int, Any], routed: dict[int, str]
) -> Line:
    body = bodies.get(row.organisation_id or 0, "")
    role = str(Role(row.role).label) if row.role and not body else ""
    owner = str(people[row.owner_id]) if row.owner_id in people else ""
    free = row.item_id is not None and row.owner_id is None and row.may_act
    who = ", ".join(part for part in (owner, body or role) if part)
    why = " ".join(filter(None, (row.why, routed.get(row.item_id or 0))))
    return Line(row, label_of(row.kind), who, why, free)
